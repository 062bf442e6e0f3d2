/*
 * report: write what the sums tell.
 */
#include <inttypes.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "date.h"
#include "effect.h"
#include "record.h"
#include "report.h"
#include "student.h"

/* The keys of the features, made once. */
enum { KEY_N, KEY_SUM, KEY_SUMSQ, KEY_MEAN, KEY_SD, KEY_LO, KEY_HI, KEYS };

struct report {
	struct record record;
	const struct tally *tally;
	struct record_key keys[KEYS][FEATURES];
};

static struct report
open_report(const struct tally *tally)
{
	static const char *const suffixes[KEYS] = {
	    "n", "sum", "sumsq", "mean", "sd", "lo", "hi"};
	struct report r = {.tally = tally};

	for (int k = 0; k < KEYS; k++)
		record_keys(r.keys[k], suffixes[k]);
	return r;
}

/* Begin a record of a country. */
static struct record *
begin_country(struct report *r, const char *type, int country)
{
	char code[3];

	countries_code(country, code);
	record_begin(&r->record, type);
	record_text(&r->record, "by",
	    (struct str){
	        tally_by[r->tally->by], strlen(tally_by[r->tally->by])});
	record_text(&r->record, "country", (struct str){code, 2});
	return &r->record;
}

/* The sums themselves, exact: daily, playlist_sum. */
static void
put_sums(struct report *r, const struct sums *s)
{
	record_count(&r->record, "n", s->n);
	for (int q = 0; q < QUADRANTS; q++)
		record_count(&r->record, sums_quadrants[q], s->quads[q]);
	for (int f = 0; f < FEATURES; f++) {
		record_key_count(&r->record, &r->keys[KEY_N][f], s->count[f]);
		record_key_sum(
		    &r->record, &r->keys[KEY_SUM][f], s->sum[f], FIXED_DIGITS);
		record_key_sum(&r->record, &r->keys[KEY_SUMSQ][f], s->sumsq[f],
		    2 * FIXED_DIGITS);
	}
}

static struct record *
begin_playlist(struct report *r, const char *type, const struct playlist *p)
{
	record_begin(&r->record, type);
	record_text(&r->record, "playlist_id", (struct str){p->id, p->id_len});
	record_count(&r->record, "items", p->items);
	return &r->record;
}

static void
write_playlist_sum(struct report *r, const struct playlist *p)
{
	struct record *record = begin_playlist(r, "playlist_sum", p);
	struct buf months = {0};
	char text[DATE_TEXT];

	for (uint32_t i = 0; i < p->nmonths; i++) {
		date_format_month(p->months[i].start, text);
		buf_printf(&months, "%s%s:%" PRIu32, i > 0 ? "," : "", text,
		    p->months[i].items);
	}
	record_text(record, "months", buf_str(&months));
	buf_free(&months);
	put_sums(r, &p->sums);
	record_end(record);
}

static void
write_playlist_stat(struct report *r, const struct playlist *p)
{
	struct record *record = begin_playlist(r, "playlist_stat", p);
	char text[DATE_TEXT];
	int32_t month = 0;

	record_count(record, "with_features", p->sums.n);
	if (playlists_month(p, &month)) {
		date_format_month(month, text);
		record_text(record, "month", (struct str){text, strlen(text)});
	}
	for (int f = 0; f < FEATURES; f++) {
		record_key_real(
		    record, &r->keys[KEY_MEAN][f], sums_mean(&p->sums, f));
		record_key_real(record, &r->keys[KEY_SD][f],
		    sqrtl(sums_variance(&p->sums, f, 0)));
	}
	record_end(record);
}

static void
write_daily(struct report *r, const struct day_cell *cell)
{
	struct record *record = begin_country(r, "daily", cell->country);

	record_date(record, "day", cell->day);
	put_sums(r, cell->sums);
	record_end(record);
}

/* student_975(n - 1), which many cells ask for with the same n. */
static long double
t_of(uint32_t n)
{
	enum { REMEMBERED = 4096 };
	static struct {
		uint32_t n;
		long double t;
	} last[REMEMBERED];

	if (n < 2)
		return NAN;
	if (last[n % REMEMBERED].n != n) {
		last[n % REMEMBERED].n = n;
		last[n % REMEMBERED].t = student_975(n - 1);
	}
	return last[n % REMEMBERED].t;
}

static void
write_mood(struct report *r, int country, enum period period, int32_t start,
    const struct sums *s)
{
	static void (*const format[])(int32_t, char[DATE_TEXT]) = {
	    date_format, date_format_week, date_format_month};
	struct record *record = begin_country(r, "mood", country);
	long double mean, sd, half, quads = 0;
	char text[DATE_TEXT];

	format[period](start, text);
	record_text(record, "period", (struct str){text, strlen(text)});
	record_date(record, "start", start);
	record_count(record, "n", s->n);
	for (int f = 0; f < FEATURES; f++) {
		mean = sums_mean(s, f);
		sd = sqrtl(sums_variance(s, f, 1));
		half = t_of(s->count[f]) * sd / sqrtl(s->count[f]);
		record_key_count(record, &r->keys[KEY_N][f], s->count[f]);
		record_key_real(record, &r->keys[KEY_MEAN][f], mean);
		record_key_real(record, &r->keys[KEY_SD][f], sd);
		record_key_real(record, &r->keys[KEY_LO][f], mean - half);
		record_key_real(record, &r->keys[KEY_HI][f], mean + half);
	}
	for (int q = 0; q < QUADRANTS; q++)
		quads += s->quads[q];
	for (int q = 0; q < QUADRANTS; q++)
		record_real(record, sums_quadrants[q],
		    quads > 0 ? s->quads[q] / quads : NAN);
	record_end(record);
}

static int32_t
start_of(int32_t day, enum period period)
{
	return period == PERIOD_WEEK    ? date_week_start(day)
	       : period == PERIOD_MONTH ? date_month_start(day)
	                                : day;
}

/* The cells come by country and day: those of a period stand together. */
static void
write_moods(struct report *r, const struct day_cell *cells, size_t n,
    enum period period)
{
	struct sums sums;
	int32_t start;
	size_t i, from;

	for (from = 0; from < n; from = i) {
		start = start_of(cells[from].day, period);
		sums = (struct sums){0};
		for (i = from;
		     i < n && cells[i].country == cells[from].country &&
		     start_of(cells[i].day, period) == start;
		     i++)
			sums_add(&sums, cells[i].sums);
		write_mood(r, cells[from].country, period, start, &sums);
	}
}

struct country_effects {
	int country;
	struct sums now[WINDOWS], earlier[WINDOWS];
};

/* The sums of the windows of one country, whose n cells are given. */
static void
add_windows(struct country_effects *c, const struct lockdown *lockdown,
    const struct day_cell *cells, size_t n)
{
	enum window window;

	c->country = cells->country;
	for (size_t i = 0; i < n; i++) {
		window = windows_of(lockdown, cells[i].day, false);
		if (window != WINDOWS)
			sums_add(&c->now[window], cells[i].sums);
		window = windows_of(lockdown, cells[i].day, true);
		if (window != WINDOWS)
			sums_add(&c->earlier[window], cells[i].sums);
	}
}

static void
write_effect(struct report *r, const struct country_effects *c, int f,
    const struct lockdown *lockdown, const struct effect *e)
{
	static const char *const counts[] = {"before_n", "during_n", "after_n"};
	static const char *const means[] = {
	    "before_mean", "during_mean", "after_mean"};
	struct record *record = begin_country(r, "effect", c->country);

	record_text(record, "feature",
	    (struct str){audio_keys[f], strlen(audio_keys[f])});
	record_date(record, "lockdown_start", lockdown->start);
	record_date(record, "lockdown_end", lockdown->end);
	for (int w = 0; w < WINDOWS; w++) {
		record_count(record, counts[w], c->now[w].count[f]);
		record_real(record, means[w], sums_mean(&c->now[w], f));
	}
	record_real(record, "diff", e->diff);
	record_real(record, "diff_lo", e->lo);
	record_real(record, "diff_hi", e->hi);
	record_number(record, "t", e->t);
	record_number(record, "df", e->df);
	record_number(record, "p", e->p);
	record_number(record, "q", e->q);
	record_number(record, "g", e->g);
	record_real(record, "did", e->did);
	record_real(record, "did_lo", e->did_lo);
	record_real(record, "did_hi", e->did_hi);
	record_end(record);
}

static void
write_effects(struct report *r, const struct day_cell *cells, size_t n,
    const struct lockdown lockdowns[COUNTRIES])
{
	struct country_effects *countries =
	    xcalloc(COUNTRIES, sizeof(*countries));
	struct effect *effects =
	    xcalloc((size_t)COUNTRIES * FEATURES, sizeof(*effects));
	struct country_effects *c = countries;
	size_t i, tests = 0;

	for (size_t from = 0; from < n; from = i) {
		for (i = from; i < n && cells[i].country == cells[from].country;
		     i++)
			;
		if (!lockdowns[cells[from].country].known)
			continue;
		add_windows(
		    c, &lockdowns[cells[from].country], cells + from, i - from);
		for (int f = 0; f < FEATURES; f++)
			effects[tests++] = effect_of(f, c->now, c->earlier);
		c++;
	}
	effect_adjust(effects, tests);
	for (i = 0; i < tests; i++) {
		c = &countries[i / FEATURES];
		write_effect(r, c, (int)(i % FEATURES), &lockdowns[c->country],
		    &effects[i]);
	}
	free(effects);
	free(countries);
}

static void
write_run(struct report *r, enum period period)
{
	static const struct str periods[] = {
	    {"day", 3}, {"week", 4}, {"month", 5}};
	const struct playlists *ps = &r->tally->playlists;
	const char *by = tally_by[r->tally->by];
	uint64_t items = 0, with_features = 0;

	for (size_t i = 0; i < ps->n; i++) {
		items += ps->list[i]->items;
		with_features += ps->list[i]->sums.n;
	}
	record_begin(&r->record, "run");
	record_text(&r->record, "by", (struct str){by, strlen(by)});
	record_text(&r->record, "period", periods[period]);
	record_count(&r->record, "records", r->record.written);
	record_count(&r->record, "playlists", ps->n);
	record_count(&r->record, "items", items);
	record_count(&r->record, "with_features", with_features);
	record_end(&r->record);
}

void
report_partial(const struct tally *tally)
{
	struct report r = open_report(tally);
	struct day_cell *cells;
	size_t n;

	for (size_t i = 0; i < tally->playlists.n; i++)
		write_playlist_sum(&r, tally->playlists.list[i]);
	cells = days_sorted(&tally->days, &n);
	for (size_t i = 0; i < n; i++)
		write_daily(&r, &cells[i]);
	free(cells);
	record_close(&r.record);
}

void
report_whole(const struct tally *tally, enum period period,
    const struct lockdown lockdowns[COUNTRIES])
{
	struct report r = open_report(tally);
	struct day_cell *cells;
	size_t n;

	for (size_t i = 0; i < tally->playlists.n; i++)
		write_playlist_stat(&r, tally->playlists.list[i]);
	cells = days_sorted(&tally->days, &n);
	for (size_t i = 0; i < n; i++)
		write_daily(&r, &cells[i]);
	write_moods(&r, cells, n, period);
	write_effects(&r, cells, n, lockdowns);
	write_run(&r, period);
	free(cells);
	record_close(&r.record);
}
