/*
 * lengths: how long the playlists are, in six classes.
 */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "chart.h"

enum {
	LEFT_MARGIN = 82,
	RIGHT_MARGIN = 24,
	TOP_MARGIN = 84,
	BOTTOM_MARGIN = 86,
	HEIGHT = 260,
	TICKS = 4
};

/* "11-25", or of the last "over 250". */
static void
class_name(int class, char name[32])
{
	int first = class == 0 ? 1 : records_lengths[class - 1] + 1;

	if (class == LENGTHS - 1)
		(void)snprintf(name, 32, "over %d", first - 1);
	else
		(void)snprintf(name, 32, "%d\xe2\x80\x93%d", first,
		    records_lengths[class]);
}

/* The share and the number on top of a bar. */
static void
put_value(struct picture *picture, const struct area *plot, int class,
    double playlists, double share, double most)
{
	double x = plot->x + plot->width * (class + 0.5) / LENGTHS;
	double y = plot->y + plot->height * (1 - share / most);
	struct buf text = {0};

	chart_count(&text, playlists);
	picture_text(picture, x, y - 10, CENTRE, 11, "soft", buf_str(&text));
	text.len = 0;
	buf_printf(&text, "%.0f %%", 100 * share);
	picture_text(picture, x, y - 25, CENTRE, 12, "ink", buf_str(&text));
	buf_free(&text);
}

static void
put_axes(struct picture *picture, const struct area *plot, double most)
{
	char name[32];

	picture_area(picture, *plot);
	picture_command(picture, "set xrange [0.5:%d.5]", LENGTHS);
	picture_command(picture, "set yrange [0:%.10g]", 100 * most);
	picture_command(picture, "set ytics %.10g format '%%g %%%%'",
	    picture_step(100 * most, TICKS));
	picture_command(picture, "set grid ytics lt 1 lw 0.6 lc rgb rule");
	picture_command(picture, "set xtics () scale 0");
	for (int class = 0; class < LENGTHS; class ++) {
		class_name(class, name);
		picture_command(
		    picture, "set xtics add ('%s' %d)", name, class + 1);
	}
	picture_command(
	    picture, "set xlabel 'tracks in a playlist' tc rgb ink");
	picture_command(
	    picture, "set ylabel 'share of the playlists' tc rgb ink");
}

bool
lengths_draw(struct picture *picture, const struct chart *chart)
{
	const struct records *records = chart->records;
	struct area plot = {LEFT_MARGIN, TOP_MARGIN,
	    PICTURE_WIDTH - LEFT_MARGIN - RIGHT_MARGIN, HEIGHT};
	double all = 0, most = 0;
	struct buf notes = {0};

	for (int class = 0; class < LENGTHS; class ++) {
		all += records->lengths[class];
		most = fmax(most, records->lengths[class]);
	}
	if (all == 0)
		return false;
	most = 1.22 * most / all;
	picture->width = PICTURE_WIDTH;
	picture->height = TOP_MARGIN + HEIGHT + BOTTOM_MARGIN;
	picture_data(picture, "$lengths << E\n# class playlists percent");
	for (int class = 0; class < LENGTHS; class ++)
		picture_data(picture, "%d %.0f %.15g", class + 1,
		    records->lengths[class],
		    100 * records->lengths[class] / all);
	picture_data(picture, "E");
	buf_puts(&notes, "n = ");
	chart_count(&notes, all);
	buf_puts(&notes, " playlists with ");
	chart_count(&notes, records->items);
	buf_puts(&notes, " tracks.");
	chart_frame(picture, chart, "How long the playlists are",
	    STR("Playlists by the number of their tracks"), buf_str(&notes));
	put_axes(picture, &plot, most);
	for (int class = 0; class < LENGTHS; class ++)
		put_value(picture, &plot, class, records->lengths[class],
		    records->lengths[class] / all, most);
	picture_command(picture,
	    "plot $lengths using 1:3:(0.72) with boxes fc rgb %s fs solid "
	    "noborder title 'playlists'",
	    picture_looks[ENERGY].colour);
	buf_free(&notes);
	return true;
}
