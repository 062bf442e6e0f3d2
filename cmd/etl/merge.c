/*
 * merge: from daily and playlist_sum records back to sums.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "date.h"
#include "merge.h"

enum {
	TYPE,
	BY,
	COUNTRY,
	DAY,
	PLAYLIST_ID,
	ITEMS,
	MONTHS,
	N,
	QUADS,
	SUMS = QUADS + QUADRANTS, /* then n, sum and sumsq of each feature */
	NAMES = SUMS + 3 * FEATURES,
	NAME_MAX_LENGTH = 32
};

struct merge {
	struct json *json;
	const char *names[NAMES];
	char sums_names[3 * FEATURES][NAME_MAX_LENGTH];
	bool any_by;
};

struct merge *
merge_open(void)
{
	static const char *const first[] = {"type", "by", "country", "day",
	    "playlist_id", "items", "months", "n"};
	static const char *const suffixes[] = {"n", "sum", "sumsq"};
	struct merge *m = xcalloc(1, sizeof(*m));

	memcpy(m->names, first, sizeof(first));
	memcpy(m->names + QUADS, sums_quadrants, sizeof(sums_quadrants));
	for (int i = 0; i < 3 * FEATURES; i++) {
		(void)snprintf(m->sums_names[i], NAME_MAX_LENGTH, "%s_%s",
		    audio_keys[i / 3], suffixes[i % 3]);
		m->names[SUMS + i] = m->sums_names[i];
	}
	m->json = json_open(m->names, NAMES);
	return m;
}

void
merge_free(struct merge *m)
{
	json_free(m->json);
	free(m);
}

static bool
read_count(const struct json_field *field, uint64_t *count)
{
	int128 wide;

	if (field->kind != JSON_NUMBER ||
	    !fixed_parse_wide(field->raw, 0, &wide) || wide < 0 ||
	    wide > INT64_MAX)
		return false;
	*count = (uint64_t)wide;
	return true;
}

/* The sums of a record; the index of the field that is no good, or -1. */
static int
read_sums(struct merge *m, const struct json_field *fields, struct sums *s)
{
	int i = SUMS, invalid;

	if (!read_count(&fields[N], &s->n))
		return N;
	for (int q = 0; q < QUADRANTS; q++)
		if (!read_count(&fields[QUADS + q], &s->quads[q]))
			return QUADS + q;
	for (int f = 0; f < FEATURES; f++, i += 3) {
		if (!read_count(&fields[i], &s->count[f]))
			return i;
		if (!fixed_parse_wide(json_text(m->json, &fields[i + 1]),
		        FIXED_DIGITS, &s->sum[f]))
			return i + 1;
		if (!fixed_parse_wide(json_text(m->json, &fields[i + 2]),
		        2 * FIXED_DIGITS, &s->sumsq[f]))
			return i + 2;
	}
	invalid = sums_invalid(s);
	return invalid == -1         ? -1
	       : invalid == FEATURES ? QUADS
	                             : SUMS + 3 * invalid + 1;
}

/* What the countries are told by; false if it differs from the first. */
static bool
read_by(struct merge *m, struct tally *tally, const struct json_field *field)
{
	for (int by = 0; tally_by[by] != NULL; by++)
		if (json_is(field,
		        (struct str){tally_by[by], strlen(tally_by[by])})) {
			if (!m->any_by)
				tally->by = (enum by)by;
			m->any_by = true;
			return tally->by == (enum by)by;
		}
	return false;
}

static int
merge_daily(struct merge *m, struct tally *tally,
    const struct json_field *fields, const struct sums *sums)
{
	int country = countries_number(json_text(m->json, &fields[COUNTRY]));
	struct days_row *row;
	int32_t day;

	if (sums->n == 0)
		return N;
	if (country == -1)
		return COUNTRY;
	if (!date_parse(json_text(m->json, &fields[DAY]), &day) ||
	    day < DAYS_FIRST || day > DAYS_LAST)
		return DAY;
	if (!read_by(m, tally, &fields[BY]))
		return BY;
	row = days_take(tally->days, day);
	cell_add_sums(days_cell(tally->days, row, country), sums);
	days_give(tally->days, day);
	return -1;
}

/*
 * Read "2020-03:17,2020-04:2", no more than items in all, into a playlist; with
 * NULL only check it.
 */
static bool
read_months(struct str text, uint64_t items, struct playlist *playlist)
{
	const char *p = text.ptr, *end = text.ptr + text.len;
	char date[11] = "YYYY-MM-01";
	struct json_field number = {.kind = JSON_NUMBER};
	uint64_t n;
	int32_t start;

	while (p < end) {
		if (end - p < 9 || p[7] != ':')
			return false;
		memcpy(date, p, 7);
		number.raw.ptr = p + 8;
		p = memchr(p, ',', (size_t)(end - p));
		p = p == NULL ? end : p;
		number.raw.len = (size_t)(p - number.raw.ptr);
		if (p < end && ++p == end)
			return false;
		if (!date_parse((struct str){date, 10}, &start) ||
		    start < date_month_start(DAYS_FIRST) || start > DAYS_LAST ||
		    !read_count(&number, &n) || n == 0 || n > items)
			return false;
		items -= n;
		if (playlist != NULL)
			playlists_add_day(playlist, start, n);
	}
	return true;
}

static int
merge_playlist(struct merge *m, struct tally *tally,
    const struct json_field *fields, const struct sums *sums)
{
	struct str months = json_text(m->json, &fields[MONTHS]);
	struct playlist *playlist;
	uint64_t items;

	if (fields[PLAYLIST_ID].kind != JSON_STRING)
		return PLAYLIST_ID;
	if (!read_count(&fields[ITEMS], &items) || items < sums->n)
		return ITEMS;
	if (fields[MONTHS].kind != JSON_STRING || fields[MONTHS].escaped ||
	    !read_months(months, items, NULL))
		return MONTHS;
	playlist = playlists_at(
	    &tally->playlists, json_text(m->json, &fields[PLAYLIST_ID]));
	cell_add_sums(&playlist->cell, sums);
	playlists_add_items(playlist, items);
	(void)read_months(months, items, playlist);
	return -1;
}

void
merge_line(
    struct merge *m, struct tally *tally, struct lines *in, struct str line)
{
	struct json_field fields[NAMES];
	struct sums sums = {0};
	bool daily;
	int bad;

	if (!json_fields(m->json, line, fields)) {
		lines_refuse(in, "%s", json_error(m->json));
		return;
	}
	daily = json_is(&fields[TYPE], STR("daily"));
	if (!daily && !json_is(&fields[TYPE], STR("playlist_sum")))
		return;
	bad = read_sums(m, fields, &sums);
	if (bad == -1)
		bad = daily ? merge_daily(m, tally, fields, &sums)
		            : merge_playlist(m, tally, fields, &sums);
	if (bad != -1)
		lines_refuse(in, "%s is missing or no good", m->names[bad]);
}
