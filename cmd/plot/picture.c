/*
 * picture: the parts that the charts are made of, in gnuplot's words.
 */
#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "date.h"
#include "picture.h"

enum { MONTHS_OF_YEAR = 12, LABEL_WIDTH = 36 /* a month's, pixels */ };

/*
 * The colours, on light and on dark ground, as variables of the program.  Those
 * of the features are Okabe and Ito's, "Color Universal Design", 2008; from
 * cold to hot both hue and lightness move, so that any eye can tell the signs
 * apart.
 */
static const struct {
	const char *name, *light, *dark;
} inks[] = {
    {"paper", "#ffffff", "#1f2124"},
    {"ink", "#000000", "#eceae6"},
    {"soft", "#404040", "#cbc8c2"},
    {"quiet", "#595959", "#b0ada7"},
    {"faint", "#767676", "#95928d"},
    {"axis", "#8c8c8c", "#85837f"},
    {"ghost", "#c4c4c4", "#5a5d62"},
    {"rule", "#dcdcdc", "#3b3e43"},
    {"band", "#e3e3e3", "#34373c"},
    {"vermilion", "#D55E00", "#ff9d5c"},
    {"blue", "#0072B2", "#6cb8f5"},
    {"green", "#009E73", "#3fcf9f"},
    {"purple", "#CC79A7", "#e6a5c9"},
    {"orange", "#E69F00", "#f2b53a"},
    {"cold", "#1d5fa6", "#8fc4f2"},
    {"cool", "#7fb2dd", "#3f7cb0"},
    {"middle", "#f4f2ee", "#2b2d31"},
    {"warm", "#f2a35e", "#b8692a"},
    {"hot", "#ad4a00", "#ffb27a"},
};

/*
 * Valence and energy differ in dash and point too, and so do features that
 * share a colour.
 */
const struct look picture_looks[FEATURES] = {
    [DANCEABILITY] = {"green", "(8,3)", 9},
    [ENERGY] = {"blue", "(6,2)", 5},
    [KEY] = {"ink", "(2,2)", 1},
    [LOUDNESS] = {"blue", "solid", 4},
    [MODE] = {"ink", "solid", 2},
    [SPEECHINESS] = {"purple", "(6,2,2,2)", 11},
    [ACOUSTICNESS] = {"green", "solid", 13},
    [INSTRUMENTALNESS] = {"purple", "(2,2)", 6},
    [LIVENESS] = {"orange", "(8,2,2,2,2,2)", 12},
    [VALENCE] = {"vermilion", "solid", 7},
    [TEMPO] = {"ink", "(6,2,2,2)", 3},
};

__attribute__((format(printf, 2, 0))) static void
put_line(struct buf *out, const char *format, va_list ap)
{
	char line[512];

	(void)vsnprintf(line, sizeof(line), format, ap);
	buf_puts(out, line);
	buf_puts(out, "\n");
}

void
picture_command(struct picture *picture, const char *format, ...)
{
	va_list ap;

	va_start(ap, format);
	put_line(&picture->commands, format, ap);
	va_end(ap);
}

void
picture_data(struct picture *picture, const char *format, ...)
{
	va_list ap;

	va_start(ap, format);
	put_line(&picture->data, format, ap);
	va_end(ap);
}

void
picture_number(struct picture *picture, double value)
{
	if (isnan(value))
		buf_puts(&picture->data, " NaN");
	else
		buf_printf(&picture->data, " %.15g", value);
}

/* 'text', in which nothing is special but the quote itself. */
static void
quote(struct buf *out, struct str text)
{
	buf_puts(out, "'");
	for (size_t i = 0; i < text.len; i++) {
		if (text.ptr[i] == '\'')
			buf_puts(out, "'");
		buf_append(out, (struct str){text.ptr + i, 1});
	}
	buf_puts(out, "'");
}

static void
put_label(struct picture *picture, double x, double y, enum align align,
    int size, const char *colour, struct str text, const char *mode)
{
	static const char *const aligns[] = {"left", "center", "right"};

	buf_puts(&picture->commands, "set label ");
	quote(&picture->commands, text);
	picture_command(picture,
	    " at screen %.5f, screen %.5f %s font ',%d' tc rgb %s %s",
	    x / picture->width, 1 - y / picture->height, aligns[align], size,
	    colour, mode);
}

void
picture_text(struct picture *picture, double x, double y, enum align align,
    int size, const char *colour, struct str text)
{
	put_label(picture, x, y, align, size, colour, text, "noenhanced front");
}

void
picture_bold(struct picture *picture, double x, double y, enum align align,
    int size, const char *colour, const char *text)
{
	struct buf bold = {0};

	buf_printf(&bold, "{/:Bold %s}", text);
	put_label(picture, x, y, align, size, colour, buf_str(&bold),
	    "enhanced front");
	buf_free(&bold);
}

int
picture_fit(const char *text, double width, int size)
{
	const double letter = 0.66; /* DejaVu's in bold, of its size */

	while (size > 7 && (double)strlen(text) * letter * size > width)
		size--;
	return size;
}

void
picture_area(struct picture *picture, struct area area)
{
	picture_command(picture,
	    "set lmargin at screen %.5f; set rmargin at screen %.5f",
	    area.x / picture->width, (area.x + area.width) / picture->width);
	picture_command(picture,
	    "set bmargin at screen %.5f; set tmargin at screen %.5f",
	    1 - (area.y + area.height) / picture->height,
	    1 - area.y / picture->height);
}

void
picture_clear(struct picture *picture)
{
	picture_command(picture, "unset label; unset object; unset arrow\n");
}

void
picture_day(struct buf *out, int32_t day)
{
	char text[DATE_TEXT];

	date_format(day, text);
	buf_puts(out, text);
}

/* The months between ticks, so that their labels have room. */
static int
months_step(int32_t days, double width)
{
	static const int steps[] = {1, 2, 3, 6, 12, 24, 60, 120};
	double months = days / 30.44;
	size_t i = 0;

	while (i + 1 < sizeof(steps) / sizeof(*steps) &&
	       months / steps[i] * LABEL_WIDTH > width)
		i++;
	return steps[i];
}

void
picture_days(struct picture *picture, int32_t from, int32_t to, double width,
    bool labels)
{
	static const char names[][4] = {"Jan", "Feb", "Mar", "Apr", "May",
	    "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
	int year, month, mday, step = months_step(to - from, width);
	char text[DATE_TEXT], end[DATE_TEXT], label[32];
	bool first = true;

	date_format(from, text);
	date_format(to, end);
	picture_command(picture, "set xrange [day('%s'):day('%s')]", text, end);
	picture_command(picture, "set xtics () offset 0,0.3");
	date_civil(from, &year, &month, &mday);
	for (int32_t day = date_day(year, 1, 1); day <= to;
	     day = date_day(year, month, 1)) {
		date_civil(day, &year, &month, &mday);
		date_format(day, text);
		if (day >= from) {
			(void)snprintf(label, sizeof(label),
			    month == 1 ||
			            (first && month + step <= MONTHS_OF_YEAR)
			        ? "%s\\n%d"
			        : "%s",
			    names[month - 1], year);
			picture_command(picture,
			    "set xtics add (\"%s\" day('%s'))",
			    labels ? label : "", text);
			first = false;
		}
		month += step;
		year += (month - 1) / MONTHS_OF_YEAR;
		month = (month - 1) % MONTHS_OF_YEAR + 1;
	}
}

double
picture_step(double range, int n)
{
	double step = pow(10, floor(log10(range / n)));

	while (range / step > n)
		step *= range / step > 5.0 * n / 2 ? 5 : 2;
	return step;
}

double
picture_range(double *low, double *high, int n)
{
	double step = picture_step(fmax(*high - *low, 1e-6), n);

	*low = floor(*low / step) * step;
	*high = ceil(*high / step) * step;
	if (*low == *high)
		*high += step;
	return step;
}

/* The terminals: the same canvas, of 96 pixels an inch. */
static void
put_terminal(const struct picture *picture, enum format format,
    const char *name, struct buf *out)
{
	const char *paper = picture->dark ? inks[0].dark : inks[0].light;
	int width = (int)picture->width, height = (int)picture->height;

	switch (format) {
	case FORMAT_SVG:
		buf_printf(out,
		    "set terminal svg size %d,%d fixed enhanced "
		    "name '%s' background '%s' "
		    "font 'sans-serif,12'\n",
		    width, height, name, paper);
		break;
	case FORMAT_PNG:
		buf_printf(out,
		    "set terminal pngcairo size %d,%d enhanced "
		    "background '%s' font 'DejaVu Sans,12' "
		    "fontscale 1.5 linewidth 2 pointscale 2 dashlength 1.6\n",
		    2 * width, 2 * height, paper);
		break;
	case FORMAT_PDF:
		buf_printf(out,
		    "set terminal pdfcairo size %.4fin,%.4fin enhanced "
		    "background '%s' font 'DejaVu Sans,12' "
		    "fontscale 0.5625 linewidth 1.5 dashlength 1.6\n",
		    width / 96.0, height / 96.0, paper);
		break;
	}
}

void
picture_program(const struct picture *picture, enum format format,
    const char *name, struct buf *out)
{
	buf_printf(out, "# %s, by plot of spot %s: a program for gnuplot 5.4\n",
	    name, SPOT_VERSION);
	buf_puts(out, "set encoding utf8\n");
	put_terminal(picture, format, name, out);
	for (size_t i = 0; i < sizeof(inks) / sizeof(*inks); i++)
		buf_printf(out, "%s = '%s'\n", inks[i].name,
		    picture->dark ? inks[i].dark : inks[i].light);
	buf_puts(out, "day(date) = strptime('%Y-%m-%d', date)\n\n");
	buf_append(out, buf_str(&picture->data));
	buf_puts(out, "\nset multiplot\n"
	              "set border 3 lc rgb axis\n"
	              "set tics nomirror out scale 0.5 tc rgb soft\n"
	              "set minussign\n"
	              "unset key\n");
	buf_append(out, buf_str(&picture->commands));
	buf_puts(out, "unset multiplot\n");
}

void
picture_free(struct picture *picture)
{
	buf_free(&picture->data);
	buf_free(&picture->commands);
}
