/*
 * cache: HMGET and HSET of up to a thousand ids at once.
 */
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "cache.h"
#include "lines.h"
#include "redis.h"
#include "scan.h"

enum { UNKNOWN_SECONDS = 30 * 24 * 3600 };

static const char key[] = "spot:features";

struct cache {
	redisContext *redis;
	struct buf values; /* that are put, or one that is taken */
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

/*
 * Cut a value into its numbers, or nothing where one is unknown; false if that
 * is not all it holds.
 */
static bool
cut(struct str value, struct str features[FEATURE_KEYS])
{
	const char *p = value.ptr, *end = value.ptr + value.len, *start;
	struct json_field field;

	for (int f = 0; f < FEATURE_KEYS; f++, p++) {
		start = p;
		if (*p != ',' && p < end &&
		    ((p = scan_value(p, end, &field)) == NULL ||
		        field.kind != JSON_NUMBER))
			return false;
		features[f] = (struct str){start, (size_t)(p - start)};
		if (f < FEATURE_KEYS - 1 ? *p != ',' : p != end)
			return false;
	}
	return true;
}

/* Put a value of the hash into the table, unless it is too old or strange. */
static void
take(struct cache *c, struct str value, const struct track_id *id,
    struct table *table)
{
	struct str features[FEATURE_KEYS] = {{0}};

	c->values.len = 0;
	buf_append(&c->values, value);
	value = lines_str(&c->values);
	if (value.len > 5 && memcmp(value.ptr, "none ", 5) == 0) {
		if (strtoll(value.ptr + 5, NULL, 10) >
		    time(NULL) - UNKNOWN_SECONDS)
			(void)table_put(table, id, features, TABLE_UNKNOWN);
		return;
	}
	if (cut(value, features))
		(void)table_put(table, id, features, TABLE_REDIS);
}

void
cache_ask(struct cache *c, const struct track_id *ids, size_t n)
{
	struct str arguments[CACHE_WINDOW + 2] = {STR("HMGET"), STR(key)};
	size_t window;

	for (size_t i = 0; i < n; i += window) {
		window = n - i < CACHE_WINDOW ? n - i : CACHE_WINDOW;
		for (size_t j = 0; j < window; j++)
			arguments[2 + j] =
			    (struct str){ids[i + j].text, TRACK_CHARS};
		redis_queue(c->redis, (int)window + 2, arguments);
	}
	redis_send(c->redis);
}

void
cache_take(
    struct cache *c, const struct track_id *ids, size_t n, struct table *table)
{
	redisReply *reply, *value;

	for (size_t i = 0; i < n; i += CACHE_WINDOW) {
		reply = redis_reply(c->redis, REDIS_REPLY_ARRAY);
		for (size_t j = 0; j < reply->elements && i + j < n; j++) {
			value = reply->element[j];
			if (value->type == REDIS_REPLY_STRING)
				take(c,
				    (struct str){
				        value->str, (size_t)value->len},
				    &ids[i + j], table);
		}
		freeReplyObject(reply);
	}
}

/* Add id and value of what is worth keeping to the values and ends. */
static bool
add_value(struct cache *c, const struct track_id *id, const struct table *table)
{
	uint32_t place = table_find(table, id);

	switch (table_source(table, place)) {
	case TABLE_SPOTIFY:
	case TABLE_RECCOBEATS:
		table_text(table, place, &c->values);
		return true;
	case TABLE_UNKNOWN:
		buf_printf(&c->values, "none %lld", (long long)time(NULL));
		return true;
	default:
		return false;
	}
}

void
cache_put(struct cache *c, const struct track_id *ids, size_t n,
    const struct table *table)
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
		if (i == n || !add_value(c, &ids[i], table))
			continue;
		arguments[2 + 2 * used] =
		    (struct str){ids[i].text, TRACK_CHARS};
		arguments[3 + 2 * used++].len = c->values.len - start;
	}
	c->values.len = 0;
}
