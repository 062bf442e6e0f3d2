/*
 * effect: Welch's test, Hedges' g, difference in differences, and q values.
 */
#include <math.h>
#include <stdlib.h>

#include "effect.h"
#include "student.h"

/* The squared standard error of a window's mean. */
static long double
error_of(const struct sums *s, int f)
{
	return sums_variance(s, f, 1) / (long double)s->count[f];
}

/*
 * Satterthwaite's degrees of freedom of a sum of n means with these squared
 * errors (Welch 1947).
 */
static long double
freedom(const long double *errors, const uint64_t *counts, size_t n)
{
	long double sum = 0, parts = 0;

	for (size_t i = 0; i < n; i++) {
		sum += errors[i];
		parts += errors[i] * errors[i] / (long double)(counts[i] - 1);
	}
	return sum * sum / parts;
}

/*
 * Hedges' g with the correction 1 - 3 / (4 (n1 + n2) - 9) for small samples
 * (Hedges 1981).
 */
static long double
hedges(const struct sums *a, const struct sums *b, int f, long double diff)
{
	long double na = (long double)a->count[f],
	            nb = (long double)b->count[f];
	long double pooled = ((na - 1) * sums_variance(a, f, 1) +
	                         (nb - 1) * sums_variance(b, f, 1)) /
	                     (na + nb - 2);

	return diff / sqrtl(pooled) * (1 - 3 / (4 * (na + nb) - 9));
}

struct effect
effect_of(
    int f, const struct sums now[WINDOWS], const struct sums earlier[WINDOWS])
{
	const struct sums *four[] = {
	    &now[BEFORE], &now[DURING], &earlier[BEFORE], &earlier[DURING]};
	struct effect e = {
	    NAN, NAN, NAN, NAN, NAN, NAN, NAN, NAN, NAN, NAN, NAN};
	long double errors[4], half, total;
	uint64_t counts[4];
	size_t n = 0;

	for (; n < 4 && four[n]->count[f] >= 2; n++) {
		errors[n] = error_of(four[n], f);
		counts[n] = four[n]->count[f];
	}
	if (n < 2)
		return e;
	e.diff = sums_mean(four[1], f) - sums_mean(four[0], f);
	if (errors[0] + errors[1] > 0) {
		e.t = e.diff / sqrtl(errors[0] + errors[1]);
		e.df = freedom(errors, counts, 2);
		e.p = student_two_sided(e.t, e.df);
		half = student_975(e.df) * sqrtl(errors[0] + errors[1]);
		e.lo = e.diff - half;
		e.hi = e.diff + half;
		e.g = hedges(four[0], four[1], f, e.diff);
	}
	if (n < 4)
		return e;
	e.did = e.diff - (sums_mean(four[3], f) - sums_mean(four[2], f));
	total = errors[0] + errors[1] + errors[2] + errors[3];
	if (total > 0) {
		half = student_975(freedom(errors, counts, 4)) * sqrtl(total);
		e.did_lo = e.did - half;
		e.did_hi = e.did + half;
	}
	return e;
}

static int
compare(const void *a, const void *b)
{
	const struct effect *x = *(struct effect *const *)a;
	const struct effect *y = *(struct effect *const *)b;

	return (x->p > y->p) - (x->p < y->p);
}

void
effect_adjust(struct effect *effects, size_t n)
{
	struct effect **sorted = xcalloc(n + 1, sizeof(*sorted));
	long double least = 1, q;
	size_t tests = 0;

	for (size_t i = 0; i < n; i++)
		if (!isnan(effects[i].p))
			sorted[tests++] = &effects[i];
	qsort(sorted, tests, sizeof(*sorted), compare);
	for (size_t i = tests; i > 0; i--) {
		q = sorted[i - 1]->p * (long double)tests / (long double)i;
		least = q < least ? q : least;
		sorted[i - 1]->q = least;
	}
	free(sorted);
}
