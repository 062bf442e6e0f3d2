/*
 * source.h: the records of one view, in their order.
 */
#ifndef SOURCE_H
#define SOURCE_H

#include <stdbool.h>

#include "views.h"

struct source;

/* What the views are asked for. */
struct choice {
	const char *since; /* only what changed after this mark; "" is all */
	bool tracks;       /* as records of their own */
};

/* Begin to read a view in the snapshot, over a connection of its own. */
struct source *source_open(const char *conninfo, const struct view *view,
    const char *snapshot, const struct choice *choice);
void source_free(struct source *source);

/* Go to the next record; false at the end. */
bool source_next(struct source *source);

/* The order of the records of two sources, negative if a's comes first. */
int source_compare(const struct source *a, const struct source *b);

/* Append the record as a line. */
void source_append(const struct source *source, struct buf *out);

#endif
