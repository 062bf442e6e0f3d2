/*
 * load.h: batches into the database, each in one transaction.
 *
 * While the server works on a batch the next one is read.  What load_batch()
 * of the schema returns is written to standard output after the commit, and the
 * lines passed on after that.
 */
#ifndef LOAD_H
#define LOAD_H

#include "batch.h"

struct load;

/* Connect; a lost connection is tried again for so many seconds. */
struct load *load_open(const char *conninfo, long patience_seconds);
void load_free(struct load *load);

const struct tables *load_tables(const struct load *load);

/* The batch to be filled. */
struct batch *load_filling(struct load *load);

/* Start to load it, and begin another. */
void load_start(struct load *load, struct lines *in);

/*
 * The input pauses: load what there is as soon as the server has time, until
 * there is input again.  So while the server is busy the next batch grows.
 */
void load_pause(struct load *load, struct lines *in);

/* The end of the stream: what is not complete is named, and refused. */
void load_close(struct load *load, struct lines *in);

#endif
