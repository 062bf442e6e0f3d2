/*
 * row.h: a record as a row of COPY's text format.
 */
#ifndef ROW_H
#define ROW_H

#include <stdint.h>

#include "tables.h"

/*
 * Append the row of a record, whose fields stand in the order of the keys of
 * the tables.  Types are the server's to check.  U+0000, which PostgreSQL's
 * text cannot hold, becomes U+FFFD.
 */
void row_append(struct buf *out, const struct table *table, struct json *json,
    const struct json_field *fields, uint64_t line);

#endif
