/*
 * cell.h: the sums of a few items in little memory.
 *
 * There are many cells: one a playlist, one a country and day.  Most have few
 * items, whose sums fit into 64 bits and counts into 16.  What goes beyond
 * CELL_ITEMS items moves to sums of full size.
 */
#ifndef CELL_H
#define CELL_H

#include <stdint.h>

#include "item.h"
#include "sums.h"

enum {
	CELL_ITEMS = UINT16_MAX,
	CELL_QUADS = 1,                        /* counts: first the items, */
	CELL_UNKNOWN = CELL_QUADS + QUADRANTS, /* then those of quadrants, */
	CELL_COUNTS = CELL_UNKNOWN + FEATURES  /* those without a feature */
};

struct cell {
	int128 sumsq[FEATURES];
	int64_t sum[FEATURES];
	struct sums *more; /* of all items but those counted here; or NULL */
	uint16_t counts[CELL_COUNTS];
};

/* Add an item that has a feature at least. */
void cell_add_item(struct cell *cell, const struct item *item);

/* Add what b holds; b has no more. */
void cell_add(struct cell *a, const struct cell *b);

/* Take away what b holds, which a got last; b has no more. */
void cell_take(struct cell *a, const struct cell *b);

/* Add sums that sums_invalid() finds nothing wrong with. */
void cell_add_sums(struct cell *cell, const struct sums *sums);

/* All that the cell holds. */
void cell_get(const struct cell *cell, struct sums *sums);

/* Free what the cell holds, which is of no use then. */
void cell_free(struct cell *cell);

#endif
