/*
 * cell.h: the sums of a few items in little memory.
 *
 * There are many cells: one a playlist, one a country and day.  Most have few
 * items, and small ones (item.h), whose sums fit into 64 bits and counts into
 * 16.  Other items, and what goes beyond CELL_ITEMS, are in sums of full size.
 */
#ifndef CELL_H
#define CELL_H

#include <stdint.h>

#include "item.h"
#include "sums.h"

enum { CELL_ITEMS = 1800 }; /* times ITEM_MAX^2 is less than 2^64 */

struct cell {
	uint64_t sumsq[FEATURES];
	int64_t sum[FEATURES];
	uint16_t quads[QUADRANTS]; /* each item is in one */
	struct sums *more; /* of all items but those counted here; or NULL */
};

/* Add an item that has a feature at least. */
void cell_add_item(struct cell *cell, const struct item *item);

/* Add what b holds. */
void cell_add(struct cell *a, const struct cell *b);

/*
 * Take away what b holds, CELL_ITEMS small items at most, which were a part of
 * what a got last.
 */
void cell_take(struct cell *a, const struct cell *b);

/* Add sums that sums_invalid() finds nothing wrong with. */
void cell_add_sums(struct cell *cell, const struct sums *sums);

/* How many items there are. */
uint64_t cell_items(const struct cell *cell);

/* All that the cell holds. */
void cell_get(const struct cell *cell, struct sums *sums);

/* Empty the cell. */
void cell_free(struct cell *cell);

#endif
