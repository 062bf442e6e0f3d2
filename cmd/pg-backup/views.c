/*
 * views: the schema dump.
 */
#include <err.h>
#include <stdlib.h>
#include <string.h>

#include "exit.h"
#include "json.h"
#include "views.h"

/* The server quotes the names: no SQL is made of names here. */
static const char catalogue[] =
    "SELECT c.relname, a.attname, CASE"
    " WHEN t.typcategory = 'A' THEN 'a'"
    " WHEN t.typname IN ('json', 'jsonb') THEN 'j'"
    " WHEN t.typname = 'bool' THEN 'b'"
    " WHEN t.typname = 'timestamptz' THEN 'z'"
    " WHEN t.typcategory = 'N' THEN 'n'"
    " ELSE 't' END,"
    " format('COPY (SELECT * FROM dump.%I) TO STDOUT', c.relname)"
    " FROM pg_namespace AS n"
    " JOIN pg_class AS c ON c.relnamespace = n.oid AND c.relkind = 'v'"
    " JOIN pg_attribute AS a ON a.attrelid = c.oid AND a.attnum > 0"
    " JOIN pg_type AS t ON t.oid = a.atttypid"
    " WHERE n.nspname = 'dump'"
    " ORDER BY c.relname, a.attnum";

static struct view *
add_view(struct views *views, const char *type, const char *copy)
{
	struct view *view;

	views->list =
	    xreallocarray(views->list, views->n + 1, sizeof(*views->list));
	view = &views->list[views->n++];
	*view = (struct view){.copy = strdup(copy)};
	if (view->copy == NULL)
		err(EXIT_SERVICE, "memory");
	buf_puts(&view->start, "{\"type\":");
	json_quote(&view->start, (struct str){type, strlen(type)});
	return view;
}

static void
add_column(struct view *view, char kind, const char *name)
{
	struct column *column;

	view->columns =
	    xreallocarray(view->columns, view->n + 1, sizeof(*view->columns));
	column = &view->columns[view->n++];
	*column = (struct column){.kind = (enum column_kind)kind};
	if (*name == '_') {
		if (++view->keys > VIEW_KEYS || view->keys != view->n)
			errx(EXIT_USAGE,
			    "schema dump: column %s: %d at most "
			    "may begin with _, and stand first",
			    name, VIEW_KEYS);
		return;
	}
	buf_puts(&column->key, ",");
	json_quote(&column->key, (struct str){name, strlen(name)});
	buf_puts(&column->key, ":");
}

struct views *
views_open(PGconn *conn)
{
	struct views *views = xcalloc(1, sizeof(*views));
	PGresult *rows = postgres_rows(conn, catalogue, 0, NULL);
	struct view *view = NULL;

	if (PQntuples(rows) == 0)
		errx(EXIT_USAGE,
		    "postgres: database %s has no schema dump: was "
		    "sql/primary.sql or sql/dwh.sql run?",
		    PQdb(conn));
	for (int i = 0; i < PQntuples(rows); i++) {
		if (i == 0 || strcmp(PQgetvalue(rows, i - 1, 0),
		                  PQgetvalue(rows, i, 0)) != 0)
			view = add_view(views, PQgetvalue(rows, i, 0),
			    PQgetvalue(rows, i, 3));
		if (view != NULL)
			add_column(view, *PQgetvalue(rows, i, 2),
			    PQgetvalue(rows, i, 1));
	}
	PQclear(rows);
	return views;
}

void
views_free(struct views *views)
{
	struct view *view;

	for (size_t i = 0; i < views->n; i++) {
		view = &views->list[i];
		for (size_t c = 0; c < view->n; c++)
			buf_free(&view->columns[c].key);
		buf_free(&view->start);
		free(view->columns);
		free(view->copy);
	}
	free(views->list);
	free(views);
}
