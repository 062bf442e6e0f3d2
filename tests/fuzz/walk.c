/*
 * walk: what is told lies within the document, begins and ends match, and a
 * walker that has seen other documents tells the same as a new one.
 */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "walk.h"

static const struct walk_path paths[] = {{"id", 0}, {"type", 1},
    {"a|b.items[].id", 2}, {"a|b.items[]", 3}, {"a.items", 4}, {"b", 5},
    {"items[].a|b.names[]", 6}, {"items[][]", 7}};

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

struct seen {
	struct str document;
	uint64_t hash;
	int open;
};

static void
stir(struct seen *seen, uint64_t value)
{
	seen->hash = (seen->hash ^ value) * 0x100000001b3U;
}

static bool
visit(void *context, const struct walk_event *event)
{
	struct seen *seen = context;
	const char *start = seen->document.ptr;
	const char *end = start + seen->document.len;

	seen->open += event->begins;
	if (!event->begins) {
		seen->open -= event->kind >= JSON_ARRAY;
		if (event->raw.len == 0 || event->raw.ptr < start ||
		    event->raw.ptr + event->raw.len > end ||
		    event->text.len > event->raw.len)
			abort();
	}
	if (event->key != NULL && (event->key < start || *event->key != '"'))
		abort();
	stir(seen, (uint64_t)event->id << 8 | (uint64_t)event->kind);
	stir(seen, event->begins ? 0 : (uint64_t)(event->raw.ptr - start));
	stir(seen, event->raw.len);
	for (size_t i = 0; i < event->text.len; i++)
		stir(seen, (uint64_t)event->text.ptr[i]);
	return true;
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	enum { PATHS = sizeof(paths) / sizeof(paths[0]) };
	static struct walk *used;
	struct walk *fresh = walk_open(paths, PATHS);
	struct seen first = {{(const char *)data, size}, 0, 0}, second = first;
	bool taken;

	if (used == NULL)
		used = walk_open(paths, PATHS);
	taken = walk_document(used, first.document, visit, &first);
	if (walk_document(fresh, second.document, visit, &second) != taken ||
	    first.hash != second.hash || (taken && first.open != 0) ||
	    (!taken && *walk_error(used) == '\0') ||
	    strcmp(walk_error(used), walk_error(fresh)) != 0)
		abort();
	walk_free(fresh);
	return 0;
}
