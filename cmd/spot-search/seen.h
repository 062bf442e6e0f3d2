/*
 * seen.h: a set of ids.
 */
#ifndef SEEN_H
#define SEEN_H

#include <stdbool.h>

#include "buf.h"

struct seen {
	struct buf text; /* the ids, each behind its length in one byte */
	size_t *index;   /* a hash table of positions in text + 1; 0 is free */
	size_t slots, n;
};

/* Add an id of at most 255 bytes; false if it was there. */
bool seen_add(struct seen *seen, struct str id);

void seen_free(struct seen *seen);

#endif
