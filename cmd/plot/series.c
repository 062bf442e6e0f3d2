/*
 * series: a small panel for each country, the means of its features over time
 * with their confidence bands, and its lockdown.
 */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "chart.h"
#include "date.h"

enum {
	LEFT_MARGIN = 58,
	RIGHT_MARGIN = 92,
	TOP_MARGIN = 84,
	BOTTOM_MARGIN = 92,
	LABEL_HEIGHT = 15,
	Y_TICKS = 4
};

struct series {
	struct picture *picture;
	const struct chart *chart;
	struct grid grid;
	struct extent extent;
	double low, high, step; /* of the values */
};

static void
stretch(struct series *s, double value)
{
	if (isnan(value))
		return;
	if (isnan(s->low) || value < s->low)
		s->low = value;
	if (isnan(s->high) || value > s->high)
		s->high = value;
}

/* The range of all panels; false if there is nothing to draw. */
static bool
measure(struct series *s)
{
	const struct country *country;
	const struct interval *of;

	s->low = s->high = NAN;
	for (size_t c = 0; c < s->chart->ncountries; c++) {
		country = s->chart->countries[c];
		for (size_t i = 0; i < country->n; i++) {
			if (!chart_draws(s->chart, &country->periods[i]))
				continue;
			for (size_t k = 0; k < s->chart->nfeatures; k++) {
				of = &country->periods[i]
				          .of[s->chart->features[k]];
				stretch(s, of->value);
				stretch(s, of->lo);
				stretch(s, of->hi);
			}
		}
	}
	if (isnan(s->low))
		return false;
	s->step = picture_range(&s->low, &s->high, Y_TICKS);
	return true;
}

/* The next period from the i-th on that has a value to draw, or NULL. */
static const struct period *
next_drawn(
    const struct series *s, const struct country *country, size_t *i, int f)
{
	const struct period *period;

	while (*i < country->n) {
		period = &country->periods[(*i)++];
		if (chart_draws(s->chart, period) &&
		    !isnan(period->of[f].value))
			return period;
	}
	return NULL;
}

/* Does one period follow the other with no gap? */
static bool
follows(const struct series *s, const struct period *a, const struct period *b)
{
	return a != NULL && b != NULL &&
	       records_period_end(s->chart->records, a->start) == b->start;
}

/*
 * A country's feature as a block of data.  An empty line is a gap; a period
 * between two gaps is alone: it has no line, and gets a mark.
 */
static void
put_data(struct series *s, const struct country *country, int f)
{
	const struct period *before = NULL, *period, *after;
	struct buf *data = &s->picture->data;
	size_t i = 0;

	picture_data(s->picture, "$%s_%s << E\n# start n mean lo hi alone",
	    country->name->code, audio_keys[f]);
	period = next_drawn(s, country, &i, f);
	for (; period != NULL; before = period, period = after) {
		after = next_drawn(s, country, &i, f);
		if (before != NULL && !follows(s, before, period))
			buf_puts(data, "\n");
		picture_day(data, period->start);
		picture_number(s->picture, period->n);
		picture_number(s->picture, period->of[f].value);
		picture_number(s->picture, period->of[f].lo);
		picture_number(s->picture, period->of[f].hi);
		buf_puts(data,
		    follows(s, before, period) || follows(s, period, after)
		        ? " 0\n"
		        : " 1\n");
	}
	buf_puts(data, "E\n");
}

/* The highest value that is below another; the features are few. */
static int
next_below(const struct series *s, const struct period *period, double limit)
{
	int best = FEATURES, f;

	for (size_t i = 0; i < s->chart->nfeatures; i++) {
		f = s->chart->features[i];
		if (period->of[f].value < limit &&
		    (best == FEATURES ||
		        period->of[f].value > period->of[best].value))
			best = f;
	}
	return best;
}

static const struct period *
last_drawn(const struct series *s, const struct country *country)
{
	for (size_t i = country->n; i > 0; i--)
		if (chart_draws(s->chart, &country->periods[i - 1]))
			return &country->periods[i - 1];
	return NULL;
}

/* The names of the features where their lines end, kept apart. */
static void
put_names(
    struct series *s, const struct country *country, const struct area *cell)
{
	const struct period *period = last_drawn(s, country);
	double scale = cell->height / (s->high - s->low);
	double y, last = -INFINITY, limit = INFINITY;
	int f;

	if (period == NULL)
		return;
	while ((f = next_below(s, period, limit)) != FEATURES) {
		limit = period->of[f].value;
		y = cell->y + (s->high - limit) * scale;
		y = fmin(fmax(y, cell->y), cell->y + cell->height);
		last = fmax(y, last + LABEL_HEIGHT);
		picture_bold(s->picture, cell->x + cell->width + 6, last, LEFT,
		    12, picture_looks[f].colour, audio_keys[f]);
	}
}

static void
put_lockdown(struct series *s, const struct country *country,
    const struct area *cell, bool named)
{
	char start[DATE_TEXT], end[DATE_TEXT];
	double middle;

	if (!chart_locked(country, &s->extent))
		return;
	date_format(country->lockdown_start, start);
	date_format(country->lockdown_end + 1, end);
	picture_command(s->picture,
	    "set object rectangle from day('%s'), graph 0 "
	    "to day('%s'), graph 1 fc rgb band fs solid noborder behind",
	    start, end);
	middle = (country->lockdown_start + country->lockdown_end + 1) / 2.0;
	if (named)
		picture_text(s->picture,
		    cell->x + cell->width * (middle - s->extent.from) /
		                  (double)(s->extent.to - s->extent.from),
		    cell->y + 7, CENTRE, 9, "quiet", STR("lockdown"));
}

static void
put_plot(struct series *s, const struct country *country)
{
	struct picture *picture = s->picture;
	char name[64];

	buf_puts(&picture->commands, "plot \\\n");
	for (size_t i = 0; i < s->chart->nfeatures; i++) {
		int f = s->chart->features[i];
		const struct look *look = &picture_looks[f];

		(void)snprintf(name, sizeof(name), "$%s_%s",
		    country->name->code, audio_keys[f]);
		picture_command(picture,
		    "%s using (day(strcol(1)) + half):4:5 with filledcurves "
		    "fc rgb %s fs transparent solid 0.22 noborder "
		    "title '95 %% interval', \\",
		    name, look->colour);
		picture_command(picture,
		    "%s using (day(strcol(1)) + half):($6 == 1 ? $3 : NaN):"
		    "(valid(4) ? $4 : $3):(valid(5) ? $5 : $3) with yerrorbars "
		    "pt %d ps 0.4 lw 0.8 lc rgb %s notitle, \\",
		    name, look->point, look->colour);
		picture_command(picture,
		    "%s using (day(strcol(1)) + half):3 with lines "
		    "lw 1.8 lc rgb %s dt %s title '%s, %s'%s",
		    name, look->colour, look->dash, country->name->text,
		    audio_keys[f], i + 1 < s->chart->nfeatures ? ", \\" : "");
	}
}

static void
put_panel(struct series *s, size_t i)
{
	const struct country *country = s->chart->countries[i];
	struct area cell = chart_cell(&s->grid, i);
	bool leftmost = i % s->grid.columns == 0;
	bool lowest = i + s->grid.columns >= s->grid.n;
	bool rightmost =
	    i % s->grid.columns == s->grid.columns - 1 || i + 1 == s->grid.n;

	picture_area(s->picture, cell);
	picture_days(
	    s->picture, s->extent.from, s->extent.to, cell.width, lowest);
	picture_command(
	    s->picture, "set yrange [%.10g:%.10g]", s->low, s->high);
	picture_command(s->picture, "set ytics %.10g format '%s'", s->step,
	    leftmost ? "%g" : "");
	picture_command(s->picture, "set grid ytics lt 1 lw 0.6 lc rgb rule");
	picture_bold(s->picture, cell.x, cell.y - 10, LEFT,
	    picture_fit(country->name->text, cell.width, 12), "ink",
	    country->name->text);
	put_lockdown(s, country, &cell, i == 0);
	if (rightmost)
		put_names(s, country, &cell);
	put_plot(s, country);
	picture_clear(s->picture);
}

static void
put_frame(struct series *s)
{
	struct buf subtitle = {0}, notes = {0};
	char title[128];

	(void)snprintf(title, sizeof(title),
	    "The mood of the music in playlists, by %s", chart_span(s->chart));
	buf_puts(&subtitle, "Mean ");
	chart_features(&subtitle, s->chart);
	chart_note_extent(&notes, s->chart, &s->extent);
	buf_puts(&notes, "Bands: 95 % confidence intervals of the means. "
	                 "Grey: the country's first lockdown.");
	chart_frame(
	    s->picture, s->chart, title, buf_str(&subtitle), buf_str(&notes));
	buf_free(&subtitle);
	buf_free(&notes);
}

bool
series_draw(struct picture *picture, const struct chart *chart)
{
	static const int halves[] = {
	    [SPAN_DAY] = 43200, [SPAN_WEEK] = 302400, [SPAN_MONTH] = 1314900};
	struct series s = {.picture = picture, .chart = chart};

	if (!chart_extent(chart, &s.extent) || !measure(&s))
		return false;
	s.grid = chart_grid(chart->ncountries, 5, 0.75);
	s.grid.gap_x = 14;
	s.grid.gap_y = 32;
	s.grid.area = (struct area){LEFT_MARGIN, TOP_MARGIN,
	    PICTURE_WIDTH - LEFT_MARGIN - RIGHT_MARGIN,
	    (double)s.grid.rows * (s.grid.rows == 1 ? 230 : 120)};
	picture->width = PICTURE_WIDTH;
	picture->height = s.grid.area.height + TOP_MARGIN + BOTTOM_MARGIN;
	for (size_t c = 0; c < chart->ncountries; c++)
		for (size_t i = 0; i < chart->nfeatures; i++)
			put_data(&s, chart->countries[c], chart->features[i]);
	picture_command(picture, "half = %d # of a period, seconds",
	    halves[chart->records->span]);
	picture_command(picture, "set errorbars 0");
	put_frame(&s);
	for (size_t i = 0; i < chart->ncountries; i++)
		put_panel(&s, i);
	return true;
}
