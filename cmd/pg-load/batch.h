/*
 * batch.h: rows that wait to be loaded together, and where each came from.
 */
#ifndef BATCH_H
#define BATCH_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "lines.h"
#include "tables.h"

/* Where a row came from. */
struct origin {
	uint64_t line;    /* counted over all files: rows are in this order */
	const char *file; /* NULL is standard input */
	size_t number;    /* of its line in the file */
	size_t end;       /* where the row ends in the rows of its table */
};

/* The rows of one table. */
struct rows {
	struct buf text;
	struct origin *origins;
	size_t n, cap;
};

struct batch {
	const struct tables *tables;
	struct rows *rows; /* of each table */
	size_t n, bytes;
	struct buf passed; /* lines to be passed on after it */
};

struct batch *batch_open(const struct tables *tables);
void batch_free(struct batch *batch);

/* Empty it. */
void batch_clear(struct batch *batch);

/* Add a record of a table's type, whose fields were just read. */
void batch_add(struct batch *batch, const struct table *table,
    const struct lines *in, struct json *json, const struct json_field *fields);

/* A piece of a batch: the rows whose lines are from first to before end. */
struct piece {
	uint64_t first, end;
};

/* All of it. */
struct piece batch_whole(const struct batch *batch);

/* The rows of a table in a piece: n of them from the index first. */
struct str batch_rows(const struct batch *batch, size_t table,
    struct piece piece, size_t *first, size_t *n);

/* How many rows a piece has; if it is one, its table and its origin. */
size_t batch_count(const struct batch *batch, struct piece piece,
    const struct table **table, const struct origin **origin);

#endif
