/*
 * spot-tracks: playlists in, their items out.
 *
 * A playlist becomes its playlist record, an item or a skip for every entry of
 * its list, and done.  See spot-tracks(1).
 */
#include <err.h>
#include <stdio.h>
#include <unistd.h>

#include "lines.h"
#include "options.h"
#include "output.h"
#include "playlist.h"

static const char help[] =
    "usage: spot-tracks [-p] [file ...]\n"
    "\n"
    "Write the items of playlists: for each playlist line its playlist "
    "record,\n"
    "an item or a skip (with the reason) for every entry, then done.\n"
    "A playlist that carries its items (tracks.items or items.items, as the\n"
    "Spotify Web API gives them) is used as it is.  Other records pass.\n"
    "\n"
    "  -h, --help      show this help\n"
    "  -p, --progress  draw a meter on stderr\n"
    "      --version   show the version\n"
    "\n"
    "  spot-tracks dump.ndjson.gz | spot-features -P file:features.ndjson\n";

static const struct option longs[] = {
    {"progress", no_argument, NULL, 'p'}, OPTIONS_COMMON, {0}};

int
main(int argc, char *argv[])
{
	struct playlist *playlist;
	struct lines in;
	struct buf out = {0};
	bool progress = false;
	struct str line;
	int ch;

	while ((ch = options_next(argc, argv, "hp", longs, help)) != -1)
		progress = ch == 'p';

	output_open();
	lines_open(&in, argv + optind);
	in.progress = progress;
	playlist = playlist_open();
	while (lines_next(&in, &line)) {
		switch (playlist_read(playlist, line)) {
		case PLAYLIST_REFUSED:
			lines_refuse(&in, "%s", playlist_error(playlist));
			break;
		case PLAYLIST_OTHER:
			output_line(line);
			break;
		case PLAYLIST_BARE:
		case PLAYLIST_WHOLE:
			out.len = 0;
			playlist_write(playlist, &out);
			output_write(buf_str(&out));
			break;
		}
		if (!lines_ready(&in))
			output_flush();
	}
	output_flush();
	playlist_free(playlist);
	buf_free(&out);
	return lines_close(&in);
}
