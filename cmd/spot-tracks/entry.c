/*
 * entry: write a playlist's entry as an item or a skip.  See spot(5).
 */
#include "entry.h"

void
entry_begin(struct entry *e)
{
	struct buf artists = e->artists, markets = e->markets;

	artists.len = markets.len = 0;
	*e =
	    (struct entry){.kind = 't', .artists = artists, .markets = markets};
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

/* Why the entry is no item, or NULL. */
static const char *
reason(const struct entry *e)
{
	if (!e->found)
		return "null_track";
	if (e->local)
		return "local";
	if (e->kind == 'e')
		return "episode";
	if (e->kind != 't')
		return "unknown_type";
	return e->id ? NULL : "no_id";
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

bool
entry_write(const struct entry *e, const struct entry_playlist *playlist,
    size_t position, struct buf *out)
{
	const char *why = reason(e);

	buf_append(out, why != NULL ? STR("{\"type\":\"skip\"")
	                            : STR("{\"type\":\"item\""));
	put(out, STR(",\"playlist_id\":"), playlist->id);
	put(out, STR(",\"snapshot_id\":"), playlist->snapshot_id);
	buf_printf(out, ",\"position\":%zu", position);
	if (why != NULL) {
		buf_printf(out, ",\"reason\":\"%s\"}\n", why);
		return false;
	}
	put(out, STR(",\"added_at\":"), e->values[ENTRY_ADDED_AT]);
	put(out, STR(",\"track_id\":"), e->values[ENTRY_ID]);
	put(out, STR(",\"country\":"), playlist->country);
	put(out, STR(",\"isrc\":"), e->values[ENTRY_ISRC]);
	write_track(e, out);
	put(out, STR(",\"fetched_at\":"), playlist->fetched_at);
	buf_append(out, STR("}\n"));
	return true;
}
