/*
 * fixed: decimal text to integers and back.
 */
#include <math.h>
#include <string.h>

#include "fixed.h"
#include "json.h"

enum { REAL_DIGITS = 12, EIGHT_DIGITS = 100000000 };

const int64_t fixed_powers[JSON_DIGITS + 1] = {1, 10, 100, 1000, 10000, 100000,
    1000000, 10000000, 100000000, 1000000000, 10000000000, 100000000000,
    1000000000000, 10000000000000, 100000000000000, 1000000000000000,
    10000000000000000, 100000000000000000, 1000000000000000000};

static bool
is_digit(char c)
{
	return c >= '0' && c <= '9';
}

bool
fixed_scale(int64_t mantissa, int exponent, int64_t *value)
{
	const int64_t limit = FIXED_MAX * FIXED_UNIT;
	bool negative = mantissa < 0;

	if (negative)
		mantissa = -mantissa;
	exponent += FIXED_DIGITS;
	if (exponent < -JSON_DIGITS || mantissa == 0)
		mantissa = 0;
	else if (exponent < 0)
		mantissa = (mantissa + fixed_powers[-exponent] / 2) /
		           fixed_powers[-exponent];
	else if (exponent > JSON_DIGITS ||
	         __builtin_mul_overflow(
	             mantissa, fixed_powers[exponent], &mantissa))
		return false;
	*value = negative ? -mantissa : mantissa;
	return mantissa < limit;
}

bool
fixed_parse_wide(struct str text, int digits, int128 *value)
{
	/* What is no greater has room for one more digit, whatever it is. */
	const int128 limit = ((((int128)1 << 126) - 1) * 2 + 1 - 9) / 10;
	const char *p = text.len > 0 ? text.ptr : "", *end = p + text.len;
	bool negative = p < end && *p == '-', point = false, any = false;
	int decimals = 0;
	int128 n = 0;

	for (p += negative; p < end; p++) {
		if (*p == '.' && !point && any) {
			point = true;
			continue;
		}
		if (!is_digit(*p) || n > limit || (point && decimals == digits))
			return false;
		n = n * 10 + (*p - '0');
		decimals += point;
		any = true;
	}
	for (; decimals < digits; decimals++) {
		if (n > limit)
			return false;
		n *= 10;
	}
	*value = negative ? -n : n;
	return any;
}

/* The eight decimal digits of value, the first in the lowest byte. */
static uint64_t
eight_digits(uint64_t value)
{
	uint64_t x = value / 10000, upper;

	/* Split fours, then pairs, several at a time; the factors are rounded
	 * reciprocals that are exact for so small numbers. */
	x |= (value - x * 10000) << 32;
	upper = (x * 10486 >> 20) & 0x0000007f0000007fU;
	x = upper | (x - upper * 100) << 16;
	upper = (x * 103 >> 10) & 0x000f000f000f000fU;
	return upper | (x - upper * 10) << 8;
}

/* Write the characters of eight digits, or of those behind some shifted out. */
static void
put_eight(char *p, uint64_t digits)
{
	digits |= 0x3030303030303030U;
#if __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__
	digits = __builtin_bswap64(digits);
#endif
	memcpy(p, &digits, sizeof(digits));
}

/* Write value, which is below 10^8; behind it. */
static inline char *
write_short(char *p, uint64_t value)
{
	const uint64_t digits = eight_digits(value);
	/* The bits of leading zeros: there are seven of them at most. */
	const int zeros = __builtin_ctzll(digits | (uint64_t)1 << 56) & ~7;

	put_eight(p, digits >> zeros);
	return p + 8 - zeros / 8;
}

static char *
write_long(char *p, uint64_t value)
{
	p = fixed_write_whole(p, value / EIGHT_DIGITS);
	put_eight(p, eight_digits(value % EIGHT_DIGITS));
	return p + 8;
}

char *
fixed_write_whole(char *p, uint64_t value)
{
	return value < EIGHT_DIGITS ? write_short(p, value)
	                            : write_long(p, value);
}

/* Write a point and digits, n times eight, without trailing zeros. */
static char *
write_fraction(char *p, const uint64_t *eights, int n)
{
	uint64_t digits;

	while (n > 0 && eights[n - 1] == 0)
		n--;
	if (n == 0)
		return p;
	*p++ = '.';
	for (int i = 0; i < n; i++, p += 8) {
		digits = eight_digits(eights[i]);
		put_eight(p, digits);
	}
	return p - __builtin_clzll(digits) / 8;
}

/* value / 10^10, and what is left. */
static int128
split(int128 value, uint64_t *rest)
{
	const uint64_t unit = FIXED_UNIT;
	int128 quotient;

	if (value >> 64 == 0) {
		*rest = (uint64_t)value % unit;
		return (uint64_t)value / unit;
	}
	quotient = value / (int64_t)unit;
	*rest = (uint64_t)(value - quotient * (int64_t)unit);
	return quotient;
}

char *
fixed_write(char *p, int128 value, int digits)
{
	uint64_t high, low = 0, eights[3];

	if (value < 0) {
		*p++ = '-';
		value = -value;
	}
	if (digits > FIXED_DIGITS)
		value = split(value, &low);
	value = split(value, &high);
	p = fixed_write_whole(p, (uint64_t)value);
	/* Ten and ten digits: eight, two and six, four. */
	eights[0] = high / 100;
	eights[1] = high % 100 * 1000000 + low / 10000;
	eights[2] = low % 10000 * 10000;
	return write_fraction(p, eights, 3);
}

char *
fixed_write_real(char *p, long double x)
{
	const uint64_t unit = (uint64_t)fixed_powers[REAL_DIGITS];
	uint64_t value, eights[2];
	long double scaled;

	if (!isfinite(x) || fabsl(x) >= 1e6L)
		return mempcpy(p, "null", 4);
	/* To the nearest, halves up.  To cast would be to switch the way of
	 * rounding, which some processors take hundreds of cycles for. */
	scaled = fabsl(x) * (long double)unit;
	value = (uint64_t)llrintl(scaled);
	if (scaled - (long double)(int64_t)value == 0.5L)
		value++;
	if (x < 0 && value > 0)
		*p++ = '-';
	p = fixed_write_whole(p, value / unit);
	value %= unit;
	eights[0] = value / 10000;
	eights[1] = value % 10000 * 10000;
	return write_fraction(p, eights, 2);
}
