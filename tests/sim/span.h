/*
 * span.h: the parts of JSON texts that are known to be well-formed, and of
 * objects those that the parameter fields of the Web API names.
 */
#ifndef SPAN_H
#define SPAN_H

#include <stdbool.h>

#include "buf.h"

struct span {
	struct str key; /* of a member, without quotes; empty in an array */
	struct str value;
};

/*
 * The next member or element.  *at is where the object or array begins at
 * first; false at its end.
 */
bool span_next(const char **at, struct span *span);

/* The value of an object's member; empty if there is none. */
struct str span_member(struct str object, const char *key);

/* The text within a string's quotes; empty if it is none. */
struct str span_text(struct str value);

struct fields;

/*
 * Read the syntax of fields: "total,items(track(!name))".  A list with an
 * exclamation mark in front names what is left out.  NULL if it is malformed.
 */
struct fields *fields_parse(const char *text);
void fields_free(struct fields *fields);

/* Append what fields leaves of a value. */
void fields_apply(
    const struct fields *fields, struct str value, struct buf *out);

#endif
