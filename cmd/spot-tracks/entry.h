/*
 * entry.h: one entry of a playlist's list of items, as an item or a skip.
 */
#ifndef ENTRY_H
#define ENTRY_H

#include <stdbool.h>
#include <stddef.h>

#include "buf.h"
#include "walk.h"

/* The ids of the paths of an entry, behind those of its playlist. */
enum entry_id {
	ENTRY = 64,
	ENTRY_TRACK,
	ENTRY_TYPE,
	ENTRY_LOCAL,
	ENTRY_ARTIST,
	ENTRY_MARKETS,
	ENTRY_MARKET,
	ENTRY_FIRST /* + enum entry_value */
};

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

/* The paths of an entry, wherever the list of entries is. */
#define ENTRY_PATHS(at)                                                        \
	{at, ENTRY}, {at ".added_at", ENTRY_FIRST + ENTRY_ADDED_AT},           \
	    {at ".is_local", ENTRY_LOCAL}, {at ".track|item", ENTRY_TRACK},    \
	    {at ".track|item.type", ENTRY_TYPE},                               \
	    {at ".track|item.is_local", ENTRY_LOCAL},                          \
	    {at ".track|item.id", ENTRY_FIRST + ENTRY_ID},                     \
	    {at ".track|item.external_ids.isrc", ENTRY_FIRST + ENTRY_ISRC},    \
	    {at ".track|item.duration_ms", ENTRY_FIRST + ENTRY_DURATION_MS},   \
	    {at ".track|item.explicit", ENTRY_FIRST + ENTRY_EXPLICIT},         \
	    {at ".track|item.popularity", ENTRY_FIRST + ENTRY_POPULARITY},     \
	    {at ".track|item.name", ENTRY_FIRST + ENTRY_NAME},                 \
	    {at ".track|item.album.name", ENTRY_FIRST + ENTRY_ALBUM},          \
	    {at ".track|item.album.release_date",                              \
	        ENTRY_FIRST + ENTRY_RELEASE_DATE},                             \
	    {at ".track|item.artists[].name", ENTRY_ARTIST},                   \
	    {at ".track|item.available_markets", ENTRY_MARKETS},               \
	{                                                                      \
		at ".track|item.available_markets[]", ENTRY_MARKET             \
	}

/*
 * An entry as far as it has been read; raw values borrowed from the line.  The
 * two halves of a value do not lie side by side: the compiler would copy them
 * as one from where they have just been written as two, which takes its time.
 */
struct entry {
	const char *starts[ENTRY_VALUES];
	size_t lens[ENTRY_VALUES];
	unsigned seen, known; /* a bit for each value read; for each of use */
	bool track_open;      /* within the track object that is used */
	bool found;           /* there is a track object */
	bool local;           /* a file on its owner's computer */
	int kind;             /* 't' track, 'e' episode, 'o' something else */
	struct buf artists;   /* the raw names, each behind a comma */
	bool has_markets;
	struct buf markets; /* "AD,AE" */
};

/*
 * Take a value of an entry; a new one begins with the id ENTRY.  NULL, or what
 * is wrong with it.
 */
const char *entry_visit(struct entry *entry, const struct walk_event *event);

/* What stands in every item and skip of a playlist; raw JSON values. */
struct entry_playlist {
	struct str id, snapshot_id, country, fetched_at;
};

/* Why an entry is no item. */
enum entry_reason {
	ENTRY_NULL,
	ENTRY_IS_LOCAL,
	ENTRY_EPISODE,
	ENTRY_UNKNOWN,
	ENTRY_NO_ID,
	ENTRY_REASONS /* it is one */
};

extern const char *const entry_reasons[ENTRY_REASONS];

/*
 * Append the entry at a position of its playlist, from 0, as an item, or as a
 * skip with the reason why it is of no use, which is returned.
 */
enum entry_reason entry_write(const struct entry *entry,
    const struct entry_playlist *playlist, size_t position, struct buf *out);

#endif
