/*
 * days.h: the sums of every country and day.
 *
 * Memory grows with countries times days, a cell each, DAYS_CELLS of them at
 * most.
 */
#ifndef DAYS_H
#define DAYS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "cell.h"
#include "countries.h"

enum {
	DAYS_FIRST = 366,    /* 1971-01-02: what is before has no date */
	DAYS_LAST = 36524,   /* 2069-12-31 */
	DAYS_CELLS = 1 << 22 /* 250 countries for 45 years */
};

struct days;
struct days_row;

struct days *days_open(void);
void days_free(struct days *days);

/*
 * The row of a day, for this thread alone until it lets go of it.  Several
 * threads may have rows, one each.
 */
struct days_row *days_take(struct days *days, int32_t day);
void days_give(struct days *days, int32_t day);

/* The cell of a country in a row; it gets at least an item. */
struct cell *days_cell(struct days *days, struct days_row *row, int country);

/* That cell is asked for soon: fetch it. */
void days_prefetch(
    const struct days *days, const struct days_row *row, int country);

/* The countries that have cells. */
const struct countries *days_countries(const struct days *days);

/*
 * The sums of a country on the first day from *day on that has any; *day
 * becomes that day.  False if there is none.
 */
bool days_next(
    const struct days *days, int country, int32_t *day, struct sums *sums);

#endif
