/*
 * tap.h: what a unit test says, in the Test Anything Protocol.
 */
#ifndef TAP_H
#define TAP_H

#include <stdbool.h>
#include <stdio.h>

static int tap_planned, tap_failed;

/* A test and its name; whether it holds. */
static inline bool
tap_ok(bool holds, const char *name)
{
	printf("%sok %d %s\n", holds ? "" : "not ", ++tap_planned, name);
	tap_failed += !holds;
	return holds;
}

/* The plan, and the program's status. */
static inline int
tap_done(void)
{
	printf("1..%d\n", tap_planned);
	return tap_failed > 0;
}

#endif
