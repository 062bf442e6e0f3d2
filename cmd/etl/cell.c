/*
 * cell: small sums, and when they move to great ones.
 *
 * A value is below FIXED_MAX, so that CELL_ITEMS of them stay below 2^63.
 */
#include <stdlib.h>

#include "buf.h"
#include "cell.h"

static enum quadrant
quadrant(int64_t valence, int64_t energy)
{
	const int64_t half = FIXED_UNIT / 2;

	if (energy >= half)
		return valence >= half ? HAPPY : ANGRY;
	return valence >= half ? CALM : SAD;
}

/* What stands in the cell itself. */
static void
get_own(const struct cell *cell, struct sums *sums)
{
	const uint64_t n = cell->counts[0];

	sums->n = n;
	for (int q = 0; q < QUADRANTS; q++)
		sums->quads[q] = cell->counts[CELL_QUADS + q];
	for (int f = 0; f < FEATURES; f++) {
		sums->count[f] = n - cell->counts[CELL_UNKNOWN + f];
		sums->sum[f] = cell->sum[f];
		sums->sumsq[f] = cell->sumsq[f];
	}
}

/* Empty the cell into sums of full size. */
static void
move_to_more(struct cell *cell)
{
	struct sums *more = cell->more, own;

	if (more == NULL)
		more = xcalloc(1, sizeof(*more));
	get_own(cell, &own);
	sums_add(more, &own);
	*cell = (struct cell){.more = more};
}

/* Make room in the cell for so many items. */
static inline void
reserve(struct cell *cell, int items)
{
	if (cell->counts[0] > CELL_ITEMS - items)
		move_to_more(cell);
}

static inline void
add_value(struct cell *cell, int f, int64_t value)
{
	cell->sum[f] += value;
	cell->sumsq[f] += (int128)value * value;
}

void
cell_add_item(struct cell *cell, const struct item *item)
{
	const unsigned plane = 1U << VALENCE | 1U << ENERGY;
	int64_t valence, energy;

	reserve(cell, 1);
	if (item->wide) {
		for (int f = 0; f < FEATURES; f++)
			add_value(cell, f, item_wide_value(item, f));
		valence = item_wide_value(item, VALENCE);
		energy = item_wide_value(item, ENERGY);
	} else {
		for (int f = 0; f < FEATURES; f++)
			add_value(cell, f, item_value(item, f));
		valence = item_value(item, VALENCE);
		energy = item_value(item, ENERGY);
	}
	cell->counts[0]++;
	if ((item->known & plane) == plane)
		cell->counts[CELL_QUADS + quadrant(valence, energy)]++;
	if (item->known == (1U << FEATURES) - 1)
		return;
	for (int f = 0; f < FEATURES; f++)
		if ((item->known >> f & 1) == 0)
			cell->counts[CELL_UNKNOWN + f]++;
}

void
cell_add(struct cell *a, const struct cell *b)
{
	reserve(a, b->counts[0]);
	for (int f = 0; f < FEATURES; f++)
		a->sumsq[f] += b->sumsq[f];
	for (int f = 0; f < FEATURES; f++)
		a->sum[f] += b->sum[f];
	for (int i = 0; i < CELL_COUNTS; i++)
		a->counts[i] = (uint16_t)(a->counts[i] + b->counts[i]);
}

void
cell_take(struct cell *a, const struct cell *b)
{
	for (int f = 0; f < FEATURES; f++)
		a->sumsq[f] -= b->sumsq[f];
	for (int f = 0; f < FEATURES; f++)
		a->sum[f] -= b->sum[f];
	for (int i = 0; i < CELL_COUNTS; i++)
		a->counts[i] = (uint16_t)(a->counts[i] - b->counts[i]);
}

void
cell_add_sums(struct cell *cell, const struct sums *sums)
{
	struct cell small = {.counts[0] = (uint16_t)sums->n};

	if (sums->n > CELL_ITEMS) {
		if (cell->more == NULL)
			cell->more = xcalloc(1, sizeof(*cell->more));
		sums_add(cell->more, sums);
		return;
	}
	for (int q = 0; q < QUADRANTS; q++)
		small.counts[CELL_QUADS + q] = (uint16_t)sums->quads[q];
	for (int f = 0; f < FEATURES; f++) {
		small.counts[CELL_UNKNOWN + f] =
		    (uint16_t)(sums->n - sums->count[f]);
		small.sum[f] = (int64_t)sums->sum[f];
		small.sumsq[f] = sums->sumsq[f];
	}
	cell_add(cell, &small);
}

void
cell_get(const struct cell *cell, struct sums *sums)
{
	get_own(cell, sums);
	if (cell->more != NULL)
		sums_add(sums, cell->more);
}

void
cell_free(struct cell *cell)
{
	free(cell->more);
}
