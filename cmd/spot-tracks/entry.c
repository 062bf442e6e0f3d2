/*
 * entry: write a playlist's entry as an item or a skip.  See spot(5).
 */
#include <string.h>

#include "entry.h"

/* Begin another entry; its buffers are used again. */
static void
begin(struct entry *e)
{
	e->track_open = e->found = e->local = e->has_markets = false;
	e->seen = e->known = 0;
	e->kind = 't';
	e->artists.len = e->markets.len = 0;
}

/* What each value has to be; null, and what is else, is unknown. */
static const enum json_kind kinds[ENTRY_VALUES] = {
    [ENTRY_ADDED_AT] = JSON_STRING,
    [ENTRY_ID] = JSON_STRING,
    [ENTRY_ISRC] = JSON_STRING,
    [ENTRY_DURATION_MS] = JSON_NUMBER,
    [ENTRY_EXPLICIT] = JSON_TRUE,
    [ENTRY_POPULARITY] = JSON_NUMBER,
    [ENTRY_NAME] = JSON_STRING,
    [ENTRY_ALBUM] = JSON_STRING,
    [ENTRY_RELEASE_DATE] = JSON_STRING,
};

static const char *
add_value(struct entry *e, const struct walk_event *event)
{
	int value = event->id - ENTRY_FIRST;
	enum json_kind kind =
	    event->kind == JSON_FALSE ? JSON_TRUE : event->kind;

	if (event->begins)
		return NULL;
	if ((e->seen & 1U << value) != 0)
		return "a key stands twice";
	e->seen |= 1U << value;
	if (kind == kinds[value] &&
	    (value != ENTRY_ID || event->text.len > 0)) {
		e->starts[value] = event->raw.ptr;
		e->lens[value] = event->raw.len;
		e->known |= 1U << value;
	}
	return NULL;
}

static const char *
add_market(struct entry *e, const struct walk_event *event)
{
	if (event->kind != JSON_STRING ||
	    event->raw.len != event->text.len + 2 || event->text.len == 0 ||
	    memchr(event->text.ptr, ',', event->text.len) != NULL)
		return "available_markets: no country code";
	if (e->markets.len > 0)
		buf_append(&e->markets, STR(","));
	buf_append(&e->markets, event->text);
	return NULL;
}

/* What a type names: libraries that dump what they have read may shout it. */
static int
kind_of(struct str type)
{
	if (type.len == 5 && strncasecmp(type.ptr, "track", 5) == 0)
		return 't';
	return type.len == 7 && strncasecmp(type.ptr, "episode", 7) == 0 ? 'e'
	                                                                 : 'o';
}

/*
 * What is not one value of the track, which comes as track, as item or as both.
 * Apart, so that the values, which are most, need no stack.
 */
__attribute__((noinline)) static const char *
visit_track(struct entry *e, const struct walk_event *event)
{
	if (!e->track_open)
		return NULL;
	switch (event->id) {
	case ENTRY_TYPE:
		if (event->kind != JSON_NULL)
			e->kind = kind_of(event->text);
		return NULL;
	case ENTRY_ARTIST:
		if (event->kind == JSON_STRING) {
			buf_append(&e->artists, STR(","));
			buf_append(&e->artists, event->raw);
		}
		return NULL;
	case ENTRY_MARKETS:
		if (event->begins && e->has_markets)
			return "a key stands twice";
		e->has_markets |= event->kind == JSON_ARRAY;
		return NULL;
	case ENTRY_MARKET:
		return add_market(e, event);
	default:
		return NULL;
	}
}

const char *
entry_visit(struct entry *e, const struct walk_event *event)
{
	int value = event->id - ENTRY_FIRST;

	if (value >= 0)
		return value == ENTRY_ADDED_AT || e->track_open
		           ? add_value(e, event)
		           : NULL;
	switch (event->id) {
	case ENTRY:
		if (event->begins || event->kind < JSON_ARRAY)
			begin(e);
		return NULL;
	case ENTRY_TRACK:
		/* The first that is an object is used. */
		e->track_open =
		    event->kind == JSON_OBJECT && event->begins && !e->found;
		e->found |= e->track_open;
		return NULL;
	case ENTRY_LOCAL:
		e->local |= event->kind == JSON_TRUE;
		return NULL;
	default:
		return visit_track(e, event);
	}
}

/* A value as it stands; empty if it is unknown. */
static struct str
value(const struct entry *e, enum entry_value value)
{
	return (e->known & 1U << value) != 0
	           ? (struct str){e->starts[value], e->lens[value]}
	           : (struct str){0};
}

/* Append ,"key":value unless the value is unknown. */
static void
put(struct buf *out, struct str key, struct str value)
{
	if (value.len == 0)
		return;
	buf_append(out, key);
	buf_append(out, value);
}

const char *const entry_reasons[ENTRY_REASONS] = {
    "null_track", "local", "episode", "unknown_type", "no_id"};

static enum entry_reason
reason(const struct entry *e)
{
	if (!e->found)
		return ENTRY_NULL;
	if (e->local)
		return ENTRY_IS_LOCAL;
	if (e->kind == 'e')
		return ENTRY_EPISODE;
	if (e->kind != 't')
		return ENTRY_UNKNOWN;
	return (e->known & 1U << ENTRY_ID) != 0 ? ENTRY_REASONS : ENTRY_NO_ID;
}

/* Charts give 1970 for a date they do not know, and old entries null. */
static struct str
added_at(const struct entry *e)
{
	struct str raw = value(e, ENTRY_ADDED_AT);

	return raw.len < 6 || memcmp(raw.ptr, "\"1970-", 6) == 0 ? STR("null")
	                                                         : raw;
}

static void
write_track(const struct entry *e, struct buf *out)
{
	put(out, STR(",\"duration_ms\":"), value(e, ENTRY_DURATION_MS));
	put(out, STR(",\"explicit\":"), value(e, ENTRY_EXPLICIT));
	put(out, STR(",\"popularity\":"), value(e, ENTRY_POPULARITY));
	put(out, STR(",\"name\":"), value(e, ENTRY_NAME));
	if (e->artists.len > 0) {
		buf_append(out, STR(",\"artists\":["));
		buf_append(
		    out, (struct str){e->artists.ptr + 1, e->artists.len - 1});
		buf_append(out, STR("]"));
	}
	put(out, STR(",\"album\":"), value(e, ENTRY_ALBUM));
	put(out, STR(",\"release_date\":"), value(e, ENTRY_RELEASE_DATE));
	if (e->has_markets) {
		buf_append(out, STR(",\"available_markets\":\""));
		buf_append(out, buf_str(&e->markets));
		buf_append(out, STR("\""));
	}
}

enum entry_reason
entry_write(const struct entry *e, const struct entry_playlist *playlist,
    size_t position, struct buf *out)
{
	enum entry_reason why = reason(e);
	bool skip = why != ENTRY_REASONS;

	buf_append(
	    out, skip ? STR("{\"type\":\"skip\"") : STR("{\"type\":\"item\""));
	put(out, STR(",\"playlist_id\":"), playlist->id);
	put(out, STR(",\"snapshot_id\":"), playlist->snapshot_id);
	buf_append(out, STR(",\"position\":"));
	buf_number(out, position);
	if (skip) {
		buf_printf(out, ",\"reason\":\"%s\"}\n", entry_reasons[why]);
		return why;
	}
	put(out, STR(",\"added_at\":"), added_at(e));
	put(out, STR(",\"track_id\":"), value(e, ENTRY_ID));
	put(out, STR(",\"country\":"), playlist->country);
	put(out, STR(",\"isrc\":"), value(e, ENTRY_ISRC));
	write_track(e, out);
	put(out, STR(",\"fetched_at\":"), playlist->fetched_at);
	buf_append(out, STR("}\n"));
	return why;
}
