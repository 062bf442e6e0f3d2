/*
 * audio.h: the audio features of Spotify, in the order of spot(5).
 *
 * The first FEATURES are the numbers that are averaged; time_signature is
 * carried along.  Ranges and meaning: Spotify Web API, "Get Track's Audio
 * Features".
 */
#ifndef AUDIO_H
#define AUDIO_H

enum {
	DANCEABILITY,
	ENERGY,
	KEY,
	LOUDNESS,
	MODE,
	SPEECHINESS,
	ACOUSTICNESS,
	INSTRUMENTALNESS,
	LIVENESS,
	VALENCE,
	TEMPO,
	FEATURES,
	TIME_SIGNATURE = FEATURES,
	FEATURE_KEYS
};

extern const char *const audio_keys[FEATURE_KEYS];

#endif
