/*
 * chart: title, caption, and the grid of small multiples.
 */
#include <stdio.h>
#include <string.h>

#include "chart.h"
#include "date.h"
#include "utf8.h"

enum { CAPTION_CHARACTERS = 138, CAPTION_LINE = 14 };

bool
chart_draws(const struct chart *chart, const struct period *period)
{
	return period->n >= chart->min_items;
}

bool
chart_extent(const struct chart *chart, struct extent *extent)
{
	const struct period *period;
	int32_t end;

	*extent = (struct extent){.from = INT32_MAX, .to = INT32_MIN};
	for (size_t c = 0; c < chart->ncountries; c++)
		for (size_t i = 0; i < chart->countries[c]->n; i++) {
			period = &chart->countries[c]->periods[i];
			if (!chart_draws(chart, period)) {
				extent->left_out++;
				continue;
			}
			extent->items += period->n;
			end = records_period_end(chart->records, period->start);
			if (period->start < extent->from)
				extent->from = period->start;
			if (end > extent->to)
				extent->to = end;
		}
	return extent->items > 0;
}

bool
chart_locked(const struct country *country, const struct extent *extent)
{
	return country->locked && country->lockdown_end >= extent->from &&
	       country->lockdown_start < extent->to;
}

struct grid
chart_grid(size_t n, size_t columns, double slant)
{
	struct grid grid = {.n = n, .columns = 1};

	while (grid.columns < columns && grid.columns < n &&
	       (double)(grid.columns * grid.columns) < slant * (double)n)
		grid.columns++;
	grid.rows = (n + grid.columns - 1) / grid.columns;
	return grid;
}

struct area
chart_cell(const struct grid *grid, size_t i)
{
	double columns = (double)grid->columns, rows = (double)grid->rows;
	size_t column = i % grid->columns, row = i / grid->columns;
	struct area cell;

	cell.width = (grid->area.width - (columns - 1) * grid->gap_x) / columns;
	cell.height = (grid->area.height - (rows - 1) * grid->gap_y) / rows;
	cell.x = grid->area.x + (double)column * (cell.width + grid->gap_x);
	cell.y = grid->area.y + (double)row * (cell.height + grid->gap_y);
	return cell;
}

/*
 * The end of the line that a caption begins with: at a space, if there is, but
 * not in "95 %".
 */
static size_t
line_end(struct str text)
{
	size_t characters = 0, space = 0, i = 0, length;

	for (; i < text.len && characters < CAPTION_CHARACTERS; characters++) {
		length = utf8_sequence(text.ptr + i, text.ptr + text.len);
		i += length == 0 ? 1 : length;
		if (i + 1 < text.len && text.ptr[i] == ' ' &&
		    text.ptr[i + 1] != '%')
			space = i;
	}
	return i == text.len || space == 0 ? i : space;
}

static void
put_caption(struct picture *picture, struct str text)
{
	size_t ends[16], n = 0, from = 0;

	while (from < text.len && n < sizeof(ends) / sizeof(*ends)) {
		ends[n] = from + line_end((struct str){
		                     text.ptr + from, text.len - from});
		from = ends[n++] + 1;
	}
	from = 0;
	for (size_t i = 0; i < n; i++) {
		picture_text(picture, 14,
		    picture->height - 12 - (double)(n - 1 - i) * CAPTION_LINE,
		    LEFT, 10, "quiet",
		    (struct str){text.ptr + from, ends[i] - from});
		from = ends[i] + 1;
	}
}

void
chart_frame(struct picture *picture, const struct chart *chart,
    const char *title, struct str subtitle, struct str notes)
{
	const char *source = chart->source != NULL
	                         ? chart->source
	                         : "playlists and audio features of Spotify";
	struct buf caption = {0};

	if (chart->title != NULL)
		title = chart->title;
	picture_text(picture, 14, 22, LEFT, 17, "ink",
	    (struct str){title, strlen(title)});
	if (subtitle.len > 0)
		picture_text(picture, 14, 44, LEFT, 12, "soft", subtitle);
	buf_printf(&caption, "Source: %s. ", source);
	buf_append(&caption, notes);
	put_caption(picture, buf_str(&caption));
	buf_free(&caption);
}

void
chart_note_extent(
    struct buf *notes, const struct chart *chart, const struct extent *extent)
{
	buf_puts(notes, "n = ");
	chart_count(notes, extent->items);
	buf_puts(notes, " tracks added to playlists, ");
	chart_date(notes, extent->from);
	buf_puts(notes, " to ");
	chart_date(notes, extent->to - 1);
	if (extent->left_out > 0)
		buf_printf(notes, "; %ss of fewer than %.0f are left out",
		    chart_span(chart), chart->min_items);
	buf_puts(notes, ". ");
	chart_note_by(notes, chart);
}

void
chart_note_by(struct buf *notes, const struct chart *chart)
{
	if (strcmp(chart->records->by, "isrc") == 0)
		buf_puts(notes, "A track counts for the country where it was "
		                "registered. ");
	if (strcmp(chart->records->by, "market") == 0)
		buf_puts(notes, "A track counts for each country where it can "
		                "be played. ");
}

void
chart_features(struct buf *out, const struct chart *chart)
{
	for (size_t i = 0; i < chart->nfeatures; i++)
		buf_printf(out, "%s%s",
		    i == 0                      ? ""
		    : i + 1 == chart->nfeatures ? " and "
		                                : ", ",
		    chart_axis(chart->features[i]));
}

const char *
chart_span(const struct chart *chart)
{
	static const char *const spans[] = {
	    [SPAN_DAY] = "day", [SPAN_WEEK] = "week", [SPAN_MONTH] = "month"};

	return spans[chart->records->span];
}

void
chart_count(struct buf *out, double count)
{
	char digits[32];
	int n = snprintf(digits, sizeof(digits), "%.0f", count);

	for (int i = 0; i < n; i++) {
		if (i > 0 && (n - i) % 3 == 0)
			buf_puts(out, ",");
		buf_append(out, (struct str){digits + i, 1});
	}
}

void
chart_date(struct buf *out, int32_t day)
{
	static const char *const names[] = {"January", "February", "March",
	    "April", "May", "June", "July", "August", "September", "October",
	    "November", "December"};
	int year, month, mday;

	date_civil(day, &year, &month, &mday);
	buf_printf(out, "%d %s %d", mday, names[month - 1], year);
}

const char *
chart_axis(int feature)
{
	static const char *const axes[FEATURES] = {
	    [DANCEABILITY] = "danceability (0 to 1)",
	    [ENERGY] = "energy (0 to 1)",
	    [KEY] = "key (0: C to 11: B)",
	    [LOUDNESS] = "loudness (dB)",
	    [MODE] = "mode (0: minor, 1: major)",
	    [SPEECHINESS] = "speechiness (0 to 1)",
	    [ACOUSTICNESS] = "acousticness (0 to 1)",
	    [INSTRUMENTALNESS] = "instrumentalness (0 to 1)",
	    [LIVENESS] = "liveness (0 to 1)",
	    [VALENCE] = "valence (0 to 1)",
	    [TEMPO] = "tempo (beats per minute)",
	};

	return axes[feature];
}

bool
chart_same_unit(int feature, int other)
{
	return strcmp(strchr(chart_axis(feature), '('),
	           strchr(chart_axis(other), '(')) == 0;
}

void
chart_change_axis(struct buf *out, int feature)
{
	const char *axis = chart_axis(feature), *range = strstr(axis, " (0");

	buf_append(
	    out, (struct str){axis,
	             range == NULL ? strlen(axis) : (size_t)(range - axis)});
}
