/*
 * forest: what the lockdown changed in each country, with its 95 % interval;
 * beside it the difference-in-differences.  A row is a country.
 */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "chart.h"

enum {
	LEFT_MARGIN = 154,   /* with the names of the countries */
	NUMBERS_WIDTH = 128, /* right of each panel */
	RIGHT_MARGIN = NUMBERS_WIDTH,
	TOP_MARGIN = 98,
	BOTTOM_MARGIN = 64,
	AXIS_HEIGHT = 66, /* under each row of panels, with a heading */
	ROW_HEIGHT = 34,
	LOW_ROW_HEIGHT = 24, /* when there are MANY */
	MANY = 14,
	COLUMNS = 2,
	TICK_WIDTH = 42
};

struct forest {
	struct picture *picture;
	const struct chart *chart;
	const struct country *countries[COUNTRIES_MAX]; /* from the top */
	struct grid grid;
	double items;
};

/* The feature that orders the countries: qsort(3) does not hand it on. */
static int first_feature;

static int
by_difference(const void *a, const void *b)
{
	const struct country *const *x = a, *const *y = b;
	double left = (*x)->effects[first_feature].diff.value;
	double right = (*y)->effects[first_feature].diff.value;

	if (left != right)
		return left < right ? 1 : -1;
	return strcmp((*x)->name->text, (*y)->name->text);
}

/* The countries and their effects; row 1 is the lowest. */
static void
put_data(struct forest *f, int feature)
{
	const struct effect *e;
	struct picture *picture = f->picture;
	size_t n = f->chart->ncountries;

	picture_data(picture,
	    "$%s << E\n# row country q diff diff_lo diff_hi did did_lo did_hi",
	    audio_keys[feature]);
	for (size_t i = 0; i < n; i++) {
		e = &f->countries[i]->effects[feature];
		buf_printf(&picture->data, "%zu %s", n - i,
		    f->countries[i]->name->code);
		picture_number(picture, e->q);
		picture_number(picture, e->diff.value);
		picture_number(picture, e->diff.lo);
		picture_number(picture, e->diff.hi);
		picture_number(picture, e->did.value);
		picture_number(picture, e->did.lo);
		picture_number(picture, e->did.hi);
		buf_puts(&picture->data, "\n");
	}
	buf_puts(&picture->data, "E\n");
}

/* Have a range hold all intervals of a feature. */
static void
stretch(const struct forest *f, int feature, double *low, double *high)
{
	const struct effect *e;

	for (size_t i = 0; i < f->chart->ncountries; i++) {
		e = &f->countries[i]->effects[feature];
		*low = fmin(*low, fmin(e->diff.value, e->did.value));
		*low = fmin(*low, fmin(e->diff.lo, e->did.lo));
		*high = fmax(*high, fmax(e->diff.value, e->did.value));
		*high = fmax(*high, fmax(e->diff.hi, e->did.hi));
	}
}

/*
 * The range of a feature's panel and its ticks' step: 0 and all intervals,
 * those of other features of its unit too, so that panels can be compared.
 */
static double
measure(const struct forest *f, int feature, double width, double *low,
    double *high)
{
	double room;

	*low = *high = 0;
	for (size_t i = 0; i < f->chart->nfeatures; i++)
		if (chart_same_unit(feature, f->chart->features[i]))
			stretch(f, f->chart->features[i], low, high);
	room = fmax(*high - *low, 1e-6) / 20;
	*low -= room;
	*high += room;
	return picture_step(*high - *low, (int)(width / TICK_WIDTH));
}

/* "+0.031" with a minus sign that is one. */
static void
put_signed(struct buf *out, double value)
{
	int digits = fabs(value) >= 10 ? 1 : 3;

	if (fabs(value) < 0.0005)
		buf_puts(out, "0.000");
	else
		buf_printf(out, "%s%.*f", value < 0 ? "\xe2\x88\x92" : "+",
		    digits, fabs(value));
}

/* The names left of the first panel of a row, the numbers right of each. */
static void
put_texts(struct forest *f, int feature, const struct area *plot, bool names)
{
	double row = plot->height / (double)f->chart->ncountries, y;
	double right = plot->x + plot->width;
	struct buf text = {0};

	picture_text(f->picture, right + 66, plot->y - 8, RIGHT, 10, "quiet",
	    STR("change"));
	picture_text(f->picture, right + NUMBERS_WIDTH - 12, plot->y - 8, RIGHT,
	    10, "quiet", STR("q"));
	for (size_t i = 0; i < f->chart->ncountries; i++) {
		const struct effect *e = &f->countries[i]->effects[feature];
		const char *name = f->countries[i]->name->text;

		y = plot->y + ((double)i + 0.5) * row;
		if (names)
			picture_text(f->picture, plot->x - 10, y, RIGHT,
			    picture_fit(name, LEFT_MARGIN - 14, 12), "ink",
			    (struct str){name, strlen(name)});
		text.len = 0;
		put_signed(&text, e->diff.value);
		picture_text(f->picture, right + 66, y, RIGHT, 11, "ink",
		    buf_str(&text));
		text.len = 0;
		if (e->q < 0.001)
			buf_puts(&text, "< 0.001");
		else if (!isnan(e->q))
			buf_printf(&text, "%.3f", e->q);
		picture_text(f->picture, right + NUMBERS_WIDTH - 12, y, RIGHT,
		    11, e->q < 0.05 ? "ink" : "faint", buf_str(&text));
	}
	buf_free(&text);
}

static void
put_axes(struct forest *f, int feature, double low, double high, double step)
{
	struct picture *picture = f->picture;
	struct buf axis = {0};

	picture_command(picture, "set xrange [%.10g:%.10g]", low, high);
	picture_command(
	    picture, "set yrange [0.5:%zu.5]", f->chart->ncountries);
	picture_command(picture,
	    "set border 1; set xtics %.10g format '%%g'; unset ytics", step);
	picture_command(picture, "set grid xtics lt 1 lw 0.6 lc rgb rule");
	chart_change_axis(&axis, feature);
	picture_command(picture,
	    "set xlabel 'change of %.*s' offset 0,0.4 tc rgb ink",
	    (int)axis.len, axis.ptr);
	buf_free(&axis);
	picture_command(picture,
	    "set arrow from 0, graph 0 to 0, graph 1 nohead back lw 1.2 "
	    "lc rgb quiet");
}

/* A row's difference, and under it the difference-in-differences. */
static void
put_plot(struct forest *f, int feature)
{
	struct picture *picture = f->picture;
	const char *name = audio_keys[feature];
	const char *colour = picture_looks[feature].colour;

	picture_command(picture, "plot \\");
	picture_command(picture,
	    "$%s using 7:($1 - 0.2):8:9 with xerrorbars pt 13 ps 0.9 lw 1.2 "
	    "lc rgb faint title 'difference in differences', \\",
	    name);
	picture_command(picture,
	    "$%s using 4:($1 + 0.14):5:6 with xerrorbars pt 7 ps 1 lw 2 "
	    "lc rgb %s title 'during less before', \\",
	    name, colour);
	picture_command(picture,
	    "$%s using 4:($3 >= 0.05 ? $1 + 0.14 : NaN) with points pt 7 "
	    "ps 0.62 lc rgb paper notitle",
	    name);
}

static void
put_panel(struct forest *f, size_t i)
{
	int feature = f->chart->features[i];
	struct area plot = chart_cell(&f->grid, i);
	bool names = i % f->grid.columns == 0;
	double low, high, step = measure(f, feature, plot.width, &low, &high);

	picture_area(f->picture, plot);
	put_axes(f, feature, low, high, step);
	picture_bold(f->picture, plot.x, plot.y - 10, LEFT, 12,
	    picture_looks[feature].colour, audio_keys[feature]);
	put_texts(f, feature, &plot, names);
	put_plot(f, feature);
	picture_clear(f->picture);
}

static void
put_frame(struct forest *f)
{
	struct buf notes = {0};
	double n = 0;

	for (size_t i = 0; i < f->chart->ncountries; i++) {
		const struct effect *e =
		    &f->countries[i]->effects[f->chart->features[0]];
		n += e->n[BEFORE] + e->n[DURING];
	}
	buf_puts(&notes, "n = ");
	chart_count(&notes, n);
	buf_puts(&notes,
	    " tracks added to playlists from 1 January 2020 to the "
	    "end of each country's first lockdown. ");
	chart_note_by(&notes, f->chart);
	buf_puts(&notes,
	    "Bars: 95 % confidence intervals. q: p of Welch's test after "
	    "Benjamini and Hochberg; a mark is filled where q < 0.05.");
	chart_frame(f->picture, f->chart,
	    "What the lockdown changed in the music of playlists",
	    STR("Circles: mean in the lockdown less the mean before it. "
	        "Diamonds: that less the same change a year earlier."),
	    buf_str(&notes));
	buf_free(&notes);
}

bool
forest_draw(struct picture *picture, const struct chart *chart)
{
	struct forest f = {.picture = picture, .chart = chart};
	double rows = (double)chart->ncountries;

	if (chart->ncountries == 0)
		return false;
	memcpy(f.countries, chart->countries,
	    chart->ncountries * sizeof(*f.countries));
	first_feature = chart->features[0];
	qsort(f.countries, chart->ncountries, sizeof(*f.countries),
	    by_difference);
	f.grid = chart_grid(chart->nfeatures, COLUMNS, 2);
	f.grid.gap_x = NUMBERS_WIDTH;
	f.grid.gap_y = AXIS_HEIGHT;
	rows *= rows > MANY ? LOW_ROW_HEIGHT : ROW_HEIGHT;
	f.grid.area = (struct area){LEFT_MARGIN, TOP_MARGIN,
	    PICTURE_WIDTH - LEFT_MARGIN - RIGHT_MARGIN,
	    (rows + AXIS_HEIGHT) * (double)f.grid.rows - AXIS_HEIGHT};
	picture->width = PICTURE_WIDTH;
	picture->height = f.grid.area.height + TOP_MARGIN + BOTTOM_MARGIN + 40;
	for (size_t i = 0; i < chart->nfeatures; i++)
		put_data(&f, chart->features[i]);
	put_frame(&f);
	for (size_t i = 0; i < chart->nfeatures; i++)
		put_panel(&f, i);
	return true;
}
