/*
 * item.h: the features of one item, as short as they are written.
 *
 * Most have few digits: mantissa and exponent go into one word.  An item with a
 * longer one is wide: it takes two words for the value of each feature.
 */
#ifndef ITEM_H
#define ITEM_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "audio.h"
#include "fixed.h"
#include "json.h"

enum { ITEM_EXPONENT_BITS = 4, ITEM_EXPONENTS = 1 << ITEM_EXPONENT_BITS };

struct item {
	uint16_t known; /* a bit for each feature that has a value */
	bool wide;
	int32_t words[FEATURES]; /* mantissa, and FIXED_DIGITS + exponent */
	int32_t high[FEATURES];  /* wide: the upper half, words is the lower */
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

/* A value of one that is not. */
static inline int64_t
item_value(const struct item *item, int f)
{
	return (int64_t)(item->words[f] >> ITEM_EXPONENT_BITS) *
	       fixed_powers[item->words[f] & (ITEM_EXPONENTS - 1)];
}

#endif
