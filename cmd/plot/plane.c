/*
 * plane: each country's way through a plane of two features, from before its
 * lockdown to after it.  With valence and energy the plane is the circumplex of
 * J. A. Russell (1980), and its quadrants have names.
 */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "chart.h"

enum {
	LEFT_MARGIN = 66,
	RIGHT_MARGIN = 24,
	TOP_MARGIN = 88,
	BOTTOM_MARGIN = 100,
	WIDEST = 300, /* a panel, pixels */
	TICKS = 4
};

struct plane {
	struct picture *picture;
	const struct chart *chart;
	struct grid grid;
	int x, y; /* the features */
	bool russell;
	double low[2], high[2], step[2]; /* of x and of y */
	double slant;                    /* height of a panel, of its width */
	double items;
};

static const char *const phases[PHASES] = {"before", "during", "after"};

/* The marks, in the order in which they are drawn: a ring hides nothing. */
static const struct {
	enum phase phase;
	int point;
	double size;
	int feature; /* whose colour it has */
} marks[PHASES] = {
    {DURING, 7, 1.1, VALENCE}, {AFTER, 5, 0.8, ENERGY}, {BEFORE, 6, 1, ENERGY}};

/* The mean of a phase in both dimensions; false if one is unknown. */
static bool
place(const struct plane *p, const struct country *country, int phase,
    double at[2])
{
	at[0] = country->effects[p->x].mean[phase];
	at[1] = country->effects[p->y].mean[phase];
	return country->effects[p->x].known && country->effects[p->y].known &&
	       !isnan(at[0]) && !isnan(at[1]);
}

/*
 * The intervals of the mean in the lockdown, one a dimension: that of the
 * change, from where it began.
 */
static struct interval
reach(const struct effect *effect)
{
	double from = effect->mean[BEFORE];

	return (struct interval){effect->mean[DURING], from + effect->diff.lo,
	    from + effect->diff.hi};
}

/* Have a range hold a value; one that is unknown changes nothing. */
static void
stretch(struct plane *p, int d, double value)
{
	p->low[d] = fmin(p->low[d], value);
	p->high[d] = fmax(p->high[d], value);
}

/* Have the ranges hold all places of a country; how many there are. */
static size_t
stretch_country(struct plane *p, const struct country *country)
{
	const int features[2] = {p->x, p->y};
	double at[2];
	size_t places = 0;

	for (int phase = 0; phase < PHASES; phase++) {
		if (!place(p, country, phase, at))
			continue;
		p->items += country->effects[p->x].n[phase];
		places++;
		for (int d = 0; d < 2; d++)
			stretch(p, d, at[d]);
	}
	for (int d = 0; d < 2 && places > 0; d++) {
		stretch(p, d, reach(&country->effects[features[d]]).lo);
		stretch(p, d, reach(&country->effects[features[d]]).hi);
	}
	return places;
}

/* Make the range of a dimension so long, about its middle. */
static void
widen(struct plane *p, int d, double span)
{
	double middle = (p->low[d] + p->high[d]) / 2;

	p->low[d] = middle - span / 2;
	p->high[d] = middle + span / 2;
}

/*
 * The ranges; false if there is no way to draw.  Features of one unit have one
 * scale, and a panel is as high as they then need: from half a square up.
 */
static bool
measure(struct plane *p)
{
	double span[2];
	size_t places = 0;

	p->low[0] = p->low[1] = INFINITY;
	p->high[0] = p->high[1] = -INFINITY;
	for (size_t c = 0; c < p->chart->ncountries; c++)
		places += stretch_country(p, p->chart->countries[c]);
	if (places == 0)
		return false;
	/* The names of the quadrants have room above and below. */
	for (int d = 0; d < 2; d++)
		span[d] =
		    fmax((d == 0 ? 1.2 : 1.4) * (p->high[d] - p->low[d]), 1e-3);
	p->slant = 1;
	if (chart_same_unit(p->x, p->y)) {
		p->slant = fmin(fmax(span[1] / span[0], 0.5), 1);
		span[0] = fmax(span[0], span[1] / p->slant);
		span[1] = p->slant * span[0];
	}
	for (int d = 0; d < 2; d++) {
		widen(p, d, span[d]);
		p->step[d] = picture_step(span[d], TICKS);
	}
	return true;
}

/* The places of a country, one a line, and the interval of its change. */
static void
put_data(struct plane *p, const struct country *country)
{
	const int features[2] = {p->x, p->y};
	struct interval interval;
	double at[2];

	picture_data(p->picture, "$%s << E\n# phase n %s %s low high low high",
	    country->name->code, audio_keys[p->x], audio_keys[p->y]);
	for (int phase = 0; phase < PHASES; phase++) {
		if (!place(p, country, phase, at))
			continue;
		buf_puts(&p->picture->data, phases[phase]);
		picture_number(p->picture, country->effects[p->x].n[phase]);
		picture_number(p->picture, at[0]);
		picture_number(p->picture, at[1]);
		for (int d = 0; d < 2 && phase == DURING; d++) {
			interval = reach(&country->effects[features[d]]);
			picture_number(p->picture, interval.lo);
			picture_number(p->picture, interval.hi);
		}
		buf_puts(&p->picture->data, "\n");
	}
	buf_puts(&p->picture->data, "E\n");
}

/* How much of the range of a dimension is the lower or the upper half's. */
static double
share(const struct plane *p, int d, bool upper)
{
	double part = (p->high[d] - 0.5) / (p->high[d] - p->low[d]);

	part = fmin(fmax(part, 0), 1);
	return upper ? part : 1 - part;
}

static bool
parted(const struct plane *p, int d)
{
	return share(p, d, false) > 0 && share(p, d, true) > 0;
}

/* The borders of the quadrants that are in view, and their names. */
static void
put_quadrants(struct plane *p, const struct area *cell)
{
	static const char *const names[2][2] = {
	    {"sad", "calm"}, {"angry", "happy"}};
	enum { INSET = 6, SIZE = 10, NAME_WIDTH = 42 };
	double room = NAME_WIDTH / cell->width; /* that a name takes */
	const char *name;

	if (!p->russell)
		return;
	if (parted(p, 0))
		picture_command(p->picture,
		    "set arrow from 0.5, graph 0 to 0.5, graph 1 nohead back "
		    "lw 1 lc rgb axis");
	if (parted(p, 1))
		picture_command(p->picture,
		    "set arrow from graph 0, first 0.5 to graph 1, first 0.5 "
		    "nohead back lw 1 lc rgb axis");
	for (int high = 0; high < 2; high++)
		for (int right = 0; right < 2; right++) {
			if (share(p, 0, right) < room ||
			    share(p, 1, high) < room)
				continue;
			name = names[high][right];
			picture_text(p->picture,
			    cell->x + (right ? cell->width - INSET : INSET),
			    cell->y + (high ? 10 : cell->height - 10),
			    right ? RIGHT : LEFT, SIZE, "faint",
			    (struct str){name, strlen(name)});
		}
}

static void
put_axes(struct plane *p, size_t i)
{
	bool leftmost = i % p->grid.columns == 0;
	bool lowest = i + p->grid.columns >= p->grid.n;

	picture_command(
	    p->picture, "set xrange [%.10g:%.10g]", p->low[0], p->high[0]);
	picture_command(
	    p->picture, "set yrange [%.10g:%.10g]", p->low[1], p->high[1]);
	picture_command(p->picture, "set xtics %.10g format '%s'", p->step[0],
	    lowest ? "%g" : "");
	picture_command(p->picture, "set ytics %.10g format '%s'", p->step[1],
	    leftmost ? "%g" : "");
	picture_command(p->picture, "set xlabel '%s' offset 0,0.4 tc rgb ink",
	    lowest ? chart_axis(p->x) : "");
	picture_command(p->picture, "set ylabel '%s' offset 0.6,0 tc rgb ink",
	    leftmost ? chart_axis(p->y) : "");
}

static void
put_plot(struct plane *p, const struct country *country)
{
	struct picture *picture = p->picture;
	const char *code = country->name->code;

	buf_puts(&picture->commands, "plot \\\n");
	for (size_t c = 0; c < p->chart->ncountries; c++)
		if (p->chart->countries[c] != country)
			picture_command(picture,
			    "$%s using 3:4 with lines lw 1 lc rgb ghost, "
			    "\\",
			    p->chart->countries[c]->name->code);
	picture_command(picture,
	    "$%s using 3:4:5:6:7:8 with xyerrorbars pt 0 lw 1 lc rgb %s "
	    "notitle, \\",
	    code, picture_looks[VALENCE].colour);
	picture_command(picture,
	    "$%s using 3:4 with lines lw 2 lc rgb %s title '%s', \\", code,
	    picture_looks[ENERGY].colour, country->name->text);
	for (int m = 0; m < PHASES; m++)
		picture_command(picture,
		    "$%s using (strcol(1) eq '%s' ? $3 : NaN):4 with points "
		    "pt %d ps %g lw 1.5 lc rgb %s title '%s'%s",
		    code, phases[marks[m].phase], marks[m].point, marks[m].size,
		    picture_looks[marks[m].feature].colour,
		    phases[marks[m].phase], m + 1 < PHASES ? ", \\" : "");
}

static void
put_panel(struct plane *p, size_t i)
{
	const struct country *country = p->chart->countries[i];
	struct area cell = chart_cell(&p->grid, i);

	picture_area(p->picture, cell);
	put_axes(p, i);
	picture_bold(p->picture, cell.x, cell.y - 10, LEFT,
	    picture_fit(country->name->text, cell.width, 12), "ink",
	    country->name->text);
	put_quadrants(p, &cell);
	put_plot(p, country);
	picture_clear(p->picture);
}

/* What the marks mean, drawn as they are. */
static void
put_key(struct plane *p)
{
	static const struct {
		const char *text;
		double x;
	} keys[PHASES] = {{"during the lockdown", 178},
	    {"in the 60 days after", 334}, {"before the lockdown", 22}};

	for (int m = 0; m < PHASES; m++) {
		picture_command(p->picture,
		    "set label '' at screen %.5f, screen %.5f tc rgb ink point "
		    "pt %d "
		    "ps %g lw 1.5 lc rgb %s",
		    keys[m].x / p->picture->width, 1 - 44 / p->picture->height,
		    marks[m].point, marks[m].size,
		    picture_looks[marks[m].feature].colour);
		picture_text(p->picture, keys[m].x + 10, 44, LEFT, 12, "soft",
		    (struct str){keys[m].text, strlen(keys[m].text)});
	}
}

static void
put_frame(struct plane *p)
{
	struct buf notes = {0};
	char title[128];

	(void)snprintf(title, sizeof(title),
	    "%s and %s of the music in playlists through the lockdown",
	    audio_keys[p->x], audio_keys[p->y]);
	title[0] = (char)(title[0] - 'a' + 'A');
	buf_puts(&notes, "n = ");
	chart_count(&notes, p->items);
	buf_puts(&notes, " tracks added to playlists from 1 January 2020 to 60 "
	                 "days after each country's first lockdown; means. "
	                 "Cross: 95 % confidence intervals of the change "
	                 "from before. ");
	chart_note_by(&notes, p->chart);
	if (p->chart->ncountries > 1)
		buf_puts(&notes, "Thin lines: the other countries.");
	put_key(p);
	chart_frame(p->picture, p->chart,
	    p->russell ? "Where the mood moved: before, during and after the "
	                 "lockdown"
	               : title,
	    (struct str){0}, buf_str(&notes));
	buf_free(&notes);
}

bool
plane_draw(struct picture *picture, const struct chart *chart)
{
	struct plane p = {.picture = picture,
	    .chart = chart,
	    .x = chart->features[0],
	    .y = chart->features[1],
	    .russell =
	        chart->features[0] == VALENCE && chart->features[1] == ENERGY};
	double width;

	if (!measure(&p))
		return false;
	p.grid = chart_grid(chart->ncountries, 5, 1.4);
	p.grid.gap_x = 16;
	p.grid.gap_y = 34;
	width = (PICTURE_WIDTH - LEFT_MARGIN - RIGHT_MARGIN + p.grid.gap_x) /
	            (double)p.grid.columns -
	        p.grid.gap_x;
	width = fmin(width, WIDEST);
	p.grid.area = (struct area){LEFT_MARGIN, TOP_MARGIN,
	    (width + p.grid.gap_x) * (double)p.grid.columns - p.grid.gap_x,
	    (p.slant * width + p.grid.gap_y) * (double)p.grid.rows -
	        p.grid.gap_y};
	picture->width = PICTURE_WIDTH;
	picture->height = p.grid.area.height + TOP_MARGIN + BOTTOM_MARGIN;
	for (size_t c = 0; c < chart->ncountries; c++)
		put_data(&p, chart->countries[c]);
	put_frame(&p);
	for (size_t i = 0; i < chart->ncountries; i++)
		put_panel(&p, i);
	return true;
}
