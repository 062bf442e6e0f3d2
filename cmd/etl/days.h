/*
 * days.h: the sums of every country and day.
 *
 * Memory grows with countries times days, 416 bytes each.
 */
#ifndef DAYS_H
#define DAYS_H

#include <stddef.h>
#include <stdint.h>

#include "countries.h"
#include "sums.h"

struct day_cell {
	int country;
	int32_t day;
	struct sums *sums;
};

/* The cells of one day: of each country its position + 1, or 0. */
struct day_row {
	int32_t day;
	uint32_t cells[COUNTRIES];
};

struct days {
	struct sums **blocks; /* the cells, in blocks that never move */
	size_t ncells;
	struct day_row **rows; /* ordered by day */
	size_t nrows;
};

/* The row of a day, made if need be; valid until days_free(). */
struct day_row *days_row(struct days *days, int32_t day);

/* The sums of a country in a row, made if need be; valid as long. */
struct sums *days_at(struct days *days, struct day_row *row, int country);

/* Add all of b to a, and free b. */
void days_merge(struct days *a, struct days *b);

/* All n cells ordered by country and day; the caller frees them. */
struct day_cell *days_sorted(const struct days *days, size_t *n);

void days_free(struct days *days);

#endif
