/*
 * digits.h: numbers of few digits, eight bytes at a time.
 *
 * For scan.c; what is longer than these functions can see they give up with
 * NULL.  What stands behind a number is for the caller to look at.  Up to ten
 * bytes at p are read.
 */
#ifndef DIGITS_H
#define DIGITS_H

#include <stdint.h>
#include <string.h>

#include "json.h"

/* Eight bytes, in which a digit is below ten now. */
static inline uint64_t
digits_load(const char *p)
{
	uint64_t x;

	memcpy(&x, p, sizeof(x));
	return x ^ 0x3030303030303030U;
}

/*
 * The highest bit of each byte that is no digit.  Behind one that is not ASCII
 * there may be more.
 */
static inline uint64_t
digits_others(uint64_t x)
{
	return ((x + 0x7676767676767676U) | x) & 0x8080808080808080U;
}

/* Where the byte of the lowest bit begins; 0 if there is none. */
static inline int
digits_lowest(uint64_t highest_bits)
{
	return highest_bits == 0 ? 0 : __builtin_ctzll(highest_bits) - 7;
}

/* The number that is the first bits, some, of digits. */
static inline int64_t
digits_value(uint64_t x, int bits)
{
	const uint64_t mask = 0x000000ff000000ffU;

	/* Zeros in front of them; then add up pairs, fours, and all. */
	x <<= 64 - bits;
	x = x * 10 + (x >> 8);
	x = (x & mask) * 0x000f424000000064U +
	    (x >> 16 & mask) * 0x0000271000000001U;
	return (int64_t)(x >> 32);
}

/* Behind the number at p that is 0.ddd, or NULL. */
static inline const char *
digits_fraction(const char *p, struct json_field *field)
{
	static const int64_t tens[] = {
	    1, 10, 100, 1000, 10000, 100000, 1000000, 10000000};
	uint64_t x = digits_load(p + 2);
	int bits = digits_lowest(digits_others(x));

	if (bits == 0 || *p < '0' || *p > '9')
		return NULL;
	field->mantissa = (*p - '0') * tens[bits / 8] + digits_value(x, bits);
	field->exponent = -bits / 8;
	return p + 2 + bits / 8;
}

/* Behind the number at p that is less than eight bytes long, or NULL. */
static inline const char *
digits_short(const char *p, struct json_field *field)
{
	uint64_t x = digits_load(p), others = digits_others(x), whole;
	int point = digits_lowest(others), end = point, bits = point;

	if (point == 0 || (*p == '0' && point > 8))
		return NULL;
	field->exponent = 0;
	if (p[point / 8] == '.') {
		end = digits_lowest(others & (others - 1));
		bits = end - 8; /* without the point */
		if (bits <= point)
			return NULL;
		whole = ((uint64_t)1 << point) - 1;
		x = (x & whole) | (x >> 8 & ~whole);
		field->exponent = -(bits - point) / 8;
	}
	field->mantissa = digits_value(x, bits);
	return p + end / 8;
}

#endif
