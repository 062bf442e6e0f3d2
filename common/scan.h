/*
 * scan.h: a fast, strict check of JSON values as our own programs write them.
 *
 * p points into a line that ends before end, with its newline and LINES_SLACK
 * readable bytes behind it.  What these functions do not take, they leave to
 * yajl: white space, objects, arrays of arrays.
 */
#ifndef SCAN_H
#define SCAN_H

#include <stdbool.h>

#include "json.h"

/* Behind the string whose opening quote is at p, or NULL. */
const char *scan_string(const char *p, const char *end, bool *escaped);

/* Behind the number at p, or NULL; its mantissa and exponent go into field. */
const char *scan_number(const char *p, struct json_field *field);

/*
 * Behind the value at p, or NULL; its kind, its raw bytes and whether it is
 * escaped go into field.
 */
const char *scan_value(
    const char *p, const char *end, struct json_field *field);

#endif
