/*
 * workers: threads that take turns to read, and tally what each has read.
 *
 * Sums are exact, so it does not matter which thread adds which line.
 */
#include <err.h>
#include <pthread.h>
#include <stdlib.h>

#include "exit.h"
#include "workers.h"

/* What is read, by the thread that holds the lock. */
struct source {
	pthread_mutex_t lock;
	struct lines *in;
};

struct worker {
	pthread_t thread;
	struct source *source;
	struct tally *tally, own;
	size_t refused;
};

/* The lines that are there; buf keeps them.  False if no more will come. */
static bool
take(struct source *source, struct buf *buf, struct lines *lines)
{
	struct str block;
	size_t before;
	bool taken;

	(void)pthread_mutex_lock(&source->lock);
	taken = lines_take(source->in, buf, &block, &before);
	if (taken)
		lines_open_block(lines, block, source->in->name, before);
	(void)pthread_mutex_unlock(&source->lock);
	return taken;
}

static void *
work(void *context)
{
	struct worker *worker = context;
	struct buf buf = {0};
	struct lines lines;
	struct str line;

	while (take(worker->source, &buf, &lines)) {
		while (lines_next(&lines, &line))
			tally_item(worker->tally, &lines, line);
		worker->refused += lines.refused;
	}
	tally_finish(worker->tally);
	buf_free(&buf);
	return NULL;
}

void
workers_tally(size_t n, struct tally *tally, struct lines *in)
{
	struct source source = {.in = in};
	struct worker *workers = xcalloc(n, sizeof(*workers)), *w;

	(void)pthread_mutex_init(&source.lock, NULL);
	for (w = workers; w < workers + n; w++) {
		*w = (struct worker){.source = &source, .tally = tally};
		if (w == workers)
			continue;
		w->tally = &w->own;
		tally_open(w->tally, tally->by, tally->days, n);
		if (pthread_create(&w->thread, NULL, work, w) != 0)
			errx(EXIT_SERVICE, "cannot start a thread");
	}
	(void)work(workers);
	in->refused += workers->refused;
	for (w = workers + 1; w < workers + n; w++) {
		(void)pthread_join(w->thread, NULL);
		tally_merge(tally, w->tally);
		in->refused += w->refused;
		tally_free(w->tally);
	}
	(void)pthread_mutex_destroy(&source.lock);
	free(workers);
}
