/*
 * delay: a list in the order of time.
 */
#include <stddef.h>
#include <time.h>

#include "delay.h"

/* A ring, so that neither end is a special case. */
static struct delay ring = {&ring, &ring, 0};

static int64_t
now(void)
{
	struct timespec t;

	(void)clock_gettime(CLOCK_MONOTONIC, &t);
	return t.tv_sec * INT64_C(1000000000) + t.tv_nsec;
}

void
delay_add(struct delay *delay, unsigned milliseconds)
{
	struct delay *at = ring.previous;

	delay->due = now() + milliseconds * INT64_C(1000000);
	/* Most are the last: look for the place from the end. */
	while (at != &ring && at->due > delay->due)
		at = at->previous;
	delay->previous = at;
	delay->next = at->next;
	at->next->previous = delay;
	at->next = delay;
}

void
delay_remove(struct delay *delay)
{
	if (delay->next == NULL)
		return;
	delay->next->previous = delay->previous;
	delay->previous->next = delay->next;
	*delay = (struct delay){0};
}

struct delay *
delay_take(void)
{
	struct delay *first = ring.next;

	if (first == &ring || first->due > now())
		return NULL;
	delay_remove(first);
	return first;
}

int64_t
delay_left(void)
{
	int64_t left;

	if (ring.next == &ring)
		return -1;
	left = ring.next->due - now();
	return left > 0 ? left : 0;
}
