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
	PAGE_LIST,
	ENTRY,
	TRACK,
	TRACK_TYPE,
	LOCAL,
	ARTIST,
	MARKETS,
	MARKET,
	ENTRY_FIRST /* + enum entry_value */
};

static const char *const keys[VALUES] = {"id", "snapshot_id", "name",
    "description", "owner", "public", "collaborative", "tracks_total",
    "country", "query", "fetched_at"};

/* The paths of an entry, wherever the list of entries is. */
#define ENTRY_PATHS(at)                                                        \
	{at, ENTRY}, {at ".added_at", ENTRY_FIRST + ENTRY_ADDED_AT},           \
	    {at ".is_local", LOCAL}, {at ".track|item", TRACK},                \
	    {at ".track|item.type", TRACK_TYPE},                               \
	    {at ".track|item.is_local", LOCAL},                                \
	    {at ".track|item.id", ENTRY_FIRST + ENTRY_ID},                     \
	    {at ".track|item.external_ids.isrc", ENTRY_FIRST + ENTRY_ISRC},    \
	    {at ".track|item.duration_ms", ENTRY_FIRST + ENTRY_DURATION_MS},   \
	    {at ".track|item.explicit", ENTRY_FIRST + ENTRY_EXPLICIT},         \
	    {at ".track|item.popularity", ENTRY_FIRST + ENTRY_POPULARITY},     \
	    {at ".track|item.name", ENTRY_FIRST + ENTRY_NAME},                 \
	    {at ".track|item.album.name", ENTRY_FIRST + ENTRY_ALBUM},          \
	    {at ".track|item.album.release_date",                              \
	        ENTRY_FIRST + ENTRY_RELEASE_DATE},                             \
	    {at ".track|item.artists[].name", ARTIST},                         \
	    {at ".track|item.available_markets", MARKETS},                     \
	{                                                                      \
		at ".track|item.available_markets[]", MARKET                   \
	}

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
	enum value list; /* which list is used, or 0 */
	enum value open; /* which is being read, or 0 */
	bool late;       /* a value the items need came behind them */
	bool track_open, track_seen;
	struct entry entry;
	struct buf records;
	size_t entries, items;
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

/* Keep a value of the entry's track, which comes as track, item or both. */
static bool
visit_track(struct playlist *p, const struct walk_event *event)
{
	struct entry *e = &p->entry;

	if (event->id == TRACK) {
		p->track_open = event->begins && !p->track_seen;
		p->track_seen |= event->kind == JSON_OBJECT;
		e->found |= p->track_open;
		return true;
	}
	if (!p->track_open || event->kind == JSON_NULL)
		return true;
	switch (event->id) {
	case TRACK_TYPE:
		e->kind = str_equal(event->text, STR("track"))     ? 't'
		          : str_equal(event->text, STR("episode")) ? 'e'
		                                                   : 'o';
		return true;
	case ARTIST:
		buf_append(&e->artists, STR(","));
		buf_append(&e->artists, event->raw);
		return true;
	case MARKETS:
		e->has_markets = true;
		return true;
	case MARKET:
		if (event->raw.len != event->text.len + 2 ||
		    memchr(event->text.ptr, ',', event->text.len) != NULL) {
			(void)snprintf(p->error, sizeof(p->error),
			    "available_markets: %.*s is no country code",
			    (int)(event->raw.len % 100), event->raw.ptr);
			return false;
		}
		if (e->markets.len > 0)
			buf_append(&e->markets, STR(","));
		buf_append(&e->markets, event->text);
		return true;
	default:
		e->values[event->id - ENTRY_FIRST] = event->raw;
		e->id |=
		    event->id == ENTRY_FIRST + ENTRY_ID && event->text.len > 0;
		return true;
	}
}

static void
finish_entry(struct playlist *p)
{
	const struct entry_playlist playlist = {p->values[ID],
	    p->values[SNAPSHOT_ID], p->values[COUNTRY], p->values[FETCHED_AT]};

	p->items += entry_write(
	    &p->entry, &playlist, p->offset + p->entries, &p->records);
	p->entries++;
}

/* A list of entries begins or ends; the first that begins is used. */
static void
visit_list(struct playlist *p, const struct walk_event *event)
{
	if (event->kind != JSON_ARRAY)
		return;
	p->open = 0;
	if (event->begins && p->list == 0)
		p->list = p->open = (enum value)event->id;
}

static bool
visit_entry(struct playlist *p, const struct walk_event *event)
{
	if (p->open == 0)
		return true;
	switch (event->id) {
	case ENTRY:
		if (event->begins || event->kind < JSON_ARRAY) {
			entry_begin(&p->entry);
			p->track_seen = p->track_open = false;
		}
		if (!event->begins)
			finish_entry(p);
		return true;
	case LOCAL:
		p->entry.local |= event->kind == JSON_TRUE;
		return true;
	case ENTRY_FIRST + ENTRY_ADDED_AT:
		/* 1970 is what charts give for a date they do not know. */
		p->entry.values[ENTRY_ADDED_AT] =
		    strncmp(event->raw.ptr, "\"1970-", 6) == 0 ? STR("null")
		                                               : event->raw;
		return true;
	default:
		return visit_track(p, event);
	}
}

static bool
visit(void *context, const struct walk_event *event)
{
	struct playlist *p = context;

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
	case TRACKS_LIST:
	case ITEMS_LIST:
	case PAGE_LIST:
		visit_list(p, event);
		return true;
	default:
		return visit_entry(p, event);
	}
}

/* Walk the line once, with what is known of the playlist already. */
static bool
walk_line(struct playlist *p)
{
	p->list = p->open = 0;
	p->records.len = 0;
	p->entries = p->items = 0;
	p->late = p->typed = false;
	p->error[0] = '\0';
	if (walk_document(p->walk, p->line, visit, p))
		return true;
	if (p->error[0] == '\0')
		(void)snprintf(
		    p->error, sizeof(p->error), "%s", walk_error(p->walk));
	return false;
}

enum playlist_verdict
playlist_read(struct playlist *p, struct str line)
{
	memset(p->values, 0, sizeof(p->values));
	p->line = line;
	p->href_id.len = p->offset = 0;
	p->other = false;
	if (!walk_line(p) || (p->late && !walk_line(p)))
		return PLAYLIST_REFUSED;
	if (p->other)
		return PLAYLIST_OTHER;
	if (p->values[ID].len == 0 && p->href_id.len > 2) {
		p->values[ID] = buf_str(&p->href_id);
		if (p->entries > 0 && !walk_line(p))
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

const char *
playlist_error(const struct playlist *p)
{
	return p->error;
}

/* A record of the playlist's own: its type, and values from first to last. */
static void
write_values(const struct playlist *p, struct buf *out, int first, int last)
{
	for (int i = first; i <= last; i++)
		if (p->values[i].len > 0) {
			buf_printf(out, ",\"%s\":", keys[i]);
			buf_append(out, p->values[i]);
		}
}

static void
write_withheld(const struct playlist *p, struct buf *out, size_t withheld)
{
	buf_append(out, STR("{\"type\":\"skip\",\"playlist_id\":"));
	buf_append(out, p->values[ID]);
	write_values(p, out, SNAPSHOT_ID, SNAPSHOT_ID);
	buf_printf(out,
	    ",\"position\":%zu,\"reason\":\"contents_withheld\","
	    "\"count\":%zu}\n",
	    p->entries, withheld);
}

void
playlist_write(struct playlist *p, struct buf *out)
{
	size_t total = number(p->values[TOTAL]);
	size_t withheld = total > p->entries ? total - p->entries : 0;
	/* A page that is not all of its playlist says nothing of the rest. */
	bool page = p->list == PAGE_LIST &&
	            (p->offset > 0 || withheld > 0 || p->values[ID].len == 0);

	if (!page) {
		buf_append(out, STR("{\"type\":\"playlist\""));
		write_values(p, out, ID, FETCHED_AT);
		buf_append(out, STR("}\n"));
	}
	buf_append(out, buf_str(&p->records));
	if (page)
		return;
	if (withheld > 0)
		write_withheld(p, out, withheld);
	buf_append(out, STR("{\"type\":\"done\",\"playlist_id\":"));
	buf_append(out, p->values[ID]);
	write_values(p, out, SNAPSHOT_ID, SNAPSHOT_ID);
	buf_printf(out, ",\"items\":%zu,\"skipped\":%zu}\n", p->items,
	    p->entries - p->items + withheld);
}
