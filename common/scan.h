/*
 * scan.h: a fast, strict check of JSON as our own programs write it.
 *
 * p points into a line that ends before end, with its newline and LINES_SLACK
 * readable bytes behind it.  What these functions do not take, they leave to
 * yajl: white space, objects, arrays of arrays.
 */
#ifndef SCAN_H
#define SCAN_H

#include <stdbool.h>
#include <stddef.h>
#include <string.h>
#ifdef __SSE2__
#include <emmintrin.h>
#endif

#include "guess.h"
#include "json.h"

enum { SCAN_MEMBERS = 128 /* the members of a line that can be read */ };

/* A member of the line before, expected again at the same place. */
struct scan_member {
	struct guess guess;
	int name; /* its key's index in names, or -1 */
};

/* A reader of lines, for the n keys named. */
struct scan {
	const struct str *names;
	size_t n;
	struct scan_member members[SCAN_MEMBERS];
};

/*
 * Read a line, an object of scalars and arrays of them: fields[i] becomes the
 * value of names[i]; absent before.  False, at anything unusual, leaves it to
 * yajl.
 */
bool scan_line(struct scan *scan, struct str line, struct json_field *fields);

/* The first byte from p on that is a quote, a backslash or not plain ASCII. */
static inline const char *
scan_plain(const char *p)
{
#ifdef __SSE2__
	const __m128i quote = _mm_set1_epi8('"');
	const __m128i backslash = _mm_set1_epi8('\\');
	const __m128i space = _mm_set1_epi8(' ');
	__m128i bytes, hits;
	int mask;

	/* The newline behind the line stops it within the slack. */
	for (;; p += 16) {
		memcpy(&bytes, p, sizeof(bytes));
		/* As signed bytes, those from 0x80 on are below space too. */
		hits = _mm_or_si128(_mm_cmpeq_epi8(bytes, quote),
		    _mm_or_si128(_mm_cmpeq_epi8(bytes, backslash),
		        _mm_cmplt_epi8(bytes, space)));
		if ((mask = _mm_movemask_epi8(hits)) != 0)
			return p + __builtin_ctz((unsigned)mask);
	}
#else
	while (*p != '"' && *p != '\\' && (unsigned char)*p >= ' ' &&
	       (unsigned char)*p < 0x80)
		p++;
	return p;
#endif
}

/* Behind the number at p, or NULL; its mantissa and exponent go into field. */
const char *scan_number(const char *p, struct json_field *field);

/*
 * Behind the value at p, or NULL; its kind, its raw bytes and whether it is
 * escaped go into field.
 */
const char *scan_value(
    const char *p, const char *end, struct json_field *field);

#endif
