/*
 * playlist.h: playlists in the API's shape as records of the stream.
 *
 * The lines and bodies it is given are those of lines.h, slack and all.
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

/*
 * Read the answer about the playlist whose record was read last: what the
 * answer does not tell (country, query) stays.  The line and the body must stay
 * until the last record is written.
 */
enum playlist_verdict playlist_read_answer(
    struct playlist *playlist, struct str body, struct str fetched_at);

/* Read another page of the playlist's items; false if it is malformed. */
bool playlist_read_page(struct playlist *playlist, struct str body);

/* Why the line or body was refused. */
const char *playlist_error(const struct playlist *playlist);

/* Its id, as it stands in an address; empty if it is no plain id. */
struct str playlist_id(const struct playlist *playlist);

/* How many entries have been read, of how many announced. */
size_t playlist_entries(const struct playlist *playlist);
size_t playlist_total(const struct playlist *playlist);

/* How many were skipped for each reason of entry.h, and last the items. */
const size_t *playlist_skipped(const struct playlist *playlist);

/* Do its items come as items (2026), not as tracks? */
bool playlist_is_2026(const struct playlist *playlist);

/*
 * Append the playlist's record; the items and skips read since they were last
 * written; what is missing and done.  A playlist that announces more items than
 * have been read gets one skip that counts them, with the reason given: so many
 * are returned.
 */
void playlist_write_head(struct playlist *playlist, struct buf *out);
void playlist_write_items(struct playlist *playlist, struct buf *out);
size_t playlist_write_done(
    struct playlist *playlist, const char *reason, struct buf *out);

#endif
