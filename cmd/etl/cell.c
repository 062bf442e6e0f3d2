/*
 * cell: small sums, and when they move to great ones.
 */
#include <stdlib.h>

#include "buf.h"
#include "cell.h"

static enum quadrant
quadrant(int64_t valence, int64_t energy, int64_t half)
{
	if (energy >= half)
		return valence >= half ? HAPPY : ANGRY;
	return valence >= half ? CALM : SAD;
}

/* How many items are in the cell itself. */
static inline unsigned
own_items(const struct cell *cell)
{
	return (unsigned)cell->quads[0] + cell->quads[1] + cell->quads[2] +
	       cell->quads[3];
}

/* A unit of the feature's words in units of fixed.h. */
static int64_t
unit(int f)
{
	return fixed_powers[FIXED_DIGITS - item_digits[f]];
}

static int64_t
square_unit(int f)
{
	return unit(f) * unit(f);
}

/* What stands in the cell itself. */
static void
get_own(const struct cell *cell, struct sums *sums)
{
	sums->n = own_items(cell);
	for (int q = 0; q < QUADRANTS; q++)
		sums->quads[q] = cell->quads[q];
	for (int f = 0; f < FEATURES; f++) {
		sums->count[f] = sums->n;
		sums->sum[f] = (int128)cell->sum[f] * unit(f);
		sums->sumsq[f] = (int128)cell->sumsq[f] * square_unit(f);
	}
}

static struct sums *
more_of(struct cell *cell)
{
	if (cell->more == NULL)
		cell->more = xcalloc(1, sizeof(*cell->more));
	return cell->more;
}

/* Empty the cell into sums of full size. */
static void
move_to_more(struct cell *cell)
{
	struct sums *more = more_of(cell), own;

	get_own(cell, &own);
	sums_add(more, &own);
	*cell = (struct cell){.more = more};
}

/* Make room in the cell for so many items. */
static inline void
reserve(struct cell *cell, unsigned items)
{
	if (own_items(cell) + items > CELL_ITEMS)
		move_to_more(cell);
}

static void
add_wide(struct sums *sums, const struct item *item)
{
	const unsigned plane = 1U << VALENCE | 1U << ENERGY;
	struct sums one = {.n = 1};
	int64_t value;

	for (int f = 0; f < FEATURES; f++) {
		value = item_wide_value(item, f);
		one.sum[f] = value;
		one.sumsq[f] = (int128)value * value;
		one.count[f] = item->known >> f & 1;
	}
	if ((item->known & plane) == plane)
		one.quads[quadrant(item_wide_value(item, VALENCE),
		    item_wide_value(item, ENERGY), FIXED_UNIT / 2)] = 1;
	sums_add(sums, &one);
}

void
cell_add_item(struct cell *cell, const struct item *item)
{
	int64_t value;

	if (item->wide) {
		add_wide(more_of(cell), item);
		return;
	}
	reserve(cell, 1);
	for (int f = 0; f < FEATURES; f++) {
		value = item->words[f];
		cell->sum[f] += value;
		cell->sumsq[f] += (uint64_t)(value * value);
	}
	cell->quads[quadrant(
	    item->words[VALENCE], item->words[ENERGY], ITEM_MAX / 2)]++;
}

void
cell_add(struct cell *a, const struct cell *b)
{
	reserve(a, own_items(b));
	for (int f = 0; f < FEATURES; f++)
		a->sumsq[f] += b->sumsq[f];
	for (int f = 0; f < FEATURES; f++)
		a->sum[f] += b->sum[f];
	for (int q = 0; q < QUADRANTS; q++)
		a->quads[q] = (uint16_t)(a->quads[q] + b->quads[q]);
	if (b->more != NULL)
		sums_add(more_of(a), b->more);
}

void
cell_take(struct cell *a, const struct cell *b)
{
	for (int f = 0; f < FEATURES; f++)
		a->sumsq[f] -= b->sumsq[f];
	for (int f = 0; f < FEATURES; f++)
		a->sum[f] -= b->sum[f];
	for (int q = 0; q < QUADRANTS; q++)
		a->quads[q] = (uint16_t)(a->quads[q] - b->quads[q]);
	if (b->more != NULL)
		sums_take(a->more, b->more);
}

/* Could these be the sums of small items?  Then the cell becomes those. */
static bool
make_small(const struct sums *s, struct cell *cell)
{
	const uint64_t n = s->n, square = (uint64_t)ITEM_MAX * ITEM_MAX;
	uint64_t quads = 0;

	if (n > CELL_ITEMS)
		return false;
	for (int q = 0; q < QUADRANTS; q++) {
		cell->quads[q] = (uint16_t)s->quads[q];
		quads += s->quads[q];
	}
	for (int f = 0; f < FEATURES; f++) {
		cell->sum[f] = (int64_t)s->sum[f] / unit(f);
		cell->sumsq[f] = (uint64_t)(s->sumsq[f] / square_unit(f));
		if (s->count[f] != n || cell->sumsq[f] > n * square ||
		    s->sum[f] != (int128)cell->sum[f] * unit(f) ||
		    s->sumsq[f] != (int128)cell->sumsq[f] * square_unit(f))
			return false;
	}
	return quads == n;
}

void
cell_add_sums(struct cell *cell, const struct sums *sums)
{
	struct cell small = {0};

	if (make_small(sums, &small))
		cell_add(cell, &small);
	else
		sums_add(more_of(cell), sums);
}

uint64_t
cell_items(const struct cell *cell)
{
	return own_items(cell) + (cell->more != NULL ? cell->more->n : 0);
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
	*cell = (struct cell){0};
}
