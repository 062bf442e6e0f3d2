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
	struct cell *cells;           /* room for DAYS_CELLS */
	uint32_t ncells;
	int32_t first, last; /* the days that have cells lie between */
	struct countries countries;
	struct days_row *rows[DAYS_LAST + 1]; /* NULL: none */
};

/*
 * Memory for all cells there may be, which is taken when it is first touched.
 * Cells are met in no order: huge pages make that cheaper.
 */
static struct cell *
make_cells(void)
{
	const size_t size = DAYS_CELLS * sizeof(struct cell);
	void *cells = mmap(NULL, size, PROT_READ | PROT_WRITE,
	    MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);

	if (cells == MAP_FAILED)
		err(EXIT_SERVICE, "memory");
	(void)madvise(cells, size, MADV_HUGEPAGE);
	return cells;
}

struct days *
days_open(void)
{
	struct days *d = xcalloc(1, sizeof(*d));

	d->cells = make_cells();
	d->first = DAYS_LAST;
	(void)pthread_mutex_init(&d->lock, NULL);
	for (int i = 0; i < LOCKS; i++)
		(void)pthread_mutex_init(&d->locks[i], NULL);
	return d;
}

void
days_free(struct days *d)
{
	if (d == NULL)
		return;
	for (uint32_t i = 0; i < d->ncells; i++)
		if (d->cells[i].more != NULL)
			cell_free(&d->cells[i]);
	(void)munmap(d->cells, DAYS_CELLS * sizeof(struct cell));
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

/* The position + 1 of a new cell. */
static uint32_t
make_cell(struct days *d, int32_t day, int country)
{
	uint32_t made;

	(void)pthread_mutex_lock(&d->lock);
	if (d->ncells == DAYS_CELLS)
		errx(EXIT_SERVICE, "more than %d countries times days",
		    DAYS_CELLS);
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
	return &d->cells[row->cells[country] - 1];
}

void
days_prefetch(const struct days *d, const struct days_row *row, int country)
{
	const char *cell;

	if (row->cells[country] == 0)
		return;
	cell = (const char *)&d->cells[row->cells[country] - 1];
	for (size_t i = 0; i < sizeof(struct cell); i += 64)
		__builtin_prefetch(cell + i);
}

const struct countries *
days_countries(const struct days *d)
{
	return &d->countries;
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
	if (i + AHEAD <= d->last && d->rows[i + AHEAD] != NULL)
		days_prefetch(d, d->rows[i + AHEAD], country);
	cell_get(&d->cells[d->rows[i]->cells[country] - 1], sums);
	return true;
}
