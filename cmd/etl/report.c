/*
 * report: write what the sums tell.
 */
#include <inttypes.h>
#include <math.h>
#include <stdlib.h>

#include "date.h"
#include "effect.h"
#include "output.h"
#include "report.h"
#include "student.h"

enum { FLUSH_BYTES = 1 << 16 };

struct report {
	const struct tally *tally;
	struct buf out;
	uint64_t records;
};

/* Append ,"prefix_suffix": */
static void
put_key(struct buf *out, const char *prefix, const char *suffix)
{
	buf_append(out, STR(",\""));
	buf_puts(out, prefix);
	buf_puts(out, suffix);
	buf_append(out, STR("\":"));
}

static void
put_count(struct buf *out, const char *prefix, const char *suffix, uint64_t n)
{
	put_key(out, prefix, suffix);
	fixed_append(out, (int128)n, 0);
}

static void
put_real(struct buf *out, const char *prefix, const char *suffix, long double x)
{
	put_key(out, prefix, suffix);
	fixed_append_real(out, x);
}

/* A number of any size, such as a p of 1e-40, to 15 digits. */
static void
put_digits(struct buf *out, const char *key, long double x)
{
	if (isnan(x)) {
		buf_printf(out, ",\"%s\":null", key);
		return;
	}
	buf_printf(out, ",\"%s\":%.15Lg", key, x);
}

static void
put_date(struct buf *out, const char *key, int32_t day)
{
	char text[DATE_TEXT];

	date_format(day, text);
	put_key(out, key, "");
	buf_append(out, STR("\""));
	buf_puts(out, text);
	buf_append(out, STR("\""));
}

static void
begin(struct report *r, const char *type)
{
	buf_append(&r->out, STR("{\"type\":\""));
	buf_puts(&r->out, type);
	buf_append(&r->out, STR("\""));
}

/* Begin a record of a country. */
static void
begin_country(struct report *r, const char *type, int country)
{
	char code[3];

	countries_code(country, code);
	begin(r, type);
	buf_append(&r->out, STR(",\"by\":\""));
	buf_puts(&r->out, tally_by[r->tally->by]);
	buf_append(&r->out, STR("\",\"country\":\""));
	buf_puts(&r->out, code);
	buf_append(&r->out, STR("\""));
}

static void
end(struct report *r)
{
	buf_append(&r->out, STR("}\n"));
	r->records++;
	if (r->out.len >= FLUSH_BYTES) {
		output_write(buf_str(&r->out));
		r->out.len = 0;
	}
}

/* The sums themselves, exact: daily, playlist_sum. */
static void
put_sums(struct buf *out, const struct sums *s)
{
	put_count(out, "n", "", s->n);
	for (int q = 0; q < QUADRANTS; q++)
		put_count(out, sums_quadrants[q], "", s->quads[q]);
	for (int f = 0; f < FEATURES; f++) {
		put_count(out, audio_keys[f], "_n", s->count[f]);
		put_key(out, audio_keys[f], "_sum");
		buf_append(out, STR("\""));
		fixed_append(out, s->sum[f], FIXED_DIGITS);
		buf_append(out, STR("\""));
		put_key(out, audio_keys[f], "_sumsq");
		buf_append(out, STR("\""));
		fixed_append(out, s->sumsq[f], 2 * FIXED_DIGITS);
		buf_append(out, STR("\""));
	}
}

static void
begin_playlist(struct report *r, const char *type, const struct playlist *p)
{
	begin(r, type);
	put_key(&r->out, "playlist_id", "");
	json_quote(&r->out, (struct str){p->id, p->id_len});
	put_count(&r->out, "items", "", p->items);
}

static void
write_playlist_sum(struct report *r, const struct playlist *p)
{
	char text[DATE_TEXT];

	begin_playlist(r, "playlist_sum", p);
	buf_append(&r->out, STR(",\"months\":\""));
	for (uint32_t i = 0; i < p->nmonths; i++) {
		date_format_month(p->months[i].start, text);
		buf_printf(&r->out, "%s%s:%" PRIu32, i > 0 ? "," : "", text,
		    p->months[i].items);
	}
	buf_append(&r->out, STR("\""));
	put_sums(&r->out, &p->sums);
	end(r);
}

static void
write_playlist_stat(struct report *r, const struct playlist *p)
{
	struct buf *out = &r->out;
	char text[DATE_TEXT];
	int32_t month = 0;

	begin_playlist(r, "playlist_stat", p);
	put_count(out, "with_features", "", p->sums.n);
	if (playlists_month(p, &month)) {
		date_format_month(month, text);
		buf_printf(out, ",\"month\":\"%s\"", text);
	} else
		buf_append(out, STR(",\"month\":null"));
	for (int f = 0; f < FEATURES; f++) {
		put_real(out, audio_keys[f], "_mean", sums_mean(&p->sums, f));
		put_real(out, audio_keys[f], "_sd",
		    sqrtl(sums_variance(&p->sums, f, 0)));
	}
	end(r);
}

static void
write_daily(struct report *r, const struct day_cell *cell)
{
	begin_country(r, "daily", cell->country);
	put_date(&r->out, "day", cell->day);
	put_sums(&r->out, cell->sums);
	end(r);
}

/* Mean, deviation and interval of one feature; t is that of its count. */
static void
put_mood(struct buf *out, const struct sums *s, int f, long double t)
{
	const char *key = audio_keys[f];
	long double mean = sums_mean(s, f);
	long double sd = sqrtl(sums_variance(s, f, 1));
	long double half = t * sd / sqrtl(s->count[f]);

	put_count(out, key, "_n", s->count[f]);
	put_real(out, key, "_mean", mean);
	put_real(out, key, "_sd", sd);
	put_real(out, key, "_lo", mean - half);
	put_real(out, key, "_hi", mean + half);
}

static void
write_mood(struct report *r, int country, enum period period, int32_t start,
    const struct sums *s)
{
	static void (*const format[])(int32_t, char[DATE_TEXT]) = {
	    date_format, date_format_week, date_format_month};
	uint32_t n = 0, quads = 0;
	char text[DATE_TEXT];
	long double t = NAN;

	format[period](start, text);
	begin_country(r, "mood", country);
	buf_printf(&r->out, ",\"period\":\"%s\"", text);
	put_date(&r->out, "start", start);
	put_count(&r->out, "n", "", s->n);
	for (int f = 0; f < FEATURES; f++) {
		/* The counts are mostly all the same: t is dear. */
		if (s->count[f] != n) {
			n = s->count[f];
			t = n > 1 ? student_975(n - 1) : NAN;
		}
		put_mood(&r->out, s, f, t);
	}
	for (int q = 0; q < QUADRANTS; q++)
		quads += s->quads[q];
	for (int q = 0; q < QUADRANTS; q++)
		put_real(&r->out, sums_quadrants[q], "",
		    quads > 0 ? (long double)s->quads[q] / quads : NAN);
	end(r);
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
			sums_add(&sums, cells[i].sums, 1);
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
			sums_add(&c->now[window], cells[i].sums, 1);
		window = windows_of(lockdown, cells[i].day, true);
		if (window != WINDOWS)
			sums_add(&c->earlier[window], cells[i].sums, 1);
	}
}

static void
write_effect(struct report *r, const struct country_effects *c, int f,
    const struct lockdown *lockdown, const struct effect *e)
{
	static const char *const windows[] = {"before", "during", "after"};
	struct buf *out = &r->out;

	begin_country(r, "effect", c->country);
	buf_printf(out, ",\"feature\":\"%s\"", audio_keys[f]);
	put_date(out, "lockdown_start", lockdown->start);
	put_date(out, "lockdown_end", lockdown->end);
	for (int w = 0; w < WINDOWS; w++) {
		put_count(out, windows[w], "_n", c->now[w].count[f]);
		put_real(out, windows[w], "_mean", sums_mean(&c->now[w], f));
	}
	put_real(out, "diff", "", e->diff);
	put_real(out, "diff_lo", "", e->lo);
	put_real(out, "diff_hi", "", e->hi);
	put_digits(out, "t", e->t);
	put_digits(out, "df", e->df);
	put_digits(out, "p", e->p);
	put_digits(out, "q", e->q);
	put_digits(out, "g", e->g);
	put_real(out, "did", "", e->did);
	put_real(out, "did_lo", "", e->did_lo);
	put_real(out, "did_hi", "", e->did_hi);
	end(r);
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
	static const char *const periods[] = {"day", "week", "month"};
	const struct playlists *ps = &r->tally->playlists;
	uint64_t items = 0, with_features = 0;

	for (size_t i = 0; i < ps->n; i++) {
		items += ps->list[i]->items;
		with_features += ps->list[i]->sums.n;
	}
	begin(r, "run");
	buf_printf(&r->out,
	    ",\"by\":\"%s\",\"period\":\"%s\",\"records\":%" PRIu64
	    ",\"playlists\":%zu,\"items\":%" PRIu64
	    ",\"with_features\":%" PRIu64,
	    tally_by[r->tally->by], periods[period], r->records, ps->n, items,
	    with_features);
	end(r);
}

void
report_partial(const struct tally *tally)
{
	struct report r = {.tally = tally};
	struct day_cell *cells;
	size_t n;

	for (size_t i = 0; i < tally->playlists.n; i++)
		write_playlist_sum(&r, tally->playlists.list[i]);
	cells = days_sorted(&tally->days, &n);
	for (size_t i = 0; i < n; i++)
		write_daily(&r, &cells[i]);
	output_write(buf_str(&r.out));
	free(cells);
	buf_free(&r.out);
}

void
report_whole(const struct tally *tally, enum period period,
    const struct lockdown lockdowns[COUNTRIES])
{
	struct report r = {.tally = tally};
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
	output_write(buf_str(&r.out));
	free(cells);
	buf_free(&r.out);
}
