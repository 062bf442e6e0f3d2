/*
 * chart.h: what a chart is to show, and the frame around it.
 */
#ifndef CHART_H
#define CHART_H

#include "picture.h"
#include "records.h"

struct chart {
	const struct records *records;
	const struct country *countries[COUNTRIES_MAX]; /* by name */
	size_t ncountries;
	int features[FEATURES];
	size_t nfeatures;
	double min_items;   /* of a period that is drawn */
	const char *title;  /* instead of the chart's own, or NULL */
	const char *source; /* of the data, or NULL */
};

/* Cells of one size in rows, inside an area. */
struct grid {
	struct area area;
	size_t n, columns, rows;
	double gap_x, gap_y; /* between cells, pixels */
};

/* What the periods drawn span, and how many items they are made of. */
struct extent {
	int32_t from, to; /* the first day, and the one behind the last */
	double items;
	size_t left_out; /* periods of too few items */
};

/* Each of these draws a chart; false if there is nothing to draw. */
bool series_draw(struct picture *picture, const struct chart *chart);
bool plane_draw(struct picture *picture, const struct chart *chart);
bool forest_draw(struct picture *picture, const struct chart *chart);
bool heatmap_draw(struct picture *picture, const struct chart *chart);
bool months_draw(struct picture *picture, const struct chart *chart);
bool lengths_draw(struct picture *picture, const struct chart *chart);

/* Has a period items enough to be drawn? */
bool chart_draws(const struct chart *chart, const struct period *period);

/* The extent of all periods drawn; false if there is none. */
bool chart_extent(const struct chart *chart, struct extent *extent);

/* Had a country a lockdown in the days drawn? */
bool chart_locked(const struct country *country, const struct extent *extent);

/* A grid for n cells: so many columns at most, and so many to a row. */
struct grid chart_grid(size_t n, size_t columns, double slant);
struct area chart_cell(const struct grid *grid, size_t i);

/*
 * Title and subtitle above, caption below, for the next plot: the source and
 * what is in notes.  The picture's height must be known.
 */
void chart_frame(struct picture *picture, const struct chart *chart,
    const char *title, struct str subtitle, struct str notes);

/* Sentences for the notes: how many items and when; by what countries go. */
void chart_note_extent(
    struct buf *notes, const struct chart *chart, const struct extent *extent);
void chart_note_by(struct buf *notes, const struct chart *chart);

/* "valence (0 to 1) and energy (0 to 1)" into out. */
void chart_features(struct buf *out, const struct chart *chart);

/* "day", "week" or "month". */
const char *chart_span(const struct chart *chart);

/* "1,234,567" into out. */
void chart_count(struct buf *out, double count);

/* "3 February 2020" into out. */
void chart_date(struct buf *out, int32_t day);

/* What a feature's axis is called, with its unit. */
const char *chart_axis(int feature);

/* Have two features one unit, so that one scale fits both? */
bool chart_same_unit(int feature, int other);

/* "tempo (beats per minute)" into out, without the range of a value. */
void chart_change_axis(struct buf *out, int feature);

#endif
