/*
 * heatmap: a row of coloured cells for each country, a cell for each period; a
 * panel for each feature.
 *
 * Countries differ by more than any of them moves, so a cell shows how far its
 * mean is from that of all its country's periods.
 */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
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
	TICK_HEIGHT = 50,
	PERCENTILE = 98 /* of the differences: where the colours end */
};

struct heatmap {
	struct picture *picture;
	const struct chart *chart;
	struct extent extent;
	double *sizes; /* of the differences of one feature */
	size_t nsizes;
	bool any_lockdown;
};

static bool
draws(const struct heatmap *h, const struct period *period, int f)
{
	return chart_draws(h->chart, period) && !isnan(period->of[f].value);
}

/* The mean of a feature over the periods of a country, by their items. */
static double
own_mean(const struct heatmap *h, const struct country *country, int f)
{
	double sum = 0, n = 0;

	for (size_t i = 0; i < country->n; i++)
		if (draws(h, &country->periods[i], f)) {
			sum += country->periods[i].n *
			       country->periods[i].of[f].value;
			n += country->periods[i].n;
		}
	return sum / n;
}

/* The cells of a country. */
static void
put_row(struct heatmap *h, size_t c, int f)
{
	const struct country *country = h->chart->countries[c];
	struct buf *data = &h->picture->data;
	double own = own_mean(h, country, f);

	for (size_t i = 0; i < country->n; i++) {
		const struct period *period = &country->periods[i];

		if (!draws(h, period, f))
			continue;
		h->sizes[h->nsizes++] = fabs(period->of[f].value - own);
		buf_printf(data, "%zu %s ", h->chart->ncountries - c,
		    country->name->code);
		picture_day(data, period->start);
		buf_puts(data, " ");
		picture_day(
		    data, records_period_end(h->chart->records, period->start));
		picture_number(h->picture, period->n);
		picture_number(h->picture, period->of[f].value);
		picture_number(h->picture, period->of[f].value - own);
		buf_puts(data, "\n");
	}
}

static int
compare(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;

	return (x > y) - (x < y);
}

/* The cells of all countries, and where the colours end; false if none. */
static bool
put_data(struct heatmap *h, int f, double *end)
{
	h->nsizes = 0;
	picture_data(h->picture,
	    "$%s << E\n# row country start end n mean difference",
	    audio_keys[f]);
	for (size_t c = 0; c < h->chart->ncountries; c++)
		put_row(h, c, f);
	buf_puts(&h->picture->data, "E\n");
	if (h->nsizes == 0)
		return false;
	/* A week like that of Christmas would leave the others pale. */
	qsort(h->sizes, h->nsizes, sizeof(*h->sizes), compare);
	*end = h->sizes[(h->nsizes - 1) * PERCENTILE / 100] + 1e-9;
	return true;
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
		if (!chart_locked(country, &h->extent))
			continue;
		h->any_lockdown = true;
		buf_printf(data, "%zu %s ", h->chart->ncountries - c,
		    country->name->code);
		picture_day(data, country->lockdown_start);
		buf_puts(data, " ");
		picture_day(data, country->lockdown_end + 1);
		buf_puts(data, "\n");
	}
	buf_puts(data, "E\n");
}

static void
put_names(struct heatmap *h, const struct area *plot)
{
	for (size_t c = 0; c < h->chart->ncountries; c++) {
		const char *name = h->chart->countries[c]->name->text;

		picture_text(h->picture, plot->x - 8,
		    plot->y + ((double)c + 0.5) * ROW_HEIGHT, RIGHT,
		    picture_fit(name, LEFT_MARGIN - 14, 12), "ink",
		    (struct str){name, strlen(name)});
	}
}

static void
put_panel(struct heatmap *h, int f, struct area plot, double end)
{
	struct picture *picture = h->picture;
	const char *name = audio_keys[f];
	struct buf heading = {0};

	picture_area(picture, plot);
	picture_days(picture, h->extent.from, h->extent.to, plot.width, true);
	picture_command(
	    picture, "set yrange [0.5:%zu.5]", h->chart->ncountries);
	picture_command(picture, "set cbrange [%.10g:%.10g]", -end, end);
	picture_command(picture,
	    "set colorbox user origin screen %.5f, screen %.5f "
	    "size screen %.5f, screen %.5f noborder",
	    (plot.x + plot.width + BAR_GAP) / picture->width,
	    1 - (plot.y + plot.height) / picture->height,
	    BAR_WIDTH / picture->width, plot.height / picture->height);
	picture_command(picture, "set cbtics %.10g scale 0.4 format '%%+g'",
	    picture_step(2 * end, 2 + (int)(plot.height / TICK_HEIGHT)));
	picture_command(picture, "set cbtics add ('0' 0)");
	chart_change_axis(&heading, f);
	buf_append(&heading, (struct str){"", 1});
	picture_bold(
	    picture, plot.x, plot.y - 12, LEFT, 12, "ink", heading.ptr);
	buf_free(&heading);
	put_names(h, &plot);
	for (size_t c = 1; c <= h->chart->ncountries; c++)
		picture_command(picture,
		    "set arrow from graph 0, first %zu to graph 1, first %zu "
		    "nohead back lw 1 lc rgb ghost",
		    c, c);
	picture_command(picture,
	    "plot $%s using (day(strcol(3))):1:(day(strcol(3))):"
	    "(day(strcol(4)) + overlap):($1 - 0.45):($1 + 0.45):7 "
	    "with boxxyerror lc palette fs solid noborder title '%s'%s",
	    name, name, h->any_lockdown ? ", \\" : "");
	if (h->any_lockdown) {
		picture_command(picture,
		    "$lockdowns using (day(strcol(3))):1:(day(strcol(3))):"
		    "(day(strcol(4))):($1 - 0.45):($1 + 0.45) with boxxyerror "
		    "lc rgb paper lw 3 fs empty notitle, \\");
		picture_command(picture,
		    "$lockdowns using (day(strcol(3))):1:(day(strcol(3))):"
		    "(day(strcol(4))):($1 - 0.45):($1 + 0.45) with boxxyerror "
		    "lc rgb ink lw 1.2 fs empty title 'lockdown'");
	}
	picture_clear(picture);
}

static void
put_frame(struct heatmap *h)
{
	struct buf notes = {0};
	char subtitle[128];

	(void)snprintf(subtitle, sizeof(subtitle),
	    "Mean of each %s less the country's own mean. A thin line: no "
	    "data. "
	    "Frames: first lockdown.",
	    chart_span(h->chart));
	chart_note_extent(&notes, h->chart, &h->extent);
	buf_printf(&notes, "Colours end where %d %% of the differences do.",
	    PERCENTILE);
	chart_frame(h->picture, h->chart,
	    "The mood of the music in playlists, country by country",
	    (struct str){subtitle, strlen(subtitle)}, buf_str(&notes));
	buf_free(&notes);
}

/* Draw all but the frame; false if a feature has no data. */
static bool
put_panels(struct heatmap *h, struct area plot)
{
	double ends[FEATURES] = {0};

	for (size_t i = 0; i < h->chart->nfeatures; i++)
		if (!put_data(h, h->chart->features[i], &ends[i]))
			return false;
	put_lockdowns(h);
	/* A seam would show between cells that only touch. */
	picture_command(h->picture, "overlap = 0.06 * %d # seconds",
	    (int)(records_period_end(h->chart->records, h->extent.from) -
	          h->extent.from) *
	        86400);
	picture_command(h->picture, "set border 0; unset ytics");
	picture_command(h->picture, "set palette defined (-2 cold, -1 cool, "
	                            "0 middle, 1 warm, 2 hot)");
	put_frame(h);
	for (size_t i = 0; i < h->chart->nfeatures; i++) {
		put_panel(h, h->chart->features[i], plot, ends[i]);
		plot.y += plot.height + AXIS_HEIGHT;
	}
	return true;
}

bool
heatmap_draw(struct picture *picture, const struct chart *chart)
{
	struct heatmap h = {.picture = picture, .chart = chart};
	double height = (double)chart->ncountries * ROW_HEIGHT;
	struct area plot = {LEFT_MARGIN, TOP_MARGIN,
	    PICTURE_WIDTH - LEFT_MARGIN - RIGHT_MARGIN, height};
	bool drawn;

	if (!chart_extent(chart, &h.extent))
		return false;
	picture->width = PICTURE_WIDTH;
	picture->height = TOP_MARGIN + BOTTOM_MARGIN +
	                  (height + AXIS_HEIGHT) * (double)chart->nfeatures -
	                  AXIS_HEIGHT + 30;
	h.sizes = xcalloc(chart->records->periods, sizeof(*h.sizes));
	drawn = put_panels(&h, plot);
	free(h.sizes);
	return drawn;
}
