/*
 * press: threads that make pieces, and wait for their turn to write them.
 */
#include <err.h>
#include <pthread.h>
#include <stdlib.h>

#include "exit.h"
#include "output.h"
#include "press.h"

struct press {
	void (*make)(const void *context, size_t piece, struct record *record);
	const void *context;
	size_t n;
	pthread_mutex_t lock; /* of what follows */
	pthread_cond_t turned;
	size_t next, turn; /* the pieces to be made and to be written next */
	uint64_t written;
};

static void *
run(void *context)
{
	struct press *p = context;
	struct record record = {0};
	size_t piece;

	(void)pthread_mutex_lock(&p->lock);
	while ((piece = p->next) < p->n) {
		p->next++;
		(void)pthread_mutex_unlock(&p->lock);
		p->make(p->context, piece, &record);
		(void)pthread_mutex_lock(&p->lock);
		while (p->turn != piece)
			(void)pthread_cond_wait(&p->turned, &p->lock);
		output_write(buf_str(&record.out));
		record.out.len = 0;
		p->turn++;
		(void)pthread_cond_broadcast(&p->turned);
	}
	p->written += record.written;
	(void)pthread_mutex_unlock(&p->lock);
	buf_free(&record.out);
	return NULL;
}

uint64_t
press(size_t jobs, size_t n,
    void (*make)(const void *context, size_t piece, struct record *record),
    const void *context)
{
	struct press p = {.make = make, .context = context, .n = n};
	pthread_t *threads = xcalloc(jobs, sizeof(*threads));

	(void)pthread_mutex_init(&p.lock, NULL);
	(void)pthread_cond_init(&p.turned, NULL);
	/* This thread is one of them. */
	for (size_t i = 1; i < jobs; i++)
		if (pthread_create(&threads[i], NULL, run, &p) != 0)
			errx(EXIT_SERVICE, "cannot start a thread");
	(void)run(&p);
	for (size_t i = 1; i < jobs; i++)
		(void)pthread_join(threads[i], NULL);
	(void)pthread_mutex_destroy(&p.lock);
	(void)pthread_cond_destroy(&p.turned);
	free(threads);
	return p.written;
}
