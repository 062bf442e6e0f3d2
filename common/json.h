/*
 * json.h: the fields of a record, a flat JSON object on a line of its own.
 *
 * A reader knows the keys it was opened for; other keys are passed over.  A
 * record is refused if it is no JSON object, or not UTF-8, or nested deeper
 * than WALK_DEPTH, or if a key it was opened for stands in it twice.
 */
#ifndef JSON_H
#define JSON_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "buf.h"
#include "walk.h"

enum {
	JSON_NAMES = 256,     /* the most keys a reader can know */
	JSON_DIGITS = 18,     /* the digits of a mantissa */
	JSON_EXPONENT = 99999 /* exponents are no greater, nor less than -it */
};

struct json_field {
	enum json_kind kind; /* JSON_ABSENT: the record has no such key */
	bool escaped;        /* a string that holds a backslash */
	const char *key;     /* where the member begins: the key's quote */
	struct str raw;      /* the value as it stands, a string with quotes */
	int64_t mantissa;    /* a number is mantissa * 10^exponent, cut ... */
	int exponent;        /* ... to JSON_DIGITS; 0 for other values */
};

struct json;

/* A reader for records with the n keys named; names is borrowed for good. */
struct json *json_open(const char *const *names, size_t n);
void json_free(struct json *json);

/*
 * Read a line: fields[i] becomes the value of names[i], borrowed from the line.
 * LINES_SLACK bytes behind the line must be readable, as lines_next() promises.
 */
bool json_fields(struct json *json, struct str line, struct json_field *fields);

/* The same by yajl alone: json_fields() must agree with it on every line. */
bool json_fields_yajl(
    struct json *json, struct str line, struct json_field *fields);

/* Why the last line was refused; valid until the next. */
const char *json_error(const struct json *json);

/*
 * The text of a string; borrowed from the line, or from the reader until its
 * next json_text() if it has escapes.  Empty for what is not a string.
 */
struct str json_text(struct json *json, const struct json_field *field);

/* Is the field the string text? */
bool json_is(const struct json_field *field, struct str text);

/* Append s as a JSON string, quoted and escaped. */
void json_quote(struct buf *out, struct str s);

#endif
