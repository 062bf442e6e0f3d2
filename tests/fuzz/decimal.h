/*
 * decimal.h: a number's text as the mantissa and exponent that json.h promises,
 * read without regard to speed and by other means than scan_number().
 */
#ifndef DECIMAL_H
#define DECIMAL_H

#include <ctype.h>
#include <stdint.h>
#include <stdlib.h>

#include "json.h"

/*
 * All digits, a point among them or not, make the mantissa; the first
 * JSON_DIGITS of them from the first that is no zero are kept.
 */
static inline void
decimal_read(const char *text, int64_t *mantissa, int *exponent)
{
	long power = 0, given = 0;
	bool point = false, negative = *text == '-';
	int kept = 0;

	*mantissa = 0;
	for (text += negative; isdigit((unsigned char)*text) || *text == '.';
	     text++) {
		if (*text == '.') {
			point = true;
			continue;
		}
		if (kept == JSON_DIGITS) {
			power += !point;
			continue;
		}
		kept += kept > 0 || *text != '0';
		*mantissa = *mantissa * 10 + (*text - '0');
		power -= point;
	}
	if (*text == 'e' || *text == 'E')
		given = strtol(text + 1, NULL, 10);
	/* So large that no digits of a line outweigh it. */
	if (given > 1L << 40)
		given = 1L << 40;
	if (given < -(1L << 40))
		given = -(1L << 40);
	power += given;
	*exponent = power > JSON_EXPONENT    ? JSON_EXPONENT
	            : power < -JSON_EXPONENT ? -JSON_EXPONENT
	                                     : (int)power;
	if (negative)
		*mantissa = -*mantissa;
}

#endif
