/*
 * reader: what is taken makes sense, and a chart can be drawn of it.
 *
 * The first byte chooses the chart, and so the type of the records, and with
 * its upper bit, as it takes long, whether it is drawn; a byte 30 ends the
 * edits of a record.
 */
#include <math.h>
#include <stdint.h>
#include <stdlib.h>

#include "../edit.h"
#include "chart.h"

#include "../../../cmd/plot/reader.c" /* NOLINT(bugprone-suspicious-include) */

#define INTERVAL(name, of)                                                     \
	{name of, "0.5"}, {name "_lo", "0.4"},                                 \
	{                                                                      \
		name "_hi", "0.6"                                              \
	}

static const struct edit_member mood_members[] = {{"type", "\"mood\""},
    {"by", "\"country\""}, {"country", "\"IT\""}, {"period", "\"2020-W12\""},
    {"start", "\"2020-03-16\""}, {"n", "200"}, INTERVAL("energy", "_mean"),
    INTERVAL("valence", "_mean"), INTERVAL("tempo", "_mean"),
    INTERVAL("loudness", "_mean")};
static const struct edit_member effect_members[] = {{"type", "\"effect\""},
    {"by", "\"country\""}, {"country", "\"IT\""}, {"feature", "\"valence\""},
    {"lockdown_start", "\"2020-03-10\""}, {"lockdown_end", "\"2020-05-03\""},
    {"before_n", "100"}, {"before_mean", "0.5"}, {"during_n", "50"},
    {"during_mean", "0.6"}, {"after_n", "70"}, {"after_mean", "0.4"},
    INTERVAL("diff", ""), INTERVAL("did", ""), {"q", "0.04"}};
static const struct edit_member stat_members[] = {{"type", "\"playlist_stat\""},
    {"items", "30"}, {"month", "\"2020-03\""}, {"energy_mean", "0.5"},
    {"energy_sd", "0.2"}, {"valence_mean", "0.4"}, {"valence_sd", "0.1"}};

#define COUNT(members) (sizeof(members) / sizeof((members)[0]))

/* The charts, and of what they are made; forests are of one feature. */
static const struct {
	bool (*draw)(struct picture *, const struct chart *);
	const struct edit_member *members;
	size_t n;
} charts[] = {{series_draw, mood_members, COUNT(mood_members)},
    {heatmap_draw, mood_members, COUNT(mood_members)},
    {forest_draw, effect_members, COUNT(effect_members)},
    {months_draw, stat_members, COUNT(stat_members)},
    {lengths_draw, stat_members, COUNT(stat_members)}};

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* Is it unknown, or within its interval, and none of it too large? */
static bool
sound(const struct interval *interval)
{
	return !(fabs(interval->value) > LARGEST) &&
	       !(fabs(interval->lo) > LARGEST) &&
	       !(fabs(interval->hi) > LARGEST) &&
	       !(interval->lo > interval->value) &&
	       !(interval->value > interval->hi);
}

static void
check_country(const struct country *country)
{
	for (size_t i = 0; i < country->n; i++) {
		if (i > 0 &&
		    country->periods[i - 1].start >= country->periods[i].start)
			abort();
		if (country->periods[i].n < 0 ||
		    country->periods[i].n > LARGEST)
			abort();
		for (int f = 0; f < FEATURES; f++)
			if (!sound(&country->periods[i].of[f]))
				abort();
	}
	for (int f = 0; f < FEATURES; f++)
		if (country->effects[f].known &&
		    (!country->locked ||
		        country->lockdown_start > country->lockdown_end ||
		        !sound(&country->effects[f].diff) ||
		        !sound(&country->effects[f].did)))
			abort();
}

/* Is there something to draw of a country, as plot itself would say? */
static bool
drawn(const struct country *country, bool moods)
{
	const struct effect *effect = &country->effects[VALENCE];

	for (size_t i = 0; moods && i < country->n; i++)
		if (country->periods[i].n >= 1)
			return true;
	return !moods && effect->known && !isnan(effect->diff.value) &&
	       effect->n[BEFORE] + effect->n[DURING] + effect->n[AFTER] >= 1;
}

static void
draw(const struct records *records, size_t choice, bool wanted)
{
	const bool moods = charts[choice].members == mood_members;
	struct chart chart = {.records = records,
	    .features = {VALENCE, ENERGY},
	    .nfeatures = moods ? 2 : 1,
	    .min_items = 1};
	static struct buf program;
	struct picture picture = {0};

	for (int i = 0; i < COUNTRIES_MAX; i++) {
		if (records->countries[i] == NULL)
			continue;
		check_country(records->countries[i]);
		if (drawn(records->countries[i], moods))
			chart.countries[chart.ncountries++] =
			    records->countries[i];
	}
	program.len = 0;
	if (wanted && charts[choice].draw(&picture, &chart))
		picture_program(&picture, FORMAT_SVG, "x", &program);
	picture_free(&picture);
}

/* Read a record for each run of edits. */
static void
read_records(struct reader *reader, size_t choice, struct str edits)
{
	static struct buf line;
	struct str values[EDIT_MEMBERS], one;
	const char *stop;

	do {
		one = edits;
		stop = edits.len > 0 ? memchr(edits.ptr, 30, edits.len) : NULL;
		if (stop != NULL)
			one.len = (size_t)(stop - edits.ptr);
		line.len = 0;
		edit_record(&line, charts[choice].members, charts[choice].n,
		    one, values);
		read_line(
		    reader, (struct str){line.ptr, line.len - LINES_SLACK});
		edits.ptr += one.len + 1;
		edits.len -= one.len + (stop != NULL);
	} while (stop != NULL);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct reader reader;
	static bool wanted[COUNTRIES_MAX];
	static struct records records;
	static struct lines in;
	char code[2];

	if (size < 1)
		return 0;
	memset(&records, 0, sizeof(records));
	if (reader.head == NULL) {
		edit_hush();
		open_reader(&reader);
		for (int i = 0; i < COUNTRIES_MAX; i++) {
			code[0] = (char)('A' + i / 26);
			code[1] = (char)('A' + i % 26);
			wanted[i] = names_find((struct str){code, 2}) != NULL;
		}
		reader.wanted = wanted;
	}
	lines_open_block(&in, STR(""), NULL, 0);
	reader.records = &records;
	reader.in = &in;
	read_records(&reader, *data % COUNT(charts),
	    (struct str){(const char *)data + 1, size - 1});
	draw(&records, *data % COUNT(charts), *data >= 128);
	records_free(&records);
	return 0;
}
