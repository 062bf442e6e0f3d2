/*
 * days: rows of cells, a row for each day.
 */
#include <err.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

#include "days.h"
#include "exit.h"

enum {
	BLOCK_BYTES = 2 * 1024 * 1024, /* a huge page */
	BLOCK = BLOCK_BYTES / sizeof(struct sums)
};

/* The first row that is not before a day. */
static size_t
find_row(const struct days *d, int32_t day)
{
	size_t low = 0, high = d->nrows, middle;

	while (low < high) {
		middle = (low + high) / 2;
		if (d->rows[middle]->day < day)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

struct day_row *
days_row(struct days *d, int32_t day)
{
	size_t i = find_row(d, day);

	if (i < d->nrows && d->rows[i]->day == day)
		return d->rows[i];
	d->rows =
	    xreallocarray(d->rows, d->nrows + 1, sizeof(struct day_row *));
	memmove(d->rows + i + 1, d->rows + i,
	    (d->nrows - i) * sizeof(struct day_row *));
	d->nrows++;
	d->rows[i] = xcalloc(1, sizeof(struct day_row));
	d->rows[i]->day = day;
	return d->rows[i];
}

/* Another block; in a huge page, for its cells are met in no order. */
static void
add_block(struct days *d)
{
	size_t n = d->ncells / BLOCK;
	void *block = aligned_alloc(BLOCK_BYTES, BLOCK_BYTES);

	if (block == NULL)
		err(EXIT_SERVICE, "memory");
	(void)madvise(block, BLOCK_BYTES, MADV_HUGEPAGE);
	memset(block, 0, BLOCK_BYTES);
	d->blocks = xreallocarray(d->blocks, n + 1, sizeof(struct sums *));
	d->blocks[n] = block;
}

static struct sums *
cell(const struct days *d, uint32_t position)
{
	return &d->blocks[(position - 1) / BLOCK][(position - 1) % BLOCK];
}

struct sums *
days_at(struct days *d, struct day_row *row, int country)
{
	if (row->cells[country] == 0) {
		if (d->ncells == UINT32_MAX)
			errx(EXIT_SERVICE, "too many countries and days");
		if (d->ncells % BLOCK == 0)
			add_block(d);
		row->cells[country] = (uint32_t)++d->ncells;
	}
	return cell(d, row->cells[country]);
}

void
days_merge(struct days *a, struct days *b)
{
	const struct day_row *from;
	struct day_row *to;

	for (size_t i = 0; i < b->nrows; i++) {
		from = b->rows[i];
		to = days_row(a, from->day);
		for (int c = 0; c < COUNTRIES; c++)
			if (from->cells[c] != 0)
				sums_add(
				    days_at(a, to, c), cell(b, from->cells[c]));
	}
	days_free(b);
}

struct day_cell *
days_sorted(const struct days *d, size_t *n)
{
	struct day_cell *cells = xcalloc(d->ncells + 1, sizeof(*cells));

	*n = 0;
	for (int c = 0; c < COUNTRIES; c++)
		for (size_t i = 0; i < d->nrows; i++)
			if (d->rows[i]->cells[c] != 0)
				cells[(*n)++] =
				    (struct day_cell){c, d->rows[i]->day,
				        cell(d, d->rows[i]->cells[c])};
	return cells;
}

void
days_free(struct days *d)
{
	for (size_t i = 0; i * BLOCK < d->ncells; i++)
		free(d->blocks[i]);
	for (size_t i = 0; i < d->nrows; i++)
		free(d->rows[i]);
	free(d->blocks);
	free(d->rows);
	*d = (struct days){0};
}
