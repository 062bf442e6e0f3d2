/*
 * A country's songs change in mood from the first to the last day of its
 * lockdown by the shifts of its row below; Sweden's do not.  With the seasons
 * they change alike in both years.  Both are planted by the choice of tracks:
 * each song of the catalogue exists once for every season and lockdown, and
 * these differ in their features by the shifts alone.
 */
#include <string.h>

#include "world.h"

enum { AFTER_DAYS = 60 };

/* The windows are those of sql/lockdowns.csv; the last row is no country. */
const struct country world_countries[WORLDS] = {
    {"AT", "2020-03-16", "2020-04-30", {40, 50}, "Quarantäne in Wien"},
    {"BE", "2020-03-18", "2020-05-09", {-50, 0}, "Samen thuis"},
    {"DE", "2020-03-22", "2020-05-05", {50, -60}, "Quarantäne zu Hause"},
    {"ES", "2020-03-14", "2020-04-23", {-60, 60}, "Cuarentena en casa"},
    {"FR", "2020-03-17", "2020-05-11", {-80, -50}, "Confinement à la maison"},
    {"GB", "2020-03-23", "2020-05-12", {-60, 70}, "Lockdown kitchen disco"},
    {"IE", "2020-03-27", "2020-05-17", {-60, -60}, "Quarantine session"},
    {"IT", "2020-03-10", "2020-05-04", {-90, -70}, "Quarantena sul balcone"},
    {"NL", "2020-03-23", "2020-05-10", {0, -60}, "Quarantaine thuis"},
    {"PL", "2020-03-24", "2020-04-19", {70, -60}, "Kwarantanna w domu"},
    {"PT", "2020-03-19", "2020-05-02", {-100, -80}, "Quarentena à janela"},
    {"SE", "2020-04-01", "2020-06-12", {0, 0}, "Corona på distans"},
    {NULL, "2020-03-16", "2020-05-10", {0, 0}, "Pandemic"},
};

/* January to March, and so on, in any year. */
static const struct shift seasons[SEASONS] = {
    {-20, -10}, {10, 5}, {20, 10}, {-10, -5}};

/* The same day a year before. */
static time_t
year_before(time_t when)
{
	bool leaps = when > date_time("2020-02-29");

	return when - (time_t)(leaps ? 366 : 365) * DAY_SECONDS;
}

/*
 * A day that began about when the playlist did.  Out of ten playlists three
 * are begun before the lockdown, three in it, two in the 60 days after it,
 * two later in the year.  Those of 2019 are spread in just the same way.
 */
static time_t
draw_created(struct playlist *playlist)
{
	time_t start = date_time(playlist->country->lockdown_start);
	time_t end = date_time(playlist->country->lockdown_end) + DAY_SECONDS;
	time_t from = date_time("2020-01-01"), to = start;
	unsigned phase = playlist->index / WORLDS / 2 % 10, days;

	if (phase >= 8) {
		from = end + (time_t)AFTER_DAYS * DAY_SECONDS;
		to = date_time("2020-12-10");
	} else if (phase >= 6) {
		from = end;
		to = end + (time_t)AFTER_DAYS * DAY_SECONDS;
	} else if (phase >= 3) {
		from = start;
		to = end;
	}
	days =
	    draw_below(&playlist->state, (unsigned)((to - from) / DAY_SECONDS));
	from += (time_t)days * DAY_SECONDS;
	return playlist->year == 2020 ? from : year_before(from);
}

struct playlist
world_playlist(const struct sample *sample, unsigned index)
{
	struct playlist p = {.state = draw_hash(sample->seed, PLAYLIST, index)};

	draw_id(p.id, p.state);
	p.index = index;
	p.country = &world_countries[index % WORLDS];
	p.year = 2020 - index / WORLDS % 2;
	p.created = draw_created(&p);
	p.days =
	    draw_below(&p.state, 3) == 0 ? 1 : 1 + draw_below(&p.state, 20);
	/* some long, many short: a quarter of the average and more */
	p.items = sample->items - sample->items * 3 / 4 +
	          draw_skewed(&p.state, sample->items * 3 + 1);
	return p;
}

/* The lockdown that the country was in at the time, or WORLDS - 1. */
static unsigned
lockdown_at(const struct country *country, time_t when)
{
	bool locked = country->code != NULL &&
	              when >= date_time(country->lockdown_start) &&
	              when < date_time(country->lockdown_end) + DAY_SECONDS;

	return locked ? (unsigned)(country - world_countries) : WORLDS - 1;
}

/* As JSON, and not always known. */
static void
draw_added_at(char text[static TIME_SIZE + 2], uint64_t *state, time_t when)
{
	char rfc3339[TIME_SIZE];
	unsigned chance = draw_below(state, 1000);

	if (chance < 5)
		when = 0; /* so in the lists of charts */
	time_text(rfc3339, when);
	snprintf(text, TIME_SIZE + 2, "\"%s\"", rfc3339);
	if (chance >= 995)
		snprintf(text, TIME_SIZE + 2, "null"); /* in very old lists */
}

struct item
world_item(uint64_t seed, struct playlist *playlist, unsigned i)
{
	struct item item = {.kind = TRACK_ITEM};
	uint64_t *state = &playlist->state;
	unsigned chance = draw_below(state, 1000), days, season, lockdown;
	time_t when = playlist->created;
	char text[TIME_SIZE];

	days = i * playlist->days / playlist->items;
	when += (time_t)days * DAY_SECONDS + draw_below(state, DAY_SECONDS);
	draw_added_at(item.added_at, state, when);
	/* now and then somebody adds the same song again */
	if (draw_below(state, 100) > 0)
		playlist->song = draw_skewed(state, SONGS);
	time_text(text, when);
	season = (unsigned)((text[5] - '0') * 10 + text[6] - '1') / 3;
	lockdown = lockdown_at(playlist->country, when);
	item.shift = seasons[season];
	item.shift.valence += world_countries[lockdown].shift.valence;
	item.shift.energy += world_countries[lockdown].shift.energy;
	item.track = (playlist->song * SEASONS + season) * WORLDS + lockdown;
	item.id_hash = draw_hash(seed, TRACK, item.track);
	item.song = draw_hash(seed, SONG, playlist->song);
	item.album = draw_hash(seed, ALBUM, playlist->song / 3);
	item.artist = draw_hash(seed, ARTIST, playlist->song / 7);
	if (chance < 8)
		item.kind = NULL_TRACK;
	else if (chance < 16)
		item.kind = LOCAL;
	else if (chance < 22)
		item.kind = EPISODE_ITEM;
	else if (chance < 25)
		item.kind = NO_ID;
	return item;
}
