/*
 * window: lines in their order, and the distinct ids to ask for.
 *
 * While there is nothing to ask for, items still wait for a few others, so that
 * their features come from memory together; other lines are written as they
 * come.
 */
#include <stdlib.h>
#include <string.h>

#include "json.h"
#include "output.h"
#include "window.h"

enum {
	BYTES_MAX = 64 * 1024 * 1024, /* of lines that wait */
	TOGETHER = 32                 /* items that are looked up together */
};

/*
 * The keys of an item in front of its features, and those that are written
 * behind them.
 */
enum {
	TYPE,
	TRACK_ID = 5,
	FRONT = 8,
	SOURCE = FRONT,
	REASON,
	FIRST_FEATURE,
	NAMES = FIRST_FEATURE + FEATURE_KEYS
};
static const char *names[NAMES] = {"type", "playlist_id", "snapshot_id",
    "position", "added_at", "track_id", "country", "isrc", "features_source",
    "features_reason"};

/* A line, ready to be written. */
struct ready {
	struct str line;
	size_t split;  /* where its features go; 0: it is written as it is */
	struct str id; /* of its track; empty if that is none of Spotify's */
	struct table_id packed; /* the same */
};

/* One that waits, its id and its line with the newline in text. */
struct held {
	size_t start, len, split;
	bool has_id;
	struct table_id packed;
};

struct window {
	struct chain *chain;
	struct json *json;
	struct buf text, clean, features;
	struct held *held;
	size_t n, cap;
	char (*ids)[CHAIN_ID]; /* distinct, chain_batch() of them at most */
	size_t nids;
	struct table *asked; /* those ids, to find them again */
	uint64_t written;
};

struct window *
window_open(struct chain *chain)
{
	struct window *w = xcalloc(1, sizeof(*w));

	memcpy(names + FIRST_FEATURE, audio_keys, sizeof(audio_keys));
	w->chain = chain;
	w->json = json_open(names, NAMES);
	w->ids = xcalloc(chain_batch(chain) + 1, sizeof(*w->ids));
	w->asked = table_open();
	return w;
}

void
window_free(struct window *w)
{
	json_free(w->json);
	table_free(w->asked);
	buf_free(&w->text);
	buf_free(&w->clean);
	buf_free(&w->features);
	free(w->held);
	free(w->ids);
	free(w);
}

/* Order members as they stand in the line. */
static int
compare_places(const void *a, const void *b)
{
	const struct json_field *const *x = a, *const *y = b;

	return ((*x)->key > (*y)->key) - ((*x)->key < (*y)->key);
}

/* The members that are not to be copied, in order; how many. */
static size_t
find_old(const struct json_field fields[NAMES],
    const struct json_field *old[NAMES - FRONT])
{
	size_t n = 0;

	for (int i = FRONT; i < NAMES; i++)
		if (fields[i].kind != JSON_ABSENT)
			old[n++] = &fields[i];
	if (n > 1)
		qsort(old, n, sizeof(old[0]), compare_places);
	return n;
}

/* Cut a member out of an object that has others, and one comma with it. */
static void
cut_member(struct buf *object, size_t start, size_t end)
{
	const char *p = object->ptr;

	while (p[start - 1] != ',' && p[start - 1] != '{')
		start--; /* white space */
	if (p[start - 1] == ',')
		start--;
	else
		while (p[end++] != ',')
			;
	memmove(object->ptr + start, p + end, object->len - end);
	object->len -= end - start;
}

/* The item without the members that are not to be copied; its fields anew. */
static struct str
without_old(struct window *w, struct str line, struct json_field fields[NAMES])
{
	const struct json_field *old[NAMES - FRONT];
	size_t n = find_old(fields, old);

	if (n == 0)
		return line;
	w->clean.len = 0;
	buf_append(&w->clean, (struct str){line.ptr, line.len + LINES_SLACK});
	/* The last first: those in front of it then keep their places. */
	while (n-- > 0)
		cut_member(&w->clean, (size_t)(old[n]->key - line.ptr),
		    (size_t)(old[n]->raw.ptr + old[n]->raw.len - line.ptr));
	line = (struct str){w->clean.ptr, w->clean.len - LINES_SLACK};
	(void)json_fields(w->json, line, fields);
	return line;
}

/* Take old features out of an item, and find the place of its new ones. */
static struct ready
prepare(struct window *w, struct str line, struct json_field fields[NAMES])
{
	struct ready ready = {.line = without_old(w, line, fields)};
	size_t end;

	for (int i = 0; i < FRONT; i++) {
		if (fields[i].kind == JSON_ABSENT)
			continue;
		end = (size_t)(fields[i].raw.ptr + fields[i].raw.len -
		               ready.line.ptr);
		if (end > ready.split)
			ready.split = end;
	}
	ready.id = json_text(w->json, &fields[TRACK_ID]);
	if (!table_pack(ready.id, &ready.packed))
		ready.id.len = 0;
	return ready;
}

static void
write_ready(struct window *w, const struct ready *ready)
{
	struct str line = ready->line;

	w->written++;
	if (ready->split > 0) {
		output_write((struct str){line.ptr, ready->split});
		w->features.len = 0;
		chain_append(w->chain,
		    ready->id.len > 0 ? &ready->packed : NULL, &w->features);
		output_write(buf_str(&w->features));
	}
	output_line(
	    (struct str){line.ptr + ready->split, line.len - ready->split});
}

/* Is it an item that lacks features? */
static bool
is_bare_item(const struct json_field fields[NAMES])
{
	if (!json_is(&fields[TYPE], STR("item")) ||
	    (fields[SOURCE].kind == JSON_STRING &&
	        !json_is(&fields[SOURCE], STR("none"))))
		return false;
	for (int i = FIRST_FEATURE; i < NAMES; i++)
		if (fields[i].kind == JSON_NUMBER)
			return false;
	return true;
}

/* Let a line wait. */
static void
hold(struct window *w, const struct ready *ready)
{
	if (w->n == w->cap) {
		w->cap = w->cap == 0 ? 1024 : w->cap * 2;
		w->held = xreallocarray(w->held, w->cap, sizeof(*w->held));
	}
	w->held[w->n++] = (struct held){w->text.len, ready->line.len,
	    ready->split, ready->id.len > 0, ready->packed};
	buf_append(&w->text, ready->id);
	buf_append(
	    &w->text, (struct str){ready->line.ptr, ready->line.len + 1});
	if (ready->id.len > 0)
		chain_hint(w->chain, &ready->packed);
}

/* Note that an id has to be asked for. */
static void
need(struct window *w, struct str id)
{
	static const struct str nothing[FEATURE_KEYS];

	if (table_has(w->asked, id) != TABLE_ABSENT)
		return;
	(void)table_put(w->asked, id, nothing, TABLE_UNKNOWN);
	memcpy(w->ids[w->nids++], id.ptr, CHAIN_ID);
}

/* Get the tracks of the lines from number first on, that wait, from memory. */
static void
hint_more(const struct window *w, size_t first)
{
	for (size_t i = first; i < w->n && i < first + TOGETHER; i++)
		if (w->held[i].has_id)
			chain_hint_more(w->chain, &w->held[i].packed);
}

/* Write the lines that wait, up to the first that lacks an answer. */
static void
write_held(struct window *w)
{
	const struct held *held;
	struct ready ready;

	for (size_t i = 0; i < w->n; i++) {
		if (i % TOGETHER == 0)
			hint_more(w, i);
		held = &w->held[i];
		ready.id = (struct str){
		    w->text.ptr + held->start, held->has_id ? CHAIN_ID : 0};
		ready.packed = held->packed;
		ready.line =
		    (struct str){ready.id.ptr + ready.id.len, held->len};
		ready.split = held->split;
		if (held->has_id && chain_must_ask(w->chain, ready.id))
			break;
		write_ready(w, &ready);
	}
	w->text.len = w->n = 0;
}

bool
window_settle(struct window *w)
{
	bool answered = true;

	if (w->nids > 0) {
		answered = chain_ask(w->chain, w->ids, w->nids);
		table_free(w->asked);
		w->asked = table_open();
		w->nids = 0;
	}
	write_held(w);
	output_flush();
	return answered;
}

bool
window_add(struct window *w, struct lines *in, struct str line)
{
	struct json_field fields[NAMES];
	struct ready ready = {.line = line};
	bool ask = false, full;

	if (!json_fields(w->json, line, fields)) {
		lines_refuse(in, "%s", json_error(w->json));
		return true;
	}
	if (is_bare_item(fields)) {
		if (fields[TRACK_ID].kind != JSON_STRING) {
			lines_refuse(in, "an item without track_id");
			return true;
		}
		ready = prepare(w, line, fields);
		ask = ready.id.len > 0 && chain_must_ask(w->chain, ready.id);
	}
	if (ready.split == 0 && w->n == 0) {
		write_ready(w, &ready);
		return true;
	}
	hold(w, &ready);
	if (ask)
		need(w, ready.id);
	full = w->text.len > BYTES_MAX;
	if (w->nids > 0 && (full || w->nids == chain_batch(w->chain)))
		return window_settle(w);
	if (w->nids == 0 && (full || w->n >= TOGETHER))
		write_held(w);
	return true;
}

bool
window_wait(struct window *w, struct lines *in)
{
	/* A request for a few ids costs as much as one for many. */
	if (lines_ready(in) || (w->nids > 0 && chain_linger(w->chain, in->fd)))
		return true;
	return window_settle(w) && chain_wait(w->chain, in->fd);
}

uint64_t
window_written(const struct window *w)
{
	return w->written;
}
