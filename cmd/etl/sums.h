/*
 * sums.h: exact sums over items, from which means and deviations follow.
 */
#ifndef SUMS_H
#define SUMS_H

#include <stdint.h>

#include "audio.h"
#include "fixed.h"

/* The quadrants of the valence-energy plane (Russell 1980), cut at 0.5. */
enum quadrant { HAPPY, ANGRY, SAD, CALM, QUADRANTS };

extern const char *const sums_quadrants[QUADRANTS];

struct sums {
	int128 sum[FEATURES];      /* in units of 10^-10 */
	int128 sumsq[FEATURES];    /* in units of 10^-20 */
	uint64_t count[FEATURES];  /* the items that have the feature */
	uint64_t n;                /* those that have any */
	uint64_t quads[QUADRANTS]; /* those in each quadrant */
};

/* Add what b holds to a. */
void sums_add(struct sums *a, const struct sums *b);

/* Take away from a what b holds, which was added to it. */
void sums_take(struct sums *a, const struct sums *b);

/*
 * Could these be the sums of items?  A feature whose sums could not, FEATURES
 * if the quadrants could not, or -1.  Of what could, sums_variance() does not
 * overflow.
 */
int sums_invalid(const struct sums *sums);

/* The mean of a feature; not a number if there is none. */
long double sums_mean(const struct sums *sums, int feature);

/*
 * Its variance: the sum of the squares of the differences from the mean divided
 * by count - less (0: of a population, 1: sample); not a number if that is 0.
 */
long double sums_variance(const struct sums *sums, int feature, int less);

#endif
