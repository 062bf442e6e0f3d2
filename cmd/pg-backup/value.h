/*
 * value.h: a field of COPY's text format as JSON.
 */
#ifndef VALUE_H
#define VALUE_H

#include "views.h"

/* The bytes that COPY's escapes in a field stand for, appended to out. */
void value_unescape(struct buf *out, struct str field);

/* Append the value of a field that is not null. */
void value_append(struct buf *out, enum column_kind kind, struct str field);

#endif
