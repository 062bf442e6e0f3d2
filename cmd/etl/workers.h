/*
 * workers.h: threads that tally blocks of lines.
 */
#ifndef WORKERS_H
#define WORKERS_H

#include "lines.h"
#include "tally.h"

struct workers;

/* Start n threads, each with a tally of its own, like the one given. */
struct workers *workers_start(size_t n, const struct tally *like);

/* Tally all lines of in. */
void workers_read(struct workers *workers, struct lines *in);

/*
 * Wait for the threads to end, and move all they have tallied into tally; the
 * lines refused are added to in's.  Frees workers.
 */
void workers_finish(
    struct workers *workers, struct tally *tally, struct lines *in);

#endif
