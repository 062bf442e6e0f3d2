/*
 * student: quantiles and probabilities against those of R 4.2.2, qt() and pt().
 */
#include <math.h>

#include "student.h"
#include "tap.h"

static const struct {
	long double df, quantile, p, far; /* p of |t| > 2.5, far of |t| > 40 */
} known[] = {
    {1, 12.706204736174694L, 0.24223788318168671L, 0.015912179824051624L},
    {2, 4.3026527297494619L, 0.1296117202215108L, 0.0006244146721847406L},
    {3, 3.1824463052837078L, 0.087706647008065505L, 3.438068078915854e-05L},
    {4.5, 2.6589123472044025L, 0.059905686502200538L, 6.4495652129210038e-07L},
    {10, 2.2281388519862739L, 0.031446844236608776L, 2.2808577430857475e-12L},
    {29.7, 2.0431378562472577L, 0.018176990085151497L, 2.1691079476050455e-27L},
    {100, 1.9839715185235516L, 0.014045789124077168L, 2.4621076021400736e-63L},
    {1e3, 1.9623390808264076L, 0.012578567801090797L, 1.0478852155172875e-209L},
    {1e6, 1.9599663568141066L, 0.012419489502163233L, 0},
    {1e9, 1.9599639869123249L, 0.012419330810402517L, 0},
};

static bool
near(long double x, long double want)
{
	return fabsl(x - want) <= 1e-10L * want + 1e-300L;
}

int
main(void)
{
	char name[64];

	for (size_t i = 0; i < sizeof(known) / sizeof(known[0]); i++) {
		(void)snprintf(
		    name, sizeof(name), "%Lg degrees of freedom", known[i].df);
		tap_ok(
		    near(student_975(known[i].df), known[i].quantile) &&
		        near(
		            student_two_sided(2.5L, known[i].df), known[i].p) &&
		        near(student_two_sided(-40, known[i].df), known[i].far),
		    name);
	}
	tap_ok(student_two_sided(0, 7) == 1, "t of 0 is no surprise");
	tap_ok(student_two_sided(INFINITY, 7) == 0, "an endless t is");
	return tap_done();
}
