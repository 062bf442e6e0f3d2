/*
 * track: what the catalogue says of a track, made up from its hash.
 *
 * Everything is printed as JSON text.  The words hold letters outside ASCII
 * and escapes, because the world's do.
 */
#ifndef TRACK_H
#define TRACK_H

#include <stdint.h>
#include <stdio.h>

enum { MARKETS_MAX = 184 };

/* How a track differs from its hash: thousandths added to the features. */
struct shift {
	int valence, energy;
};

/* A title, with its quotes. */
void track_title(FILE *out, uint64_t hash);

/* The name of the artist, with its quotes. */
void track_artist(FILE *out, uint64_t hash);

/* YYYY-MM-DD, with its quotes: when the album came out, before 2019. */
void track_release(FILE *out, uint64_t hash);

/* Between one and a half and six minutes. */
unsigned track_duration_ms(uint64_t hash);

/* "danceability":0.5,… to "tempo":120.1, eleven keys in the API's order. */
void track_features(FILE *out, uint64_t hash, struct shift shift);

/* Usually 4. */
unsigned track_time_signature(uint64_t hash);

/* Print n countries, in order, with separator in between. */
void track_markets(FILE *out, uint64_t hash, unsigned n, const char *separator);

#endif
