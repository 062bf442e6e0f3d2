/*
 * merge: what is added of a daily record is what stands in it, and of a
 * playlist's the same; a record that is refused adds nothing.
 *
 * The first byte chooses the type.
 */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "../edit.h"
#include "date.h"
#include "merge.h"
#include "tally.h"

enum { FEATURE_FIRST = 13, RUNS = 10000 };

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static struct edit_member members[FEATURE_FIRST + 3 * FEATURES] = {{"type", ""},
    {"by", "\"country\""}, {"country", "\"IT\""}, {"day", "\"2020-03-16\""},
    {"playlist_id", "\"p\""}, {"items", "9"},
    {"months", "\"2020-03:4,2020-02:3\""}, {"n", "5"}, {"happy", "1"},
    {"angry", "2"}, {"sad", "0"}, {"calm", "1"}, {"other", "[0]"}};
enum { MEMBERS = sizeof(members) / sizeof(members[0]) };

static struct str values[EDIT_MEMBERS]; /* of the record */

static void
name_features(void)
{
	static char names[3 * FEATURES][32];
	static const char *const suffixes[] = {"n", "sum", "sumsq"};
	static const char *const values[] = {"4", "\"2.5\"", "\"1.75\""};

	for (int i = 0; i < 3 * FEATURES; i++) {
		(void)snprintf(names[i], sizeof(names[i]), "%s_%s",
		    audio_keys[i / 3], suffixes[i % 3]);
		members[FEATURE_FIRST + i] =
		    (struct edit_member){names[i], values[i % 3]};
	}
}

/* A decimal number in units of 10^-decimals, with or without quotes. */
__attribute__((no_sanitize("coverage"))) static int128
decimal(struct str text, int decimals)
{
	bool negative = memchr(text.ptr, '-', text.len) != NULL;
	int128 value = 0;
	int seen = -1;

	for (size_t i = 0; i < text.len; i++) {
		if (text.ptr[i] == '.')
			seen = 0;
		if (text.ptr[i] < '0' || text.ptr[i] > '9')
			continue;
		value = value * 10 + (text.ptr[i] - '0');
		seen += seen >= 0;
	}
	for (seen = seen < 0 ? 0 : seen; seen < decimals; seen++)
		value *= 10;
	return negative ? -value : value;
}

static uint64_t
count_of(size_t i)
{
	return (uint64_t)decimal(values[i], 0);
}

/* The sums that a record tells, if no escapes or spaces are among them. */
static void
expect(struct sums *sums)
{
	size_t i = FEATURE_FIRST;

	*sums = (struct sums){.n = count_of(7)};
	for (size_t q = 0; q < QUADRANTS; q++)
		sums->quads[q] = count_of(8 + q);
	for (int f = 0; f < FEATURES; f++, i += 3) {
		sums->count[f] = count_of(i);
		sums->sum[f] = decimal(values[i + 1], FIXED_DIGITS);
		sums->sumsq[f] = decimal(values[i + 2], 2 * FIXED_DIGITS);
	}
}

/* Is no value of the edits more than a text without escapes, or a number? */
__attribute__((no_sanitize("coverage"))) static bool
plain(struct str edits)
{
	for (size_t i = 0; i < edits.len; i++)
		if (edits.ptr[i] <= ' '
		        ? edits.ptr[i] != '\n'
		        : strchr(",:\\{}[]", edits.ptr[i]) != NULL)
			return false;
	return true;
}

/*
 * What is added to a cell, which is then empty again; edits that are not plain
 * may be anything.
 */
static void
check_cell(struct cell *cell, struct str edits, bool refused)
{
	struct sums got, want;

	cell_get(cell, &got);
	cell_free(cell);
	if ((got.n > 0) == refused)
		abort();
	if (refused || !plain(edits))
		return;
	expect(&want);
	if (memcmp(&got, &want, sizeof(got)) != 0)
		abort();
}

/* The country and the day of a line, if it has them. */
static bool
find_place(struct str line, int *country, int32_t *day)
{
	static const char *const names[] = {"country", "day"};
	static struct json *json;
	struct json_field fields[2];

	if (json == NULL)
		json = json_open(names, 2);
	if (!json_fields(json, line, fields))
		return false;
	*country = countries_number(json_text(json, &fields[0]));
	return *country != -1 && date_parse(json_text(json, &fields[1]), day) &&
	       *day >= DAYS_FIRST && *day <= DAYS_LAST;
}

static void
check_daily(struct days *days, struct str line, struct str edits, bool refused)
{
	int32_t day;
	int country;

	if (find_place(line, &country, &day)) {
		check_cell(days_cell(days, days_take(days, day), country),
		    edits, refused);
		days_give(days, day);
	} else if (!refused)
		abort();
}

static void
check_playlist(const struct playlists *playlists, struct str edits)
{
	struct playlist *playlist = playlists->list[0];
	uint64_t items = 0;
	struct sums sums;

	cell_get(&playlist->cell, &sums);
	for (size_t i = 0; i < playlist->nmonths; i++)
		items += playlist->months[i].items;
	if (items > playlist->items || playlist->items < sums.n ||
	    (plain(edits) && playlist->items != count_of(5)))
		abort();
	if (sums.n > 0)
		check_cell(&playlist->cell, edits, false);
}

/* A tally of its own for so many runs, because days remember countries. */
static struct tally *
get_tally(void)
{
	static struct tally tally;
	static unsigned runs;

	if (runs++ % RUNS == 0) {
		if (tally.days != NULL) {
			days_free(tally.days);
			tally_free(&tally);
		}
		tally_open(&tally, BY_COUNTRY, days_open(), 1);
	}
	return &tally;
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct merge *merge;
	static struct buf line;
	struct str edits = {(const char *)data + 1, size - 1}, text;
	struct tally *tally;
	struct lines in;
	bool daily;

	if (size < 1)
		return 0;
	if (merge == NULL) {
		edit_hush();
		name_features();
		merge = merge_open();
	}
	tally = get_tally();
	daily = *data % 2 == 0;
	members[0].value = daily ? "\"daily\"" : "\"playlist_sum\"";
	line.len = 0;
	edit_record(&line, members, MEMBERS, edits, values);
	if (values[0].ptr != members[0].value)
		return 0; /* the type is the first byte's to choose */
	text = (struct str){line.ptr, line.len - LINES_SLACK};
	lines_open_block(&in, text, NULL, 0);
	merge_line(merge, tally, &in, text);
	if (daily)
		check_daily(tally->days, text, edits, in.refused > 0);
	else if ((tally->playlists.n > 0) == (in.refused > 0))
		abort();
	else if (tally->playlists.n > 0)
		check_playlist(&tally->playlists, edits);
	playlists_free(&tally->playlists);
	tally->playlists = (struct playlists){0};
	return 0;
}
