/*
 * report: write what the sums tell.
 *
 * The records are made in pieces, by several threads: a few playlists, the days
 * of a country, its periods.
 */
#include <inttypes.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "date.h"
#include "effects.h"
#include "press.h"
#include "report.h"
#include "student.h"

enum { PLAYLISTS = 512 }; /* in a piece */

/* The keys of the features, made once. */
enum { KEY_N, KEY_SUM, KEY_SUMSQ, KEY_MEAN, KEY_SD, KEY_LO, KEY_HI, KEYS };

struct report {
	const struct tally *tally;
	bool partial;
	enum period period;
	size_t nchunks; /* of PLAYLISTS */
	int countries[COUNTRIES];
	size_t ncountries;
	struct record_key n, quads[QUADRANTS], keys[KEYS][FEATURES];
};

static struct report
open_report(const struct tally *tally)
{
	static const char *const suffixes[KEYS] = {
	    "n", "sum", "sumsq", "mean", "sd", "lo", "hi"};
	const struct countries *set = days_countries(tally->days);
	struct report r = {.tally = tally};

	r.nchunks = (tally->playlists.n + PLAYLISTS - 1) / PLAYLISTS;
	for (int c = countries_next(set, 0); c != -1;
	     c = countries_next(set, c + 1))
		r.countries[r.ncountries++] = c;
	r.n = record_key("n");
	for (int q = 0; q < QUADRANTS; q++)
		r.quads[q] = record_key(sums_quadrants[q]);
	for (int k = 0; k < KEYS; k++)
		record_keys(r.keys[k], suffixes[k]);
	return r;
}

/* The sums themselves, exact: daily, playlist_sum. */
static void
put_sums(const struct report *r, struct record *record, const struct sums *s)
{
	record_key_count(record, &r->n, s->n);
	for (int q = 0; q < QUADRANTS; q++)
		record_key_count(record, &r->quads[q], s->quads[q]);
	for (int f = 0; f < FEATURES; f++) {
		record_key_count(record, &r->keys[KEY_N][f], s->count[f]);
		record_key_sum(
		    record, &r->keys[KEY_SUM][f], s->sum[f], FIXED_DIGITS);
		record_key_sum(record, &r->keys[KEY_SUMSQ][f], s->sumsq[f],
		    2 * FIXED_DIGITS);
	}
}

static void
begin_playlist(
    struct record *record, const char *type, const struct playlist *p)
{
	const struct record_key head = record_head(type);

	record_begin(record, &head);
	record_text(record, "playlist_id", (struct str){p->id, p->id_len});
	record_count(record, "items", p->items);
}

static void
put_playlist_sum(
    const struct report *r, struct record *record, const struct playlist *p)
{
	struct buf months = {0};
	char text[DATE_TEXT];
	struct sums sums;

	begin_playlist(record, "playlist_sum", p);
	for (uint32_t i = 0; i < p->nmonths; i++) {
		date_format_month(p->months[i].start, text);
		buf_printf(&months, "%s%s:%" PRIu64, i > 0 ? "," : "", text,
		    p->months[i].items);
	}
	record_text(record, "months", buf_str(&months));
	buf_free(&months);
	cell_get(&p->cell, &sums);
	put_sums(r, record, &sums);
	record_end(record);
}

static void
put_playlist_stat(
    const struct report *r, struct record *record, const struct playlist *p)
{
	char text[DATE_TEXT];
	int32_t month = 0;
	struct sums sums;

	cell_get(&p->cell, &sums);
	begin_playlist(record, "playlist_stat", p);
	record_count(record, "with_features", sums.n);
	if (playlists_month(p, &month)) {
		date_format_month(month, text);
		record_word(record, "month", text);
	}
	for (int f = 0; f < FEATURES; f++) {
		record_key_real(
		    record, &r->keys[KEY_MEAN][f], sums_mean(&sums, f));
		record_key_real(record, &r->keys[KEY_SD][f],
		    sqrtl(sums_variance(&sums, f, 0)));
	}
	record_end(record);
}

static void
put_dailies(const struct report *r, struct record *record, int country)
{
	const struct record_key head =
	    record_country("daily", r->tally->by, country);
	struct sums sums;

	for (int32_t day = 0; days_next(r->tally->days, country, &day, &sums);
	     day++) {
		record_begin(record, &head);
		record_date(record, "day", day);
		put_sums(r, record, &sums);
		record_end(record);
	}
}

/* student_975(n - 1), which many cells ask for with the same n. */
static long double
t_of(uint64_t n)
{
	enum { REMEMBERED = 4096 };
	static _Thread_local struct {
		uint64_t n;
		long double t;
	} last[REMEMBERED];

	if (n < 2)
		return NAN;
	if (last[n % REMEMBERED].n != n) {
		last[n % REMEMBERED].n = n;
		last[n % REMEMBERED].t = student_975((long double)n - 1);
	}
	return last[n % REMEMBERED].t;
}

static void
put_mood(const struct report *r, struct record *record,
    const struct record_key *head, int32_t start, const struct sums *s)
{
	static void (*const format[])(int32_t, char[DATE_TEXT]) = {
	    date_format, date_format_week, date_format_month};
	long double mean, sd, half, quads = 0;
	char text[DATE_TEXT];

	format[r->period](start, text);
	record_begin(record, head);
	record_word(record, "period", text);
	record_date(record, "start", start);
	record_key_count(record, &r->n, s->n);
	for (int f = 0; f < FEATURES; f++) {
		mean = sums_mean(s, f);
		sd = sqrtl(sums_variance(s, f, 1));
		half = t_of(s->count[f]) * sd / sqrtl((long double)s->count[f]);
		record_key_count(record, &r->keys[KEY_N][f], s->count[f]);
		record_key_real(record, &r->keys[KEY_MEAN][f], mean);
		record_key_real(record, &r->keys[KEY_SD][f], sd);
		record_key_real(record, &r->keys[KEY_LO][f], mean - half);
		record_key_real(record, &r->keys[KEY_HI][f], mean + half);
	}
	for (int q = 0; q < QUADRANTS; q++)
		quads += (long double)s->quads[q];
	for (int q = 0; q < QUADRANTS; q++)
		record_key_real(record, &r->quads[q],
		    quads > 0 ? (long double)s->quads[q] / quads : NAN);
	record_end(record);
}

static int32_t
start_of(int32_t day, enum period period)
{
	return period == PERIOD_WEEK    ? date_week_start(day)
	       : period == PERIOD_MONTH ? date_month_start(day)
	                                : day;
}

/* The days come in order: those of a period stand together. */
static void
put_moods(const struct report *r, struct record *record, int country)
{
	const struct record_key head =
	    record_country("mood", r->tally->by, country);
	struct sums sums = {0}, one;
	int32_t start = 0, next;

	for (int32_t day = 0; days_next(r->tally->days, country, &day, &one);
	     day++) {
		next = start_of(day, r->period);
		if (sums.n > 0 && next != start) {
			put_mood(r, record, &head, start, &sums);
			sums = (struct sums){0};
		}
		start = next;
		sums_add(&sums, &one);
	}
	if (sums.n > 0)
		put_mood(r, record, &head, start, &sums);
}

static void
put_playlists(const struct report *r, struct record *record, size_t chunk)
{
	const struct playlists *ps = &r->tally->playlists;
	size_t end = (chunk + 1) * PLAYLISTS;

	for (size_t i = chunk * PLAYLISTS; i < end && i < ps->n; i++)
		(r->partial ? put_playlist_sum : put_playlist_stat)(
		    r, record, ps->list[i]);
}

/* The pieces: first those of playlists, then each country's days, its moods. */
static void
make(const void *context, size_t piece, struct record *record)
{
	const struct report *r = context;

	if (piece < r->nchunks) {
		put_playlists(r, record, piece);
		return;
	}
	piece -= r->nchunks;
	if (piece < r->ncountries)
		put_dailies(r, record, r->countries[piece]);
	else
		put_moods(r, record, r->countries[piece - r->ncountries]);
}

static void
put_run(const struct report *r, struct record *record, uint64_t records)
{
	static const char *const periods[] = {"day", "week", "month"};
	const struct record_key head = record_head("run");
	const struct playlists *ps = &r->tally->playlists;
	uint64_t items = 0, with_features = 0;
	struct sums sums;

	for (size_t i = 0; i < ps->n; i++) {
		items += ps->list[i]->items;
		cell_get(&ps->list[i]->cell, &sums);
		with_features += sums.n;
	}
	record_begin(record, &head);
	record_word(record, "by", tally_by[r->tally->by]);
	record_word(record, "period", periods[r->period]);
	record_count(record, "records", records);
	record_count(record, "playlists", ps->n);
	record_count(record, "items", items);
	record_count(record, "with_features", with_features);
	record_end(record);
}

void
report_partial(const struct tally *tally, size_t jobs)
{
	struct report r = open_report(tally);

	r.partial = true;
	(void)press(jobs, r.nchunks + r.ncountries, make, &r);
}

void
report_whole(const struct tally *tally, size_t jobs, enum period period,
    const struct lockdown lockdowns[COUNTRIES])
{
	struct report r = open_report(tally);
	struct record end = {0};
	uint64_t records;

	r.period = period;
	records = press(jobs, r.nchunks + 2 * r.ncountries, make, &r);
	effects_put(&end, tally, lockdowns);
	put_run(&r, &end, records + end.written);
	record_close(&end);
}
