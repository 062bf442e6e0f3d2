/*
 * csv: what people export, download and publish, by the names of its columns.
 *
 * Names are compared without regard to case, and a space in them is as good as
 * an underscore: so Exportify's "Time Signature" is time_signature.
 */
#include <ctype.h>
#include <string.h>
#include <strings.h>

#include "csv.h"

enum {
	OTHER = FEATURE_KEYS, /* a column that is passed over ... */
	IDS                   /* ... and those of the id, worst first */
};

/* An index is called id too, so that any other name of an id is better. */
static const char *const ids[] = {"id", "uri", "track_uri", "spotify_uri",
    "spotify_id", "spotify_track_id", "track_id"};

enum { COLUMNS = IDS + sizeof(ids) / sizeof(ids[0]) };

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

static bool
same_name(struct str cell, const char *name)
{
	int c;

	for (size_t i = 0; i < cell.len; i++) {
		c = (unsigned char)cell.ptr[i];
		c = c == ' ' ? '_' : tolower(c);
		if (c == '\0' || c != (unsigned char)name[i])
			return false;
	}
	return name[cell.len] == '\0';
}

static int
find_column(struct str cell)
{
	for (int i = 0; i < FEATURE_KEYS; i++)
		if (same_name(cell, audio_keys[i]))
			return i;
	for (int i = IDS; i < COLUMNS; i++)
		if (same_name(cell, ids[i - IDS]))
			return i;
	return OTHER;
}

bool
csv_header(struct csv *csv, struct str row)
{
	bool has_features = false;
	int column, best = OTHER;
	struct str cell;

	for (csv->n = 0; csv->n < CSV_MAX && next_cell(&row, &cell); csv->n++) {
		column = find_column(cell);
		csv->columns[csv->n] = column;
		has_features |= column < FEATURE_KEYS;
		if (column > best)
			best = column;
	}
	return row.ptr == NULL && has_features && best >= IDS;
}

/* What programs write for a number that they have not got. */
static bool
is_unknown(struct str cell)
{
	static const char *const texts[] = {"na", "nan", "null", "none"};

	for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++)
		if (same_name(cell, texts[i]))
			return true;
	return false;
}

/* An id as such, or behind spotify:track: or an address of the web player. */
static struct str
bare_id(struct str cell)
{
	static const struct str starts[] = {
	    {"spotify:track:", 14}, {"https://open.spotify.com/track/", 31}};

	for (size_t i = 0; i < sizeof(starts) / sizeof(starts[0]); i++)
		if (cell.len > starts[i].len &&
		    memcmp(cell.ptr, starts[i].ptr, starts[i].len) == 0)
			return (struct str){
			    cell.ptr + starts[i].len, cell.len - starts[i].len};
	return cell;
}

bool
csv_row(const struct csv *csv, struct str row, struct str *id,
    struct str features[FEATURE_KEYS])
{
	int column, best = OTHER;
	struct str cell;

	*id = (struct str){0};
	memset(features, 0, FEATURE_KEYS * sizeof(*features));
	for (size_t i = 0; i < csv->n; i++) {
		if (!next_cell(&row, &cell))
			return false;
		column = csv->columns[i];
		if (column < FEATURE_KEYS && !is_unknown(cell))
			features[column] = cell;
		else if (column > best) {
			best = column;
			*id = bare_id(cell);
		}
	}
	return row.ptr == NULL;
}
