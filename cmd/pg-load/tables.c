/*
 * tables: the schema stage.
 */
#include <err.h>
#include <stdlib.h>
#include <string.h>

#include "exit.h"
#include "tables.h"

/* The server quotes the names: no SQL is made of names here. */
static const char catalogue[] =
    "SELECT c.relname, a.attname, CASE"
    " WHEN a.attname = '_line' THEN 'l'"
    " WHEN t.typcategory = 'A' THEN 'a'"
    " WHEN t.typname IN ('json', 'jsonb') THEN 'j'"
    " WHEN t.typname IN ('int2', 'int4', 'int8') THEN 'i'"
    " ELSE 't' END,"
    " format('COPY pg_temp.%I (%s) FROM STDIN', c.relname,"
    "  string_agg(quote_ident(a.attname), ', ') OVER (PARTITION BY c.oid"
    "   ORDER BY a.attnum"
    "   ROWS BETWEEN UNBOUNDED PRECEDING AND UNBOUNDED FOLLOWING))"
    " FROM pg_namespace AS n"
    " JOIN pg_class AS c ON c.relnamespace = n.oid AND c.relkind = 'r'"
    " JOIN pg_attribute AS a ON a.attrelid = c.oid AND a.attnum > 0"
    "  AND NOT a.attisdropped AND a.attgenerated = ''"
    " JOIN pg_type AS t ON t.oid = a.atttypid"
    " WHERE n.nspname = 'stage'"
    " ORDER BY c.relname, a.attnum";

static char *
copy_of(const char *text)
{
	char *copy = strdup(text);

	if (copy == NULL)
		err(EXIT_SERVICE, "memory");
	return copy;
}

/* The index of a key; one that is new is added. */
static size_t
name_index(struct tables *tables, const char *name)
{
	for (size_t i = 0; i < tables->nnames; i++)
		if (strcmp(tables->names[i], name) == 0)
			return i;
	if (tables->nnames == JSON_NAMES)
		errx(EXIT_USAGE, "schema stage: more than %d different columns",
		    JSON_NAMES);
	/* The reader of records takes these for a path into the record. */
	if (strpbrk(name, ".|[]") != NULL)
		errx(EXIT_USAGE,
		    "schema stage: column %s: none of .|[] may be in "
		    "its name",
		    name);
	tables->names[tables->nnames] = copy_of(name);
	return tables->nnames++;
}

static struct table *
add_table(struct tables *tables, const char *type, const char *copy)
{
	struct table *table;

	tables->list =
	    xreallocarray(tables->list, tables->n + 1, sizeof(*tables->list));
	table = &tables->list[tables->n++];
	*table = (struct table){.type = copy_of(type), .copy = copy_of(copy)};
	return table;
}

static void
add_column(
    struct tables *tables, struct table *table, char kind, const char *name)
{
	struct column *column;

	table->columns = xreallocarray(
	    table->columns, table->n + 1, sizeof(*table->columns));
	column = &table->columns[table->n++];
	column->kind = (enum column_kind)kind;
	column->field = kind == COLUMN_LINE ? 0 : name_index(tables, name);
}

struct tables *
tables_open(PGconn *conn)
{
	struct tables *tables = xcalloc(1, sizeof(*tables));
	PGresult *rows = postgres_rows(conn, catalogue, 0, NULL);
	struct table *table = NULL;
	const char *type;

	if (PQntuples(rows) == 0) {
		PQclear(rows);
		errx(EXIT_USAGE,
		    "postgres: database %s has no schema stage: was "
		    "sql/primary.sql or sql/dwh.sql run?",
		    PQdb(conn));
	}
	(void)name_index(tables, "type");
	for (int i = 0; i < PQntuples(rows); i++) {
		type = PQgetvalue(rows, i, 0);
		if (table == NULL || strcmp(table->type, type) != 0)
			table = add_table(tables, type, PQgetvalue(rows, i, 3));
		add_column(tables, table, *PQgetvalue(rows, i, 2),
		    PQgetvalue(rows, i, 1));
	}
	PQclear(rows);
	return tables;
}

void
tables_free(struct tables *tables)
{
	if (tables == NULL)
		return;
	for (size_t i = 0; i < tables->n; i++) {
		free(tables->list[i].type);
		free(tables->list[i].copy);
		free(tables->list[i].columns);
	}
	for (size_t i = 0; i < tables->nnames; i++)
		free(tables->names[i]);
	free(tables->list);
	free(tables);
}

const struct table *
tables_find(const struct tables *tables, struct str type)
{
	const char *name;

	for (size_t i = 0; i < tables->n; i++) {
		name = tables->list[i].type;
		if (str_equal(type, (struct str){name, strlen(name)}))
			return &tables->list[i];
	}
	return NULL;
}
