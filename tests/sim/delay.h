/*
 * delay.h: what waits for its time.
 */
#ifndef DELAY_H
#define DELAY_H

#include <stdint.h>

/* A part of what waits; {0} does not. */
struct delay {
	struct delay *next, *previous;
	int64_t due; /* of CLOCK_MONOTONIC, in nanoseconds */
};

/* Let it wait so many milliseconds from now. */
void delay_add(struct delay *delay, unsigned milliseconds);

/* It waits no longer. */
void delay_remove(struct delay *delay);

/* The next whose time has come, removed; or NULL. */
struct delay *delay_take(void);

/* Nanoseconds until the next one's time, or -1. */
int64_t delay_left(void);

#endif
