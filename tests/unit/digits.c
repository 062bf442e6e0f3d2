/*
 * digits: the fast reader of numbers agrees with the careful one.
 *
 * The texts are those that digits, points, signs and exponents can make, the
 * likely ones more often.
 */
#include <stdint.h>
#include <string.h>

#include "lines.h"
#include "scan.h"
#include "tap.h"

static uint64_t
draw(uint64_t *state, unsigned n)
{
	*state = *state * 6364136223846793005U + 1442695040888963407U;
	return (*state >> 33) % n;
}

/* A text of up to 24 bytes, mostly a number, and what may stand behind it. */
static size_t
make(uint64_t *state, char text[24 + LINES_SLACK])
{
	static const char any[] = "0123456789000.-eE+,}\xc3";
	static const char decimal[] = "0123456789";
	size_t len = 1 + draw(state, 6), n = 0;

	if (draw(state, 4) == 0)
		text[n++] = '-';
	for (size_t i = draw(state, 4); n < len; n++)
		text[n] =
		    (n == i && i > 0 ? "." : decimal + draw(state, 10))[0];
	if (draw(state, 3) == 0)
		for (len += draw(state, 16); n < len; n++)
			text[n] = any[draw(state, sizeof(any) - 1)];
	if (draw(state, 8) == 0)
		text[draw(state, (unsigned)n)] =
		    any[draw(state, sizeof(any) - 1)];
	return n;
}

static bool
agree(const char *text, const char *end)
{
	struct json_field fast = {0}, careful = {0};
	const char *a = scan_value(text, end, &fast);
	const char *b = scan_number(text, &careful);

	return a == b && (a == NULL || (fast.mantissa == careful.mantissa &&
	                                   fast.exponent == careful.exponent));
}

int
main(void)
{
	char text[24 + LINES_SLACK] = {0};
	uint64_t state = 2020;
	int differ = 0;
	size_t n;

	for (int i = 0; i < 2000000; i++) {
		n = make(&state, text);
		text[n] = draw(&state, 2) == 0 ? ',' : '}';
		text[n + 1] = '\n';
		differ += !agree(text, text + n + 1);
	}
	tap_ok(differ == 0, "two million texts are read alike");
	return tap_done();
}
