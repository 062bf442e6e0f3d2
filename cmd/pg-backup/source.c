/*
 * source: COPY TO STDOUT of a view, a row at a time.
 */
#include <err.h>
#include <stdlib.h>
#include <string.h>

#include "exit.h"
#include "source.h"
#include "value.h"

struct key {
	long long number;
	struct buf text;
};

struct source {
	PGconn *conn;
	const struct view *view;
	char *row;          /* as libpq gave it */
	struct str *fields; /* of the row */
	struct key keys[VIEW_KEYS], before[VIEW_KEYS];
	size_t rows;
};

/* A connection that sees the snapshot, and has begun to copy the view. */
static PGconn *
begin_copy(const char *conninfo, const struct view *view, const char *snapshot,
    const struct choice *choice)
{
	const char *const parameters[] = {
	    choice->since, choice->tracks ? "apart" : ""};
	PGconn *conn = postgres_open(conninfo);
	PGresult *result;
	char *begin;

	/*
	 * What the server exports as a snapshot's name needs no quoting.  Who
	 * waits to lock a table that another source reads already would make
	 * this one wait behind, for ever: the server cannot see that deadlock.
	 * Rows that many others refer to, such as tracks, are looked up each
	 * time: the server's cache of them, once full, costs five times that.
	 */
	if (asprintf(&begin,
	        "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY;"
	        "SET TRANSACTION SNAPSHOT '%s';"
	        "SET LOCAL lock_timeout = '5s';"
	        "SET LOCAL enable_memoize = off;"
	        "SET LOCAL jit = off",
	        snapshot) == -1)
		err(EXIT_SERVICE, "memory");
	postgres_run(conn, begin);
	free(begin);
	PQclear(postgres_rows(conn,
	    "SELECT set_config('spot.since', $1, true),"
	    " set_config('spot.tracks', $2, true)",
	    2, parameters));
	result = PQexec(conn, view->copy);
	if (PQresultStatus(result) != PGRES_COPY_OUT)
		postgres_fail(conn, result);
	PQclear(result);
	return conn;
}

struct source *
source_open(const char *conninfo, const struct view *view, const char *snapshot,
    const struct choice *choice)
{
	PGconn *conn = begin_copy(conninfo, view, snapshot, choice);
	struct source *s = xcalloc(1, sizeof(*s));

	s->conn = conn;
	s->view = view;
	s->fields = xcalloc(view->n, sizeof(*s->fields));
	return s;
}

void
source_free(struct source *s)
{
	for (size_t i = 0; i < VIEW_KEYS; i++) {
		buf_free(&s->keys[i].text);
		buf_free(&s->before[i].text);
	}
	PQfreemem(s->row);
	PQfinish(s->conn);
	free(s->fields);
	free(s);
}

/* Split the row at its tabs. */
static void
split(struct source *s, size_t len)
{
	const char *p = s->row, *end = s->row + len - 1; /* at the newline */
	const char *tab;

	for (size_t i = 0; i < s->view->n; i++) {
		tab = p <= end ? memchr(p, '\t', (size_t)(end - p)) : NULL;
		if (tab == NULL)
			tab = end;
		s->fields[i] = (struct str){p, (size_t)(tab - p)};
		p = tab + 1;
	}
}

static void
read_keys(struct source *s)
{
	struct key *key;

	for (size_t i = 0; i < s->view->keys; i++) {
		key = &s->keys[i];
		key->text.len = 0;
		if (s->view->columns[i].kind == COLUMN_NUMBER)
			key->number = strtoll(s->fields[i].ptr, NULL, 10);
		else
			value_unescape(&key->text, s->fields[i]);
	}
}

static int
compare(const struct key *a, const struct key *b, size_t n)
{
	size_t len;
	int order;

	for (size_t i = 0; i < n; i++) {
		if (a[i].number != b[i].number)
			return a[i].number < b[i].number ? -1 : 1;
		len = a[i].text.len < b[i].text.len ? a[i].text.len
		                                    : b[i].text.len;
		order =
		    len == 0 ? 0 : memcmp(a[i].text.ptr, b[i].text.ptr, len);
		if (order != 0)
			return order;
		if (a[i].text.len != b[i].text.len)
			return a[i].text.len < b[i].text.len ? -1 : 1;
	}
	return 0;
}

int
source_compare(const struct source *a, const struct source *b)
{
	size_t n =
	    a->view->keys < b->view->keys ? a->view->keys : b->view->keys;

	return compare(a->keys, b->keys, n);
}

/* The keys of the row in hand become those before. */
static void
remember_keys(struct source *s)
{
	struct key key;

	for (size_t i = 0; i < s->view->keys; i++) {
		key = s->before[i];
		s->before[i] = s->keys[i];
		s->keys[i] = key;
	}
}

bool
source_next(struct source *s)
{
	PGresult *result;
	int len;

	PQfreemem(s->row);
	s->row = NULL;
	remember_keys(s);
	len = PQgetCopyData(s->conn, &s->row, 0);
	if (len > 0) {
		split(s, (size_t)len);
		read_keys(s);
		/* The merge relies on it, and the views on their plans. */
		if (s->rows++ > 0 &&
		    compare(s->before, s->keys, s->view->keys) > 0)
			errx(EXIT_SERVICE, "schema dump: %.*s}: out of order",
			    (int)s->view->start.len, s->view->start.ptr);
		return true;
	}
	result = PQgetResult(s->conn);
	if (len < -1 || PQresultStatus(result) != PGRES_COMMAND_OK)
		postgres_fail(s->conn, result);
	PQclear(result);
	return false;
}

void
source_append(const struct source *s, struct buf *out)
{
	const struct column *column;

	buf_append(out, buf_str(&s->view->start));
	for (size_t i = s->view->keys; i < s->view->n; i++) {
		column = &s->view->columns[i];
		if (str_equal(s->fields[i], STR("\\N")))
			continue;
		buf_append(out, buf_str(&column->key));
		value_append(out, column->kind, s->fields[i]);
	}
	buf_append(out, STR("}\n"));
}
