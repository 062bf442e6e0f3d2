/*
 * spot-features: items in, items with their audio features out.
 *
 * The features are spliced into the line behind its isrc; the rest of it stays
 * as it was.  See spot-features(1).
 */
#include <stdbool.h>
#include <stdio.h>
#include <unistd.h>

#include "chain.h"
#include "client.h"
#include "lines.h"
#include "options.h"
#include "output.h"
#include "window.h"

static const char help[] =
    "usage: spot-features [-1pv] [-J jobs] [-M requests] [-P provider,...]\n"
    "                     [-R rate] [-T seconds] [-w seconds] [file ...]\n"
    "\n"
    "Join the audio features (danceability, energy, ..., valence, tempo) to "
    "the\n"
    "items of the stream, by track id.  An item whose track no provider knows\n"
    "is kept, with features_source none and the reason.  Other records pass.\n"
    "\n" CLIENT_HELP "  -h, --help             show this help\n"
    "  -p, --progress         draw a meter on stderr\n"
    "  -P, --providers LIST   whom to ask, in this order:\n"
    "                         redis       what was asked in earlier runs\n"
    "                         spotify     closed to most apps since 2024\n"
    "                         reccobeats  needs no key\n"
    "                         file:PATH   audio-features objects, one a line,\n"
    "                                     or CSV with Spotify's column names\n"
    "                         default: redis if REDIS_URL is set, and spotify\n"
    "                         if there are credentials\n"
    "      --version          show the version\n"
    "\n"
    "  spot-tracks dump.ndjson | spot-features -P file:features.ndjson | etl\n"
    "  spot-tracks < lists | spot-features -P redis,reccobeats > items\n";

static const struct option longs[] = {CLIENT_LONGS,
    {"progress", no_argument, NULL, 'p'},
    {"providers", required_argument, NULL, 'P'}, OPTIONS_COMMON, {0}};

int
main(int argc, char *argv[])
{
	struct http_options options = client_options();
	bool progress = false, going = true;
	const char *list = NULL;
	struct window *window;
	struct chain *chain;
	struct lines in;
	struct str line;
	size_t refused = 0;
	int ch, status;

	while ((ch = options_next(
	            argc, argv, CLIENT_SHORTS "hpP:", longs, help)) != -1) {
		if (client_option(&options, ch))
			continue;
		if (ch == 'P')
			list = optarg;
		else
			progress = true;
	}

	output_open();
	chain = chain_open(list, &options, &refused);
	window = window_open(chain);
	lines_open(&in, argv + optind);
	in.progress = progress;
	while (going && (going = window_wait(window, &in)) &&
	       lines_next(&in, &line))
		going = window_add(window, &in, line);
	if (going)
		(void)window_settle(window);
	output_flush();
	chain_summary(chain, in.total, window_written(window));
	status = chain_status(chain);
	window_free(window);
	chain_free(chain);
	in.refused += refused;
	refused = (size_t)lines_close(&in);
	return status != 0 ? status : (int)refused;
}
