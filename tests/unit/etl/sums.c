/*
 * sums: what they tell, and which cannot be sums of items.
 */
#include <math.h>

#include "cell.h"
#include "tap.h"

/* An item with a tempo, and perhaps with what tells its quadrant. */
static struct item
item_of(int64_t tempo, int64_t valence, int64_t energy)
{
	struct json_field fields[FEATURES] = {{0}};
	struct item item;

	fields[TEMPO] = (struct json_field){
	    .kind = JSON_NUMBER, .mantissa = tempo, .exponent = -FIXED_DIGITS};
	fields[VALENCE] = fields[ENERGY] = fields[TEMPO];
	fields[VALENCE].mantissa = valence;
	fields[ENERGY].mantissa = energy;
	if (valence < 0)
		fields[VALENCE].kind = fields[ENERGY].kind = JSON_NULL;
	tap_ok(item_read(fields, &item) == -1, "an item is read");
	return item;
}

static struct sums
sums_of(const int64_t *tempos, int n)
{
	struct cell cell = {0};
	struct item item;
	struct sums sums;

	for (int i = 0; i < n; i++) {
		item = item_of(tempos[i], -1, -1);
		cell_add_item(&cell, &item);
	}
	cell_get(&cell, &sums);
	cell_free(&cell);
	return sums;
}

static void
test_variance(void)
{
	/* A thousandth apart, far from zero: doubles would lose it all. */
	const int64_t far[] = {99999999999990, 99999999999991, 99999999999992};
	const int64_t around[] = {-FIXED_UNIT, FIXED_UNIT};
	struct sums s = sums_of(far, 3);

	tap_ok(fabsl(sums_variance(&s, TEMPO, 1) - 1e-20L) < 1e-38L,
	    "the variance of numbers that hardly differ");
	s = sums_of(around, 2);
	tap_ok(sums_mean(&s, TEMPO) == 0 && sums_variance(&s, TEMPO, 0) == 1 &&
	           sums_variance(&s, TEMPO, 1) == 2,
	    "variances of a population and a sample");
	s = sums_of(around, 1);
	tap_ok(isnan(sums_variance(&s, TEMPO, 1)) &&
	           sums_variance(&s, TEMPO, 0) == 0 &&
	           isnan(sums_mean(&s, KEY)) &&
	           isnan(sums_variance(&s, KEY, 0)),
	    "what one item, or none, cannot tell");
}

/* What a small and a wide item of the same numbers add is the same. */
static void
test_wide(void)
{
	static const struct {
		int64_t mantissa;
		int exponent;
		bool wide;
	} cases[] = {{-ITEM_MAX, -5, false}, {ITEM_MAX, -5, false},
	    {-ITEM_MAX - 1, -5, true}, {ITEM_MAX + 1, -5, true},
	    {-13502, -3, false}, {0, 0, false}, {0, 99, true}, {12, -6, true},
	    {1, 3, false}, {2, 3, true}, {99999999999999, -10, true}};
	struct json_field fields[FEATURES];
	struct cell cell;
	struct item item;
	struct sums s;
	int64_t value;

	for (int f = 0; f < FEATURES; f++)
		fields[f] = (struct json_field){.kind = JSON_NUMBER};
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		fields[KEY].mantissa = cases[i].mantissa;
		fields[KEY].exponent = cases[i].exponent;
		cell = (struct cell){0};
		tap_ok(item_read(fields, &item) == -1 &&
		           item.wide == cases[i].wide &&
		           item.known == (1U << FEATURES) - 1,
		    "small or wide");
		cell_add_item(&cell, &item);
		cell_get(&cell, &s);
		cell_free(&cell);
		tap_ok(
		    fixed_scale(cases[i].mantissa, cases[i].exponent, &value) &&
		        s.sum[KEY] == value &&
		        s.sumsq[KEY] == (int128)value * value && s.n == 1 &&
		        s.count[KEY] == 1 && s.quads[SAD] == 1,
		    "its value");
	}
	fields[KEY].mantissa = 1;
	fields[KEY].exponent = 4;
	tap_ok(item_read(fields, &item) == KEY, "ten thousand is refused");
	fields[KEY].mantissa = FIXED_UNIT;
	fields[KEY].exponent = -6;
	tap_ok(item_read(fields, &item) == KEY, "with more digits too");
}

/* The greatest of small items, more than a cell holds by itself. */
static void
test_full(void)
{
	const int n = CELL_ITEMS + 1;
	struct item item = {.known = (1U << FEATURES) - 1};
	struct cell cell = {0};
	struct sums s;
	bool exact = true;

	for (int f = 0; f < FEATURES; f++)
		item.words[f] = f % 2 == 0 ? ITEM_MAX : -ITEM_MAX;
	for (int i = 0; i < CELL_ITEMS; i++)
		cell_add_item(&cell, &item);
	tap_ok(cell.more == NULL, "as many as a cell holds");
	cell_add_item(&cell, &item);
	cell_get(&cell, &s);
	for (int f = 0; f < FEATURES; f++) {
		int128 value = f % 2 == 0 ? FIXED_UNIT : -FIXED_UNIT;

		value *= item_digits[f] == 8 ? 1 : 1000;
		exact = exact && s.count[f] == (uint64_t)n &&
		        s.sum[f] == n * value &&
		        s.sumsq[f] == n * value * value;
	}
	tap_ok(exact && cell_items(&cell) == (uint64_t)n && cell.more != NULL,
	    "one more, and all are exact");
	cell_free(&cell);
}

static void
test_quadrants(void)
{
	const int64_t half = FIXED_UNIT / 2;
	const int64_t points[QUADRANTS][2] = {{half, half}, {half - 1, half},
	    {half - 1, half - 1}, {half, half - 1}};
	struct cell cell = {0};
	struct item item;
	struct sums s;

	for (int q = 0; q < QUADRANTS; q++) {
		item = item_of(0, points[q][0], points[q][1]);
		cell_add_item(&cell, &item);
	}
	cell_get(&cell, &s);
	cell_free(&cell);
	tap_ok(s.quads[HAPPY] == 1 && s.quads[ANGRY] == 1 &&
	           s.quads[SAD] == 1 && s.quads[CALM] == 1,
	    "happy, angry, sad, calm");
	tap_ok(sums_invalid(&s) == -1, "sums of items are valid");
	s.quads[SAD]++;
	tap_ok(sums_invalid(&s) == FEATURES, "a quadrant too many");
}

static void
test_invalid(void)
{
	const int64_t most[] = {99999999999999, 99999999999999};
	struct sums s = sums_of(most, 2);

	tap_ok(sums_invalid(&s) == -1, "the greatest values are valid");
	s.sumsq[TEMPO]--;
	tap_ok(sums_invalid(&s) == TEMPO, "squares too small for the sum");
	s = sums_of(most, 2);
	s.count[TEMPO] = 3;
	tap_ok(sums_invalid(&s) == TEMPO, "more values than items");
	s.count[TEMPO] = 1;
	tap_ok(sums_invalid(&s) == TEMPO, "a sum too large for its count");
	s.count[TEMPO] = 0;
	tap_ok(sums_invalid(&s) == TEMPO, "a sum of nothing");
	s = (struct sums){.n = (uint64_t)1 << 63};
	tap_ok(sums_invalid(&s) != -1, "more than 2^63 items");
	s = (struct sums){.n = INT64_MAX, .count[TEMPO] = INT64_MAX};
	s.sum[TEMPO] = (int128)INT64_MAX * 99999999999999;
	s.sumsq[TEMPO] = ((((int128)1 << 126) - 1) * 2) + 1;
	tap_ok(sums_invalid(&s) == TEMPO, "what would overflow 128 bits");
	s = (struct sums){0};
	tap_ok(sums_invalid(&s) == -1, "nothing at all");
}

int
main(void)
{
	test_variance();
	test_wide();
	test_full();
	test_quadrants();
	test_invalid();
	return tap_done();
}
