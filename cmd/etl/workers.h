/*
 * workers.h: tally lines by several threads.
 */
#ifndef WORKERS_H
#define WORKERS_H

#include "tally.h"

/*
 * Add all items of in to the tally, by n threads, of which this is one; each
 * holds a tally of its own until the end.
 */
void workers_tally(size_t n, struct tally *tally, struct lines *in);

#endif
