/*
 * delay: a list of suspended connections in the order of their time, and a
 * thread that lets them go on.
 */
#include <err.h>
#include <pthread.h>
#include <stdlib.h>
#include <time.h>

#include "buf.h"
#include "delay.h"
#include "exit.h"

struct waiting {
	struct MHD_Connection *connection;
	struct timespec due;
	struct waiting *next, *previous;
};

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t changed;
/* A ring, so that neither end is a special case. */
static struct waiting ring = {.next = &ring, .previous = &ring};

static bool
is_later(const struct timespec *a, const struct timespec *b)
{
	return a->tv_sec != b->tv_sec ? a->tv_sec > b->tv_sec
	                              : a->tv_nsec > b->tv_nsec;
}

static void *
run(void *unused)
{
	struct timespec now;
	struct waiting *first;

	(void)pthread_mutex_lock(&lock);
	for (;;) {
		first = ring.next;
		(void)clock_gettime(CLOCK_MONOTONIC, &now);
		if (first == &ring) {
			(void)pthread_cond_wait(&changed, &lock);
		} else if (is_later(&first->due, &now)) {
			now = first->due;
			(void)pthread_cond_timedwait(&changed, &lock, &now);
		} else {
			ring.next = first->next;
			first->next->previous = &ring;
			MHD_resume_connection(first->connection);
			free(first);
		}
	}
	return unused;
}

static void
start(void)
{
	pthread_condattr_t monotonic;
	pthread_t thread;

	if (pthread_condattr_init(&monotonic) != 0 ||
	    pthread_condattr_setclock(&monotonic, CLOCK_MONOTONIC) != 0 ||
	    pthread_cond_init(&changed, &monotonic) != 0 ||
	    pthread_create(&thread, NULL, run, NULL) != 0)
		errx(EXIT_SERVICE, "cannot start a thread");
}

void
delay(struct MHD_Connection *connection, unsigned milliseconds)
{
	static pthread_once_t once = PTHREAD_ONCE_INIT;
	struct waiting *waiting = xcalloc(1, sizeof(*waiting)), *at;

	(void)pthread_once(&once, start);
	waiting->connection = connection;
	(void)clock_gettime(CLOCK_MONOTONIC, &waiting->due);
	waiting->due.tv_sec += milliseconds / 1000;
	waiting->due.tv_nsec += milliseconds % 1000 * 1000000L;
	if (waiting->due.tv_nsec >= 1000000000L) {
		waiting->due.tv_sec++;
		waiting->due.tv_nsec -= 1000000000L;
	}
	MHD_suspend_connection(connection);
	(void)pthread_mutex_lock(&lock);
	/* Most are the last: look for the place from the end. */
	at = ring.previous;
	while (at != &ring && is_later(&at->due, &waiting->due))
		at = at->previous;
	waiting->previous = at;
	waiting->next = at->next;
	at->next->previous = waiting;
	at->next = waiting;
	if (at == &ring)
		(void)pthread_cond_signal(&changed);
	(void)pthread_mutex_unlock(&lock);
}
