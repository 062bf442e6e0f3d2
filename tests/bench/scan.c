/*
 * scan: mean and variance of the audio features by market and week, as fast as
 * a program made for this one file can: what etl is measured against.
 *
 *	scan FILE
 *
 * It believes that each line is an item as spot-features writes it, with all
 * features, and checks nothing; it adds up doubles.  Items of the same list of
 * markets and week are added up first, and spread over the markets at the end.
 * It prints how many markets and weeks there are, and the sum of all means and
 * variances.
 */
#include <err.h>
#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>

enum {
	FEATURES = 11,
	MARKETS = 26 * 26,
	WEEKS = 4096,
	LISTS = 1 << 13,
	SLOTS = LISTS * 2
};

struct cell {
	double n, sum[FEATURES], sumsq[FEATURES];
};

struct list {
	const char *text;
	size_t len;
	struct cell *weeks[WEEKS];
};

static struct list *slots[SLOTS];
static struct cell *markets[MARKETS][WEEKS];

static void *
zeroed(size_t size)
{
	void *p = calloc(1, size);

	if (p == NULL)
		err(3, "memory");
	return p;
}

/* Behind the key, which stands somewhere between p and end. */
static const char *
find(const char *p, const char *end, const char *key, size_t len)
{
	p = memmem(p, (size_t)(end - p), key, len);
	if (p == NULL)
		errx(3, "%s is missing", key);
	return p + len;
}

/* Behind the number at p. */
static const char *
number(const char *p, double *value)
{
	static const double tenth[] = {
	    1e0, 1e-1, 1e-2, 1e-3, 1e-4, 1e-5, 1e-6, 1e-7, 1e-8, 1e-9, 1e-10};
	int64_t digits = 0;
	int decimals = 0, exponent = 0;
	double sign = 1;

	if (*p == '-') {
		sign = -1;
		p++;
	}
	for (; *p >= '0' && *p <= '9'; p++)
		digits = digits * 10 + (*p - '0');
	if (*p == '.')
		for (p++; *p >= '0' && *p <= '9'; p++, decimals++)
			digits = digits * 10 + (*p - '0');
	if (*p == 'e') /* always e-NN */
		for (p += 2; *p >= '0' && *p <= '9'; p++)
			exponent = exponent * 10 + (*p - '0');
	*value = sign * (double)digits * tenth[decimals];
	for (; exponent > 0; exponent--)
		*value /= 10;
	return p;
}

/* The week, from Monday on, of YYYY-MM-DD (Hinnant, "chrono-Compatible"). */
static int
week(const char *p)
{
	int year = (p[0] * 10 + p[1]) * 100 + p[2] * 10 + p[3] - '0' * 1111;
	int month = p[5] * 10 + p[6] - '0' * 11;
	int day = p[8] * 10 + p[9] - '0' * 11;

	year -= month <= 2;
	day += (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 - 1;
	day += year * 365 + year / 4 - year / 100 + year / 400 - 719468;
	return (day + 3) / 7;
}

static struct list *
intern(const char *text, size_t len)
{
	uint64_t hash = len, word;
	size_t i;

	for (i = 0; i + 8 <= len; i += 8) {
		memcpy(&word, text + i, 8);
		hash = (hash ^ word) * 0x9e3779b97f4a7c15U;
	}
	for (; i < len; i++)
		hash = (hash ^ (unsigned char)text[i]) * 0x100000001b3U;
	for (i = (hash ^ hash >> 32) % SLOTS; slots[i] != NULL;
	     i = (i + 1) % SLOTS)
		if (slots[i]->len == len &&
		    memcmp(slots[i]->text, text, len) == 0)
			return slots[i];
	slots[i] = zeroed(sizeof(*slots[i]));
	slots[i]->text = text;
	slots[i]->len = len;
	return slots[i];
}

static void
add(struct cell **cell, double n, const double *sum, const double *sumsq)
{
	if (*cell == NULL)
		*cell = zeroed(sizeof(**cell));
	(*cell)->n += n;
	for (int f = 0; f < FEATURES; f++) {
		(*cell)->sum[f] += sum[f];
		(*cell)->sumsq[f] += sumsq[f];
	}
}

/* Add the item of a line. */
static void
scan_line(const char *p, const char *end)
{
	static const char added_at[] = "\"added_at\":\"",
	                  features[] = "\"danceability\":",
	                  lists[] = "\"available_markets\":\"";
	double value[FEATURES], square[FEATURES];
	const char *date, *quote;

	date = p = find(p, end, added_at, sizeof(added_at) - 1);
	p = find(p, end, features, sizeof(features) - 1);
	for (int f = 0; f < FEATURES; f++) {
		p = number(p, &value[f]);
		square[f] = value[f] * value[f];
		if (f + 1 < FEATURES)
			p = (const char *)rawmemchr(p, ':') + 1;
	}
	p = find(p, end, lists, sizeof(lists) - 1);
	quote = rawmemchr(p, '"');
	add(&intern(p, (size_t)(quote - p))->weeks[week(date)], 1, value,
	    square);
}

static void
spread(const struct list *list)
{
	const struct cell *cell;
	int market;

	for (int w = 0; w < WEEKS; w++) {
		if ((cell = list->weeks[w]) == NULL)
			continue;
		for (size_t i = 0; i + 2 <= list->len; i += 3) {
			market = (list->text[i] - 'A') * 26 +
			         (list->text[i + 1] - 'A');
			add(&markets[market][w], cell->n, cell->sum,
			    cell->sumsq);
		}
	}
}

int
main(int argc, char *argv[])
{
	const char *text, *p, *end, *newline;
	double mean, total = 0;
	struct cell *cell;
	struct stat st;
	int fd, cells = 0;

	if (argc != 2)
		errx(2, "usage: scan file");
	if ((fd = open(argv[1], O_RDONLY)) == -1 || fstat(fd, &st) == -1)
		err(3, "%s", argv[1]);
	text = mmap(NULL, (size_t)st.st_size, PROT_READ,
	    MAP_PRIVATE | MAP_POPULATE, fd, 0);
	if (text == MAP_FAILED)
		err(3, "%s", argv[1]);
	end = text + st.st_size;
	for (p = text; p < end; p = newline + 1) {
		newline = memchr(p, '\n', (size_t)(end - p));
		if (newline == NULL)
			errx(3, "no last newline");
		scan_line(p, newline);
	}
	for (int i = 0; i < SLOTS; i++)
		if (slots[i] != NULL)
			spread(slots[i]);
	for (int i = 0; i < MARKETS * WEEKS; i++) {
		if ((cell = markets[i / WEEKS][i % WEEKS]) == NULL)
			continue;
		cells++;
		for (int f = 0; f < FEATURES; f++) {
			mean = cell->sum[f] / cell->n;
			total +=
			    mean + (cell->sumsq[f] / cell->n - mean * mean);
		}
	}
	printf("%d %.6f\n", cells, total);
	return 0;
}
