/*
 * days: rows of cells, a row for each day.
 *
 * A cell is as small as it can be: most sums fit into 64 bits.  What does not
 * fit goes to sums of full size behind it.
 */
#include <err.h>
#include <pthread.h>
#include <stdlib.h>
#include <sys/mman.h>

#include "days.h"
#include "exit.h"

struct cell {
	int128 sumsq[FEATURES];
	int64_t sum[FEATURES];
	uint32_t count[FEATURES];
	uint32_t n;
	uint32_t quads[QUADRANTS];
	struct sums *more; /* what did not fit, or NULL */
};

/* Of each country the position + 1 of its cell, or 0. */
struct row {
	uint32_t cells[COUNTRIES];
};

struct days {
	pthread_mutex_t lock;
	struct cell
	    *cells; /* all there can be; untouched ones take no memory */
	uint32_t ncells;
	int32_t first, last; /* the days that have a row lie between */
	struct countries countries;
	struct row *rows[DAYS_LAST + 1]; /* NULL: none */
};

struct days *
days_open(void)
{
	struct days *d = xcalloc(1, sizeof(*d));
	void *cells =
	    mmap(NULL, sizeof(struct cell) * DAYS_CELLS, PROT_READ | PROT_WRITE,
	        MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);

	if (cells == MAP_FAILED)
		err(EXIT_SERVICE, "memory");
	/* Cells are met in no order: huge pages make that cheaper. */
	(void)madvise(cells, sizeof(struct cell) * DAYS_CELLS, MADV_HUGEPAGE);
	d->cells = cells;
	d->first = DAYS_LAST;
	(void)pthread_mutex_init(&d->lock, NULL);
	return d;
}

void
days_free(struct days *d)
{
	if (d == NULL)
		return;
	for (uint32_t i = 0; i < d->ncells; i++)
		free(d->cells[i].more);
	for (int32_t day = d->first; day <= d->last; day++)
		free(d->rows[day]);
	(void)munmap(d->cells, sizeof(struct cell) * DAYS_CELLS);
	(void)pthread_mutex_destroy(&d->lock);
	free(d);
}

static struct row *
row_of(struct days *d, int32_t day)
{
	if (d->rows[day] == NULL) {
		d->rows[day] = xcalloc(1, sizeof(struct row));
		d->first = day < d->first ? day : d->first;
		d->last = day > d->last ? day : d->last;
	}
	return d->rows[day];
}

static struct cell *
cell_of(struct days *d, struct row *row, int country)
{
	if (row->cells[country] == 0) {
		if (d->ncells == DAYS_CELLS)
			errx(EXIT_SERVICE, "more than %d countries times days",
			    DAYS_CELLS);
		row->cells[country] = ++d->ncells;
		countries_add(&d->countries, country);
	}
	return &d->cells[row->cells[country] - 1];
}

static bool
fits(const struct cell *cell, const struct sums *s)
{
	int128 sum, sumsq;
	bool bad = s->n > UINT32_MAX - cell->n;

	for (int f = 0; f < FEATURES; f++) {
		sum = cell->sum[f] + s->sum[f];
		bad |= sum != (int64_t)sum;
		bad |=
		    __builtin_add_overflow(cell->sumsq[f], s->sumsq[f], &sumsq);
	}
	return !bad;
}

/* Counts are no greater than n: they fit if n does. */
static void
add(struct cell *cell, const struct sums *s)
{
	if (!fits(cell, s)) {
		if (cell->more == NULL)
			cell->more = xcalloc(1, sizeof(*cell->more));
		sums_add(cell->more, s);
		return;
	}
	for (int f = 0; f < FEATURES; f++) {
		cell->sum[f] += (int64_t)s->sum[f];
		cell->sumsq[f] += s->sumsq[f];
	}
	for (int f = 0; f < FEATURES; f++)
		cell->count[f] += (uint32_t)s->count[f];
	for (int q = 0; q < QUADRANTS; q++)
		cell->quads[q] += (uint32_t)s->quads[q];
	cell->n += (uint32_t)s->n;
}

void
days_add(struct days *d, int32_t day, int country, const struct sums *sums)
{
	(void)pthread_mutex_lock(&d->lock);
	add(cell_of(d, row_of(d, day), country), sums);
	(void)pthread_mutex_unlock(&d->lock);
}

void
days_add_all(struct days *d, int32_t day, const struct countries *set,
    const struct sums sums[COUNTRIES])
{
	struct cell *cells[COUNTRIES];
	struct row *row;
	int c;

	(void)pthread_mutex_lock(&d->lock);
	row = row_of(d, day);
	/* The cells are far away: fetch them all before the first is used. */
	for (c = countries_next(set, 0); c != -1;
	     c = countries_next(set, c + 1)) {
		cells[c] = cell_of(d, row, c);
		for (size_t i = 0; i < sizeof(struct cell); i += 64)
			__builtin_prefetch((char *)cells[c] + i, 1);
	}
	for (c = countries_next(set, 0); c != -1;
	     c = countries_next(set, c + 1))
		add(cells[c], &sums[c]);
	(void)pthread_mutex_unlock(&d->lock);
}

const struct countries *
days_countries(const struct days *d)
{
	return &d->countries;
}

bool
days_next(const struct days *d, int country, int32_t *day, struct sums *sums)
{
	const struct cell *cell;
	int32_t i = *day < d->first ? d->first : *day;

	while (i <= d->last &&
	       (d->rows[i] == NULL || d->rows[i]->cells[country] == 0))
		i++;
	if (i > d->last)
		return false;
	*day = i;
	cell = &d->cells[d->rows[i]->cells[country] - 1];
	for (int f = 0; f < FEATURES; f++) {
		sums->sum[f] = cell->sum[f];
		sums->sumsq[f] = cell->sumsq[f];
		sums->count[f] = cell->count[f];
	}
	for (int q = 0; q < QUADRANTS; q++)
		sums->quads[q] = cell->quads[q];
	sums->n = cell->n;
	if (cell->more != NULL)
		sums_add(sums, cell->more);
	return true;
}
