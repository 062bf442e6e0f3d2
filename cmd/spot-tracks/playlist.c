/*
 * playlist: from the API's nested objects to flat records.
 *
 * The line is walked once.  Its items are written as they go by, with the
 * playlist's id, snapshot and country, which mostly stand before the items; if
 * one of them turns up behind them, the line is walked a second time.
 */
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "entry.h"
#include "head.h"
#include "playlist.h"
#include "walk.h"

/* The ids of the paths: those of the head, these, those of an entry. */
enum {
	TYPE = HEAD_VALUES,
	HREF,
	OFFSET,
	PAGED_TYPE,  /* of an entry that is no playlist item */
	TRACKS_LIST, /* the three places where items are found */
	ITEMS_LIST,
	PAGE_LIST
};

static const struct walk_path paths[] = {
    {"id", HEAD_ID},
    {"snapshot_id", HEAD_SNAPSHOT_ID},
    {"name", HEAD_NAME},
    {"description", HEAD_DESCRIPTION},
    {"owner", HEAD_OWNER},
    {"owner.id", HEAD_OWNER},
    {"public", HEAD_PUBLIC},
    {"collaborative", HEAD_COLLABORATIVE},
    {"total|tracks_total", HEAD_TOTAL},
    {"tracks|items.total", HEAD_TOTAL},
    {"country", HEAD_COUNTRY},
    {"query", HEAD_QUERY},
    {"fetched_at", HEAD_FETCHED_AT},
    {"type", TYPE},
    {"href", HREF},
    {"offset", OFFSET},
    {"tracks|items.offset", OFFSET},
    {"tracks.items", TRACKS_LIST},
    ENTRY_PATHS("tracks.items[]"),
    {"items.items", ITEMS_LIST},
    ENTRY_PATHS("items.items[]"),
    {"items", PAGE_LIST},
    {"items[].type", PAGED_TYPE},
    ENTRY_PATHS("items[]"),
};

struct playlist {
	struct walk *walk;
	struct str line;
	struct head head;
	struct buf href_id; /* an id found in href */
	size_t offset;
	unsigned seen; /* a bit for each path below ENTRY */
	bool other;    /* a record of another type */
	bool paging;   /* a further page: only its items are wanted */
	int list;      /* which list is used, or 0 */
	int open;      /* which is being read, or 0 */
	bool late;     /* a value the items need came behind them */
	struct entry entry;
	struct buf records;
	size_t entries;
	size_t skipped[ENTRY_REASONS + 1]; /* the last are the items */
	char error[300];
};

struct playlist *
playlist_open(void)
{
	static struct walk *walk; /* one does for all, until the end */
	struct playlist *p = xcalloc(1, sizeof(*p));

	if (walk == NULL)
		walk = walk_open(paths, sizeof(paths) / sizeof(paths[0]));
	p->walk = walk;
	return p;
}

void
playlist_free(struct playlist *p)
{
	if (p == NULL)
		return;
	buf_free(&p->href_id);
	buf_free(&p->entry.artists);
	buf_free(&p->entry.markets);
	buf_free(&p->records);
	free(p);
}

/* Refuse the line. */
__attribute__((format(printf, 2, 3))) static bool
refuse(struct playlist *p, const char *format, ...)
{
	va_list ap;

	va_start(ap, format);
	(void)vsnprintf(p->error, sizeof(p->error), format, ap);
	va_end(ap);
	return false;
}

/* A key is read once; but a total may be told in several places. */
static bool
once(struct playlist *p, const struct walk_event *event)
{
	static const unsigned several = 1U << HEAD_OWNER | 1U << HEAD_TOTAL |
	                                1U << OFFSET | 1U << PAGED_TYPE;
	static const char *const keys[] = {
	    "type", "href", "", "", "tracks.items", "items.items", "items"};
	unsigned bit = 1U << event->id;

	if (event->kind >= JSON_ARRAY && !event->begins)
		return true;
	if ((p->seen & bit & ~several) != 0)
		return refuse(p, "%s stands twice",
		    event->id < TYPE ? head_keys[event->id]
		                     : keys[event->id - TYPE]);
	p->seen |= bit;
	return true;
}

/* Apart, so that visit() needs no stack for most events. */
__attribute__((noinline)) static void
finish_entry(struct playlist *p)
{
	const struct str *values = p->head.values;
	const struct entry_playlist playlist = {values[HEAD_ID],
	    values[HEAD_SNAPSHOT_ID], values[HEAD_COUNTRY],
	    values[HEAD_FETCHED_AT]};

	p->skipped[entry_write(
	    &p->entry, &playlist, p->offset + p->entries++, &p->records)]++;
}

/* A list of entries begins or ends; the first that begins is used. */
static void
visit_list(struct playlist *p, const struct walk_event *event)
{
	p->open = 0;
	if (event->kind == JSON_ARRAY && event->begins && p->list == 0)
		p->list = p->open = event->id;
}

static bool
visit_entry(struct playlist *p, const struct walk_event *event)
{
	const char *error;

	if (p->open == 0)
		return true;
	if ((error = entry_visit(&p->entry, event)) != NULL)
		return refuse(p, "item %zu: %s", p->offset + p->entries, error);
	if (event->id == ENTRY && !event->begins)
		finish_entry(p);
	return true;
}

/* Keep a value of the head; the items have some of them too. */
static bool
visit_head(struct playlist *p, const struct walk_event *event)
{
	enum head_value value = (enum head_value)event->id;

	if (head_keep(&p->head, value, event) && p->entries > 0)
		p->late |= value == HEAD_ID || value == HEAD_SNAPSHOT_ID ||
		           value == HEAD_COUNTRY || value == HEAD_FETCHED_AT;
	return true;
}

static void
visit_offset(struct playlist *p, const struct walk_event *event)
{
	size_t offset = head_number(event);

	p->late |= p->entries > 0 && p->offset != offset;
	p->offset = offset;
}

static bool
visit(void *context, const struct walk_event *event)
{
	struct playlist *p = context;

	if (event->id >= ENTRY)
		return visit_entry(p, event);
	if (!once(p, event))
		return false;
	if (p->paging && event->id < TRACKS_LIST)
		return true;
	if (event->id < HEAD_VALUES)
		return visit_head(p, event);
	switch (event->id) {
	case TYPE:
		p->other = !str_equal(event->text, STR("playlist"));
		return true;
	case HREF:
		head_find_id(event->text, &p->href_id);
		return true;
	case OFFSET:
		visit_offset(p, event);
		return true;
	case PAGED_TYPE:
		return !str_equal(event->text, STR("playlist")) ||
		       refuse(p, "a page of playlists: make lines of them, "
		                 "as jq -c '.items[]' does");
	default:
		visit_list(p, event);
		return true;
	}
}

/* Walk the line; what is known of the playlist already is kept. */
static bool
walk_once(struct playlist *p)
{
	p->list = p->open = 0;
	p->seen = 0;
	p->late = false;
	p->error[0] = '\0';
	if (walk_line(p->walk, p->line, visit, p))
		return true;
	return p->error[0] != '\0' ? false
	                           : refuse(p, "%s", walk_error(p->walk));
}

/* Walk the line from its beginning, forgetting what it held. */
static bool
walk_anew(struct playlist *p)
{
	p->records.len = 0;
	p->entries = 0;
	memset(p->skipped, 0, sizeof(p->skipped));
	return walk_once(p);
}

static enum playlist_verdict
read_line(struct playlist *p, struct str line)
{
	struct str *id = &p->head.values[HEAD_ID];

	p->line = line;
	p->href_id.len = p->offset = 0;
	p->other = p->paging = false;
	if (!walk_anew(p) || (p->late && !walk_anew(p)))
		return PLAYLIST_REFUSED;
	if (p->other)
		return PLAYLIST_OTHER;
	if (id->len == 0 && p->href_id.len > 0) {
		*id = buf_str(&p->href_id);
		if (p->entries > 0 && !walk_anew(p))
			return PLAYLIST_REFUSED;
	}
	if (id->len > 0)
		return p->list != 0 ? PLAYLIST_WHOLE : PLAYLIST_BARE;
	/* Saved tracks come as a page that is no playlist's. */
	if (p->list == PAGE_LIST)
		return PLAYLIST_WHOLE;
	(void)refuse(p, "no playlist: it has no id");
	return PLAYLIST_REFUSED;
}

enum playlist_verdict
playlist_read(struct playlist *p, struct str line)
{
	p->head = (struct head){0};
	return read_line(p, line);
}

enum playlist_verdict
playlist_read_answer(struct playlist *p, struct str body, struct str fetched_at)
{
	p->head.values[HEAD_FETCHED_AT] = fetched_at;
	p->head.values[HEAD_TOTAL] = (struct str){0};
	return read_line(p, body);
}

bool
playlist_read_page(struct playlist *p, struct str body)
{
	size_t entries = p->entries, len = p->records.len;
	size_t skipped[ENTRY_REASONS + 1];
	int list = p->list;

	memcpy(skipped, p->skipped, sizeof(skipped));
	p->line = body;
	p->paging = true;
	if (walk_once(p)) {
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
	return head_id(&p->head);
}

size_t
playlist_entries(const struct playlist *p)
{
	return p->entries;
}

size_t
playlist_total(const struct playlist *p)
{
	return head_total(&p->head);
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

/* A page that is not all of its playlist says nothing of the rest. */
static bool
is_page(const struct playlist *p)
{
	return p->list == PAGE_LIST &&
	       (p->offset > 0 || playlist_total(p) > p->entries ||
	           p->head.values[HEAD_ID].len == 0);
}

void
playlist_write_head(struct playlist *p, struct buf *out)
{
	if (is_page(p))
		return;
	buf_append(out, STR("{\"type\":\"playlist\""));
	head_write(&p->head, HEAD_ID, HEAD_FETCHED_AT, out);
	buf_append(out, STR("}\n"));
}

void
playlist_write_items(struct playlist *p, struct buf *out)
{
	buf_append(out, buf_str(&p->records));
	p->records.len = 0;
}

/* The beginning of a record about the playlist. */
static void
write_start(const struct playlist *p, struct buf *out, const char *type)
{
	buf_printf(out, "{\"type\":\"%s\",\"playlist_id\":", type);
	buf_append(out, p->head.values[HEAD_ID]);
	head_write(&p->head, HEAD_SNAPSHOT_ID, HEAD_SNAPSHOT_ID, out);
}

size_t
playlist_write_done(struct playlist *p, const char *reason, struct buf *out)
{
	size_t total = playlist_total(p), missing = 0;

	if (is_page(p))
		return 0;
	if (total > p->entries)
		missing = total - p->entries;
	else if (p->list == 0 && p->head.values[HEAD_TOTAL].len == 0)
		missing = 1; /* how many, nobody said */
	if (missing > 0) {
		write_start(p, out, "skip");
		buf_printf(out,
		    ",\"position\":%zu,\"reason\":\"%s\",\"count\":%zu}\n",
		    p->offset > 0 ? 0 : p->entries, reason, missing);
	}
	write_start(p, out, "done");
	buf_printf(out, ",\"items\":%zu,\"skipped\":%zu}\n",
	    p->skipped[ENTRY_REASONS],
	    p->entries - p->skipped[ENTRY_REASONS] + missing);
	return missing;
}
