/*
 * plot: draw what etl found, by gnuplot.
 *
 * The stream ends here: records that no chart needs are left out.  See plot(1).
 */
#include <err.h>
#include <limits.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "chart.h"
#include "exit.h"
#include "gnuplot.h"
#include "options.h"
#include "output.h"
#include "reader.h"
#include "utf8.h"

enum { ENOUGH = 100 /* items, for a country that nobody asked for */ };

static const char help[] =
    "usage: plot [-DpS] [-c chart] [-C country,...] [-f feature,...] [-n "
    "items]\n"
    "            [-s source] [-t title] [-T format] [file ...]\n"
    "\n"
    "Draw what etl found as a picture, through gnuplot.\n"
    "\n"
    "  -c, --chart CHART     series, plane, effect, heatmap, months or\n"
    "                        lengths; default series\n"
    "  -C, --countries LIST  such as IT,FR; default: the European countries\n"
    "                        that have data enough\n"
    "  -D, --dark            light on dark ground\n"
    "  -f, --features LIST   such as tempo; default valence,energy\n"
    "  -h, --help            show this help\n"
    "  -n, --min-items N     leave out periods of fewer items; default 10\n"
    "  -p, --progress        draw a meter on stderr\n"
    "  -s, --source TEXT     where the data are from, for the caption\n"
    "  -S, --script          write the gnuplot program, not the picture\n"
    "  -t, --title TEXT      another title\n"
    "  -T, --terminal FORMAT svg, png or pdf; default svg\n"
    "      --version         show the version\n"
    "\n"
    "  etl items.ndjson | plot -c series >mood.svg\n";

static const struct option longs[] = {{"chart", required_argument, NULL, 'c'},
    {"countries", required_argument, NULL, 'C'},
    {"dark", no_argument, NULL, 'D'},
    {"features", required_argument, NULL, 'f'},
    {"min-items", required_argument, NULL, 'n'},
    {"progress", no_argument, NULL, 'p'}, {"script", no_argument, NULL, 'S'},
    {"source", required_argument, NULL, 's'},
    {"terminal", required_argument, NULL, 'T'},
    {"title", required_argument, NULL, 't'}, OPTIONS_COMMON, {0}};

static const struct {
	const char *name;
	bool (*draw)(struct picture *, const struct chart *);
	const char *records; /* what it is drawn from */
	enum { MOODS, EFFECTS, PLAYLISTS } kind;
} charts[] = {
    {"series", series_draw, "mood", MOODS},
    {"plane", plane_draw, "effect", EFFECTS},
    {"effect", forest_draw, "effect", EFFECTS},
    {"heatmap", heatmap_draw, "mood", MOODS},
    {"months", months_draw, "playlist_stat", PLAYLISTS},
    {"lengths", lengths_draw, "playlist_stat", PLAYLISTS},
};
enum { CHARTS = sizeof(charts) / sizeof(*charts) };

static struct {
	int chart;
	enum format format;
	bool wanted[COUNTRIES_MAX], any_wanted, dark, progress, script;
	int features[FEATURES];
	size_t nfeatures;
	long min_items;
	const char *source, *title;
} options = {.features = {VALENCE, ENERGY}, .nfeatures = 2, .min_items = 10};

/* Call take with each word of a list; words are cut by commas in place. */
static void
each_word(char *list, void (*take)(const char *word))
{
	char *rest = list, *word;

	while ((word = strsep(&rest, ",")) != NULL)
		take(word);
}

static void
take_country(const char *word)
{
	struct str code = {word, strlen(word)};

	if (records_place(code) == -1 || names_find(code) == NULL)
		options_usage(
		    "--countries: '%s' is no country code such as IT", word);
	options.wanted[records_place(code)] = true;
	options.any_wanted = true;
}

static void
take_feature(const char *word)
{
	const char *words[FEATURES + 1] = {0};
	int f;

	for (f = 0; f < FEATURES; f++)
		words[f] = audio_keys[f];
	f = options_word("--features", word, words);
	for (size_t i = 0; i < options.nfeatures; i++)
		if (options.features[i] == f)
			options_usage("--features: %s stands twice", word);
	options.features[options.nfeatures++] = f;
}

/* A text for the picture: UTF-8 without control characters. */
static const char *
text(const char *name, const char *value)
{
	const char *end = value + strlen(value);
	size_t n;

	for (const char *p = value; p < end; p += n) {
		n = utf8_sequence(p, end);
		if (n == 0 || (unsigned char)*p < ' ' || *p == 0x7f)
			options_usage(
			    "%s: no text of one line, in UTF-8", name);
	}
	return value;
}

static void
parse_options(int argc, char *argv[])
{
	static const char *const formats[] = {"svg", "png", "pdf", NULL};
	const char *names[CHARTS + 1] = {0};
	int ch;

	for (int i = 0; i < CHARTS; i++)
		names[i] = charts[i].name;
	while ((ch = options_next(
	            argc, argv, "c:C:Df:hn:ps:St:T:", longs, help)) != -1) {
		switch (ch) {
		case 'c':
			options.chart = options_word("--chart", optarg, names);
			break;
		case 'C':
			each_word(optarg, take_country);
			break;
		case 'D':
			options.dark = true;
			break;
		case 'f':
			options.nfeatures = 0;
			each_word(optarg, take_feature);
			break;
		case 'n':
			options.min_items =
			    options_number("--min-items", optarg, 1, INT_MAX);
			break;
		case 'p':
			options.progress = true;
			break;
		case 's':
			options.source = text("--source", optarg);
			break;
		case 'S':
			options.script = true;
			break;
		case 't':
			options.title = text("--title", optarg);
			break;
		case 'T':
			options.format = (enum format)options_word(
			    "--terminal", optarg, formats);
			break;
		}
	}
}

/* Without -C, all European countries are read. */
static void
want_europe(void)
{
	struct str code;
	char letters[2];

	if (options.any_wanted)
		return;
	for (int i = 0; i < COUNTRIES_MAX; i++) {
		letters[0] = (char)('A' + i / 26);
		letters[1] = (char)('A' + i % 26);
		code = (struct str){letters, 2};
		options.wanted[i] =
		    names_find(code) != NULL && names_find(code)->european;
	}
}

/* The tracks of a country that the chart is made of; 0 if it lacks any part. */
static double
tracks_of(const struct country *country)
{
	const struct effect *effect;
	double n = 0, all = 0;

	if (charts[options.chart].kind == MOODS) {
		for (size_t i = 0; i < country->n; i++)
			if (country->periods[i].n >= (double)options.min_items)
				n += country->periods[i].n;
		return n;
	}
	for (size_t i = 0; i < options.nfeatures; i++) {
		effect = &country->effects[options.features[i]];
		n = effect->n[BEFORE] + effect->n[DURING] + effect->n[AFTER];
		if (!effect->known || isnan(effect->diff.value))
			return 0;
		all = fmax(n, all);
	}
	return all;
}

static int
by_name(const void *a, const void *b)
{
	const struct country *const *x = a, *const *y = b;

	return strcmp((*x)->name->text, (*y)->name->text);
}

/* The countries to be drawn, by name. */
static void
choose_countries(struct chart *chart)
{
	const struct country *country;
	double least = options.any_wanted ? 1 : ENOUGH;

	if (charts[options.chart].kind == PLAYLISTS)
		return;

	for (int i = 0; i < COUNTRIES_MAX; i++) {
		country = chart->records->countries[i];
		if (country != NULL && tracks_of(country) >= least)
			chart->countries[chart->ncountries++] = country;
		else if (options.any_wanted && options.wanted[i])
			warnx("%c%c: no %s records", 'A' + i / 26, 'A' + i % 26,
			    charts[options.chart].records);
	}
	qsort(chart->countries, chart->ncountries, sizeof(*chart->countries),
	    by_name);
}

/* Draw the chart and write it. */
static void
draw(const struct chart *chart)
{
	struct picture picture = {.dark = options.dark};
	struct buf program = {0}, out = {0};

	if (!charts[options.chart].draw(&picture, chart))
		errx(EXIT_USAGE, "nothing to draw: no %s records from etl%s",
		    charts[options.chart].records,
		    charts[options.chart].kind == PLAYLISTS ? ""
		    : options.any_wanted ? " of these countries"
		                         : " of a European country with 100 "
		                           "items; see --countries");
	picture_program(
	    &picture, options.format, charts[options.chart].name, &program);
	if (!options.script)
		gnuplot_draw(buf_str(&program), &out);
	output_write(buf_str(options.script ? &program : &out));
	output_flush();
	picture_free(&picture);
	buf_free(&program);
	buf_free(&out);
}

int
main(int argc, char *argv[])
{
	static struct records records;
	static struct chart chart = {.records = &records};
	struct lines in;

	parse_options(argc, argv);
	if (charts[options.chart].draw == plane_draw && options.nfeatures != 2)
		options_usage("--features: a plane takes two features");
	output_open();
	want_europe();
	lines_open(&in, argv + optind);
	in.progress = options.progress;
	reader_read(&records, &in, options.wanted);
	memcpy(chart.features, options.features, sizeof(chart.features));
	chart.nfeatures = options.nfeatures;
	chart.min_items = (double)options.min_items;
	chart.title = options.title;
	chart.source = options.source;
	choose_countries(&chart);
	draw(&chart);
	records_free(&records);
	return lines_close(&in);
}
