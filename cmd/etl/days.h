/*
 * days.h: the sums of every country and day.
 *
 * Memory grows with countries times days, 336 bytes each, DAYS_CELLS of them at
 * most.
 */
#ifndef DAYS_H
#define DAYS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "countries.h"
#include "sums.h"

enum {
	DAYS_FIRST = 366,    /* 1971-01-02: what is before has no date */
	DAYS_LAST = 36524,   /* 2069-12-31 */
	DAYS_CELLS = 1 << 22 /* 250 countries for 45 years */
};

struct days;

struct days *days_open(void);
void days_free(struct days *days);

/* Add the sums of a country and a day; several threads may do so at once. */
void days_add(
    struct days *days, int32_t day, int country, const struct sums *sums);

/* The same for each country of a set, whose number is its place in sums. */
void days_add_all(struct days *days, int32_t day, const struct countries *set,
    const struct sums sums[COUNTRIES]);

/* The countries that have sums. */
const struct countries *days_countries(const struct days *days);

/*
 * The sums of a country on the first day from *day on that has any; *day
 * becomes that day.  False if there is none.
 */
bool days_next(
    const struct days *days, int country, int32_t *day, struct sums *sums);

#endif
