/*
 * playlists.h: the sums of every playlist, and in which months it grew.
 *
 * Memory grows with playlists, about 340 bytes each.
 */
#ifndef PLAYLISTS_H
#define PLAYLISTS_H

#include <stddef.h>
#include <stdint.h>

#include "cell.h"

struct playlist_month {
	int32_t start; /* the month's first day */
	uint64_t items;
};

struct playlist {
	struct cell cell;
	uint64_t items;
	const char *id;
	uint32_t id_len;
	uint32_t nmonths;
	struct playlist_month *months; /* nmonths, in any order */
};

struct playlists {
	struct playlist **list; /* each allocated for itself: never moved */
	size_t n, cap;
	uint32_t *index; /* a hash table of positions + 1; 0 is free */
	size_t slots;
	struct playlist *last;
};

/* The playlist of an id, made if need be. */
struct playlist *playlists_at(struct playlists *ps, struct str id);

/* Count items of a playlist. */
void playlists_add_items(struct playlist *playlist, uint64_t items);

/* Count items of a playlist in the month of a day. */
void playlists_add_day(struct playlist *playlist, int32_t day, uint64_t items);

/* The month with the most items, the earliest of several; false if none. */
bool playlists_month(const struct playlist *playlist, int32_t *start);

/* Move all of b to a, and free b. */
void playlists_merge(struct playlists *a, struct playlists *b);

/* Order the list by id, bytewise, and months by time; then add no more. */
void playlists_sort(struct playlists *ps);

void playlists_free(struct playlists *ps);

#endif
