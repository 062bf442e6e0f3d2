/*
 * tally: from an item's line to the sums it belongs to.
 */
#include <string.h>

#include "date.h"
#include "tally.h"

enum { TYPE = FEATURES, PLAYLIST_ID, ADDED_AT, COUNTRY, ISRC, MARKETS, NAMES };

static const char *const names[NAMES] = {"danceability", "energy", "key",
    "loudness", "mode", "speechiness", "acousticness", "instrumentalness",
    "liveness", "valence", "tempo", "type", "playlist_id", "added_at",
    "country", "isrc", "available_markets"};

const char *const tally_by[] = {"country", "isrc", "market", NULL};

void
tally_open(struct tally *t, enum by by, struct days *days, size_t threads)
{
	*t = (struct tally){.by = by, .days = days};
	t->json = json_open(names, NAMES);
	t->groups = groups_open(days, threads);
}

void
tally_free(struct tally *t)
{
	json_free(t->json);
	groups_free(t->groups);
	playlists_free(&t->playlists);
}

/*
 * The day of added_at.  False if it has none: null, absent, or in 1970, which
 * is what some playlists say for it.
 */
static bool
read_day(
    struct tally *t, const struct json_field *field, int32_t *day, bool *bad)
{
	struct str text = json_text(t->json, field);

	*bad = false;
	if (field->kind <= JSON_NULL)
		return false;
	if (text.len == t->last_date.len && text.len > 0 &&
	    memcmp(text.ptr, t->last_text, text.len) == 0) {
		*day = t->last_day;
		return *day >= DAYS_FIRST;
	}
	*bad = !date_parse(text, day) || *day < -1 || *day > DAYS_LAST;
	if (!*bad && text.len <= sizeof(t->last_text)) {
		memcpy(t->last_text, text.ptr, text.len);
		t->last_date = (struct str){t->last_text, text.len};
		t->last_day = *day;
	}
	return !*bad && *day >= DAYS_FIRST;
}

/* Add a dated item with features to the sums of its countries. */
static bool
add_to_countries(struct tally *t, const struct json_field *field, int32_t day,
    const struct item *item)
{
	struct str list = json_text(t->json, field);
	char code[3];
	int number;

	if (t->by == BY_ISRC) {
		number = countries_of_isrc(list);
		list = (struct str){code, number == -1 ? 0 : 2};
		if (number != -1)
			countries_code(number, code);
	}
	if (field->kind > JSON_NULL && field->kind != JSON_STRING)
		return false;
	if (list.len == 0) {
		t->countryless++;
		return true;
	}
	return groups_add(t->groups, list, day, item);
}

/* Count an item in its playlist. */
static void
add_to_playlist(
    struct playlist *playlist, const struct item *item, bool dated, int32_t day)
{
	playlists_add_items(playlist, 1);
	if (item->known != 0)
		cell_add_item(&playlist->cell, item);
	if (dated)
		playlists_add_day(playlist, day, 1);
}

/* Add an item's fields; what is wrong with them is told to in. */
static void
add_fields(
    struct tally *t, struct lines *in, const struct json_field fields[NAMES])
{
	static const int places[] = {COUNTRY, ISRC, MARKETS};
	struct item item;
	int bad_feature;
	bool dated, bad_date;
	int32_t day = 0;

	if (fields[PLAYLIST_ID].kind != JSON_STRING) {
		lines_refuse(in, "an item without playlist_id");
		return;
	}
	if ((bad_feature = item_read(fields, &item)) != -1) {
		lines_refuse(in, "%s is no number between -%d and %d",
		    names[bad_feature], FIXED_MAX, FIXED_MAX);
		return;
	}
	dated = read_day(t, &fields[ADDED_AT], &day, &bad_date);
	if (bad_date) {
		lines_refuse(in, "added_at is no RFC 3339 time until 2069");
		return;
	}
	if (item.known != 0 && dated &&
	    !add_to_countries(t, &fields[places[t->by]], day, &item)) {
		lines_refuse(
		    in, "%s holds no country codes", names[places[t->by]]);
		return;
	}
	t->undated += item.known != 0 && !dated;
	add_to_playlist(playlists_at(&t->playlists,
	                    json_text(t->json, &fields[PLAYLIST_ID])),
	    &item, dated, day);
}

void
tally_item(struct tally *t, struct lines *in, struct str line)
{
	struct json_field fields[NAMES];

	if (!json_fields(t->json, line, fields))
		lines_refuse(in, "%s", json_error(t->json));
	else if (json_is(&fields[TYPE], STR("item")))
		add_fields(t, in, fields);
}

void
tally_finish(struct tally *t)
{
	groups_spread(t->groups);
	groups_free(t->groups);
	t->groups = NULL;
}

void
tally_merge(struct tally *a, struct tally *b)
{
	playlists_merge(&a->playlists, &b->playlists);
	a->undated += b->undated;
	a->countryless += b->countryless;
}
