/*
 * cooldown.h: until when a service wants to be left alone, kept for all
 * programs and later runs, because its limits count them together.
 */
#ifndef COOLDOWN_H
#define COOLDOWN_H

#include <stddef.h>

/* Seconds since 1970, with fraction. */
double cooldown_now(void);

/* Until when a service is to be left alone; 0 if it need not be. */
double cooldown_read(const char *service);

/* Remember it, unless a later time is known. */
void cooldown_write(const char *service, double until);

/* A time as "2026-11-25T08:30:00+0100", in the local zone. */
void cooldown_format(double when, char *text, size_t size);

#endif
