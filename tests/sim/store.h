/*
 * store.h: the playlists and features of the dumps, in memory.
 */
#ifndef STORE_H
#define STORE_H

#include <stdbool.h>

#include "buf.h"

struct store_playlist {
	struct str id, owner, country; /* the last may be empty */
	struct buf about;              /* an object: all but its items */
	struct buf words; /* name and description, in small letters */
	struct buf text;  /* its entries, one behind the other */
	size_t *ends;     /* where in text each of them ends */
	size_t n, total;  /* how many there are, and are said to be */
};

/*
 * Read the dumps, of which either may be NULL; entries in the shape of 2026 if
 * asked for.  What is no record ends the program.
 */
void store_read(const char *playlists, const char *features, bool is_2026);

/* The playlist of an id, or NULL. */
const struct store_playlist *store_find(const char *id);

/*
 * Of the playlists in which all words of q are found, those from offset on, at
 * most limit of them; how many there are in all.  In a market that is not empty
 * the playlists of other countries are not found.
 */
size_t store_search(const char *q, const char *market, size_t offset,
    size_t limit, const struct store_playlist **found);

/* The audio features of a track, an object, or an empty text. */
struct str store_features(struct str id);

#endif
