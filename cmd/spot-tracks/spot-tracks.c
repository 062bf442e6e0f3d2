/*
 * spot-tracks: playlists in, their items out.
 *
 * A playlist becomes its playlist record, an item or a skip for every entry of
 * its list, and done.  See spot-tracks(1).
 */
#include <stdio.h>
#include <unistd.h>

#include "client.h"
#include "cost.h"
#include "fetch.h"
#include "options.h"
#include "output.h"

static const char help[] =
    "usage: spot-tracks [-1nopsv] [-J jobs] [-M requests] [-R rate]\n"
    "                   [-T seconds] [-w seconds] [file ...]\n"
    "\n"
    "Write the items of playlists: for each playlist line its playlist "
    "record,\n"
    "an item or a skip (with the reason) for every entry, then done.\n"
    "A playlist that carries its items (tracks.items or items.items, as the\n"
    "Spotify Web API gives them) is used as it is; the items of others are\n"
    "asked for.  Other records pass.\n"
    "\n" CLIENT_HELP "  -h, --help             show this help\n"
    "  -n, --dry-run          say how many requests it would take, and ask "
    "none\n"
    "  -o, --offline          ask nothing: items that are not there are "
    "withheld\n"
    "  -p, --progress         draw a meter on stderr\n"
    "  -s, --strict           status 1 if anything had to be skipped\n"
    "      --version          show the version\n"
    "\n"
    "Credentials: SPOTIFY_CLIENT_ID and SPOTIFY_CLIENT_SECRET, or the names "
    "of\n"
    "files that hold them in the same with _FILE; or spot-search --login.\n"
    "\n"
    "  spot-search -q covid -m IT | spot-tracks -J 4 > covid.ndjson\n"
    "  spot-tracks dump.ndjson.gz | spot-features -P file:features.ndjson\n";

static const struct option longs[] = {CLIENT_LONGS,
    {"dry-run", no_argument, NULL, 'n'}, {"offline", no_argument, NULL, 'o'},
    {"progress", no_argument, NULL, 'p'}, {"strict", no_argument, NULL, 's'},
    OPTIONS_COMMON, {0}};

int
main(int argc, char *argv[])
{
	struct http_options options = client_options();
	bool dry_run = false, offline = false, progress = false, strict = false;
	int ch, status, refused;
	struct fetch *fetch;
	struct lines in;

	while ((ch = options_next(
	            argc, argv, CLIENT_SHORTS "hnops", longs, help)) != -1) {
		if (client_option(&options, ch))
			continue;
		dry_run |= ch == 'n';
		offline |= ch == 'o';
		progress |= ch == 'p';
		strict |= ch == 's';
	}

	output_open();
	lines_open(&in, argv + optind);
	in.progress = progress;
	if (dry_run) {
		cost_print(&in);
		return lines_close(&in);
	}
	fetch = fetch_open(offline ? NULL : &options, strict);
	status = fetch_lines(fetch, &in);
	fetch_summary(fetch, &in);
	fetch_free(fetch);
	refused = lines_close(&in);
	return status != 0 ? status : refused;
}
