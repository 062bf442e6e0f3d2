/*
 * sums: adding up, and what the sums tell.
 */
#include <err.h>
#include <math.h>
#include <stdbool.h>

#include "exit.h"
#include "sums.h"

const char *const sums_quadrants[QUADRANTS] = {"happy", "angry", "sad", "calm"};

void
sums_add(struct sums *a, const struct sums *b)
{
	bool bad = false;

	if (a->n > INT64_MAX - b->n)
		errx(EXIT_SERVICE, "more than 2^63 items");
	a->n += b->n;
	for (int q = 0; q < QUADRANTS; q++)
		a->quads[q] += b->quads[q];
	for (int f = 0; f < FEATURES; f++)
		a->count[f] += b->count[f];
	for (int f = 0; f < FEATURES; f++) {
		bad |= __builtin_add_overflow(a->sum[f], b->sum[f], &a->sum[f]);
		bad |= __builtin_add_overflow(
		    a->sumsq[f], b->sumsq[f], &a->sumsq[f]);
	}
	if (bad)
		errx(EXIT_SERVICE, "a sum is too large for 128 bits");
}

void
sums_take(struct sums *a, const struct sums *b)
{
	a->n -= b->n;
	for (int q = 0; q < QUADRANTS; q++)
		a->quads[q] -= b->quads[q];
	for (int f = 0; f < FEATURES; f++) {
		a->count[f] -= b->count[f];
		a->sum[f] -= b->sum[f];
		a->sumsq[f] -= b->sumsq[f];
	}
}

/* The squares of the differences from the mean, but for rest^2 / n. */
static bool
squares_of(const struct sums *s, int f, int128 *squares, int128 *rest)
{
	const int64_t short_sum = (int64_t)s->sum[f];
	int128 n = (int128)s->count[f], mean, product;

	/*
	 * With sum = mean n + rest in integers, the squares of the differences
	 * add up to sumsq - mean^2 n - 2 mean rest - rest^2 / n: no digits are
	 * lost where numbers of the same size are subtracted.
	 */
	mean = short_sum == s->sum[f] ? short_sum / (int64_t)n : s->sum[f] / n;
	*rest = s->sum[f] - mean * n;
	if (__builtin_mul_overflow(mean * mean, n, &product))
		return false;
	*squares = s->sumsq[f] - product - 2 * mean * *rest;
	return true;
}

/* No feature is beyond its limits, and no mean beyond what squares allow. */
static bool
valid_feature(const struct sums *s, int f)
{
	const int128 limit = (int128)FIXED_MAX * FIXED_UNIT;
	int128 n = (int128)s->count[f], squares, rest;

	if (n == 0)
		return s->sum[f] == 0 && s->sumsq[f] == 0;
	return s->sum[f] < n * limit && s->sum[f] > -n * limit &&
	       s->sumsq[f] >= 0 && s->sumsq[f] / (limit * limit) < n &&
	       squares_of(s, f, &squares, &rest) && squares >= 0 &&
	       squares >= (rest * rest + n - 1) / n;
}

int
sums_invalid(const struct sums *s)
{
	uint64_t left;

	for (int f = 0; f < FEATURES; f++)
		if (s->n > INT64_MAX || s->count[f] > s->n ||
		    !valid_feature(s, f))
			return f;
	left = s->count[VALENCE] < s->count[ENERGY] ? s->count[VALENCE]
	                                            : s->count[ENERGY];
	for (int q = 0; q < QUADRANTS; q++) {
		if (s->quads[q] > left)
			return FEATURES;
		left -= s->quads[q];
	}
	return -1;
}

long double
sums_mean(const struct sums *s, int f)
{
	if (s->count[f] == 0)
		return NAN;
	return (long double)s->sum[f] / (long double)s->count[f] / 1e10L;
}

long double
sums_variance(const struct sums *s, int f, int less)
{
	int128 n = (int128)s->count[f], squares, rest;

	if (n <= less || !squares_of(s, f, &squares, &rest))
		return NAN;
	return ((long double)squares -
	           (long double)rest * (long double)rest / (long double)n) /
	       (long double)(n - less) / 1e20L;
}
