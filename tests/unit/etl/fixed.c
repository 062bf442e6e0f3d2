/*
 * fixed: decimal text to integers and back, to the limits.
 */
#include <math.h>
#include <string.h>

#include "fixed.h"
#include "tap.h"

static const int64_t JUST_BELOW = 99999999999999; /* FIXED_MAX less a unit */

static bool
scales_to(int64_t mantissa, int exponent, int64_t want)
{
	int64_t value;

	return fixed_scale(mantissa, exponent, &value) && value == want;
}

static bool
is_refused(int64_t mantissa, int exponent)
{
	int64_t value;

	return !fixed_scale(mantissa, exponent, &value);
}

static void
test_scale(void)
{
	const int64_t full = 999999999999999999; /* JSON_DIGITS nines */

	tap_ok(scales_to(1, 0, FIXED_UNIT), "one");
	tap_ok(scales_to(-25, -1, -25000000000), "-2.5");
	tap_ok(scales_to(0, 99999, 0), "zero of any exponent");
	tap_ok(scales_to(5, -11, 1), "half a unit is a unit");
	tap_ok(scales_to(-5, -11, -1), "half a unit below zero too");
	tap_ok(scales_to(49999999, -18, 0), "less than half is nothing");
	tap_ok(scales_to(full, -99999, 0), "a tiny number is nothing");
	tap_ok(scales_to(full, -28, 1), "18 digits behind the last decimal");
	tap_ok(scales_to(full, -29, 0), "19 digits behind it");
	tap_ok(scales_to(JUST_BELOW, -10, JUST_BELOW), "the greatest value");
	tap_ok(scales_to(-JUST_BELOW, -10, -JUST_BELOW), "the least value");
	tap_ok(is_refused(FIXED_MAX, 0), "the limit is refused");
	tap_ok(is_refused(-FIXED_MAX, 0), "the negative limit is refused");
	tap_ok(is_refused(999999999999995, -11), "what rounds to it is too");
	tap_ok(is_refused(1, 99999), "a huge exponent is refused");
	tap_ok(is_refused(full, 8), "64 bits do not overflow");
	tap_ok(is_refused(full, 9), "nor beyond the powers");
}

/* Does text mean value / 10^digits, and is that how it is written? */
static bool
is_text(const char *text, int digits, int128 want)
{
	struct str str = {text, strlen(text)};
	char written[FIXED_TEXT + 1];
	int128 value;

	*(digits == 0 ? fixed_write_whole(written, (uint64_t)want)
	              : fixed_write(written, want, digits)) = '\0';
	return fixed_parse_wide(str, digits, &value) && value == want &&
	       strcmp(written, text) == 0;
}

static bool
is_no_text(const char *text, int digits)
{
	struct str str = {text, strlen(text)};
	int128 value;

	return !fixed_parse_wide(str, digits, &value);
}

static void
test_wide(void)
{
	const int128 most = ((((int128)1 << 126) - 1) * 2) + 1;
	const int128 unit = (int128)FIXED_UNIT * FIXED_UNIT;

	tap_ok(is_text("0", 0, 0) && is_text("0", 20, 0), "zero");
	tap_ok(is_text("1", 20, unit), "one");
	tap_ok(is_text("-0.5", 10, -FIXED_UNIT / 2), "minus a half");
	tap_ok(is_text("0.0000000001", 10, 1), "a unit");
	tap_ok(is_text("0.00000000000000000001", 20, 1), "a unit of squares");
	tap_ok(is_text("0.0000000001", 20, FIXED_UNIT), "a unit as a square");
	tap_ok(is_text("12.00000000000000000003", 20, 12 * unit + 3),
	    "zeros inside");
	tap_ok(is_text("9223372036854775807", 0, INT64_MAX), "2^63 - 1");
	tap_ok(
	    is_text("1701411834604692317.31687303715884105719", 20, most - 8),
	    "nearly the greatest sum of squares");
	tap_ok(is_text("-9223372036854775807.9999999999", 10,
	           -((int128)INT64_MAX * FIXED_UNIT + FIXED_UNIT - 1)),
	    "the least sum that is written");
	tap_ok(is_no_text("170141183460469231731687303715884105728", 0),
	    "2^127 is refused");
	tap_ok(is_no_text("17014118346046923173168730372", 10),
	    "and what is that with its decimals");
	tap_ok(is_no_text("", 10) && is_no_text("-", 10) &&
	           is_no_text(".5", 10) && is_no_text("1e3", 10) &&
	           is_no_text("--1", 10) && is_no_text("1.2.3", 10) &&
	           is_no_text(" 1", 10) && is_no_text("+1", 10),
	    "what is no number is refused");
	tap_ok(is_no_text("0.00000000001", 10) && is_no_text("1.5", 0),
	    "too many decimals are refused");
}

static bool
is_real(long double x, const char *want)
{
	char written[FIXED_TEXT + 1];

	*fixed_write_real(written, x) = '\0';
	return strcmp(written, want) == 0;
}

static void
test_real(void)
{
	tap_ok(is_real(0.5L, "0.5"), "a half");
	tap_ok(is_real(-1.0L / 3, "-0.333333333333"), "a third");
	tap_ok(is_real(2.0L / 3, "0.666666666667"), "two thirds, rounded");
	tap_ok(is_real(2.5e-12L, "0.000000000003"), "a half goes up");
	tap_ok(is_real(-1e-13L, "0"), "no minus on nothing");
	tap_ok(is_real(0.9999999999996L, "1"), "rounded up to one");
	tap_ok(is_real(999999.999999999999L, "999999.999999999999"),
	    "the greatest");
	tap_ok(is_real(1e6L, "null") && is_real(-INFINITY, "null") &&
	           is_real(NAN, "null"),
	    "null beyond it");
}

int
main(void)
{
	test_scale();
	test_wide();
	test_real();
	return tap_done();
}
