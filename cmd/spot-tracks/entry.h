/*
 * entry.h: one entry of a playlist's list of items, as an item or a skip.
 */
#ifndef ENTRY_H
#define ENTRY_H

#include <stdbool.h>
#include <stddef.h>

#include "buf.h"
#include "walk.h"

/* What of a track goes into the item as it stands, in this order. */
enum entry_value {
	ENTRY_ADDED_AT,
	ENTRY_ID,
	ENTRY_ISRC,
	ENTRY_DURATION_MS,
	ENTRY_EXPLICIT,
	ENTRY_POPULARITY,
	ENTRY_NAME,
	ENTRY_ALBUM,
	ENTRY_RELEASE_DATE,
	ENTRY_VALUES
};

/* An entry as far as it has been read; raw values borrowed from the line. */
struct entry {
	struct str values[ENTRY_VALUES];
	bool found;         /* there is a track object */
	bool local;         /* a file on its owner's computer */
	bool id;            /* it has an id of Spotify's */
	int kind;           /* 't' track, 'e' episode, 'o' something else */
	struct buf artists; /* the raw names, each behind a comma */
	bool has_markets;
	struct buf markets; /* "AD,AE" */
};

/* Begin another entry; its buffers are used again. */
void entry_begin(struct entry *entry);

/* What stands in every item and skip of a playlist; raw JSON values. */
struct entry_playlist {
	struct str id, snapshot_id, country, fetched_at;
};

/*
 * Append the entry at a position of its playlist, from 0, as an item, or as a
 * skip with the reason why it is of no use; true if it is an item.
 */
bool entry_write(const struct entry *entry,
    const struct entry_playlist *playlist, size_t position, struct buf *out);

#endif
