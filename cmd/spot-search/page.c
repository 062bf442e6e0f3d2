/*
 * page: from simplified playlist objects to playlist records.
 *
 * items may be null, and so may each of its entries; the number of a playlist's
 * items is in tracks.total or in items.total, and either may be null.
 */
#include <stdlib.h>
#include <string.h>

#include "page.h"
#include "walk.h"

enum value {
	ID,
	SNAPSHOT_ID,
	NAME,
	DESCRIPTION,
	OWNER,
	PUBLIC,
	COLLABORATIVE,
	TRACKS_TOTAL,
	VALUES,
	ENTRY = VALUES,
	TOTAL
};

static const char *const keys[VALUES] = {"id", "snapshot_id", "name",
    "description", "owner", "public", "collaborative", "tracks_total"};

#define LIST "playlists.items[]"

static const struct walk_path paths[] = {{"playlists.total", TOTAL},
    {LIST, ENTRY}, {LIST ".id", ID}, {LIST ".snapshot_id", SNAPSHOT_ID},
    {LIST ".name", NAME}, {LIST ".description", DESCRIPTION},
    {LIST ".owner.id", OWNER}, {LIST ".public", PUBLIC},
    {LIST ".collaborative", COLLABORATIVE},
    {LIST ".tracks|items.total", TRACKS_TOTAL}};

struct page {
	struct walk *walk;
	struct str values[VALUES];
	struct buf id;
	size_t entries, total;
	struct buf record;
	const struct page_origin *origin;
	page_found *found;
	void *context;
};

struct page *
page_open(void)
{
	struct page *p = xcalloc(1, sizeof(*p));

	p->walk = walk_open(paths, sizeof(paths) / sizeof(paths[0]));
	return p;
}

void
page_free(struct page *p)
{
	if (p == NULL)
		return;
	walk_free(p->walk);
	buf_free(&p->id);
	buf_free(&p->record);
	free(p);
}

static void
put(struct buf *out, const char *key, struct str raw)
{
	if (raw.len == 0)
		return;
	buf_printf(out, ",\"%s\":", key);
	buf_append(out, raw);
}

/* Hand over the playlist that has been read; without an id it is none. */
static void
finish_entry(struct page *p)
{
	p->entries++;
	if (p->id.len == 0)
		return;
	p->record.len = 0;
	buf_append(&p->record, STR("{\"type\":\"playlist\""));
	for (int i = 0; i < VALUES; i++)
		put(&p->record, keys[i], p->values[i]);
	put(&p->record, "country", p->origin->country);
	put(&p->record, "query", p->origin->query);
	put(&p->record, "fetched_at", p->origin->fetched_at);
	buf_append(&p->record, STR("}\n"));
	p->found(p->context, buf_str(&p->id), buf_str(&p->record));
}

static size_t
number(struct str raw)
{
	size_t n = 0;

	for (size_t i = 0; i < raw.len && i < 9; i++)
		if (raw.ptr[i] >= '0' && raw.ptr[i] <= '9')
			n = n * 10 + (size_t)(raw.ptr[i] - '0');
	return n;
}

static bool
visit(void *context, const struct walk_event *event)
{
	struct page *p = context;

	if (event->id == TOTAL) {
		p->total = number(event->raw);
	} else if (event->id == ENTRY) {
		if (event->begins || event->kind < JSON_ARRAY) {
			memset(p->values, 0, sizeof(p->values));
			p->id.len = 0;
		}
		if (!event->begins)
			finish_entry(p);
	} else if (event->kind != JSON_NULL && event->kind < JSON_ARRAY) {
		p->values[event->id] = event->raw;
		if (event->id == ID) {
			p->id.len = 0;
			buf_append(&p->id, event->text);
		}
	}
	return true;
}

bool
page_read(struct page *p, struct str body, const struct page_origin *origin,
    page_found *found, void *context)
{
	p->entries = p->total = 0;
	p->origin = origin;
	p->found = found;
	p->context = context;
	return walk_document(p->walk, body, visit, p);
}

size_t
page_entries(const struct page *p)
{
	return p->entries;
}

size_t
page_total(const struct page *p)
{
	return p->total;
}
