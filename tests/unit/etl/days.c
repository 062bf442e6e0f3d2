/*
 * days: rows and cells, and what does not fit into them.
 */
#include <string.h>

#include "days.h"
#include "tap.h"

static void
days_add(struct days *days, int32_t day, int country, const struct sums *sums)
{
	struct days_row *row = days_take(days, day);

	cell_add_sums(days_cell(days, row, country), sums);
	days_give(days, day);
}

static void
test_order(struct days *days)
{
	struct sums sums = {.n = 1}, got;
	int32_t day = 0;

	days_add(days, DAYS_LAST, 7, &sums);
	days_add(days, DAYS_FIRST, 7, &sums);
	days_add(days, 18337, 8, &sums);
	tap_ok(days_next(days, 7, &day, &got) && day == DAYS_FIRST,
	    "the first day");
	day++;
	tap_ok(
	    days_next(days, 7, &day, &got) && day == DAYS_LAST, "the last day");
	day++;
	tap_ok(!days_next(days, 7, &day, &got), "no day behind it");
	day = 0;
	tap_ok(!days_next(days, 9, &day, &got), "no day of another country");
	tap_ok(countries_count(days_countries(days)) == 2, "two countries");
}

/* Sums of n items that each have this tempo. */
static struct sums
many(uint64_t n, int64_t tempo)
{
	struct sums sums = {.n = n, .count[TEMPO] = n};

	sums.sum[TEMPO] = (int128)n * tempo;
	sums.sumsq[TEMPO] = (int128)n * tempo * tempo;
	return sums;
}

static void
test_large(struct days *days)
{
	const struct sums parts[] = {many(3, -5), many(UINT32_MAX, 7),
	    many((uint64_t)1 << 33, 99999999999999), many(1, 1)};
	struct sums want = {0}, got;
	int32_t day = 18337;

	for (size_t i = 0; i < sizeof(parts) / sizeof(parts[0]); i++) {
		days_add(days, day, 100, &parts[i]);
		sums_add(&want, &parts[i]);
	}
	tap_ok(days_next(days, 100, &day, &got) &&
	           memcmp(&got, &want, sizeof(got)) == 0,
	    "counts beyond 32 bits and sums beyond 64 are exact");
}

/* Sums of n items that have this value for each feature. */
static struct sums
alike(uint64_t n, int64_t value)
{
	struct sums sums = {.n = n, .quads[SAD] = n};

	for (int f = 0; f < FEATURES; f++) {
		sums.count[f] = n;
		sums.sum[f] = (int128)n * value;
		sums.sumsq[f] = (int128)n * value * value;
	}
	return sums;
}

static void
test_take(void)
{
	const int64_t half = FIXED_UNIT / 2;
	const struct sums a_parts[] = {
	    alike(CELL_ITEMS, FIXED_UNIT), many(5, 99999999999999)};
	const struct sums b_parts[] = {
	    alike(CELL_ITEMS, -half), many(3, 7), alike(2, half + 1)};
	const struct sums c_parts[] = {
	    alike(CELL_ITEMS - 3, -half), many(2, 7), alike(2, half + 1)};
	struct cell a = {0}, b = {0}, c = {0};
	struct sums want = {0}, got;

	for (int i = 0; i < 2; i++) {
		cell_add_sums(&a, &a_parts[i]);
		sums_add(&want, &a_parts[i]);
	}
	for (int i = 0; i < 3; i++) {
		cell_add_sums(&b, &b_parts[i]);
		sums_add(&want, &b_parts[i]);
		cell_add_sums(&c, &c_parts[i]);
	}
	tap_ok(b.quads[SAD] == CELL_ITEMS && b.more->n == 5,
	    "what small items could be is in the cell");
	cell_add(&a, &b);
	cell_take(&a, &c);
	cell_get(&a, &got);
	for (int i = 0; i < 3; i++)
		sums_add(&got, &c_parts[i]);
	tap_ok(memcmp(&got, &want, sizeof(got)) == 0,
	    "a full cell moves, and what is taken away is gone");
	cell_free(&a);
	cell_free(&b);
	cell_free(&c);
}

int
main(void)
{
	struct days *days = days_open();

	test_order(days);
	test_large(days);
	test_take();
	days_free(days);
	days_free(NULL);
	return tap_done();
}
