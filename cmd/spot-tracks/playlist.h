/*
 * playlist.h: playlists in the API's shape as records of the stream.
 */
#ifndef PLAYLIST_H
#define PLAYLIST_H

#include <stdbool.h>
#include <stddef.h>

#include "buf.h"

enum playlist_verdict {
	PLAYLIST_REFUSED, /* no JSON object, or nothing that we know */
	PLAYLIST_OTHER,   /* a record of another type: to be passed on */
	PLAYLIST_BARE,    /* a playlist without its items */
	PLAYLIST_WHOLE    /* a playlist, or a page of one, with items */
};

struct playlist;

struct playlist *playlist_open(void);
void playlist_free(struct playlist *playlist);

/*
 * Read a line: a playlist object of the API (tracks.items or items.items, track
 * or item), a page of playlist items, a playlist record, or anything else.
 */
enum playlist_verdict playlist_read(struct playlist *playlist, struct str line);

/* Why the line was refused. */
const char *playlist_error(const struct playlist *playlist);

/*
 * Append the records of the line read last: the playlist, its items and skips,
 * then done.  A playlist that announces more items than it holds gets one skip,
 * contents_withheld, that counts them.
 */
void playlist_write(struct playlist *playlist, struct buf *out);

#endif
