/*
 * playlist: from the API's nested objects to flat records.
 *
 * The line is walked once.  Its items are written as they go by, with the
 * playlist's id, snapshot and country, which mostly stand before the items; if
 * one of them turns up behind them, the line is walked a second time.
 */
#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "entry.h"
#include "playlist.h"
#include "walk.h"

enum value {
	ID, /* those up to VALUES make the playlist's record, in this order */
	SNAPSHOT_ID,
	NAME,
	DESCRIPTION,
	OWNER,
	PUBLIC,
	COLLABORATIVE,
	TOTAL,
	COUNTRY,
	QUERY,
	FETCHED_AT,
	VALUES,
	TYPE = VALUES,
	HREF,
	OFFSET,
	TRACKS_LIST, /* the three places where items are found */
	ITEMS_LIST,
	PAGE_LIST
};

static const char *const keys[VALUES] = {"id", "snapshot_id", "name",
    "description", "owner", "public", "collaborative", "tracks_total",
    "country", "query", "fetched_at"};

static const struct walk_path paths[] = {
    {"id", ID},
    {"snapshot_id", SNAPSHOT_ID},
    {"name", NAME},
    {"description", DESCRIPTION},
    {"owner", OWNER},
    {"owner.id", OWNER},
    {"public", PUBLIC},
    {"collaborative", COLLABORATIVE},
    {"total|tracks_total", TOTAL},
    {"tracks|items.total", TOTAL},
    {"country", COUNTRY},
    {"query", QUERY},
    {"fetched_at", FETCHED_AT},
    {"type", TYPE},
    {"href", HREF},
    {"offset", OFFSET},
    {"tracks|items.offset", OFFSET},
    {"tracks.items", TRACKS_LIST},
    ENTRY_PATHS("tracks.items[]"),
    {"items.items", ITEMS_LIST},
    ENTRY_PATHS("items.items[]"),
    {"items", PAGE_LIST},
    ENTRY_PATHS("items[]"),
};

struct playlist {
	struct walk *walk;
	struct str line;
	struct str values[VALUES]; /* raw, borrowed from the line */
	struct buf href_id;        /* an id found in href, quoted */
	size_t offset;
	bool typed;      /* it has a type ... */
	bool other;      /* ... which is not playlist */
	bool paging;     /* a further page: only its items are wanted */
	enum value list; /* which list is used, or 0 */
	enum value open; /* which is being read, or 0 */
	bool late;       /* a value the items need came behind them */
	struct entry entry;
	struct buf records;
	size_t entries;
	size_t skipped[ENTRY_REASONS + 1]; /* the last are the items */
	char error[300];
};

struct playlist *
playlist_open(void)
{
	struct playlist *p = xcalloc(1, sizeof(*p));

	p->walk = walk_open(paths, sizeof(paths) / sizeof(paths[0]));
	return p;
}

void
playlist_free(struct playlist *p)
{
	if (p == NULL)
		return;
	walk_free(p->walk);
	buf_free(&p->href_id);
	buf_free(&p->entry.artists);
	buf_free(&p->entry.markets);
	buf_free(&p->records);
	free(p);
}

/* The number a raw value is, or 0. */
static size_t
number(struct str raw)
{
	size_t n = 0;

	for (size_t i = 0; i < raw.len && i < 9; i++)
		if (raw.ptr[i] >= '0' && raw.ptr[i] <= '9')
			n = n * 10 + (size_t)(raw.ptr[i] - '0');
	return n;
}

/* Where an API address names a playlist, keep its id. */
static void
find_id(struct playlist *p, struct str href)
{
	static const char mark[] = "/playlists/";
	const char *at = memmem(href.ptr, href.len, mark, sizeof(mark) - 1);
	size_t len = 0;

	if (at == NULL)
		return;
	at += sizeof(mark) - 1;
	while (
	    at + len < href.ptr + href.len && isalnum((unsigned char)at[len]))
		len++;
	p->href_id.len = 0;
	buf_printf(&p->href_id, "\"%.*s\"", (int)len, at);
}

/* Keep a value of the playlist; null is as good as absent. */
static void
keep(struct playlist *p, enum value id, const struct walk_event *event)
{
	struct str *value = &p->values[id];

	if (event->kind == JSON_NULL || event->kind >= JSON_ARRAY ||
	    str_equal(*value, event->raw))
		return;
	if (p->entries > 0 && (id == ID || id == SNAPSHOT_ID || id == COUNTRY ||
	                          id == FETCHED_AT))
		p->late = true;
	*value = event->raw;
}

static void
finish_entry(struct playlist *p)
{
	const struct entry_playlist playlist = {p->values[ID],
	    p->values[SNAPSHOT_ID], p->values[COUNTRY], p->values[FETCHED_AT]};

	p->skipped[entry_write(
	    &p->entry, &playlist, p->offset + p->entries, &p->records)]++;
	p->entries++;
}

/* A list of entries begins or ends; the first that begins is used. */
static void
visit_list(struct playlist *p, const struct walk_event *event)
{
	p->open = 0;
	if (event->kind == JSON_ARRAY && event->begins && p->list == 0)
		p->list = p->open = (enum value)event->id;
}

static bool
visit_entry(struct playlist *p, const struct walk_event *event)
{
	if (p->open == 0)
		return true;
	if (!entry_visit(&p->entry, event)) {
		(void)snprintf(p->error, sizeof(p->error),
		    "available_markets: %.*s is no country code",
		    (int)(event->raw.len % 100), event->raw.ptr);
		return false;
	}
	if (event->id == ENTRY && !event->begins)
		finish_entry(p);
	return true;
}

static bool
visit(void *context, const struct walk_event *event)
{
	struct playlist *p = context;

	if (event->id >= ENTRY)
		return visit_entry(p, event);
	if (p->paging && event->id < TRACKS_LIST)
		return true;
	if (event->id < VALUES) {
		keep(p, (enum value)event->id, event);
		return true;
	}
	switch (event->id) {
	case TYPE:
		if (p->typed) {
			(void)snprintf(
			    p->error, sizeof(p->error), "type stands twice");
			return false;
		}
		p->typed = true;
		p->other = !str_equal(event->text, STR("playlist"));
		return true;
	case HREF:
		find_id(p, event->text);
		return true;
	case OFFSET:
		p->late |= p->entries > 0 && p->offset != number(event->raw);
		p->offset = number(event->raw);
		return true;
	default:
		visit_list(p, event);
		return true;
	}
}

/* Walk the line; what is known of the playlist already is kept. */
static bool
walk_line(struct playlist *p)
{
	p->list = p->open = 0;
	p->late = p->typed = false;
	p->error[0] = '\0';
	if (walk_document(p->walk, p->line, visit, p))
		return true;
	if (p->error[0] == '\0')
		(void)snprintf(
		    p->error, sizeof(p->error), "%s", walk_error(p->walk));
	return false;
}

/* Walk the line from its beginning, forgetting what it held. */
static bool
walk_anew(struct playlist *p)
{
	p->records.len = 0;
	p->entries = 0;
	memset(p->skipped, 0, sizeof(p->skipped));
	return walk_line(p);
}

static enum playlist_verdict
read_line(struct playlist *p)
{
	p->href_id.len = p->offset = 0;
	p->other = p->paging = false;
	if (!walk_anew(p) || (p->late && !walk_anew(p)))
		return PLAYLIST_REFUSED;
	if (p->other)
		return PLAYLIST_OTHER;
	if (p->values[ID].len == 0 && p->href_id.len > 2) {
		p->values[ID] = buf_str(&p->href_id);
		if (p->entries > 0 && !walk_anew(p))
			return PLAYLIST_REFUSED;
	}
	if (p->list != 0)
		return PLAYLIST_WHOLE;
	if (p->values[ID].len > 0)
		return PLAYLIST_BARE;
	(void)snprintf(p->error, sizeof(p->error),
	    "no playlist: it has neither type, id nor items");
	return PLAYLIST_REFUSED;
}

enum playlist_verdict
playlist_read(struct playlist *p, struct str line)
{
	memset(p->values, 0, sizeof(p->values));
	p->line = line;
	return read_line(p);
}

enum playlist_verdict
playlist_read_answer(struct playlist *p, struct str body, struct str fetched_at)
{
	p->line = body;
	p->values[FETCHED_AT] = fetched_at;
	p->values[TOTAL] = (struct str){0};
	return read_line(p);
}

bool
playlist_read_page(struct playlist *p, struct str body)
{
	size_t entries = p->entries, len = p->records.len;
	size_t skipped[ENTRY_REASONS + 1];
	enum value list = p->list;

	memcpy(skipped, p->skipped, sizeof(skipped));
	p->line = body;
	p->paging = true;
	if (walk_line(p)) {
		p->list = list;
		return true;
	}
	p->list = list;
	p->entries = entries;
	memcpy(p->skipped, skipped, sizeof(skipped));
	p->records.len = len;
	return false;
}

const char *
playlist_error(const struct playlist *p)
{
	return p->error;
}

struct str
playlist_id(const struct playlist *p)
{
	struct str raw = p->values[ID];

	for (size_t i = 1; i + 1 < raw.len; i++)
		if (!isalnum((unsigned char)raw.ptr[i]))
			return (struct str){0};
	return raw.len > 2 ? (struct str){raw.ptr + 1, raw.len - 2}
	                   : (struct str){0};
}

size_t
playlist_entries(const struct playlist *p)
{
	return p->entries;
}

size_t
playlist_total(const struct playlist *p)
{
	return number(p->values[TOTAL]);
}

const size_t *
playlist_skipped(const struct playlist *p)
{
	return p->skipped;
}

bool
playlist_is_2026(const struct playlist *p)
{
	return p->list == ITEMS_LIST;
}

/* A record of the playlist's own: values from first to last. */
static void
write_values(const struct playlist *p, struct buf *out, int first, int last)
{
	for (int i = first; i <= last; i++)
		if (p->values[i].len > 0) {
			buf_printf(out, ",\"%s\":", keys[i]);
			buf_append(out, p->values[i]);
		}
}

/* A page that is not all of its playlist says nothing of the rest. */
static bool
is_page(const struct playlist *p)
{
	return p->list == PAGE_LIST &&
	       (p->offset > 0 || playlist_total(p) > p->entries ||
	           p->values[ID].len == 0);
}

void
playlist_write_head(struct playlist *p, struct buf *out)
{
	if (is_page(p))
		return;
	buf_append(out, STR("{\"type\":\"playlist\""));
	write_values(p, out, ID, FETCHED_AT);
	buf_append(out, STR("}\n"));
}

void
playlist_write_items(struct playlist *p, struct buf *out)
{
	buf_append(out, buf_str(&p->records));
	p->records.len = 0;
}

static void
write_missing(const struct playlist *p, struct buf *out, const char *reason,
    size_t missing)
{
	buf_append(out, STR("{\"type\":\"skip\",\"playlist_id\":"));
	buf_append(out, p->values[ID]);
	write_values(p, out, SNAPSHOT_ID, SNAPSHOT_ID);
	buf_printf(out, ",\"position\":%zu,\"reason\":\"%s\",\"count\":%zu}\n",
	    p->entries, reason, missing);
}

void
playlist_write_done(struct playlist *p, const char *reason, struct buf *out)
{
	size_t total = playlist_total(p), missing = 0;

	if (is_page(p))
		return;
	if (total > p->entries)
		missing = total - p->entries;
	else if (p->list == 0 && p->values[TOTAL].len == 0)
		missing = 1; /* how many, nobody said */
	if (missing > 0)
		write_missing(p, out, reason, missing);
	buf_append(out, STR("{\"type\":\"done\",\"playlist_id\":"));
	buf_append(out, p->values[ID]);
	write_values(p, out, SNAPSHOT_ID, SNAPSHOT_ID);
	buf_printf(out, ",\"items\":%zu,\"skipped\":%zu}\n",
	    p->skipped[ENTRY_REASONS],
	    p->entries - p->skipped[ENTRY_REASONS] + missing);
}
