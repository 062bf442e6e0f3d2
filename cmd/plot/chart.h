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

/* Each of these draws a chart; false if there is nothing to draw. */
bool series_draw(struct picture *picture, const struct chart *chart);

/* A grid for n cells, not too wide and not too high. */
struct grid chart_grid(size_t n);
struct area chart_cell(const struct grid *grid, size_t i);

/*
 * Title and subtitle above, caption below, for the next plot: the source and
 * what is in notes.  The picture's height must be known.
 */
void chart_frame(struct picture *picture, const struct chart *chart,
    const char *title, struct str subtitle, struct str notes);

/* "1,234,567" into out. */
void chart_count(struct buf *out, double count);

/* "3 February 2020" into out. */
void chart_date(struct buf *out, int32_t day);

/* What a feature's axis is called, with its unit. */
const char *chart_axis(int feature);

#endif
