/*
 * cache.h: audio features kept in Redis over runs.
 *
 * One hash, spot:features: id -> the twelve texts with commas between; or, of a
 * track that nobody knew, "none" and when that was.
 */
#ifndef CACHE_H
#define CACHE_H

#include "chain.h"
#include "table.h"

enum { CACHE_WINDOW = 1000 /* ids of one command */ };

struct cache;

struct cache *cache_open(void);
void cache_free(struct cache *cache);

/* Put what is kept of n ids into a table. */
void cache_get(
    struct cache *cache, char (*ids)[CHAIN_ID], size_t n, struct table *table);

/* Keep what a table has of n ids. */
void cache_put(struct cache *cache, char (*ids)[CHAIN_ID], size_t n,
    const struct table *table);

#endif
