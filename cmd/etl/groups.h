/*
 * groups.h: the sums of a list of countries and a day, on their way to the
 * sums of each country and day.
 *
 * A list of markets is one of a few thousand: an item is added once to its
 * list's sums, and these are spread over the countries when the table is full
 * and at the end.
 */
#ifndef GROUPS_H
#define GROUPS_H

#include <stdbool.h>

#include "days.h"

struct groups;

struct groups *groups_open(void);
void groups_free(struct groups *groups);

/*
 * The sums of a list "AD,AE,..." and a day, to add one item to; valid until the
 * next call.  NULL if it is no such list.  May spread into days.
 */
struct sums *groups_at(
    struct groups *groups, struct str list, int32_t day, struct days *days);

/* Spread all sums over the countries, and leave none. */
void groups_spread(struct groups *groups, struct days *days);

#endif
