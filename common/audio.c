/*
 * audio: the names of the audio features.
 */
#include "audio.h"

const char *const audio_keys[FEATURE_KEYS] = {"danceability", "energy", "key",
    "loudness", "mode", "speechiness", "acousticness", "instrumentalness",
    "liveness", "valence", "tempo", "time_signature"};
