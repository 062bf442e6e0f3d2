/*
 * etl: add up the items of the stream by country and day, and say what the sums
 * tell.
 *
 * All sums are exact, so the output is the same, byte for byte, whatever the
 * order of the lines and however they are split.  See etl(1).
 */
#include <err.h>
#include <inttypes.h>
#include <unistd.h>

#include "exit.h"
#include "merge.h"
#include "options.h"
#include "output.h"
#include "report.h"
#include "workers.h"

enum { JOBS_MAX = 256 };

static const char help[] =
    "usage: etl [-p] [-b by] [-j jobs] [-l file] [-t period] [file ...]\n"
    "       etl --partial [-b by] [-j jobs] [file ...]\n"
    "       etl --merge [--partial] [-l file] [-t period] [file ...]\n"
    "\n"
    "Add up the audio features of items: playlist_stat for each playlist, "
    "daily\n"
    "sums and mood for each country and period, and the effect of its "
    "lockdown.\n"
    "\n"
    "  -b, --by BY           a track's country: country (of the playlist),\n"
    "                        isrc (where it was registered) or market (all "
    "where\n"
    "                        it can be played); default country\n"
    "  -h, --help            show this help\n"
    "  -j, --jobs N          threads; default 1\n"
    "  -l, --lockdowns FILE  CSV with country, lockdown_start, lockdown_end;\n"
    "                        default: Europe's first wave, built in\n"
    "  -m, --merge           read what etl --partial wrote, not items\n"
    "  -p, --progress        draw a meter on stderr\n"
    "  -P, --partial         write exact sums, to be merged\n"
    "  -t, --period PERIOD   of mood: day, week or month; default week\n"
    "      --version         show the version\n"
    "\n"
    "  spot-tracks dump.ndjson | spot-features -P file:features.ndjson | etl\n";

static const struct option longs[] = {{"by", required_argument, NULL, 'b'},
    {"jobs", required_argument, NULL, 'j'},
    {"lockdowns", required_argument, NULL, 'l'},
    {"merge", no_argument, NULL, 'm'}, {"partial", no_argument, NULL, 'P'},
    {"period", required_argument, NULL, 't'},
    {"progress", no_argument, NULL, 'p'}, OPTIONS_COMMON, {0}};

static struct {
	enum by by;
	enum period period;
	size_t jobs;
	const char *lockdowns;
	bool merge, partial, progress;
} options = {.period = PERIOD_WEEK, .jobs = 1};

static void
parse_options(int argc, char *argv[])
{
	static const char *const periods[] = {"day", "week", "month", NULL};
	int ch;

	while ((ch = options_next(argc, argv, "b:hj:l:mPpt:", longs, help)) !=
	       -1) {
		switch (ch) {
		case 'b':
			options.by =
			    (enum by)options_word("--by", optarg, tally_by);
			break;
		case 'j':
			options.jobs = (size_t)options_number(
			    "--jobs", optarg, 1, JOBS_MAX);
			break;
		case 'l':
			options.lockdowns = optarg;
			break;
		case 'm':
			options.merge = true;
			break;
		case 'P':
			options.partial = true;
			break;
		case 'p':
			options.progress = true;
			break;
		case 't':
			options.period = (enum period)options_word(
			    "--period", optarg, periods);
			break;
		}
	}
}

/* Add up all lines of in. */
static void
read_lines(struct tally *tally, struct lines *in)
{
	struct merge *merge;
	struct str line;

	if (options.merge) {
		merge = merge_open();
		while (lines_next(in, &line))
			merge_line(merge, tally, in, line);
		merge_free(merge);
	} else if (options.jobs > 1)
		workers_tally(options.jobs, tally, in);
	else {
		while (lines_next(in, &line))
			tally_item(tally, in, line);
		tally_finish(tally);
	}
	playlists_sort(&tally->playlists);
}

/* Say what has been left out of the sums by country. */
static void
warn_left_out(const struct tally *tally)
{
	if (tally->undated > 0)
		warnx("%" PRIu64 " items without a date: only in "
		      "playlist_stat",
		    tally->undated);
	if (tally->countryless > 0)
		warnx("%" PRIu64 " items have no %s: only in playlist_stat; "
		      "see --by",
		    tally->countryless,
		    options.by == BY_MARKET ? "available_markets"
		                            : tally_by[options.by]);
}

int
main(int argc, char *argv[])
{
	static struct lockdown lockdowns[COUNTRIES];
	struct days *days = days_open();
	struct tally tally;
	struct lines in;

	parse_options(argc, argv);
	output_open();
	windows_read(options.lockdowns, lockdowns);
	tally_open(&tally, options.by, days, options.jobs);
	lines_open(&in, argv + optind);
	in.progress = options.progress;
	read_lines(&tally, &in);
	if (options.partial)
		report_partial(&tally, options.jobs);
	else
		report_whole(&tally, options.jobs, options.period, lockdowns);
	output_flush();
	warn_left_out(&tally);
	tally_free(&tally);
	days_free(days);
	return lines_close(&in);
}
