/*
 * fixed.h: decimal numbers as integers, so that sums are exact and the same in
 * any order.
 *
 * A feature is held in units of 10^-10, its square in units of 10^-20.  A value
 * with more decimals is rounded to the nearest unit, ties away from zero.
 */
#ifndef FIXED_H
#define FIXED_H

#include <stdbool.h>
#include <stdint.h>

#include "json.h"

__extension__ typedef __int128 int128;

enum {
	FIXED_DIGITS = 10, /* decimals of a value */
	FIXED_MAX = 10000, /* values lie below it, and above its negative */
	FIXED_TEXT = 48    /* room for any number as text */
};

static const int64_t FIXED_UNIT = 10000000000; /* 1 */

extern const int64_t fixed_powers[JSON_DIGITS + 1]; /* of ten */

/* mantissa * 10^exponent as a value; false if it is out of range. */
bool fixed_scale(int64_t mantissa, int exponent, int64_t *value);

/*
 * Read a decimal number such as fixed_write() writes, without exponent, with
 * up to digits decimals; false if it is something else or too large.
 */
bool fixed_parse_wide(struct str text, int digits, int128 *value);

/* Write a number to where there is room for FIXED_TEXT bytes; behind it. */
char *fixed_write_whole(char *p, uint64_t value);

/*
 * The same of value / 10^digits as a decimal number, without trailing zeros.
 * digits is 10 or 20; the whole part is below 2^63, as that of every sum is.
 */
char *fixed_write(char *p, int128 value, int digits);

/* Write x rounded to 12 decimals, or null if it is no number below 10^6. */
char *fixed_write_real(char *p, long double x);

#endif
