/*
 * table.h: the audio features of very many tracks, in little memory.
 *
 * A track takes about 60 bytes: its id in 17, and the text of its features,
 * which has only sixteen different characters, in half a byte each.  What comes
 * out is the text that went in.
 */
#ifndef TABLE_H
#define TABLE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "audio.h"
#include "buf.h"

struct table;

/* A Spotify id: its 22 letters and digits, of 6 bits each. */
struct table_id {
	uint64_t first, second;
	unsigned char last;
};

/* Pack an id; false if it is none. */
bool table_pack(struct str id, struct table_id *packed);

struct table *table_open(void);
void table_free(struct table *table);

/* Whom the features of a track are from, or why there are none. */
enum table_source {
	TABLE_ABSENT, /* the track is not there */
	TABLE_FILE,
	TABLE_SPOTIFY,
	TABLE_RECCOBEATS,
	TABLE_REDIS,
	TABLE_UNKNOWN, /* nobody knows the track */
	TABLE_RESTRICTED,
	TABLE_UNAVAILABLE
};

/*
 * Keep the features of a track, each the text of a number, or empty if unknown;
 * those of the same id kept before are replaced.  False if id is no Spotify id
 * (22 letters and digits), if a text is no number of JSON or too long, or if
 * all are empty although the source knows the track.  A text has a readable
 * byte behind it that is part of no number.
 */
bool table_put(struct table *table, struct str id,
    const struct str features[FEATURE_KEYS], enum table_source source);

/* Append ,"danceability":0.7 and so on, if there are any. */
enum table_source table_get(
    const struct table *table, const struct table_id *id, struct buf *out);

/*
 * Tracks that will be wanted soon come from memory in the meantime: say
 * table_hint() of several, then table_hint_more() of each, then get them.
 */
void table_hint(const struct table *table, const struct table_id *id);
void table_hint_more(const struct table *table, const struct table_id *id);

/* Append the texts of the features, with commas between. */
void table_text(const struct table *table, struct str id, struct buf *out);

/* Whom it is from, without the features. */
enum table_source table_has(const struct table *table, struct str id);

/* How many tracks there are. */
size_t table_count(const struct table *table);

#endif
