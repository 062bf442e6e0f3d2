/*
 * tables.h: what can be loaded, read from the catalogue.
 *
 * The tables of the schema stage are the types of records, and their columns
 * the keys.  A column _line is given the number of the record's line.
 */
#ifndef TABLES_H
#define TABLES_H

#include <stddef.h>

#include "json.h"
#include "postgres.h"

enum column_kind {
	COLUMN_TEXT = 't', /* and all types not named here */
	COLUMN_INTEGER = 'i',
	COLUMN_JSON = 'j',
	COLUMN_ARRAY = 'a',
	COLUMN_LINE = 'l'
};

struct column {
	enum column_kind kind;
	size_t field; /* the index of its key */
};

struct table {
	char *type;
	char *copy; /* the COPY statement */
	struct column *columns;
	size_t n;
};

struct tables {
	struct table *list;
	size_t n;
	char *names[JSON_NAMES]; /* the keys; the first is "type" */
	size_t nnames;
};

/* Read them; a database without any ends the program with EXIT_USAGE. */
struct tables *tables_open(PGconn *conn);
void tables_free(struct tables *tables);

/* The table of a type, or NULL. */
const struct table *tables_find(const struct tables *tables, struct str type);

#endif
