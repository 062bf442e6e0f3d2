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

struct days {
	struct sums **blocks; /* the sums, in blocks that never move */
	uint64_t *keys;       /* country and day of each, in that order */
	size_t n, cap;
	uint32_t *index; /* a hash table of positions + 1; 0 is free */
	size_t slots;
};

/* The sums of a country and day, made if need be; never moved. */
struct sums *days_at(struct days *days, int country, int32_t day);

/* Add all of b to a, and free b. */
void days_merge(struct days *a, struct days *b);

/* All n cells ordered by country and day; the caller frees them. */
struct day_cell *days_sorted(const struct days *days, size_t *n);

void days_free(struct days *days);

#endif
