/*
 * sums: adding up, and what the sums tell.
 */
#include <err.h>
#include <math.h>

#include "exit.h"
#include "sums.h"

const char *const sums_quadrants[QUADRANTS] = {"happy", "angry", "sad", "calm"};

static enum quadrant
quadrant(int64_t valence, int64_t energy)
{
	const int64_t half = 5000000000; /* 0.5 in units */

	if (energy >= half)
		return valence >= half ? HAPPY : ANGRY;
	return valence >= half ? CALM : SAD;
}

void
sums_add_item(struct sums *s, const struct sums_item *item)
{
	const unsigned plane = 1U << VALENCE | 1U << ENERGY;

	s->n++;
	if ((item->known & plane) == plane)
		s->quads[quadrant(item->value[VALENCE], item->value[ENERGY])]++;
	/* An unknown value is 0 and adds nothing but its count. */
	for (int f = 0; f < FEATURES; f++) {
		s->sum[f] += item->value[f];
		s->sumsq[f] += (int128)item->value[f] * item->value[f];
	}
	for (int f = 0; f < FEATURES; f++)
		s->count[f] += item->known >> f & 1;
}

void
sums_shift(struct sums *a, const struct sums *b, int sign)
{
	const uint32_t times = (uint32_t)sign;
	bool bad = false;

	a->n += times * b->n;
	for (int q = 0; q < QUADRANTS; q++)
		a->quads[q] += times * b->quads[q];
	for (int f = 0; f < FEATURES; f++)
		a->count[f] += times * b->count[f];
	for (int f = 0; f < FEATURES; f++) {
		bad |= __builtin_add_overflow(
		    a->sum[f], sign > 0 ? b->sum[f] : -b->sum[f], &a->sum[f]);
		bad |= __builtin_add_overflow(a->sumsq[f],
		    sign > 0 ? b->sumsq[f] : -b->sumsq[f], &a->sumsq[f]);
	}
	if (bad)
		errx(EXIT_SERVICE, "a sum is too large for 128 bits");
}

void
sums_add(struct sums *a, const struct sums *b)
{
	if (a->n > UINT32_MAX - b->n)
		errx(
		    EXIT_SERVICE, "more than %u items in one cell", UINT32_MAX);
	sums_shift(a, b, 1);
}

long double
sums_mean(const struct sums *s, int f)
{
	if (s->count[f] == 0)
		return NAN;
	return (long double)s->sum[f] / s->count[f] / 1e10L;
}

long double
sums_variance(const struct sums *s, int f, int less)
{
	int128 n = s->count[f], mean, rest, squares;

	if (n <= less)
		return NAN;
	/*
	 * With sum = mean n + rest in integers, the squares of the differences
	 * add up to sumsq - mean^2 n - 2 mean rest - rest^2 / n: no digits are
	 * lost where numbers of the same size are subtracted.
	 */
	mean = s->sum[f] / n;
	rest = s->sum[f] % n;
	squares = s->sumsq[f] - mean * mean * n - 2 * mean * rest;
	return ((long double)squares -
	           (long double)rest * (long double)rest / (long double)n) /
	       (long double)(n - less) / 1e20L;
}
