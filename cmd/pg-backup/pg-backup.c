/*
 * pg-backup: a database as the stream.
 *
 * Each view of the schema dump is read over a connection of its own, all in one
 * snapshot, and the records are merged.  See pg-backup(1).
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "json.h"
#include "lines.h"
#include "options.h"
#include "output.h"
#include "progress.h"
#include "source.h"

enum { WRITE_BYTES = 64 * 1024 };

static const char help[] =
    "usage: pg-backup [-hpt] [-d connection] [-s mark]\n"
    "\n"
    "Write a database as the stream, from one consistent snapshot.\n"
    "\n"
    "  -d, --database STRING  a connection string, such as "
    "service=primary\n"
    "  -h, --help             show this help\n"
    "  -p, --progress         draw a meter on stderr\n"
    "  -s, --since MARK       only what changed after a mark; '' is all.  "
    "The next\n"
    "                         mark is the last record\n"
    "  -t, --tracks           each track once, in a record of its own, and "
    "items\n"
    "                         without it: for copies\n"
    "      --version          show the version\n"
    "\n"
    "  pg-backup -d service=primary | etl | plot > mood.svg\n"
    "  pg-backup -td service=primary | pg-load -d service=backup\n";

static const struct option longs[] = {
    {"database", required_argument, NULL, 'd'},
    {"progress", no_argument, NULL, 'p'},
    {"since", required_argument, NULL, 's'}, {"tracks", no_argument, NULL, 't'},
    OPTIONS_COMMON, {0}};

/* Open a source for each view; those without records are left out. */
static size_t
open_sources(struct source **sources, const struct views *views,
    const char *conninfo, const char *snapshot, const struct choice *choice)
{
	struct source *source;
	size_t n = 0;

	for (size_t i = 0; i < views->n; i++) {
		source =
		    source_open(conninfo, &views->list[i], snapshot, choice);
		if (source_next(source))
			sources[n++] = source;
		else
			source_free(source);
	}
	return n;
}

/* Write the records of all sources in their order. */
static void
merge(struct source **sources, size_t n, struct lines *meter)
{
	struct buf out = {0};
	size_t first;

	while (n > 0) {
		first = 0;
		for (size_t i = 1; i < n; i++)
			if (source_compare(sources[i], sources[first]) < 0)
				first = i;
		source_append(sources[first], &out);
		meter->total++;
		if (!source_next(sources[first])) {
			source_free(sources[first]);
			sources[first] = sources[--n];
		}
		if (n > 0 && out.len < WRITE_BYTES)
			continue;
		output_write(buf_str(&out));
		meter->bytes += out.len;
		out.len = 0;
		if (meter->progress)
			progress_draw(meter);
	}
	buf_free(&out);
}

static void
write_mark(const char *mark)
{
	struct buf out = {0};

	buf_puts(&out, "{\"type\":\"mark\",\"mark\":");
	json_quote(&out, (struct str){mark, strlen(mark)});
	buf_puts(&out, "}\n");
	output_write(buf_str(&out));
	buf_free(&out);
}

int
main(int argc, char *argv[])
{
	struct lines meter = {.started = progress_clock()};
	struct choice choice = {.since = ""};
	const char *conninfo = "";
	bool marks = false;
	PGresult *snapshot, *mark = NULL;
	struct source **sources;
	struct views *views;
	PGconn *conn;
	int ch;

	while ((ch = options_next(argc, argv, "d:hps:t", longs, help)) != -1) {
		if (ch == 'd') {
			conninfo = optarg;
		} else if (ch == 's') {
			choice.since = optarg;
			marks = true;
		} else if (ch == 't') {
			choice.tracks = true;
		} else {
			meter.progress = true;
		}
	}
	if (optind != argc)
		options_usage("%s: takes no operands", argv[optind]);

	output_open();
	conn = postgres_open(conninfo);
	views = views_open(conn);
	postgres_run(conn, "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY");
	snapshot = postgres_rows(conn, "SELECT pg_export_snapshot()", 0, NULL);
	if (marks)
		mark = postgres_rows(
		    conn, "SELECT dump.mark($1)", 1, &choice.since);
	sources = xcalloc(views->n, sizeof(struct source *));
	merge(sources,
	    open_sources(
	        sources, views, conninfo, PQgetvalue(snapshot, 0, 0), &choice),
	    &meter);
	if (mark != NULL)
		write_mark(PQgetvalue(mark, 0, 0));
	output_flush();
	if (meter.progress)
		progress_end(&meter);

	PQclear(snapshot);
	PQclear(mark);
	PQfinish(conn);
	views_free(views);
	free(sources);
	return EXIT_SUCCESS;
}
