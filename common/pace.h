/*
 * pace.h: when a service may be asked.
 */
#ifndef PACE_H
#define PACE_H

#include <stdbool.h>

#include "http.h"

/*
 * Not before when; the cool-down that another program or an earlier run has
 * left is looked up, now and then.
 */
double pace_when(struct http_service *service, double now);

/* Shall there be one request in flight at most, because of a recent 429? */
bool pace_careful(const struct http_service *service, double now);

/* The service wants to be left alone for so long: keep that for all. */
void pace_limit(struct http_service *service, double now, double seconds);

/* Seconds to wait when so many tries have failed: for the first, none. */
double pace_delay(unsigned tries);

/* The service has answered something else than that. */
void pace_relax(struct http_service *service);

#endif
