/*
 * scan: numbers to their last digit, and values that are not quite JSON.
 */
#include <string.h>

#include "lines.h"
#include "scan.h"
#include "tap.h"

/* A line of its own, with what must be readable behind it. */
static char memory[4096];

static const char *
line_of(const char *text)
{
	memset(memory, 0, sizeof(memory));
	(void)snprintf(memory, sizeof(memory) - LINES_SLACK, "%s\n", text);
	return memory;
}

/* Is all of text that number? */
static bool
reads(const char *text, int64_t mantissa, int exponent)
{
	struct json_field field = {0};
	const char *p = line_of(text);

	return scan_number(p, &field) == p + strlen(text) &&
	       field.mantissa == mantissa && field.exponent == exponent;
}

static void
test_numbers(void)
{
	tap_ok(reads("0", 0, 0) && reads("-0", 0, 0) && reads("7", 7, 0) &&
	           reads("-12", -12, 0) && reads("1234567890", 1234567890, 0),
	    "integers");
	tap_ok(reads("0.5", 5, -1) && reads("-60.25", -6025, -2) &&
	           reads("0.0001", 1, -4) && reads("1.50", 150, -2),
	    "decimals");
	tap_ok(reads("1e3", 1, 3) && reads("1E-7", 1, -7) &&
	           reads("2.5e+01", 25, 0) && reads("0e9", 0, 9),
	    "exponents");
	tap_ok(reads("123456789012345678", 123456789012345678, 0) &&
	           reads("1234567890123456789", 123456789012345678, 1) &&
	           reads("0.1234567890123456789", 123456789012345678, -18) &&
	           reads("999999999999999999999", 999999999999999999, 3),
	    "what is beyond 18 digits counts, and is cut");
	tap_ok(reads("1e99999", 1, 99999) && reads("1e123456", 1, 99999) &&
	           reads("1e-99999999999999999999", 1, -99999) &&
	           reads("1e99999999999999999999", 1, 99999),
	    "exponents end at 99999");
}

/* Each length of a number, so that whatever is read at once is met. */
static void
test_lengths(void)
{
	char whole[48], fraction[64];
	bool good = true;
	int64_t mantissa;

	for (int n = 1; n <= 40; n++) {
		memset(whole, '9', (size_t)n);
		whole[n] = '\0';
		(void)snprintf(fraction, sizeof(fraction), "0.%s", whole);
		mantissa = 0;
		for (int i = 0; i < n && i < JSON_DIGITS; i++)
			mantissa = mantissa * 10 + 9;
		good &= reads(
		    whole, mantissa, n > JSON_DIGITS ? n - JSON_DIGITS : 0);
		good &= reads(
		    fraction, mantissa, n > JSON_DIGITS ? -JSON_DIGITS : -n);
	}
	tap_ok(good, "numbers of 1 to 40 digits");
}

/* Is text a value of that kind, all of it? */
static bool
scans(const char *text, enum json_kind kind, bool escaped)
{
	struct json_field field = {0};
	const char *p = line_of(text);

	return scan_value(p, p + strlen(text), &field) == p + strlen(text) &&
	       field.kind == kind && field.escaped == escaped &&
	       field.raw.ptr == p && field.raw.len == strlen(text);
}

static void
test_values(void)
{
	tap_ok(scans("null", JSON_NULL, false) &&
	           scans("true", JSON_TRUE, false) &&
	           scans("false", JSON_FALSE, false) &&
	           scans("-1.5e3", JSON_NUMBER, false),
	    "words and numbers");
	tap_ok(scans("\"\"", JSON_STRING, false) &&
	           scans("\"caf\xc3\xa9, \xf0\x9f\x98\xb7\"", JSON_STRING,
	               false) &&
	           scans("\"\\\"\\u00e9\\\\\"", JSON_STRING, true),
	    "strings");
	tap_ok(scans("[]", JSON_ARRAY, false) &&
	           scans("[1,\"\\n\",null,true]", JSON_ARRAY, false),
	    "arrays");
}

/* A string with one byte that may not be there, at each place of it. */
static void
test_places(void)
{
	char text[80];
	bool good = true, bad = true;

	for (size_t i = 1; i < 60; i++) {
		memset(text, 'x', sizeof(text));
		text[0] = text[61] = '"';
		text[62] = '\0';
		good &= scans(text, JSON_STRING, false);
		text[i] = '\t';
		bad &= !scans(text, JSON_STRING, false);
		text[i] = '\xff';
		bad &= !scans(text, JSON_STRING, false);
		text[i] = '\\';
		text[i + 1] = 'n';
		good &= scans(text, JSON_STRING, true);
		text[i + 1] = 'q';
		bad &= !scans(text, JSON_STRING, true);
	}
	tap_ok(good, "escapes at every place of a string");
	tap_ok(bad, "and what may not be in one");
}

static void
test_refused(void)
{
	static const char *const texts[] = {"", "-", "01", "+1", ".5", "1.",
	    "1.e3", "1e", "1e+", "nul", "truE", "\"", "\"a", "\"\\",
	    "\"\\u12\"", "\"\\u12g4\"", "\"\\x\"", "\"\xc0\x80\"",
	    "\"\xed\xa0\x80\"", "[", "[1", "[1,", "[1,]", "[,1]", "[[]]",
	    "[{}]", "{}", "[1 ]", " 1", "NaN", "Infinity", "\x80"};
	struct json_field field;
	bool refused = true;
	const char *p;

	for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
		p = line_of(texts[i]);
		if (scan_value(p, p + strlen(texts[i]), &field) ==
		    p + strlen(texts[i]))
			refused = tap_ok(false, texts[i]);
	}
	tap_ok(refused, "what is no such value is not taken");
}

int
main(void)
{
	test_numbers();
	test_lengths();
	test_values();
	test_places();
	test_refused();
	return tap_done();
}
