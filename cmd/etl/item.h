/*
 * item.h: the features of one item in little memory.
 *
 * Most items are small: each feature is known, and a word holds it in units of
 * its own.  Any other is wide: it takes two words for the value of each.
 */
#ifndef ITEM_H
#define ITEM_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "audio.h"
#include "fixed.h"
#include "json.h"

enum { ITEM_MAX = 100000000 }; /* a word of a small item, or its negative */

struct item {
	uint16_t known; /* a bit for each feature that has a value */
	bool wide;
	int32_t words[FEATURES]; /* wide: the lower half of the value */
	int32_t high[FEATURES];  /* wide: the upper half */
};

/* The decimals of a small item's word: more than the feature usually has. */
static const int item_digits[FEATURES] = {
    [DANCEABILITY] = 8,
    [ENERGY] = 8,
    [KEY] = 5,
    [LOUDNESS] = 5,
    [MODE] = 5,
    [SPEECHINESS] = 8,
    [ACOUSTICNESS] = 8,
    [INSTRUMENTALNESS] = 8,
    [LIVENESS] = 8,
    [VALENCE] = 8,
    [TEMPO] = 5,
};

/*
 * Read the fields of the features; -1, or the first that is neither null nor a
 * number of fixed.h.  Unknown ones are 0.
 */
int item_read(const struct json_field fields[FEATURES], struct item *item);

/* The bytes of an item that hold something: its first. */
static inline size_t
item_size(const struct item *item)
{
	return item->wide ? sizeof(*item) : offsetof(struct item, high);
}

/* A value of a wide item. */
static inline int64_t
item_wide_value(const struct item *item, int f)
{
	return (int64_t)((uint64_t)(uint32_t)item->high[f] << 32 |
	                 (uint32_t)item->words[f]);
}

#endif
