/*
 * spot-features: items in, items with their audio features out.
 *
 * The features are spliced into the line behind its isrc; the rest of it stays
 * as it was.  See spot-features(1).
 */
#include <err.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "exit.h"
#include "file.h"
#include "json.h"
#include "lines.h"
#include "options.h"
#include "output.h"

enum { PROVIDERS_MAX = 8 };

static const char help[] =
    "usage: spot-features [-p] -P provider,... [file ...]\n"
    "\n"
    "Join the audio features (danceability, energy, ..., valence, tempo) to "
    "the\n"
    "items of the stream, by track id.  An item whose track no provider knows\n"
    "is kept, with features_source none and the reason.  Other records pass.\n"
    "\n"
    "  -h, --help             show this help\n"
    "  -p, --progress         draw a meter on stderr\n"
    "  -P, --providers LIST   whom to ask, in this order:\n"
    "                         file:PATH  audio-features objects, one a line,\n"
    "                                    or CSV with Spotify's column names\n"
    "      --version          show the version\n"
    "\n"
    "  spot-tracks dump.ndjson | spot-features -P file:features.ndjson | etl\n";

static const struct option longs[] = {{"progress", no_argument, NULL, 'p'},
    {"providers", required_argument, NULL, 'P'}, OPTIONS_COMMON, {0}};

/* The keys of an item in front of its features, then what is to be known. */
enum { TYPE, TRACK_ID = 5, FRONT = 8, SOURCE = FRONT, REASON, NAMES };
static const char *const names[NAMES] = {"type", "playlist_id", "snapshot_id",
    "position", "added_at", "track_id", "country", "isrc", "features_source",
    "features_reason"};

static struct table *providers[PROVIDERS_MAX];
static size_t nproviders;

/* Open each provider of a list such as file:a.ndjson,file:b.csv. */
static void
open_providers(char *list, size_t *refused)
{
	static const char file[] = "file:";

	for (char *name = strtok(list, ","); name != NULL;
	     name = strtok(NULL, ",")) {
		if (nproviders == PROVIDERS_MAX)
			options_usage("more than %d providers", PROVIDERS_MAX);
		if (strncmp(name, file, strlen(file)) != 0)
			options_usage("provider '%s' is not file:PATH", name);
		providers[nproviders++] =
		    file_read(name + strlen(file), refused);
	}
}

/* Append the features of a track, or why there are none. */
static void
append_features(struct buf *out, struct str id)
{
	for (size_t i = 0; i < nproviders; i++)
		if (table_get(providers[i], id, out)) {
			buf_append(out, STR(",\"features_source\":\"file\""));
			return;
		}
	buf_append(out, STR(",\"features_source\":\"none\","
	                    "\"features_reason\":\"unknown\""));
}

/* Where the member in front of which a comma stands begins: at the comma. */
static const char *
member_start(const struct json_field *field)
{
	const char *p = field->key;

	while (*p != ',' && *p != '{')
		p--;
	return p;
}

/* Append the bytes from *from to to, and go on behind field, if it is there. */
static void
copy_without(struct buf *out, const char **from, const struct json_field *field)
{
	const char *to;

	if (field->kind == JSON_ABSENT)
		return;
	to = member_start(field);
	if (to < *from)
		return;
	buf_append(out, (struct str){*from, (size_t)(to - *from)});
	*from = field->raw.ptr + field->raw.len;
}

/* Append the item with its features spliced in. */
static void
splice(struct buf *out, struct json *json, struct str line,
    const struct json_field fields[NAMES])
{
	const char *at = line.ptr, *from = line.ptr, *end;

	for (int i = 0; i < FRONT; i++) {
		end = fields[i].raw.ptr + fields[i].raw.len;
		if (fields[i].kind != JSON_ABSENT && end > at)
			at = end;
	}
	buf_append(out, (struct str){from, (size_t)(at - from)});
	append_features(out, json_text(json, &fields[TRACK_ID]));
	from = at;
	copy_without(out, &from, &fields[SOURCE]);
	copy_without(out, &from, &fields[REASON]);
	buf_append(
	    out, (struct str){from, (size_t)(line.ptr + line.len + 1 - from)});
}

int
main(int argc, char *argv[])
{
	struct json_field fields[NAMES];
	char *list = NULL;
	struct buf out = {0};
	struct lines in;
	struct json *json;
	struct str line;
	bool progress = false;
	size_t refused = 0;
	int ch;

	while ((ch = options_next(argc, argv, "hpP:", longs, help)) != -1) {
		switch (ch) {
		case 'p':
			progress = true;
			break;
		case 'P':
			list = optarg;
			break;
		}
	}
	if (list == NULL)
		options_usage("no provider: say -P file:PATH");

	output_open();
	open_providers(list, &refused);
	json = json_open(names, NAMES);
	lines_open(&in, argv + optind);
	in.progress = progress;
	while (lines_next(&in, &line)) {
		if (!json_fields(json, line, fields)) {
			lines_refuse(&in, "%s", json_error(json));
		} else if (!json_is(&fields[TYPE], STR("item")) ||
		           (fields[SOURCE].kind == JSON_STRING &&
		               !json_is(&fields[SOURCE], STR("none")))) {
			output_line(line);
		} else if (fields[TRACK_ID].kind != JSON_STRING) {
			lines_refuse(&in, "an item without track_id");
		} else {
			out.len = 0;
			splice(&out, json, line, fields);
			output_write(buf_str(&out));
		}
		if (!lines_ready(&in))
			output_flush();
	}
	output_flush();
	in.refused += refused;
	json_free(json);
	buf_free(&out);
	for (size_t i = 0; i < nproviders; i++)
		table_free(providers[i]);
	return lines_close(&in);
}
