/*
 * table.h: the audio features of very many tracks, in little memory.
 *
 * A track takes about 60 bytes: its id in 17, and the text of its features,
 * which has only fifteen different characters, in half a byte each.  What comes
 * out is the text that went in.
 */
#ifndef TABLE_H
#define TABLE_H

#include <stdbool.h>
#include <stddef.h>

#include "audio.h"
#include "buf.h"

struct table;

struct table *table_open(void);
void table_free(struct table *table);

/*
 * Keep the features of a track, each the text of a number, or empty if unknown;
 * those of the same id kept before are replaced.  False if id is no Spotify id
 * (22 letters and digits), or a text is no number or too long.
 */
bool table_put(struct table *table, struct str id,
    const struct str features[FEATURE_KEYS]);

/* Append ,"danceability":0.7 and so on; false if the track is not there. */
bool table_get(const struct table *table, struct str id, struct buf *out);

/* How many tracks there are. */
size_t table_count(const struct table *table);

#endif
