/*
 * pg-load: records into PostgreSQL, done records out.
 *
 * It knows no table: what can be loaded, and how, is the schema's to say.  See
 * pg-load(1).
 */
#include <stdio.h>

#include "load.h"
#include "options.h"
#include "output.h"

enum {
	BATCH_BYTES = 4 * 1024 * 1024,
	PAUSE_MS = 20, /* of the input, after which a batch is loaded */
	PATIENCE_SECONDS = 60,
	PATIENCE_MAX = 86400
};

static const char help[] =
    "usage: pg-load [-hp] [-d connection] [-w seconds] [file ...]\n"
    "\n"
    "Load records into PostgreSQL: each type into the stage table of its "
    "name,\n"
    "its keys into the columns of theirs, and from there to where the "
    "schema\n"
    "wants them.  What is committed is told by done records.  Records of "
    "types\n"
    "that the database has no table for pass.\n"
    "\n"
    "  -d, --database STRING  a connection string, such as "
    "service=primary or\n"
    "                         'host=a,b target_session_attrs=read-write'\n"
    "  -h, --help             show this help\n"
    "  -p, --progress         draw a meter on stderr\n"
    "      --version          show the version\n"
    "  -w, --max-wait SECONDS  how long to try when the server has gone "
    "(60)\n"
    "\n"
    "  spot-tracks dump.ndjson | pg-load -d service=primary\n"
    "  pg-backup -td service=primary | pg-load -d service=backup\n";

static const struct option longs[] = {
    {"database", required_argument, NULL, 'd'},
    {"progress", no_argument, NULL, 'p'},
    {"max-wait", required_argument, NULL, 'w'}, OPTIONS_COMMON, {0}};

/* Take a record into the batch, or let it pass behind it. */
static void
add(struct load *load, struct lines *in, struct str line, struct json *json)
{
	struct json_field fields[JSON_NAMES];
	struct batch *batch = load_filling(load);
	const struct table *table;

	if (!json_fields(json, line, fields)) {
		lines_refuse(in, "%s", json_error(json));
		return;
	}
	table = tables_find(load_tables(load), json_text(json, &fields[0]));
	if (table == NULL) {
		buf_append(
		    &batch->passed, (struct str){line.ptr, line.len + 1});
		return;
	}
	batch_add(batch, table, in, json, fields);
}

int
main(int argc, char *argv[])
{
	const char *conninfo = "";
	long patience = PATIENCE_SECONDS;
	bool progress = false;
	struct batch *batch;
	struct load *load;
	struct json *json;
	struct lines in;
	struct str line;
	int ch;

	while ((ch = options_next(argc, argv, "d:hpw:", longs, help)) != -1) {
		if (ch == 'd')
			conninfo = optarg;
		else if (ch == 'w')
			patience = options_number(
			    "--max-wait", optarg, 0, PATIENCE_MAX);
		else
			progress = true;
	}

	output_open();
	load = load_open(conninfo, patience);
	json = json_open((const char *const *)load_tables(load)->names,
	    load_tables(load)->nnames);
	lines_open(&in, argv + optind);
	in.progress = progress;
	while (lines_next(&in, &line)) {
		add(load, &in, line, json);
		batch = load_filling(load);
		if (batch->bytes + batch->passed.len > BATCH_BYTES)
			load_start(load, &in);
		else if (!lines_wait(&in, PAUSE_MS))
			load_pause(load, &in);
	}
	load_close(load, &in);

	load_free(load);
	json_free(json);
	return lines_close(&in);
}
