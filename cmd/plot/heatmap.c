/*
 * heatmap: a row of coloured cells for each country, a cell for each period; a
 * panel for each feature.
 */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "chart.h"
#include "date.h"

enum {
	LEFT_MARGIN = 150,
	RIGHT_MARGIN = 84,
	TOP_MARGIN = 92,
	BOTTOM_MARGIN = 64,
	AXIS_HEIGHT = 84, /* under a panel, and the next one's heading */
	ROW_HEIGHT = 22,
	BAR_WIDTH = 12,
	BAR_GAP = 14,
	TICK_HEIGHT = 50
};

struct heatmap {
	struct picture *picture;
	const struct chart *chart;
	struct extent extent;
};

/*
 * Cividis (Nunez, Anderton and Renslow, PLOS ONE 13, 2018): its lightness
 * grows evenly, so it is read in grey, and with any colour vision.
 */
static const char palette[] =
    "set palette defined (0 '#00224e', 1 '#123570', 2 '#3b496c', 3 '#575d6d', "
    "4 '#707173', 5 '#8a8678', 6 '#a59c74', 7 '#c3b369', 8 '#e1cc55', "
    "9 '#fee838')";

/* The cells of all countries: row, first day and the day behind, value. */
static bool
put_data(struct heatmap *h, int f, double *low, double *high)
{
	struct buf *data = &h->picture->data;
	const struct country *country;

	*low = INFINITY;
	*high = -INFINITY;
	picture_data(h->picture, "$%s << E\n# row country start end n mean",
	    audio_keys[f]);
	for (size_t c = 0; c < h->chart->ncountries; c++) {
		country = h->chart->countries[c];
		for (size_t i = 0; i < country->n; i++) {
			const struct period *period = &country->periods[i];

			if (!chart_draws(h->chart, period) ||
			    isnan(period->of[f].value))
				continue;
			*low = fmin(*low, period->of[f].value);
			*high = fmax(*high, period->of[f].value);
			buf_printf(data, "%zu %s ", h->chart->ncountries - c,
			    country->name->code);
			picture_day(data, period->start);
			buf_puts(data, " ");
			picture_day(data, records_period_end(h->chart->records,
			                      period->start));
			picture_number(h->picture, period->n);
			picture_number(h->picture, period->of[f].value);
			buf_puts(data, "\n");
		}
	}
	buf_puts(data, "E\n");
	return *low <= *high;
}

/* The lockdowns: row, first day and the day behind. */
static void
put_lockdowns(struct heatmap *h)
{
	struct buf *data = &h->picture->data;
	const struct country *country;

	picture_data(h->picture, "$lockdowns << E\n# row country start end");
	for (size_t c = 0; c < h->chart->ncountries; c++) {
		country = h->chart->countries[c];
		if (!country->locked ||
		    country->lockdown_end < h->extent.from ||
		    country->lockdown_start >= h->extent.to)
			continue;
		buf_printf(data, "%zu %s ", h->chart->ncountries - c,
		    country->name->code);
		picture_day(data, country->lockdown_start);
		buf_puts(data, " ");
		picture_day(data, country->lockdown_end + 1);
		buf_puts(data, "\n");
	}
	buf_puts(data, "E\n");
}

static bool
any_lockdown(const struct heatmap *h)
{
	for (size_t c = 0; c < h->chart->ncountries; c++)
		if (h->chart->countries[c]->locked &&
		    h->chart->countries[c]->lockdown_end >= h->extent.from &&
		    h->chart->countries[c]->lockdown_start < h->extent.to)
			return true;
	return false;
}

static void
put_names(struct heatmap *h, const struct area *plot)
{
	for (size_t c = 0; c < h->chart->ncountries; c++) {
		const char *name = h->chart->countries[c]->name->text;

		picture_text(h->picture, plot->x - 8,
		    plot->y + ((double)c + 0.5) * ROW_HEIGHT, RIGHT,
		    picture_fit(name, LEFT_MARGIN - 14, 12), "#000000",
		    (struct str){name, strlen(name)});
	}
}

static void
put_panel(struct heatmap *h, int f, struct area plot, double low, double high)
{
	struct picture *picture = h->picture;
	const char *name = audio_keys[f];
	double margin = (high - low) * 0.02 + 1e-9;

	picture_area(picture, plot);
	picture_days(picture, h->extent.from, h->extent.to, plot.width, true);
	picture_command(
	    picture, "set yrange [0.5:%zu.5]", h->chart->ncountries);
	picture_command(
	    picture, "set cbrange [%.10g:%.10g]", low - margin, high + margin);
	picture_command(picture,
	    "set colorbox user origin screen %.5f, screen %.5f "
	    "size screen %.5f, screen %.5f noborder",
	    (plot.x + plot.width + BAR_GAP) / picture->width,
	    1 - (plot.y + plot.height) / picture->height,
	    BAR_WIDTH / picture->width, plot.height / picture->height);
	picture_command(picture, "set cbtics %.10g scale 0.4",
	    picture_step(
	        high - low + 2 * margin, 2 + (int)(plot.height / TICK_HEIGHT)));
	picture_bold(
	    picture, plot.x, plot.y - 12, LEFT, 12, "#000000", chart_axis(f));
	put_names(h, &plot);
	picture_command(picture,
	    "plot $%s using (day(strcol(3))):1:(day(strcol(3))):"
	    "(day(strcol(4)) + overlap):($1 - 0.45):($1 + 0.45):6 "
	    "with boxxyerror lc palette fs solid noborder title 'mean %s'%s",
	    name, name, any_lockdown(h) ? ", \\" : "");
	if (any_lockdown(h)) {
		picture_command(picture,
		    "$lockdowns using (day(strcol(3))):1:(day(strcol(3))):"
		    "(day(strcol(4))):($1 - 0.45):($1 + 0.45) with boxxyerror "
		    "lc rgb '#ffffff' lw 3 fs empty notitle, \\");
		picture_command(picture,
		    "$lockdowns using (day(strcol(3))):1:(day(strcol(3))):"
		    "(day(strcol(4))):($1 - 0.45):($1 + 0.45) with boxxyerror "
		    "lc rgb '#000000' lw 1.2 fs empty title 'lockdown'");
	}
	picture_clear(picture);
}

static void
put_frame(struct heatmap *h)
{
	struct buf notes = {0};
	char title[128], subtitle[128];

	(void)snprintf(title, sizeof(title),
	    "The mood of the music in playlists, country by country");
	(void)snprintf(subtitle, sizeof(subtitle),
	    "Mean of each %s. White: no data. Black frames: the country's "
	    "first lockdown.",
	    chart_span(h->chart));
	chart_note_extent(&notes, h->chart, &h->extent);
	chart_frame(h->picture, h->chart, title,
	    (struct str){subtitle, strlen(subtitle)}, buf_str(&notes));
	buf_free(&notes);
}

bool
heatmap_draw(struct picture *picture, const struct chart *chart)
{
	struct heatmap h = {.picture = picture, .chart = chart};
	double height = (double)chart->ncountries * ROW_HEIGHT;
	double low[FEATURES] = {0}, high[FEATURES] = {0};
	struct area plot = {LEFT_MARGIN, TOP_MARGIN,
	    PICTURE_WIDTH - LEFT_MARGIN - RIGHT_MARGIN, height};

	if (!chart_extent(chart, &h.extent))
		return false;
	picture->width = PICTURE_WIDTH;
	picture->height = TOP_MARGIN + BOTTOM_MARGIN +
	                  (height + AXIS_HEIGHT) * (double)chart->nfeatures -
	                  AXIS_HEIGHT + 30;
	for (size_t i = 0; i < chart->nfeatures; i++)
		if (!put_data(&h, chart->features[i], &low[i], &high[i]))
			return false;
	put_lockdowns(&h);
	/* A seam would show between cells that only touch. */
	picture_command(picture, "overlap = 0.06 * %d # seconds",
	    (int)(records_period_end(chart->records, h.extent.from) -
	          h.extent.from) *
	        86400);
	picture_command(picture, "set border 0; unset ytics");
	picture_command(picture, "%s", palette);
	put_frame(&h);
	for (size_t i = 0; i < chart->nfeatures; i++) {
		put_panel(&h, chart->features[i], plot, low[i], high[i]);
		plot.y += height + AXIS_HEIGHT;
	}
	return true;
}
