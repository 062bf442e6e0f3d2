/*
 * cache.h: audio features kept in Redis over runs.
 *
 * One hash, spot:features: id -> the twelve texts with commas between; or, of a
 * track that nobody knew, "none" and when that was.
 */
#ifndef CACHE_H
#define CACHE_H

#include "table.h"

enum { CACHE_WINDOW = 1000 /* ids of one command */ };

struct cache;

struct cache *cache_open(void);
void cache_free(struct cache *cache);

/*
 * Send a question for what is kept of n ids; then put the answer to the oldest
 * question into a table.  There may be several at once.
 */
void cache_ask(struct cache *cache, const struct track_id *ids, size_t n);
void cache_take(struct cache *cache, const struct track_id *ids, size_t n,
    struct table *table);

/* Keep what a table has of n ids; no question may be open. */
void cache_put(struct cache *cache, const struct track_id *ids, size_t n,
    const struct table *table);

#endif
