/*
 * file: a table of audio features from NDJSON or CSV.
 */
#include <err.h>
#include <stdlib.h>
#include <string.h>

#include "csv.h"
#include "exit.h"
#include "file.h"
#include "json.h"
#include "lines.h"
#include "scan.h"

enum { ID = FEATURE_KEYS, NAMES };

static const char *names[NAMES] = {[ID] = "id"};

static const char no_features[] = "no audio features of a Spotify track id";

/* Keep the features of a track; false if it is none of Spotify's. */
static bool
put(struct table *table, struct str id, const struct str features[FEATURE_KEYS])
{
	struct track_id packed;

	return track_pack(id, &packed) &&
	       table_put(table, &packed, features, TABLE_FILE);
}

/* How many features of a row are known; -1 if any of them is no number. */
static int
count_known(const struct str features[FEATURE_KEYS])
{
	struct json_field field;
	int known = 0;

	for (int f = 0; f < FEATURE_KEYS; f++) {
		if (features[f].len == 0)
			continue;
		if (scan_number(features[f].ptr, &field) !=
		    features[f].ptr + features[f].len)
			return -1;
		known++;
	}
	return known;
}

/* Take one audio-features object. */
static void
read_object(
    struct table *table, struct json *json, struct lines *in, struct str line)
{
	struct json_field fields[NAMES];
	struct str features[FEATURE_KEYS] = {{0}};

	if (!json_fields(json, line, fields)) {
		lines_refuse(in, "%s", json_error(json));
		return;
	}
	for (int f = 0; f < FEATURE_KEYS; f++)
		if (fields[f].kind == JSON_NUMBER)
			features[f] = fields[f].raw;
	if (!put(table, json_text(json, &fields[ID]), features))
		lines_refuse(in, no_features);
}

/* Take one row; one without any feature has nothing to tell. */
static void
read_row(struct table *table, const struct csv *csv, struct lines *in,
    struct str row)
{
	struct str id, features[FEATURE_KEYS];
	int known = 0;

	if (!csv_row(csv, row, &id, features))
		lines_refuse(in, "not the header's %zu columns", csv->n);
	else if ((known = count_known(features)) == -1 ||
	         (known > 0 && !put(table, id, features)))
		lines_refuse(in, no_features);
}

/* Without the mark that some programs begin a file with, and a line's \r. */
static struct str
trim(struct str line, bool first)
{
	if (first && line.len >= 3 && memcmp(line.ptr, "\xef\xbb\xbf", 3) == 0)
		line = (struct str){line.ptr + 3, line.len - 3};
	if (line.len > 0 && line.ptr[line.len - 1] == '\r')
		line.len--;
	return line;
}

bool
file_read_lines(struct table *table, struct lines *in)
{
	bool first = true, known = true;
	struct csv csv = {.n = 0};
	struct json *json;
	struct str line;

	memcpy(names, audio_keys, sizeof(audio_keys));
	json = json_open(names, NAMES);
	for (; known && lines_next(in, &line); first = false) {
		line = trim(line, first);
		/* Among audio-features objects null is an unknown track. */
		if (line.len == 0 || str_equal(line, STR("null")))
			continue;
		if (csv.n > 0)
			read_row(table, &csv, in, line);
		else if (!first || *line.ptr == '{')
			read_object(table, json, in, line);
		else
			known = csv_header(&csv, line);
	}
	json_free(json);
	return known;
}

struct table *
file_read(const char *path, size_t *refused)
{
	char *operands[] = {strdup(path), NULL};
	struct table *table = table_open();
	struct lines in;

	if (operands[0] == NULL)
		err(EXIT_SERVICE, "memory");
	lines_open(&in, operands);
	if (!file_read_lines(table, &in))
		errx(EXIT_USAGE,
		    "%s: neither audio-features objects nor a CSV file with a "
		    "track's id and audio features",
		    path);
	*refused += in.refused;
	(void)lines_close(&in);
	free(operands[0]);
	return table;
}
