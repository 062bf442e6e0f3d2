/*
 * days: rows of cells, a row for each day.
 */
#include <err.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

#include "days.h"
#include "exit.h"

enum {
	BLOCK_BYTES = 2 * 1024 * 1024, /* a huge page */
	BLOCK_CELLS = BLOCK_BYTES / sizeof(struct cell),
	BLOCKS = DAYS_CELLS / BLOCK_CELLS + 1,
	LOCKS = 64,
	AHEAD = 4 /* days */
};

struct days_row {
	int32_t day;
	uint32_t cells[COUNTRIES]; /* positions + 1; 0: none */
};

struct days {
	pthread_mutex_t locks[LOCKS]; /* of the rows, each of some days */
	pthread_mutex_t lock;         /* of what is no row */
	struct cell *blocks[BLOCKS];
	uint32_t ncells;
	int32_t first, last; /* the days that have cells lie between */
	struct countries countries;
	struct days_row *rows[DAYS_LAST + 1]; /* NULL: none */
};

struct days *
days_open(void)
{
	struct days *d = xcalloc(1, sizeof(*d));

	d->first = DAYS_LAST;
	(void)pthread_mutex_init(&d->lock, NULL);
	for (int i = 0; i < LOCKS; i++)
		(void)pthread_mutex_init(&d->locks[i], NULL);
	return d;
}

static struct cell *
cell_at(const struct days *d, uint32_t i)
{
	return &d->blocks[i / BLOCK_CELLS][i % BLOCK_CELLS];
}

void
days_free(struct days *d)
{
	if (d == NULL)
		return;
	for (uint32_t i = 0; i < d->ncells; i++)
		cell_free(cell_at(d, i));
	for (int i = 0; i < BLOCKS; i++)
		free(d->blocks[i]);
	for (int32_t day = 0; day <= DAYS_LAST; day++)
		free(d->rows[day]);
	for (int i = 0; i < LOCKS; i++)
		(void)pthread_mutex_destroy(&d->locks[i]);
	(void)pthread_mutex_destroy(&d->lock);
	free(d);
}

struct days_row *
days_take(struct days *d, int32_t day)
{
	(void)pthread_mutex_lock(&d->locks[day % LOCKS]);
	if (d->rows[day] == NULL) {
		d->rows[day] = xcalloc(1, sizeof(struct days_row));
		d->rows[day]->day = day;
	}
	return d->rows[day];
}

void
days_give(struct days *d, int32_t day)
{
	(void)pthread_mutex_unlock(&d->locks[day % LOCKS]);
}

/* Cells are met in no order: huge pages make that cheaper. */
static struct cell *
make_block(void)
{
	void *block = aligned_alloc(BLOCK_BYTES, BLOCK_BYTES);

	if (block == NULL)
		err(EXIT_SERVICE, "memory");
	(void)madvise(block, BLOCK_BYTES, MADV_HUGEPAGE);
	return memset(block, 0, BLOCK_BYTES);
}

/* The position + 1 of a new cell. */
static uint32_t
make_cell(struct days *d, int32_t day, int country)
{
	uint32_t made;

	(void)pthread_mutex_lock(&d->lock);
	if (d->ncells == DAYS_CELLS)
		errx(EXIT_SERVICE, "more than %d countries times days",
		    DAYS_CELLS);
	if (d->ncells % BLOCK_CELLS == 0)
		d->blocks[d->ncells / BLOCK_CELLS] = make_block();
	made = ++d->ncells;
	d->first = day < d->first ? day : d->first;
	d->last = day > d->last ? day : d->last;
	countries_add(&d->countries, country);
	(void)pthread_mutex_unlock(&d->lock);
	return made;
}

struct cell *
days_cell(struct days *d, struct days_row *row, int country)
{
	if (row->cells[country] == 0)
		row->cells[country] = make_cell(d, row->day, country);
	return cell_at(d, row->cells[country] - 1);
}

const struct countries *
days_countries(const struct days *d)
{
	return &d->countries;
}

/* A cell of the country that is asked for soon may be far away: fetch it. */
static void
prefetch(const struct days *d, int country, int32_t day)
{
	const char *cell;

	if (day > d->last || d->rows[day] == NULL ||
	    d->rows[day]->cells[country] == 0)
		return;
	cell = (const char *)cell_at(d, d->rows[day]->cells[country] - 1);
	for (size_t i = 0; i < sizeof(struct cell); i += 64)
		__builtin_prefetch(cell + i);
}

bool
days_next(const struct days *d, int country, int32_t *day, struct sums *sums)
{
	int32_t i = *day < d->first ? d->first : *day;

	while (i <= d->last &&
	       (d->rows[i] == NULL || d->rows[i]->cells[country] == 0))
		i++;
	if (i > d->last)
		return false;
	*day = i;
	prefetch(d, country, i + AHEAD);
	cell_get(cell_at(d, d->rows[i]->cells[country] - 1), sums);
	return true;
}
