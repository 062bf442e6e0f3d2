/*
 * effect.h: how a feature differs between lockdown and before, and whether it
 * differed so in the year before.
 */
#ifndef EFFECT_H
#define EFFECT_H

#include "sums.h"
#include "windows.h"

struct effect {
	long double diff, lo, hi; /* during minus before, 95 % interval */
	long double t, df, p;     /* Welch's test of diff */
	long double q;            /* p after Benjamini and Hochberg */
	long double g;            /* Hedges' g */
	long double did, did_lo, did_hi;
};

/*
 * The effect on a feature, from the sums of this year's windows and of the same
 * days a year earlier.  What cannot be had is not a number.  q is left so.
 */
struct effect effect_of(int feature, const struct sums now[WINDOWS],
    const struct sums earlier[WINDOWS]);

/*
 * Set the q of n effects: the least false discovery rate at which each is
 * found, over all tests that have a p (Benjamini and Hochberg 1995).
 */
void effect_adjust(struct effect *effects, size_t n);

#endif
