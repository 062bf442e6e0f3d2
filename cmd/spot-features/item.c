/*
 * item: what is found in an item, and the same without old features.
 */
#include <stdlib.h>
#include <string.h>

#include "audio.h"
#include "item.h"
#include "json.h"
#include "lines.h"

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

struct items {
	struct json *json;
	struct json_field fields[NAMES]; /* of the line that is read */
	struct buf clean;
	const char *error;
};

struct items *
items_open(void)
{
	struct items *items = xcalloc(1, sizeof(*items));

	memcpy(names + FIRST_FEATURE, audio_keys, sizeof(audio_keys));
	items->json = json_open(names, NAMES);
	return items;
}

void
items_free(struct items *items)
{
	json_free(items->json);
	buf_free(&items->clean);
	free(items);
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
without_old(
    struct items *items, struct str line, struct json_field fields[NAMES])
{
	const struct json_field *old[NAMES - FRONT];
	size_t n = find_old(fields, old);

	if (n == 0)
		return line;
	items->clean.len = 0;
	buf_append(
	    &items->clean, (struct str){line.ptr, line.len + LINES_SLACK});
	/* The last first: those in front of it then keep their places. */
	while (n-- > 0)
		cut_member(&items->clean, (size_t)(old[n]->key - line.ptr),
		    (size_t)(old[n]->raw.ptr + old[n]->raw.len - line.ptr));
	line = (struct str){items->clean.ptr, items->clean.len - LINES_SLACK};
	(void)json_fields(items->json, line, fields);
	return line;
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

bool
items_read(struct items *items, struct str line, struct item *item)
{
	struct json_field *fields = items->fields;
	size_t end;

	*item = (struct item){.text = line};
	items->error = NULL;
	if (!json_fields(items->json, line, fields))
		return false;
	if (!is_bare_item(fields))
		return true;
	if (fields[TRACK_ID].kind != JSON_STRING) {
		items->error = "an item without track_id";
		return false;
	}
	item->text = without_old(items, line, fields);
	for (int i = 0; i < FRONT; i++) {
		if (fields[i].kind == JSON_ABSENT)
			continue;
		end = (size_t)(fields[i].raw.ptr + fields[i].raw.len -
		               item->text.ptr);
		if (end > item->split)
			item->split = end;
	}
	item->track = json_text(items->json, &fields[TRACK_ID]);
	return true;
}

const char *
items_error(const struct items *items)
{
	return items->error != NULL ? items->error : json_error(items->json);
}
