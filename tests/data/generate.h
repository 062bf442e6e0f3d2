/* generate: what each mode of the generator prints; see generate.c. */
#ifndef GENERATE_H
#define GENERATE_H

#include <stdbool.h>
#include <stdint.h>

struct sample {
	uint64_t seed;
	unsigned playlists;
	unsigned items; /* of a playlist, on average */
};

void sample_playlists(const struct sample *sample);
void sample_features(const struct sample *sample);
void sample_truth(void);

/* Lines with about 180 markets when full, with 1 to 5 when not. */
void bench_items(uint64_t seed, uint64_t lines, bool full);

/* The audio features of tracks, 1000 or more: of five times as many items. */
void bench_tracks(uint64_t seed, uint64_t lines);

#endif
