/*
 * fixed: decimal text to integers and back.
 */
#include <math.h>
#include <string.h>

#include "fixed.h"

enum { REAL_DIGITS = 12, MANTISSA_DIGITS = 18, EXPONENT_MAX = 9999 };

static const int64_t powers[MANTISSA_DIGITS + 1] = {1, 10, 100, 1000, 10000,
    100000, 1000000, 10000000, 100000000, 1000000000, 10000000000, 100000000000,
    1000000000000, 10000000000000, 100000000000000, 1000000000000000,
    10000000000000000, 100000000000000000, 1000000000000000000};

static bool
is_digit(char c)
{
	return c >= '0' && c <= '9';
}

/* The exponent at p, behind its e; beyond EXPONENT_MAX it hardly matters. */
static int
parse_exponent(const char *p, const char *end)
{
	bool negative = *p == '-';
	int n = 0;

	for (p += negative || *p == '+'; p < end; p++)
		if (n <= EXPONENT_MAX)
			n = n * 10 + (*p - '0');
	return negative ? -n : n;
}

/* mantissa * 10^exponent in units, or false if that is out of range. */
static bool
scale(int64_t mantissa, int exponent, int64_t *value)
{
	const int64_t limit = FIXED_MAX * powers[FIXED_DIGITS];

	exponent += FIXED_DIGITS;
	for (; exponent > 0 && mantissa != 0; exponent--) {
		if (mantissa >= limit)
			return false;
		mantissa *= 10;
	}
	if (exponent < -MANTISSA_DIGITS)
		mantissa = 0;
	else if (exponent < 0)
		mantissa =
		    (mantissa + powers[-exponent] / 2) / powers[-exponent];
	*value = mantissa;
	return mantissa < limit;
}

bool
fixed_parse(struct str number, int64_t *value)
{
	const char *p = number.ptr, *end = p + number.len;
	bool negative = *p == '-', point = false;
	int64_t mantissa = 0;
	int digits = 0, exponent = 0;

	for (p += negative; p < end; p++) {
		if (*p == '.') {
			point = true;
		} else if (!is_digit(*p)) {
			exponent += parse_exponent(p + 1, end);
			break;
		} else if (digits < MANTISSA_DIGITS) {
			mantissa = mantissa * 10 + (*p - '0');
			digits += mantissa != 0;
			exponent -= point;
		} else
			exponent += !point; /* too small to matter */
	}
	if (!scale(mantissa, exponent, value))
		return false;
	if (negative)
		*value = -*value;
	return true;
}

bool
fixed_parse_wide(struct str text, int digits, int128 *value)
{
	/* A tenth of the greatest, so that one more digit still fits. */
	const int128 limit = ((int128)1 << 126) / 10 * 2 / 10;
	const char *p = text.ptr, *end = p + text.len;
	bool negative = p < end && *p == '-', point = false, any = false;
	int decimals = 0;
	int128 n = 0;

	for (p += negative; p < end; p++) {
		if (*p == '.' && !point && any) {
			point = true;
			continue;
		}
		if (!is_digit(*p) || n > limit ||
		    (point && decimals == digits))
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
	for (; n >= 2; n -= 2) {
		uint64_t rest = value % 100;

		value /= 100;
		*--end = (char)('0' + rest % 10);
		*--end = (char)('0' + rest / 10);
	}
	if (n > 0)
		*--end = (char)('0' + value % 10);
}

static int
count_digits(uint64_t value)
{
	int n = 1;

	for (; value >= 10; value /= 10)
		n++;
	return n;
}

/* Append whole, and a fraction of so many decimals, given in parts of ten. */
static void
append_decimal(struct buf *out, bool negative, uint64_t whole,
    const uint64_t *parts, int nparts, int digits)
{
	int n = count_digits(whole);
	char *p;

	buf_reserve(out, FIXED_TEXT);
	p = out->ptr + out->len;
	if (negative)
		*p++ = '-';
	write_digits(p + n, whole, n);
	p += n;
	*p = '.';
	for (int i = 0; i < nparts; i++)
		write_digits(p + 1 + digits * (i + 1), parts[i], digits);
	p += digits * nparts;
	while (*p == '0')
		p--;
	out->len = (size_t)(p - out->ptr) + (*p != '.');
}

void
fixed_append(struct buf *out, int128 value, int digits)
{
	const uint64_t unit = (uint64_t)powers[FIXED_DIGITS];
	bool negative = value < 0;
	uint64_t parts[2] = {0};

	if (negative)
		value = -value;
	for (int i = digits / FIXED_DIGITS - 1; i >= 0; i--) {
		parts[i] = (uint64_t)(value % unit);
		value /= unit;
	}
	append_decimal(out, negative, (uint64_t)value, parts,
	    digits / FIXED_DIGITS, FIXED_DIGITS);
}

void
fixed_append_real(struct buf *out, long double x)
{
	const uint64_t unit = (uint64_t)powers[REAL_DIGITS];
	uint64_t part, whole;

	if (!isfinite(x) || fabsl(x) >= 1e7L) {
		buf_append(out, STR("null"));
		return;
	}
	part = (uint64_t)llroundl(fabsl(x) * (long double)unit);
	whole = part / unit;
	part %= unit;
	append_decimal(
	    out, x < 0 && (whole | part) != 0, whole, &part, 1, REAL_DIGITS);
}
