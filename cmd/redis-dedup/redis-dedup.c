/*
 * redis-dedup: only the playlists that are new or have changed.
 *
 * Redis remembers the snapshot of every playlist that has been kept; it learns
 * it, by --mark, from the done records that come out of pg-load.  So what was
 * lost on its way is asked for again.  See redis-dedup(1).
 */
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "ask.h"
#include "lines.h"
#include "options.h"
#include "output.h"

enum { MARK = 0x100 };

static const char help[] =
    "usage: redis-dedup [-p] [-a age] [-k key] [file ...]\n"
    "       redis-dedup --mark [-p] [-k key] [file ...]\n"
    "\n"
    "Leave out the playlists of the stream whose snapshot Redis knows.  Other\n"
    "records pass.  With --mark make those known that the stream says are "
    "done.\n"
    "\n"
    "  -a, --max-age AGE      forget what was marked so long ago: 30d, 12h\n"
    "  -h, --help             show this help\n"
    "  -k, --key KEY          the hash in Redis (spot:snapshots)\n"
    "      --mark             record the playlists of the done records\n"
    "  -p, --progress         draw a meter on stderr\n"
    "      --version          show the version\n"
    "\n"
    "  spot-search -q covid | redis-dedup | spot-tracks | spot-features |\n"
    "      pg-load -d service=primary | redis-dedup --mark\n";

static const struct option longs[] = {{"key", required_argument, NULL, 'k'},
    {"mark", no_argument, NULL, MARK},
    {"max-age", required_argument, NULL, 'a'},
    {"progress", no_argument, NULL, 'p'}, OPTIONS_COMMON, {0}};

enum { TYPE, ID, PLAYLIST_ID, SNAPSHOT_ID, NAMES };

static const char *const names[NAMES] = {
    "type", "id", "playlist_id", "snapshot_id"};

/* The seconds of an age such as 30d, 12h, 90m or 10s; a bare number is days. */
static int64_t
parse_age(const char *text)
{
	static const int64_t seconds[] = {86400, 86400, 3600, 60, 1};
	static const char *const units[] = {"", "d", "h", "m", "s"};
	char *end;
	long n = strtol(text, &end, 10);

	for (size_t i = 0; end > text && i < sizeof(units) / sizeof(*units);
	     i++)
		if (strcmp(end, units[i]) == 0 && n > 0 && n <= 100000)
			return n * seconds[i];
	options_usage("--max-age: '%s' is none of 1s to 100000d", text);
}

static bool
is_text(const struct json_field *field)
{
	return field->kind == JSON_STRING && field->raw.len > 2;
}

/* Deal with one line; a playlist without id or snapshot is never known. */
static void
take(struct ask *ask, struct json *json, bool mark, struct lines *in,
    struct str line)
{
	struct json_field fields[NAMES];
	const struct json_field *id = &fields[mark ? PLAYLIST_ID : ID];

	if (!json_fields(json, line, fields))
		lines_refuse(in, "%s", json_error(json));
	else if (json_is(&fields[TYPE], mark ? STR("done") : STR("playlist")) &&
	         is_text(id) && is_text(&fields[SNAPSHOT_ID]))
		ask_line(ask, line, json, id, &fields[SNAPSHOT_ID]);
	else
		ask_pass(ask, line);
}

int
main(int argc, char *argv[])
{
	bool mark = false, progress = false;
	const char *key = "spot:snapshots";
	int64_t max_age = 0;
	struct lines in;
	struct json *json;
	struct ask *ask;
	struct str line;
	int ch;

	while ((ch = options_next(argc, argv, "a:hk:p", longs, help)) != -1) {
		switch (ch) {
		case 'a':
			max_age = parse_age(optarg);
			break;
		case 'k':
			key = optarg;
			break;
		case MARK:
			mark = true;
			break;
		default:
			progress = true;
		}
	}
	if (mark && max_age > 0)
		options_usage("--max-age is asked of the other, not of --mark");

	output_open();
	ask = ask_open(key, mark, max_age);
	json = json_open(names, NAMES);
	lines_open(&in, argv + optind);
	in.progress = progress;
	while (lines_next(&in, &line)) {
		take(ask, json, mark, &in, line);
		if (!lines_ready(&in)) {
			ask_settle(ask);
			output_flush();
		}
	}
	ask_settle(ask);
	output_flush();
	ask_summary(ask);
	ask_free(ask);
	json_free(json);
	return lines_close(&in);
}
