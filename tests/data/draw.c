#include <err.h>
#include <string.h>

#include "draw.h"

enum { EXIT_SYSTEM = 3 };

static const uint64_t GOLDEN = 0x9e3779b97f4a7c15;

uint64_t
draw_next(uint64_t *state)
{
	/* splitmix64, by Sebastiano Vigna, in the public domain */
	uint64_t z = *state += GOLDEN;

	z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9;
	z = (z ^ z >> 27) * 0x94d049bb133111eb;
	return z ^ z >> 31;
}

uint64_t
draw_hash(uint64_t seed, enum kind kind, uint64_t index)
{
	uint64_t state = seed;

	state = draw_next(&state) + (uint64_t)kind;
	state = draw_next(&state) + index;
	return draw_next(&state);
}

unsigned
draw_below(uint64_t *state, unsigned n)
{
	return (unsigned)((draw_next(state) >> 32) * n >> 32);
}

unsigned
draw_skewed(uint64_t *state, unsigned n)
{
	uint64_t first = draw_below(state, n);

	return (unsigned)(first * draw_below(state, n) / n);
}

void
draw_id(char id[static ID_SIZE], uint64_t hash)
{
	static const char digits[] = "0123456789"
	                             "abcdefghijklmnopqrstuvwxyz"
	                             "ABCDEFGHIJKLMNOPQRSTUVWXYZ";
	/* an id is a number of 128 bits: its first digit is a low one */
	uint64_t high = draw_next(&hash) >> 2, low = draw_next(&hash);

	for (int i = 10; i >= 0; i--) {
		id[i] = digits[high % 62];
		id[i + 11] = digits[low % 62];
		high /= 62;
		low /= 62;
	}
	id[ID_SIZE - 1] = '\0';
}

void
draw_isrc(char isrc[static ISRC_SIZE], uint64_t hash)
{
	static const char countries[][3] = {"US", "GB", "DE", "FR", "IT", "ES",
	    "NL", "SE", "PL", "PT", "BE", "AT", "IE", "QM", "QZ", "TC"};
	uint64_t number = draw_next(&hash);

	memcpy(isrc, countries[number & 15], 2);
	number >>= 4;
	for (int i = 2; i < 5; i++, number >>= 4)
		isrc[i] = (char)('A' + (number & 15));
	for (int i = 5; i < ISRC_SIZE - 1; i++, number /= 10)
		isrc[i] = (char)('0' + number % 10);
	isrc[ISRC_SIZE - 1] = '\0';
}

void
print_number(FILE *out, unsigned number, unsigned places)
{
	int digits = 1;
	unsigned unit = 1; /* the value of the first digit */

	while (places > 0 && number % 10 == 0) {
		number /= 10;
		places--;
	}
	for (; number / unit >= 10; unit *= 10)
		digits++;
	if (digits - 1 - (int)places < -4) {
		fprintf(out, "%u", number / unit);
		if (digits > 1)
			fprintf(out, ".%0*u", digits - 1, number % unit);
		fprintf(out, "e-%02d", (int)places + 1 - digits);
		return;
	}
	unit = 1;
	for (unsigned i = 0; i < places; i++)
		unit *= 10;
	fprintf(out, "%u", number / unit);
	if (places > 0)
		fprintf(out, ".%0*u", (int)places, number % unit);
}

time_t
date_time(const char *date)
{
	struct tm tm = {0};

	if (strptime(date, "%Y-%m-%d", &tm) == NULL)
		errx(EXIT_SYSTEM, "%s: not a date", date);
	return timegm(&tm);
}

void
time_text(char text[static TIME_SIZE], time_t when)
{
	struct tm tm;

	if (gmtime_r(&when, &tm) == NULL ||
	    strftime(text, TIME_SIZE, "%Y-%m-%dT%H:%M:%SZ", &tm) == 0)
		errx(EXIT_SYSTEM, "%lld: not a time", (long long)when);
}
