/*
 * reader: mood, effect and playlist_stat, from lines to numbers.
 */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "date.h"
#include "json.h"
#include "reader.h"

enum { KEY_MAX = 32, LARGEST = 1000000000 };

/* The keys of each type, and a reader for them. */
enum { TYPE, HEAD_NAMES };
enum { BY, COUNTRY, SHARED }; /* of mood and effect */
enum { PERIOD = SHARED, START, N, MOOD_FEATURES };
enum { MEAN, LO, HI, MOOD_SUFFIXES };
enum { STAT_ITEMS, STAT_MONTH, STAT_FEATURES };
enum { STAT_MEAN, STAT_SD, STAT_SUFFIXES };
enum {
	FEATURE = SHARED,
	LOCKDOWN_START,
	LOCKDOWN_END,
	COUNTS,
	MEANS = COUNTS + PHASES,
	DIFF = MEANS + PHASES,
	DID = DIFF + MOOD_SUFFIXES,
	Q = DID + MOOD_SUFFIXES,
	EFFECT_NAMES
};
enum {
	MOOD_NAMES = MOOD_FEATURES + FEATURES * MOOD_SUFFIXES,
	STAT_NAMES = STAT_FEATURES + FEATURES * STAT_SUFFIXES
};

struct reader {
	struct records *records;
	struct lines *in;
	const bool *wanted;
	struct json *head, *mood, *effect, *stat;
	char keys[FEATURES * (MOOD_SUFFIXES + STAT_SUFFIXES)][KEY_MAX];
	const char *mood_names[MOOD_NAMES], *stat_names[STAT_NAMES];
};

static const char *const effect_names[EFFECT_NAMES] = {"by", "country",
    "feature", "lockdown_start", "lockdown_end", "before_n", "during_n",
    "after_n", "before_mean", "during_mean", "after_mean", "diff", "diff_lo",
    "diff_hi", "did", "did_lo", "did_hi", "q"};

/* Names for each feature with each suffix, in the keys given. */
static void
name_features(const char **names, char (*keys)[KEY_MAX],
    const char *const *suffixes, int n)
{
	for (int i = 0; i < FEATURES * n; i++) {
		(void)snprintf(keys[i], KEY_MAX, "%s_%s", audio_keys[i / n],
		    suffixes[i % n]);
		names[i] = keys[i];
	}
}

static void
open_reader(struct reader *r)
{
	static const char *const head[] = {"type"};
	static const char *const mood[] = {
	    "by", "country", "period", "start", "n"};
	static const char *const stat[] = {"items", "month"};
	static const char *const mood_suffixes[] = {"mean", "lo", "hi"};
	static const char *const stat_suffixes[] = {"mean", "sd"};

	memcpy(r->mood_names, mood, sizeof(mood));
	memcpy(r->stat_names, stat, sizeof(stat));
	name_features(r->mood_names + MOOD_FEATURES, r->keys, mood_suffixes,
	    MOOD_SUFFIXES);
	name_features(r->stat_names + STAT_FEATURES,
	    &r->keys[(size_t)FEATURES * MOOD_SUFFIXES], stat_suffixes,
	    STAT_SUFFIXES);
	r->head = json_open(head, HEAD_NAMES);
	r->mood = json_open(r->mood_names, MOOD_NAMES);
	r->effect = json_open(effect_names, EFFECT_NAMES);
	r->stat = json_open(r->stat_names, STAT_NAMES);
}

/* A number, NaN if it is null or absent; false if it is nothing to draw. */
static bool
read_number(const struct json_field *field, double *value)
{
	*value = NAN;
	if (field->kind == JSON_ABSENT || field->kind == JSON_NULL)
		return true;
	if (field->kind != JSON_NUMBER)
		return false;
	/* What follows a number in a line is no part of any number. */
	*value = strtod(field->raw.ptr, NULL);
	return fabs(*value) <= LARGEST;
}

/* A count, which must be there. */
static bool
read_count(const struct json_field *field, double *count)
{
	return read_number(field, count) && *count >= 0 &&
	       *count == floor(*count);
}

static bool
read_interval(const struct json_field *fields, struct interval *interval)
{
	return read_number(&fields[MEAN], &interval->value) &&
	       read_number(&fields[LO], &interval->lo) &&
	       read_number(&fields[HI], &interval->hi) &&
	       !(interval->lo > interval->value) &&
	       !(interval->hi < interval->value);
}

/* Do all records tell countries by the same? */
static bool
read_by(struct reader *r, struct str by)
{
	if (by.len == 0 || by.len >= sizeof(r->records->by))
		return false;
	if (r->records->by[0] == '\0')
		memcpy(r->records->by, by.ptr, by.len);
	return str_equal(
	    by, (struct str){r->records->by, strlen(r->records->by)});
}

/* Is a text the name of the period that begins with a day; of which span? */
static bool
read_span(struct reader *r, struct str text, int32_t start)
{
	static void (*const formats[])(int32_t, char[DATE_TEXT]) = {
	    [SPAN_DAY] = date_format,
	    [SPAN_WEEK] = date_format_week,
	    [SPAN_MONTH] = date_format_month};
	char name[DATE_TEXT];

	for (int span = SPAN_DAY; span <= SPAN_MONTH; span++) {
		formats[span](start, name);
		if (!str_equal(text, (struct str){name, strlen(name)}))
			continue;
		if (r->records->span == SPAN_NONE)
			r->records->span = (enum span)span;
		return r->records->span == (enum span)span;
	}
	return false;
}

/* Each of these: the index of the field that is no good, or -1. */
static int
read_mood(struct reader *r, const struct json_field *fields)
{
	struct period period;
	struct str code = json_text(r->mood, &fields[COUNTRY]);
	int place = records_place(code);

	if (place == -1)
		return COUNTRY;
	if (!r->wanted[place])
		return -1;
	if (!read_by(r, json_text(r->mood, &fields[BY])))
		return BY;
	if (!date_parse(json_text(r->mood, &fields[START]), &period.start))
		return START;
	if (!read_span(r, json_text(r->mood, &fields[PERIOD]), period.start))
		return PERIOD;
	if (!read_count(&fields[N], &period.n))
		return N;
	for (int f = 0; f < FEATURES; f++)
		if (!read_interval(&fields[MOOD_FEATURES + f * MOOD_SUFFIXES],
		        &period.of[f]))
			return MOOD_FEATURES + f * MOOD_SUFFIXES;
	if (!records_add_period(
	        r->records, records_country(r->records, place, code), &period))
		return START;
	return -1;
}

static int
read_feature(struct str text)
{
	for (int f = 0; f < FEATURES; f++)
		if (str_equal(text,
		        (struct str){audio_keys[f], strlen(audio_keys[f])}))
			return f;
	return -1;
}

static int
read_effect(struct reader *r, const struct json_field *fields)
{
	struct str code = json_text(r->effect, &fields[COUNTRY]);
	int place = records_place(code), f;
	struct effect effect = {.known = true};
	struct country *country;
	int32_t start, end;

	if (place == -1)
		return COUNTRY;
	if (!r->wanted[place])
		return -1;
	if (!read_by(r, json_text(r->effect, &fields[BY])))
		return BY;
	f = read_feature(json_text(r->effect, &fields[FEATURE]));
	if (f == -1)
		return FEATURE;
	if (!date_parse(json_text(r->effect, &fields[LOCKDOWN_START]), &start))
		return LOCKDOWN_START;
	if (!date_parse(json_text(r->effect, &fields[LOCKDOWN_END]), &end) ||
	    end < start)
		return LOCKDOWN_END;
	for (int p = 0; p < PHASES; p++) {
		if (!read_count(&fields[COUNTS + p], &effect.n[p]))
			return COUNTS + p;
		if (!read_number(&fields[MEANS + p], &effect.mean[p]))
			return MEANS + p;
	}
	if (!read_interval(&fields[DIFF], &effect.diff))
		return DIFF;
	if (!read_interval(&fields[DID], &effect.did))
		return DID;
	if (!read_number(&fields[Q], &effect.q))
		return Q;
	country = records_country(r->records, place, code);
	country->locked = true;
	country->lockdown_start = start;
	country->lockdown_end = end;
	country->effects[f] = effect;
	return -1;
}

/* The first day of "2020-03". */
static bool
read_month(struct str text, int32_t *start)
{
	char day[] = "YYYY-MM-01";

	if (text.len != 7)
		return false;
	memcpy(day, text.ptr, text.len);
	return date_parse((struct str){day, sizeof(day) - 1}, start);
}

static int
read_stat(struct reader *r, const struct json_field *fields)
{
	struct records *records = r->records;
	struct {
		double mean, sd;
	} of[FEATURES];
	struct month *month;
	int32_t start;
	double items;
	int class = 0;

	if (!read_count(&fields[STAT_ITEMS], &items))
		return STAT_ITEMS;
	for (int f = 0, i = STAT_FEATURES; f < FEATURES; f++, i += 2)
		if (!read_number(&fields[i], &of[f].mean) ||
		    !read_number(&fields[i + 1], &of[f].sd))
			return i;
	while (class < LENGTHS - 1 && items > records_lengths[class])
		class ++;
	if (fields[STAT_MONTH].kind != JSON_ABSENT &&
	    fields[STAT_MONTH].kind != JSON_NULL) {
		if (!read_month(
		        json_text(r->stat, &fields[STAT_MONTH]), &start) ||
		    (month = records_month(records, start)) == NULL)
			return STAT_MONTH;
		month->playlists++;
		for (int f = 0; f < FEATURES; f++) {
			if (isnan(of[f].mean) || isnan(of[f].sd))
				continue;
			month->of[f].n++;
			month->of[f].mean += of[f].mean;
			month->of[f].sd += of[f].sd;
		}
	}
	records->lengths[class]++;
	records->items += items;
	return -1;
}

/* Read a line of one type by its reader. */
static void
read_typed(struct reader *r, struct str line, struct json *json,
    const char *const *names,
    int (*read)(struct reader *, const struct json_field *))
{
	struct json_field fields[JSON_NAMES];
	int bad;

	if (!json_fields(json, line, fields))
		lines_refuse(r->in, "%s", json_error(json));
	else if ((bad = read(r, fields)) != -1)
		lines_refuse(r->in, "%s is missing or no good", names[bad]);
}

static void
read_line(struct reader *r, struct str line)
{
	struct json_field head[HEAD_NAMES];

	if (!json_fields(r->head, line, head))
		lines_refuse(r->in, "%s", json_error(r->head));
	else if (json_is(&head[TYPE], STR("mood")))
		read_typed(r, line, r->mood, r->mood_names, read_mood);
	else if (json_is(&head[TYPE], STR("effect")))
		read_typed(r, line, r->effect, effect_names, read_effect);
	else if (json_is(&head[TYPE], STR("playlist_stat")))
		read_typed(r, line, r->stat, r->stat_names, read_stat);
}

void
reader_read(
    struct records *records, struct lines *in, const bool wanted[COUNTRIES_MAX])
{
	struct reader r = {.records = records, .in = in, .wanted = wanted};
	struct str line;

	open_reader(&r);
	while (lines_next(in, &line))
		read_line(&r, line);
	json_free(r.head);
	json_free(r.mood);
	json_free(r.effect);
	json_free(r.stat);
}
