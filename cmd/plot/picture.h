/*
 * picture.h: a picture, as the gnuplot program that draws it.
 *
 * Places are pixels of a canvas whose origin is its upper left corner; the same
 * program draws it as svg, png (with twice the pixels) and pdf.  Whatever comes
 * from the input or from the command line enters the program as a number, as a
 * date or as a single-quoted string that is not enhanced: never as code.
 */
#ifndef PICTURE_H
#define PICTURE_H

#include <stdbool.h>
#include <stdint.h>

#include "audio.h"
#include "buf.h"

enum { PICTURE_WIDTH = 800 };
enum format { FORMAT_SVG, FORMAT_PNG, FORMAT_PDF };
enum align { LEFT, CENTRE, RIGHT };

struct area {
	double x, y, width, height;
};

/* How a feature looks, in every chart: without colour too. */
struct look {
	const char *colour; /* the name of one */
	const char *dash;   /* a gnuplot dashtype */
	int point;          /* a gnuplot pointtype */
};

extern const struct look picture_looks[FEATURES];

struct picture {
	bool dark; /* light on dark ground, not dark on light */
	double width, height;
	struct buf data;     /* the data blocks */
	struct buf commands; /* what draws them */
};

/* A line of commands. */
__attribute__((format(printf, 2, 3))) void picture_command(
    struct picture *picture, const char *format, ...);

/* A line of data; "$name << E" must have begun the block, "E" ends it. */
__attribute__((format(printf, 2, 3))) void picture_data(
    struct picture *picture, const char *format, ...);

/* A number for a line of data: as short as it can be, NaN if unknown. */
void picture_number(struct picture *picture, double value);

/* A text on the canvas, of the next plot; size in pixels. */
void picture_text(struct picture *picture, double x, double y, enum align align,
    int size, const char *colour, struct str text);

/* The same in bold type, of a text that is ours. */
void picture_bold(struct picture *picture, double x, double y, enum align align,
    int size, const char *colour, const char *text);

/* The size of type, size at most, in which a text is no wider than that. */
int picture_fit(const char *text, double width, int size);

/* Where the next plot is drawn. */
void picture_area(struct picture *picture, struct area area);

/* Forget texts, objects and arrows after a plot. */
void picture_clear(struct picture *picture);

/* A day as gnuplot reads it in data and in day(). */
void picture_day(struct buf *out, int32_t day);

/* The x axis of days from .. to: months or years as the width permits. */
void picture_days(struct picture *picture, int32_t from, int32_t to,
    double width, bool labels);

/* A step for ticks: 1, 2 or 5 times a power of ten, about n in a range. */
double picture_step(double range, int n);

/* Stretch a range so that both ends are ticks, about n of them; their step. */
double picture_range(double *low, double *high, int n);

/* Write the whole program for a terminal into out. */
void picture_program(const struct picture *picture, enum format format,
    const char *name, struct buf *out);

void picture_free(struct picture *picture);

#endif
