/*
 * world: the playlists of the sample, drawn one by one and item by item, and
 * the lockdowns whose effect is planted in them.
 */
#ifndef WORLD_H
#define WORLD_H

#include <stdbool.h>
#include <stdint.h>
#include <time.h>

#include "draw.h"
#include "generate.h"
#include "track.h"

enum {
	SONGS = 2000,
	SEASONS = 4,
	COUNTRIES = 12,
	WORLDS = COUNTRIES + 1, /* a country's lockdown each, and none */
	TRACKS = SONGS * SEASONS * WORLDS,
};

struct country {
	const char *code, *lockdown_start, *lockdown_end;
	struct shift shift;
	const char *title;
};

struct playlist {
	uint64_t state;
	const struct country *country;
	char id[ID_SIZE];
	time_t created;
	unsigned index, year, items, days; /* days that it took to make it */
	unsigned song;                     /* of the last item */
};

struct item {
	enum { TRACK_ITEM, NULL_TRACK, LOCAL, EPISODE_ITEM, NO_ID } kind;
	char added_at[TIME_SIZE + 2]; /* as JSON: in quotes, or null */
	unsigned track;               /* below TRACKS; one track has one id */
	uint64_t id_hash, song, album, artist;
	struct shift shift;
};

/* The last one has no code and no lockdown. */
extern const struct country world_countries[WORLDS];

struct playlist world_playlist(const struct sample *sample, unsigned index);

/* The i-th item of the playlist; they are to be drawn in order. */
struct item world_item(uint64_t seed, struct playlist *playlist, unsigned i);

#endif
