/*
 * cache: of whatever Redis holds for a track only twelve numbers are taken, as
 * they stand, or that nobody knew it.
 */
#include <stdint.h>
#include <stdlib.h>

#include "../../../cmd/spot-features/cache.c" /* NOLINT(bugprone-suspicious-include) */
#include "walk.h"

enum { RUNS = 1000 };

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* Put the values told back together, as Redis has them. */
static bool
join(void *context, const struct walk_event *event)
{
	struct str *values = context;

	values[event->id] = event->raw;
	return true;
}

/* What spot-features writes of a track is JSON, and the values of Redis. */
static void
check(struct str members, struct str text)
{
	static struct walk *walk;
	static struct buf document, joined;
	struct walk_path paths[FEATURE_KEYS];
	struct str values[FEATURE_KEYS] = {{0}};

	for (int f = 0; f < FEATURE_KEYS; f++)
		paths[f] = (struct walk_path){audio_keys[f], f};
	if (walk == NULL)
		walk = walk_open(paths, FEATURE_KEYS);
	document.len = joined.len = 0;
	buf_puts(&document, "{\"a\":1");
	buf_append(&document, members);
	buf_puts(&document, "}");
	if (!walk_document(walk, buf_str(&document), join, values))
		abort();
	for (int f = 0; f < FEATURE_KEYS; f++) {
		buf_append(&joined, values[f]);
		buf_puts(&joined, f < FEATURE_KEYS - 1 ? "," : "");
	}
	if (!str_equal(buf_str(&joined), text))
		abort();
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static char id[TRACK_CHARS + 1] = "0000000000000000000000";
	static struct table *table;
	static struct buf members;
	static struct cache cache;
	static unsigned runs;
	const struct str value = {(const char *)data, size};
	struct track_id packed;
	uint32_t place;

	if (runs++ % RUNS == 0) {
		table_free(table);
		table = table_open();
		runs = 1;
	}
	/* Each run has an id of its own: what the table holds is its own. */
	for (unsigned i = 0, n = runs; i < 4; i++, n /= 10)
		id[i] = (char)('0' + n % 10);
	if (!track_pack((struct str){id, TRACK_CHARS}, &packed))
		abort();
	take(&cache, value, &packed, table);
	place = table_find(table, &packed);
	if (table_source(table, place) != TABLE_REDIS)
		return 0;
	members.len = 0;
	table_append(table, place, &members);
	check(buf_str(&members), value);
	return 0;
}
