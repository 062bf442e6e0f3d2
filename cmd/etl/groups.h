/*
 * groups.h: items on their way to the sums of each country and day.
 *
 * An item may be in 180 markets, and a list of markets is one of a few
 * thousand.  So items wait here; then those of a day and list are added up
 * once, and their sums are spread over the countries of the list.
 */
#ifndef GROUPS_H
#define GROUPS_H

#include <stdbool.h>

#include "days.h"

struct groups;

/*
 * Groups that hand what they add up to days.  The more items wait, the better;
 * all threads together have so much memory for them.
 */
struct groups *groups_open(struct days *days, size_t threads);
void groups_free(struct groups *groups);

/*
 * Add an item to all countries of a list "AD,AE,..." on a day, at once or when
 * the items that wait are spread.  False if it is no such list.
 */
bool groups_add(struct groups *groups, struct str list, int32_t day,
    const struct item *item);

/* Spread all items that wait. */
void groups_spread(struct groups *groups);

#endif
