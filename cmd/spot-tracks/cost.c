/*
 * cost: count requests instead of making them.
 */
#include <inttypes.h>
#include <stdio.h>

#include "cost.h"
#include "output.h"
#include "playlist.h"

enum { PAGE = 100, PAGE_2026 = 50 };

/* The pages behind the first one, which comes with the playlist. */
static uint64_t
pages_behind(size_t total, size_t first, size_t page)
{
	return total > first ? (total - first + page - 1) / page : 0;
}

void
cost_print(struct lines *in)
{
	struct playlist *playlist = playlist_open();
	uint64_t playlists = 0, items = 0, old = 0, new = 0;
	struct str line;
	size_t total;

	while (lines_next(in, &line)) {
		switch (playlist_read(playlist, line)) {
		case PLAYLIST_REFUSED:
			lines_refuse(in, "%s", playlist_error(playlist));
			break;
		case PLAYLIST_BARE:
			total = playlist_total(playlist);
			playlists++;
			items += total;
			old += 1 + pages_behind(total, PAGE, PAGE);
			new += 1 + pages_behind(total, PAGE, PAGE_2026);
			break;
		case PLAYLIST_OTHER:
		case PLAYLIST_WHOLE:
			break;
		}
	}
	printf("%" PRIu64 " playlists of %" PRIu64 " items: %" PRIu64
	       " requests (extended quota), %" PRIu64 " (2026 apps)\n",
	    playlists, items, old, new);
	output_flush();
	playlist_free(playlist);
}
