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
#include <stdint.h>

#include "json.h"

enum {
	SCAN_KEY_MAX = 32, /* the longest key remembered, quotes, colon too */
	SCAN_MEMBERS = 128 /* the members of a line that can be read */
};

/* A key of the line before, expected again at the same place. */
struct scan_guess {
	char text[SCAN_KEY_MAX]; /* "key": padded with zeros */
	uint32_t spare;          /* a bit for each byte of the padding */
	uint32_t len;            /* of what is not padding */
	int name;                /* its index in names, or -1 */
};

/* A reader of lines, for the n keys named. */
struct scan {
	const struct str *names;
	size_t n;
	struct scan_guess guesses[SCAN_MEMBERS];
};

/*
 * Read a line, an object of scalars and arrays of them: fields[i] becomes the
 * value of names[i]; absent before.  False, at anything unusual, leaves it to
 * yajl.
 */
bool scan_line(struct scan *scan, struct str line, struct json_field *fields);

/* Behind the number at p, or NULL; its mantissa and exponent go into field. */
const char *scan_number(const char *p, struct json_field *field);

/*
 * Behind the value at p, or NULL; its kind, its raw bytes and whether it is
 * escaped go into field.
 */
const char *scan_value(
    const char *p, const char *end, struct json_field *field);

#endif
