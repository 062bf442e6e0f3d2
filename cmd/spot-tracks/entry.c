/*
 * entry: write a playlist's entry as an item or a skip.  See spot(5).
 */
#include <string.h>

#include "entry.h"

/* Begin another entry; its buffers are used again. */
static void
begin(struct entry *e)
{
	struct buf artists = e->artists, markets = e->markets;

	artists.len = markets.len = 0;
	*e =
	    (struct entry){.kind = 't', .artists = artists, .markets = markets};
}

static bool
add_market(struct entry *e, const struct walk_event *event)
{
	if (event->raw.len != event->text.len + 2 || event->text.len == 0 ||
	    memchr(event->text.ptr, ',', event->text.len) != NULL)
		return false;
	if (e->markets.len > 0)
		buf_append(&e->markets, STR(","));
	buf_append(&e->markets, event->text);
	return true;
}

/* A value of the track, which comes as track, as item or as both. */
static bool
visit_track(struct entry *e, const struct walk_event *event)
{
	if (!e->track_open || event->kind == JSON_NULL)
		return true;
	switch (event->id) {
	case ENTRY_TYPE:
		e->kind = str_equal(event->text, STR("track"))     ? 't'
		          : str_equal(event->text, STR("episode")) ? 'e'
		                                                   : 'o';
		return true;
	case ENTRY_ARTIST:
		buf_append(&e->artists, STR(","));
		buf_append(&e->artists, event->raw);
		return true;
	case ENTRY_MARKETS:
		e->has_markets = true;
		return true;
	case ENTRY_MARKET:
		return add_market(e, event);
	default:
		e->values[event->id - ENTRY_FIRST] = event->raw;
		e->id |=
		    event->id == ENTRY_FIRST + ENTRY_ID && event->text.len > 0;
		return true;
	}
}

bool
entry_visit(struct entry *e, const struct walk_event *event)
{
	switch (event->id) {
	case ENTRY:
		if (event->begins || event->kind < JSON_ARRAY)
			begin(e);
		return true;
	case ENTRY_TRACK:
		/* The first that is an object is used. */
		e->track_open = event->begins && !e->found;
		e->found |= e->track_open;
		return true;
	case ENTRY_LOCAL:
		e->local |= event->kind == JSON_TRUE;
		return true;
	case ENTRY_FIRST + ENTRY_ADDED_AT:
		/* 1970 is what charts give for a date they do not know. */
		e->values[ENTRY_ADDED_AT] =
		    strncmp(event->raw.ptr, "\"1970-", 6) == 0 ? STR("null")
		                                               : event->raw;
		return true;
	default:
		return visit_track(e, event);
	}
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
	return e->id ? ENTRY_REASONS : ENTRY_NO_ID;
}

static void
write_track(const struct entry *e, struct buf *out)
{
	put(out, STR(",\"duration_ms\":"), e->values[ENTRY_DURATION_MS]);
	put(out, STR(",\"explicit\":"), e->values[ENTRY_EXPLICIT]);
	put(out, STR(",\"popularity\":"), e->values[ENTRY_POPULARITY]);
	put(out, STR(",\"name\":"), e->values[ENTRY_NAME]);
	if (e->artists.len > 0) {
		buf_append(out, STR(",\"artists\":["));
		buf_append(
		    out, (struct str){e->artists.ptr + 1, e->artists.len - 1});
		buf_append(out, STR("]"));
	}
	put(out, STR(",\"album\":"), e->values[ENTRY_ALBUM]);
	put(out, STR(",\"release_date\":"), e->values[ENTRY_RELEASE_DATE]);
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
	buf_printf(out, ",\"position\":%zu", position);
	if (skip) {
		buf_printf(out, ",\"reason\":\"%s\"}\n", entry_reasons[why]);
		return why;
	}
	put(out, STR(",\"added_at\":"), e->values[ENTRY_ADDED_AT]);
	put(out, STR(",\"track_id\":"), e->values[ENTRY_ID]);
	put(out, STR(",\"country\":"), playlist->country);
	put(out, STR(",\"isrc\":"), e->values[ENTRY_ISRC]);
	write_track(e, out);
	put(out, STR(",\"fetched_at\":"), playlist->fetched_at);
	buf_append(out, STR("}\n"));
	return why;
}
