/*
 * months: for each month the mean and the deviation of the features of its
 * playlists, averaged over the playlists, as the original dashboard had it; and
 * how many playlists there were.
 */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "chart.h"
#include "date.h"

enum {
	LEFT_MARGIN = 66,
	RIGHT_MARGIN = 84,
	TOP_MARGIN = 84,
	BOTTOM_MARGIN = 92,
	PANEL_HEIGHT = 150,
	COUNT_HEIGHT = 70, /* of the panel that counts playlists */
	GAP = 34,
	TICKS = 4,
	HALF = 16 /* days around the first of a month, for its mark */
};

struct months {
	struct picture *picture;
	const struct chart *chart;
	int32_t from, last; /* the first days of the first and last month */
	double playlists;
};

static bool
measure(struct months *m)
{
	const struct records *records = m->chart->records;

	if (records->nmonths == 0)
		return false;
	m->from = records->months[0].start;
	m->last = records->months[records->nmonths - 1].start;
	for (size_t i = 0; i < records->nmonths; i++)
		m->playlists += records->months[i].playlists;
	return true;
}

/* Mean and deviation of a month's playlists; false if they have none. */
static bool
month_of(const struct month *month, int f, double *mean, double *sd)
{
	*mean = month->of[f].mean / month->of[f].n;
	*sd = month->of[f].sd / month->of[f].n;
	return month->of[f].n > 0;
}

/* The months of a feature; an empty line is a gap. */
static bool
put_data(struct months *m, int f, double *low, double *high)
{
	const struct records *records = m->chart->records;
	struct buf *data = &m->picture->data;
	int32_t expected = 0;
	double mean, sd;

	*low = INFINITY;
	*high = -INFINITY;
	picture_data(
	    m->picture, "$%s << E\n# month playlists mean sd", audio_keys[f]);
	for (size_t i = 0; i < records->nmonths; i++) {
		const struct month *month = &records->months[i];

		if (!month_of(month, f, &mean, &sd))
			continue;
		*low = fmin(*low, mean - sd);
		*high = fmax(*high, mean + sd);
		if (expected != 0 && month->start != expected)
			buf_puts(data, "\n");
		expected = date_month_start(month->start + 31);
		picture_day(data, month->start);
		picture_number(m->picture, month->of[f].n);
		picture_number(m->picture, mean);
		picture_number(m->picture, sd);
		buf_puts(data, "\n");
	}
	buf_puts(data, "E\n");
	return *low <= *high;
}

static void
put_counts(struct months *m)
{
	const struct records *records = m->chart->records;
	struct buf *data = &m->picture->data;

	picture_data(m->picture, "$playlists << E\n# month playlists");
	for (size_t i = 0; i < records->nmonths; i++) {
		picture_day(data, records->months[i].start);
		picture_number(m->picture, records->months[i].playlists);
		buf_puts(data, "\n");
	}
	buf_puts(data, "E\n");
}

/* What the mark and the bar of the last month are, beside them. */
static void
put_names(
    struct months *m, int f, const struct area *plot, double low, double high)
{
	const struct records *records = m->chart->records;
	double mean, sd, scale = plot->height / (high - low);
	double x = plot->x + plot->width + 4;

	if (!month_of(&records->months[records->nmonths - 1], f, &mean, &sd))
		return;
	picture_text(m->picture, x, plot->y + (high - mean) * scale, LEFT, 11,
	    picture_looks[f].colour, STR("mean"));
	picture_text(m->picture, x, plot->y + (high - mean - sd) * scale, LEFT,
	    10, "quiet", STR("mean + sd"));
	picture_text(m->picture, x, plot->y + (high - mean + sd) * scale, LEFT,
	    10, "quiet", STR("mean \xe2\x88\x92 sd"));
}

static void
put_feature(struct months *m, int f, struct area plot, double low, double high)
{
	struct picture *picture = m->picture;
	const struct look *look = &picture_looks[f];
	const char *name = audio_keys[f];
	double step = picture_range(&low, &high, TICKS);

	picture_area(picture, plot);
	picture_days(
	    picture, m->from - HALF, m->last + HALF, plot.width, false);
	picture_command(picture, "set yrange [%.10g:%.10g]", low, high);
	picture_command(picture, "set ytics %.10g format '%%g'", step);
	picture_bold(picture, plot.x, plot.y - 10, LEFT, 12, look->colour,
	    chart_axis(f));
	put_names(m, f, &plot, low, high);
	picture_command(picture, "plot \\");
	picture_command(picture,
	    "$%s using (day(strcol(1))):3:4 with yerrorbars pt %d "
	    "ps 0.7 lw 0.8 lc rgb %s title 'deviation', \\",
	    name, look->point, look->colour);
	picture_command(picture,
	    "$%s using (day(strcol(1))):3 with linespoints lw 1.8 "
	    "pt %d ps 0.7 dt %s lc rgb %s title 'mean %s'",
	    name, look->point, look->dash, look->colour, name);
	picture_clear(picture);
}

static void
put_playlists(struct months *m, struct area plot)
{
	struct picture *picture = m->picture;
	double most = 0, step;

	for (size_t i = 0; i < m->chart->records->nmonths; i++)
		most = fmax(most, m->chart->records->months[i].playlists);
	step = fmax(1, picture_step(most, 2));
	picture_area(picture, plot);
	picture_days(picture, m->from - HALF, m->last + HALF, plot.width, true);
	picture_command(
	    picture, "set yrange [0:%.10g]", ceil(most / step) * step);
	picture_command(picture, "set ytics %.10g format '%%g'", step);
	picture_bold(picture, plot.x, plot.y - 10, LEFT, 12, "soft",
	    "playlists a month");
	picture_command(picture,
	    "plot $playlists using (day(strcol(1))):2:(25 * 86400) "
	    "with boxes fc rgb axis fs solid noborder "
	    "title 'playlists'");
	picture_clear(picture);
}

static void
put_frame(struct months *m)
{
	struct buf notes = {0};

	buf_puts(&notes, "n = ");
	chart_count(&notes, m->playlists);
	buf_puts(&notes, " playlists with ");
	chart_count(&notes, m->chart->records->items);
	buf_puts(&notes, " tracks, ");
	chart_date(&notes, m->from);
	buf_puts(&notes, " to ");
	chart_date(&notes, date_month_start(m->last + 31) - 1);
	buf_puts(&notes,
	    ". A playlist counts in the month in which most of its "
	    "tracks were added.");
	chart_frame(m->picture, m->chart,
	    "The playlists of each month, and how they sound",
	    STR("Marks: mean of the playlists' means. Bars: the standard "
	        "deviation within a playlist, on average, to either side."),
	    buf_str(&notes));
	buf_free(&notes);
}

bool
months_draw(struct picture *picture, const struct chart *chart)
{
	struct months m = {.picture = picture, .chart = chart};
	double low[FEATURES] = {0}, high[FEATURES] = {0};
	struct area plot = {LEFT_MARGIN, TOP_MARGIN,
	    PICTURE_WIDTH - LEFT_MARGIN - RIGHT_MARGIN, PANEL_HEIGHT};

	if (!measure(&m))
		return false;
	picture->width = PICTURE_WIDTH;
	picture->height = TOP_MARGIN +
	                  (double)chart->nfeatures * (PANEL_HEIGHT + GAP) +
	                  COUNT_HEIGHT + BOTTOM_MARGIN;
	for (size_t i = 0; i < chart->nfeatures; i++)
		if (!put_data(&m, chart->features[i], &low[i], &high[i]))
			return false;
	put_counts(&m);
	picture_command(picture, "set grid ytics lt 1 lw 0.6 lc rgb rule");
	put_frame(&m);
	for (size_t i = 0; i < chart->nfeatures; i++) {
		put_feature(&m, chart->features[i], plot, low[i], high[i]);
		plot.y += PANEL_HEIGHT + GAP;
	}
	plot.height = COUNT_HEIGHT;
	put_playlists(&m, plot);
	return true;
}
