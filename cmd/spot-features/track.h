/*
 * track.h: Spotify's ids of tracks.
 */
#ifndef TRACK_H
#define TRACK_H

#include <stdbool.h>
#include <stdint.h>

#include "buf.h"

enum { TRACK_CHARS = 22 /* the letters and digits of a Spotify id */ };

/* A Spotify id, and the same packed, 6 bits for each letter or digit. */
struct track_id {
	uint64_t first, second;
	unsigned char last;
	char text[TRACK_CHARS];
};

/* Pack an id; false if it is none. */
bool track_pack(struct str id, struct track_id *packed);

#endif
