/*
 * file: a table of audio features from NDJSON or CSV.
 *
 * The CSV is that of RFC 4180 but for quoted line breaks: a row is a line.
 */
#include <err.h>
#include <stdlib.h>
#include <string.h>

#include "exit.h"
#include "file.h"
#include "json.h"
#include "lines.h"

enum { ID = FEATURE_KEYS, COLUMNS, CSV_MAX = 256 };

static const char *const names[COLUMNS] = {"danceability", "energy", "key",
    "loudness", "mode", "speechiness", "acousticness", "instrumentalness",
    "liveness", "valence", "tempo", "time_signature", "id"};

/* Take one audio-features object. */
static void
read_object(
    struct table *table, struct json *json, struct lines *in, struct str line)
{
	struct json_field fields[COLUMNS];
	struct str features[FEATURE_KEYS] = {{0}};

	if (!json_fields(json, line, fields)) {
		lines_refuse(in, "%s", json_error(json));
		return;
	}
	for (int f = 0; f < FEATURE_KEYS; f++)
		if (fields[f].kind == JSON_NUMBER)
			features[f] = fields[f].raw;
	if (!table_put(
	        table, json_text(json, &fields[ID]), features, TABLE_FILE))
		lines_refuse(in, "no audio features of a Spotify track id");
}

/* The closing quote of a cell that begins at p, or NULL. */
static const char *
closing_quote(const char *p, const char *end)
{
	while ((p = memchr(p, '"', (size_t)(end - p))) != NULL) {
		if (p + 1 == end || p[1] != '"')
			return p;
		p += 2;
	}
	return NULL;
}

/*
 * Cut the next cell off a row; a quoted one loses its quotes.  False if there
 * is none, or its quotes do not match.
 */
static bool
next_cell(struct str *row, struct str *cell)
{
	const char *p = row->ptr, *end, *stop;
	bool quoted;

	if (p == NULL)
		return false;
	end = p + row->len;
	quoted = p < end && *p == '"';
	p += quoted;
	stop =
	    quoted ? closing_quote(p, end) : memchr(p, ',', (size_t)(end - p));
	if (stop == NULL && quoted)
		return false;
	if (stop == NULL)
		stop = end;
	*cell = (struct str){p, (size_t)(stop - p)};
	stop += quoted;
	if (stop < end && *stop != ',')
		return false;
	*row = stop < end ? (struct str){stop + 1, (size_t)(end - stop) - 1}
	                  : (struct str){0};
	return true;
}

static struct str
without_return(struct str line)
{
	if (line.len > 0 && line.ptr[line.len - 1] == '\r')
		line.len--;
	return line;
}

/* What each column of the header holds; the number of columns. */
static size_t
read_header(struct str row, int columns[CSV_MAX], bool *has_id)
{
	struct str cell;
	size_t n = 0;

	*has_id = false;
	for (; n < CSV_MAX && next_cell(&row, &cell); n++) {
		columns[n] = COLUMNS;
		for (int i = 0; i < COLUMNS; i++)
			if (str_equal(
			        cell, (struct str){names[i], strlen(names[i])}))
				columns[n] = i;
		if (str_equal(cell, STR("track_id")))
			columns[n] = ID;
		*has_id |= columns[n] == ID;
	}
	return n;
}

static void
read_row(struct table *table, struct lines *in, struct str row,
    const int columns[CSV_MAX], size_t n)
{
	struct str values[COLUMNS + 1] = {{0}};
	size_t i = 0;

	while (i < n && next_cell(&row, &values[columns[i]]))
		i++;
	if (i < n || row.ptr != NULL)
		lines_refuse(in, "not the header's %zu columns", n);
	else if (!table_put(table, values[ID], values, TABLE_FILE))
		lines_refuse(in, "no audio features of a Spotify track id");
}

struct table *
file_read(const char *path, size_t *refused)
{
	char *operands[] = {strdup(path), NULL};
	struct table *table = table_open();
	struct json *json = json_open(names, COLUMNS);
	int columns[CSV_MAX];
	struct lines in;
	struct str line;
	size_t n = 0;
	bool has_id;

	if (operands[0] == NULL)
		err(EXIT_SERVICE, "memory");
	lines_open(&in, operands);
	while (lines_next(&in, &line)) {
		line = without_return(line);
		if (n == 0 && in.number == 1 && *line.ptr != '{') {
			n = read_header(line, columns, &has_id);
			if (!has_id)
				errx(EXIT_USAGE,
				    "%s: neither audio-features objects nor "
				    "a CSV file with a column id or track_id",
				    path);
		} else if (n > 0)
			read_row(table, &in, line, columns, n);
		else
			read_object(table, json, &in, line);
	}
	*refused += in.refused;
	(void)lines_close(&in);
	json_free(json);
	free(operands[0]);
	return table;
}
