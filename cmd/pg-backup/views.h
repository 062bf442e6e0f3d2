/*
 * views.h: what can be dumped, read from the catalogue.
 *
 * The views of the schema dump are the types of records, and their columns the
 * keys, in this order.  Columns that begin with _ are not written: by them, as
 * they stand first, the records of all views are merged.
 */
#ifndef VIEWS_H
#define VIEWS_H

#include "postgres.h"

enum { VIEW_KEYS = 4 }; /* the most columns to merge by */

enum column_kind {
	COLUMN_TEXT = 't', /* and all types not named here */
	COLUMN_NUMBER = 'n',
	COLUMN_BOOLEAN = 'b',
	COLUMN_TIME = 'z',
	COLUMN_JSON = 'j',
	COLUMN_ARRAY = 'a' /* of texts */
};

struct column {
	enum column_kind kind;
	struct buf key; /* ,"name": or empty if it is not written */
};

struct view {
	struct buf start; /* {"type":"name" */
	char *copy;       /* the COPY statement */
	struct column *columns;
	size_t n, keys;
};

struct views {
	struct view *list;
	size_t n;
};

/* Read them; a database without any ends the program with EXIT_USAGE. */
struct views *views_open(PGconn *conn);
void views_free(struct views *views);

#endif
