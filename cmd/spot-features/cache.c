/*
 * cache: HMGET and HSET of up to a thousand ids at once.
 */
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "cache.h"
#include "redis.h"

enum { UNKNOWN_SECONDS = 30 * 24 * 3600 };

static const char key[] = "spot:features";

struct cache {
	redisContext *redis;
	struct buf values;
};

struct cache *
cache_open(void)
{
	struct cache *c = xcalloc(1, sizeof(*c));

	c->redis = redis_open();
	return c;
}

void
cache_free(struct cache *c)
{
	if (c == NULL)
		return;
	redisFree(c->redis);
	buf_free(&c->values);
	free(c);
}

/* Put a value of the hash into the table, unless it is too old or strange. */
static void
take(const char *value, size_t len, struct str id, struct table *table)
{
	struct str features[FEATURE_KEYS] = {{0}};
	const char *p = value, *end = value + len, *comma;
	int n = 0;

	if (len > 5 && memcmp(value, "none ", 5) == 0) {
		if (strtoll(value + 5, NULL, 10) > time(NULL) - UNKNOWN_SECONDS)
			(void)table_put(table, id, features, TABLE_UNKNOWN);
		return;
	}
	for (; n < FEATURE_KEYS && p <= end; p = comma + 1) {
		comma = memchr(p, ',', (size_t)(end - p));
		if (comma == NULL)
			comma = end;
		features[n++] = (struct str){p, (size_t)(comma - p)};
	}
	if (n == FEATURE_KEYS && p == end + 1)
		(void)table_put(table, id, features, TABLE_REDIS);
}

void
cache_get(struct cache *c, char (*ids)[CHAIN_ID], size_t n, struct table *table)
{
	struct str arguments[CACHE_WINDOW + 2] = {STR("HMGET"), STR(key)};
	size_t window;
	redisReply *reply;

	for (size_t i = 0; i < n; i += window) {
		window = n - i < CACHE_WINDOW ? n - i : CACHE_WINDOW;
		for (size_t j = 0; j < window; j++)
			arguments[2 + j] = (struct str){ids[i + j], CHAIN_ID};
		redis_queue(c->redis, (int)window + 2, arguments);
		reply = redis_reply(c->redis, REDIS_REPLY_ARRAY);
		for (size_t j = 0; j < window && j < reply->elements; j++)
			if (reply->element[j]->type == REDIS_REPLY_STRING)
				take(reply->element[j]->str,
				    (size_t)reply->element[j]->len,
				    arguments[2 + j], table);
		freeReplyObject(reply);
	}
}

/* Add id and value of what is worth keeping to the values and ends. */
static bool
add_value(struct cache *c, struct str id, const struct table *table)
{
	switch (table_has(table, id)) {
	case TABLE_SPOTIFY:
	case TABLE_RECCOBEATS:
		table_text(table, id, &c->values);
		return true;
	case TABLE_UNKNOWN:
		buf_printf(&c->values, "none %lld", (long long)time(NULL));
		return true;
	default:
		return false;
	}
}

void
cache_put(
    struct cache *c, char (*ids)[CHAIN_ID], size_t n, const struct table *table)
{
	struct str arguments[2 * CACHE_WINDOW + 2] = {STR("HSET"), STR(key)};
	size_t used = 0, start, at;

	for (size_t i = 0; i <= n; i++) {
		if (used == CACHE_WINDOW || (i == n && used > 0)) {
			/* The values may have moved: say where they are. */
			for (size_t j = at = 0; j < used; j++) {
				arguments[3 + 2 * j].ptr = c->values.ptr + at;
				at += arguments[3 + 2 * j].len;
			}
			redis_queue(c->redis, 2 * (int)used + 2, arguments);
			freeReplyObject(
			    redis_reply(c->redis, REDIS_REPLY_INTEGER));
			used = c->values.len = 0;
		}
		start = c->values.len;
		if (i == n ||
		    !add_value(c, (struct str){ids[i], CHAIN_ID}, table))
			continue;
		arguments[2 + 2 * used] = (struct str){ids[i], CHAIN_ID};
		arguments[3 + 2 * used++].len = c->values.len - start;
	}
	c->values.len = 0;
}
