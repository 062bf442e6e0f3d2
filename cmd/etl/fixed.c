/*
 * fixed: decimal text to integers and back.
 */
#include <math.h>
#include <string.h>

#include "fixed.h"
#include "json.h"

enum { REAL_DIGITS = 12 };

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

/* Write the n decimal digits of value that end before end. */
static void
write_digits(char *end, uint64_t value, int n)
{
	static const char pairs[] = "00010203040506070809"
	                            "10111213141516171819"
	                            "20212223242526272829"
	                            "30313233343536373839"
	                            "40414243444546474849"
	                            "50515253545556575859"
	                            "60616263646566676869"
	                            "70717273747576777879"
	                            "80818283848586878889"
	                            "90919293949596979899";

	for (; n >= 2; n -= 2) {
		end -= 2;
		memcpy(end, pairs + value % 100 * 2, 2);
		value /= 100;
	}
	if (n > 0)
		end[-1] = (char)('0' + value % 10);
}

static int
count_digits(uint64_t value)
{
	int n = 1;

	while (n <= JSON_DIGITS && value >= (uint64_t)fixed_powers[n])
		n++;
	return n;
}

/* Write value; behind it. */
static char *
write_whole(char *p, uint64_t value)
{
	int n = count_digits(value);

	write_digits(p + n, value, n);
	return p + n;
}

/* Write a point and a fraction of so many decimals, without trailing zeros. */
static char *
write_fraction(char *p, uint64_t part, int decimals)
{
	if (part == 0)
		return p;
	*p++ = '.';
	if (part % 1000000 == 0) {
		part /= 1000000;
		decimals -= 6;
	}
	write_digits(p + decimals, part, decimals);
	for (p += decimals; p[-1] == '0'; p--)
		;
	return p;
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
	uint64_t high = 0, low = 0;

	if (value < 0) {
		*p++ = '-';
		value = -value;
	}
	if (digits > FIXED_DIGITS)
		value = split(value, &low);
	if (digits >= FIXED_DIGITS)
		value = split(value, &high);
	p = write_whole(p, (uint64_t)value);
	if (low == 0)
		return write_fraction(p, high, FIXED_DIGITS);
	*p = '.';
	write_digits(p + 1 + FIXED_DIGITS, high, FIXED_DIGITS);
	p += 1 + FIXED_DIGITS;
	write_digits(p + FIXED_DIGITS, low, FIXED_DIGITS);
	for (p += FIXED_DIGITS; p[-1] == '0'; p--)
		;
	return p;
}

char *
fixed_write_real(char *p, long double x)
{
	const uint64_t unit = (uint64_t)fixed_powers[REAL_DIGITS];
	uint64_t value;

	if (!isfinite(x) || fabsl(x) >= 1e6L)
		return mempcpy(p, "null", 4);
	value = (uint64_t)(fabsl(x) * (long double)unit + 0.5L);
	if (x < 0 && value > 0)
		*p++ = '-';
	p = write_whole(p, value / unit);
	return write_fraction(p, value % unit, REAL_DIGITS);
}
