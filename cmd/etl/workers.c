/*
 * workers: one thread reads, the others tally.
 *
 * Sums are exact, so it does not matter which thread adds which line.
 */
#include <err.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include "exit.h"
#include "workers.h"

enum {
	JOB_BYTES = 1 << 20, /* about what a thread takes at once */
	JOBS_PER_WORKER = 2
};

struct job {
	struct buf text;  /* whole lines, and LINES_SLACK bytes behind */
	const char *name; /* the file they are from */
	size_t before;    /* the lines in front of them in that file */
	struct job *next;
};

struct worker {
	pthread_t thread;
	struct workers *all;
	struct tally tally;
	size_t refused;
};

struct workers {
	struct worker *workers;
	struct job *jobs;
	size_t n;
	pthread_mutex_t lock; /* of the two lists and closed */
	pthread_cond_t changed;
	struct job *empty, *full;
	bool closed; /* no more jobs will come */
};

/* Take a job off a list; NULL if the list is empty and no more will come. */
static struct job *
take(struct workers *w, struct job **list)
{
	struct job *job;

	(void)pthread_mutex_lock(&w->lock);
	while (*list == NULL && !w->closed)
		(void)pthread_cond_wait(&w->changed, &w->lock);
	if ((job = *list) != NULL)
		*list = job->next;
	(void)pthread_mutex_unlock(&w->lock);
	return job;
}

static void
give(struct workers *w, struct job **list, struct job *job)
{
	(void)pthread_mutex_lock(&w->lock);
	job->next = *list;
	*list = job;
	(void)pthread_cond_broadcast(&w->changed);
	(void)pthread_mutex_unlock(&w->lock);
}

static void *
work(void *context)
{
	struct worker *worker = context;
	struct workers *w = worker->all;
	struct job *job;
	struct lines in;
	struct str line;

	while ((job = take(w, &w->full)) != NULL) {
		lines_open_block(
		    &in, buf_str(&job->text), job->name, job->before);
		while (lines_next(&in, &line))
			tally_item(&worker->tally, &in, line);
		worker->refused += in.refused;
		give(w, &w->empty, job);
	}
	tally_finish(&worker->tally);
	return NULL;
}

struct workers *
workers_start(size_t n, const struct tally *like)
{
	struct workers *w = xcalloc(1, sizeof(*w));

	w->n = n;
	w->workers = xcalloc(n, sizeof(*w->workers));
	w->jobs = xcalloc(n * JOBS_PER_WORKER, sizeof(*w->jobs));
	(void)pthread_mutex_init(&w->lock, NULL);
	(void)pthread_cond_init(&w->changed, NULL);
	for (size_t i = 0; i < n * JOBS_PER_WORKER; i++)
		give(w, &w->empty, &w->jobs[i]);
	for (size_t i = 0; i < n; i++) {
		w->workers[i].all = w;
		tally_open(&w->workers[i].tally, like->by, like->days);
		if (pthread_create(
		        &w->workers[i].thread, NULL, work, &w->workers[i]) != 0)
			errx(EXIT_SERVICE, "cannot start a thread");
	}
	return w;
}

/* An empty job: the list is not closed while there is something to read. */
static struct job *
take_empty(struct workers *w)
{
	struct job *job = take(w, &w->empty);

	if (job == NULL)
		abort();
	job->text.len = 0;
	return job;
}

/* Hand a job to whichever thread is free. */
static void
dispatch(struct workers *w, struct job *job)
{
	buf_reserve(&job->text, LINES_SLACK);
	memset(job->text.ptr + job->text.len, 0, LINES_SLACK);
	give(w, &w->full, job);
}

void
workers_read(struct workers *w, struct lines *in)
{
	struct job *job = take_empty(w);
	size_t before, after = 0;
	struct str block;

	while (lines_block(in, &block, &before)) {
		/* What was refused in between would break the numbers. */
		if (job->text.len > 0 &&
		    (job->name != in->name || before != after ||
		        job->text.len + block.len > JOB_BYTES)) {
			dispatch(w, job);
			job = take_empty(w);
		}
		if (job->text.len == 0) {
			job->name = in->name;
			job->before = before;
		}
		after = in->number;
		buf_append(&job->text, block);
	}
	dispatch(w, job);
}

void
workers_finish(struct workers *w, struct tally *tally, struct lines *in)
{
	(void)pthread_mutex_lock(&w->lock);
	w->closed = true;
	(void)pthread_cond_broadcast(&w->changed);
	(void)pthread_mutex_unlock(&w->lock);
	for (size_t i = 0; i < w->n; i++) {
		(void)pthread_join(w->workers[i].thread, NULL);
		tally_merge(tally, &w->workers[i].tally);
		in->refused += w->workers[i].refused;
		tally_free(&w->workers[i].tally);
	}
	for (size_t i = 0; i < w->n * JOBS_PER_WORKER; i++)
		buf_free(&w->jobs[i].text);
	(void)pthread_mutex_destroy(&w->lock);
	(void)pthread_cond_destroy(&w->changed);
	free(w->jobs);
	free(w->workers);
	free(w);
}
