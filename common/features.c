/*
 * features: the names of the audio features.
 */
#include "features.h"

const char *const features_keys[FEATURE_KEYS] = {"danceability", "energy",
    "key", "loudness", "mode", "speechiness", "acousticness",
    "instrumentalness", "liveness", "valence", "tempo", "time_signature"};
