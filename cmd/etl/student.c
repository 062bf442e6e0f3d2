/*
 * student: t probabilities by the incomplete beta function.
 *
 * Abramowitz and Stegun 26.5.27 gives P(|T| > t) = I_x(df/2, 1/2) with
 * x = df / (df + t^2); I is evaluated by its continued fraction (26.5.8) after
 * Lentz's method, which converges fast on one side of the mean: on the other
 * the complement is taken.
 */
#include <math.h>

#include "student.h"

enum { STEPS_MAX = 100000 };

static const long double EPSILON = 1e-18L;
static const long double TINY = 1e-300L;

static long double
away_from_zero(long double x)
{
	return fabsl(x) < TINY ? TINY : x;
}

/* The continued fraction of the incomplete beta function. */
static long double
fraction(long double x, long double a, long double b)
{
	long double c = 1, d, h, step, m;

	d = h = 1 / away_from_zero(1 - (a + b) * x / (a + 1));
	for (int i = 1; i < STEPS_MAX; i++) {
		m = i;
		step = m * (b - m) * x / ((a + 2 * m - 1) * (a + 2 * m));
		d = 1 / away_from_zero(1 + step * d);
		c = away_from_zero(1 + step / c);
		h *= d * c;
		step = -(a + m) * (a + b + m) * x /
		       ((a + 2 * m) * (a + 2 * m + 1));
		d = 1 / away_from_zero(1 + step * d);
		c = away_from_zero(1 + step / c);
		h *= d * c;
		if (fabsl(d * c - 1) < EPSILON)
			break;
	}
	return h;
}

/*
 * The logarithm of gamma(a + 1/2) / gamma(a).  The two are large and alike, and
 * their difference would lose digits: from some a on, Stirling's series.
 */
static long double
log_gamma_ratio(long double a)
{
	const long double square = a * a;
	int sign;

	if (a < 500)
		/* lgammal() itself is not for threads. */
		return lgammal_r(a + 0.5L, &sign) - lgammal_r(a, &sign);
	return logl(a) / 2 -
	       (1 - (1 - (3 - 255 / (112 * square)) / (10 * square)) /
	                (24 * square)) /
	           (8 * a);
}

/* I_x(a, 1/2), where y = 1 - x is given so that no digits are lost. */
static long double
incomplete_beta(long double x, long double y, long double a)
{
	const long double b = 0.5L;
	long double front;

	if (x <= 0)
		return 0;
	if (y <= 0)
		return 1;
	front =
	    expl(log_gamma_ratio(a) + a * log1pl(-y)) * sqrtl(y / acosl(-1));
	if (x < (a + 1) / (a + b + 2))
		return front * fraction(x, a, b) / a;
	return 1 - front * fraction(y, b, a) / b;
}

long double
student_two_sided(long double t, long double df)
{
	long double square = t * t;

	return incomplete_beta(
	    df / (df + square), square / (df + square), df / 2);
}

/* The density of t. */
static long double
density(long double t, long double df)
{
	return expl(log_gamma_ratio(df / 2) -
	            (df + 1) / 2 * log1pl(t * t / df)) /
	       sqrtl(df * acosl(-1));
}

long double
student_975(long double df)
{
	/* Cornish-Fisher's first terms (26.7.5), or what is exact for df 1. */
	const long double z = 1.959963984540054235524594L;
	long double t = df < 3 ? 12.7L / df
	                       : z + (z * z * z + z) / (4 * df) +
	                             (5 * powl(z, 5) + 16 * z * z * z + 3 * z) /
	                                 (96 * df * df);
	long double step;

	for (int i = 0; i < 50; i++) {
		step = (student_two_sided(t, df) / 2 - 0.025L) / density(t, df);
		/* From too small a t, Newton could leap beyond the tail. */
		t += step > 1 ? 1 : step < -t / 2 ? -t / 2 : step;
		if (fabsl(step) < 1e-10L * t)
			break;
	}
	return t;
}
