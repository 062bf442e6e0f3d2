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
#include "track.h"

struct table;

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
 * Keep the features of a track, each the text of a number of JSON, or empty if
 * unknown; those of the same id kept before are replaced.  False if they are
 * too long, or if all are empty although the source knows the track.
 */
bool table_put(struct table *table, const struct track_id *id,
    const struct str features[FEATURE_KEYS], enum table_source source);

/* Where a track is in the table, for good; 0 if it is not there. */
uint32_t table_find(const struct table *table, const struct track_id *id);

/*
 * Tracks that will be wanted soon come from memory in the meantime: say
 * table_hint() of several, then table_hint_more() of each, then find them.
 * table_fetch() is for those that were found a while ago.
 */
void table_hint(const struct table *table, const struct track_id *id);
void table_hint_more(const struct table *table, const struct track_id *id);
void table_fetch(const struct table *table, uint32_t place);

/* Whom the track at a place, or that of an id, is from. */
enum table_source table_source(const struct table *table, uint32_t place);
enum table_source table_has(
    const struct table *table, const struct track_id *id);

/* Append ,"danceability":0.7 and so on, if there are any. */
void table_append(const struct table *table, uint32_t place, struct buf *out);

/* Append the texts of the features, with commas between. */
void table_text(const struct table *table, uint32_t place, struct buf *out);

/* How many tracks there are. */
size_t table_count(const struct table *table);

#endif
