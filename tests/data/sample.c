/*
 * The sample, as JSON: playlists in the shape of GET /playlists/{id}, and the
 * audio features of their tracks.
 */
#include <err.h>
#include <stdlib.h>

#include "world.h"

enum { EXIT_SYSTEM = 3 };

/* "artists":[…] with the one artist there is. */
static void
print_artists(const struct item *item, const char *id)
{
	fputs("\"artists\":[{", stdout);
	if (id != NULL)
		printf("\"href\":\"https://api.spotify.com/v1/artists/%s\","
		       "\"id\":\"%s\",\"name\":",
		    id, id);
	else
		fputs("\"id\":null,\"name\":", stdout);
	track_artist(stdout, item->artist);
	if (id != NULL)
		printf(
		    ",\"type\":\"artist\",\"uri\":\"spotify:artist:%s\"}]", id);
	else
		fputs(",\"type\":\"artist\",\"uri\":null}]", stdout);
}

static void
print_album(const struct item *item, const char *artist_id)
{
	char id[ID_SIZE];

	draw_id(id, item->album);
	fputs("\"album\":{\"album_type\":\"album\",", stdout);
	print_artists(item, artist_id);
	printf(",\"id\":\"%s\",\"images\":[],\"name\":", id);
	track_title(stdout, item->album);
	fputs(",\"release_date\":", stdout);
	track_release(stdout, item->album);
	printf(",\"release_date_precision\":\"day\",\"total_tracks\":12,"
	       "\"type\":\"album\",\"uri\":\"spotify:album:%s\"}",
	    id);
}

/* Where it can be played: everywhere, here and there, nowhere, not said. */
static void
print_markets(uint64_t hash)
{
	uint64_t state = hash;
	unsigned chance = draw_below(&state, 100), n = 0;

	if (chance < 30)
		n = MARKETS_MAX - draw_below(&state, 9);
	else if (chance < 65)
		n = 40 + draw_below(&state, 60);
	else if (chance < 90)
		n = 1 + draw_below(&state, 5);
	else if (chance >= 97)
		return;
	fputs(n > 0 ? "\"available_markets\":[\"" : "\"available_markets\":[",
	    stdout);
	track_markets(stdout, state, n, "\",\"");
	fputs(n > 0 ? "\"]," : "],", stdout);
}

/* A track of the catalogue; one that was taken down has lost its id. */
static void
print_track(const struct item *item)
{
	char id[ID_SIZE], artist_id[ID_SIZE], isrc[ISRC_SIZE];
	bool has_id = item->kind == TRACK_ITEM;
	uint64_t state = item->id_hash;
	unsigned popularity = draw_below(&state, 95);
	unsigned number = 1 + draw_below(&state, 12);

	draw_id(id, item->id_hash);
	draw_id(artist_id, item->artist);
	draw_isrc(isrc, item->id_hash);
	putchar('{');
	print_album(item, artist_id);
	putchar(',');
	print_artists(item, artist_id);
	putchar(',');
	print_markets(item->song);
	printf("\"disc_number\":1,\"duration_ms\":%u,\"episode\":false,"
	       "\"explicit\":%s,\"external_ids\":{\"isrc\":\"%s\"}",
	    track_duration_ms(item->song), number % 5 == 0 ? "true" : "false",
	    isrc);
	if (has_id)
		printf(",\"href\":\"https://api.spotify.com/v1/tracks/%s\","
		       "\"id\":\"%s\"",
		    id, id);
	else
		fputs(",\"href\":null,\"id\":null", stdout);
	fputs(",\"is_local\":false,\"name\":", stdout);
	track_title(stdout, item->song);
	printf(",\"popularity\":%u,\"preview_url\":null,\"track\":true,"
	       "\"track_number\":%u,\"type\":\"track\"",
	    popularity, number);
	if (has_id)
		printf(",\"uri\":\"spotify:track:%s\"}", id);
	else
		fputs(",\"uri\":null}", stdout);
}

/* A file of the user's own. */
static void
print_local(const struct item *item)
{
	unsigned duration = track_duration_ms(item->song);

	fputs("{\"album\":{\"album_type\":null,\"artists\":[],"
	      "\"available_markets\":[],\"id\":null,\"images\":[],\"name\":",
	    stdout);
	track_title(stdout, item->album);
	fputs(
	    ",\"release_date\":null,\"type\":\"album\",\"uri\":null},", stdout);
	print_artists(item, NULL);
	printf(",\"available_markets\":[],\"disc_number\":0,"
	       "\"duration_ms\":%u,\"explicit\":false,\"external_ids\":{},"
	       "\"href\":null,\"id\":null,\"is_local\":true,\"name\":",
	    duration);
	track_title(stdout, item->song);
	printf(",\"popularity\":0,\"preview_url\":null,\"track_number\":0,"
	       "\"type\":\"track\",\"uri\":\"spotify:local:::song:%u\"}",
	    duration / 1000);
}

static void
print_episode(const struct item *item)
{
	char id[ID_SIZE], show_id[ID_SIZE];

	draw_id(id, item->id_hash);
	draw_id(show_id, item->artist);
	printf("{\"description\":\"\",\"duration_ms\":%u,\"episode\":true,"
	       "\"explicit\":false,"
	       "\"href\":\"https://api.spotify.com/v1/episodes/%s\","
	       "\"id\":\"%s\",\"language\":\"en\",\"name\":",
	    10 * track_duration_ms(item->song), id, id);
	track_title(stdout, item->song);
	fputs(",\"release_date\":", stdout);
	track_release(stdout, item->album);
	fputs(",\"show\":{\"name\":", stdout);
	track_title(stdout, item->artist);
	printf(",\"id\":\"%s\",\"type\":\"show\"},\"track\":false,"
	       "\"type\":\"episode\",\"uri\":\"spotify:episode:%s\"}",
	    show_id, id);
}

static void
print_item(const struct item *item)
{
	printf("{\"added_at\":%s,\"is_local\":%s,\"track\":", item->added_at,
	    item->kind == LOCAL ? "true" : "false");
	switch (item->kind) {
	case NULL_TRACK:
		fputs("null", stdout);
		break;
	case LOCAL:
		print_local(item);
		break;
	case EPISODE_ITEM:
		print_episode(item);
		break;
	case TRACK_ITEM:
	case NO_ID:
		print_track(item);
		break;
	}
	putchar('}');
}

/* Everything of the playlist but its items; its name says what it is. */
static void
print_head(const struct playlist *playlist)
{
	const struct country *country = playlist->country;
	char snapshot[ID_SIZE];
	unsigned owner = playlist->index % 97;

	fputs("{\"collaborative\":false", stdout);
	if (country->code != NULL)
		printf(",\"country\":\"%s\"", country->code);
	printf(",\"description\":\"%s, made up (synthetic)\","
	       "\"followers\":{\"href\":null,\"total\":%u},"
	       "\"href\":\"https://api.spotify.com/v1/playlists/%s\","
	       "\"id\":\"%s\",\"images\":[],\"name\":\"",
	    playlist->year == 2020 ? "covid songs" : "songs of a year before",
	    owner * owner, playlist->id, playlist->id);
	if (playlist->year == 2020)
		fputs(country->title, stdout);
	else
		fputs("Mix 2019", stdout);
	printf(" %u (synthetic)\",\"owner\":{\"display_name\":\"listener %u\","
	       "\"href\":\"https://api.spotify.com/v1/users/synthetic%u\","
	       "\"id\":\"synthetic%u\",\"type\":\"user\","
	       "\"uri\":\"spotify:user:synthetic%u\"},\"primary_color\":null,"
	       "\"public\":true,",
	    playlist->index, owner, owner, owner, owner);
	draw_id(snapshot, playlist->state);
	printf("\"snapshot_id\":\"MT%s%s\",", snapshot, playlist->id);
}

void
sample_playlists(const struct sample *sample)
{
	for (unsigned i = 0; i < sample->playlists; i++) {
		struct playlist playlist = world_playlist(sample, i);

		print_head(&playlist);
		fputs("\"tracks\":{\"items\":[", stdout);
		for (unsigned j = 0; j < playlist.items; j++) {
			struct item item =
			    world_item(sample->seed, &playlist, j);

			if (j > 0)
				putchar(',');
			print_item(&item);
		}
		printf("],\"limit\":100,\"next\":null,\"offset\":0,"
		       "\"previous\":null,\"total\":%u},\"type\":\"playlist\","
		       "\"uri\":\"spotify:playlist:%s\"}\n",
		    playlist.items, playlist.id);
	}
}

static void
print_features(const struct item *item)
{
	char id[ID_SIZE];

	draw_id(id, item->id_hash);
	putchar('{');
	track_features(stdout, item->song, item->shift);
	printf(",\"type\":\"audio_features\",\"id\":\"%s\","
	       "\"uri\":\"spotify:track:%s\","
	       "\"track_href\":\"https://api.spotify.com/v1/tracks/%s\","
	       "\"analysis_url\":"
	       "\"https://api.spotify.com/v1/audio-analysis/%s\","
	       "\"duration_ms\":%u,\"time_signature\":%u}\n",
	    id, id, id, id, track_duration_ms(item->song) + 1,
	    track_time_signature(item->song));
}

/* Of each track once, as they first appear; of one in fifty nobody knows. */
void
sample_features(const struct sample *sample)
{
	bool *seen = calloc(TRACKS, sizeof(*seen));

	if (seen == NULL)
		err(EXIT_SYSTEM, "%d tracks", TRACKS);
	for (unsigned i = 0; i < sample->playlists; i++) {
		struct playlist playlist = world_playlist(sample, i);

		for (unsigned j = 0; j < playlist.items; j++) {
			struct item item =
			    world_item(sample->seed, &playlist, j);

			if (item.kind != TRACK_ITEM || seen[item.track])
				continue;
			seen[item.track] = true;
			if (item.id_hash % 50 > 0)
				print_features(&item);
		}
	}
	free(seen);
}

static void
print_truth(const struct country *country, const char *feature, int shift)
{
	printf("%s,%s,%s", country->code, feature, shift < 0 ? "-" : "");
	print_number(stdout, (unsigned)abs(shift), 3);
	printf(",%s,%s\n", country->lockdown_start, country->lockdown_end);
}

/* The shifts that were planted; a test compares what the programs find. */
void
sample_truth(void)
{
	puts("country,feature,shift,lockdown_start,lockdown_end");
	for (const struct country *c = world_countries; c->code != NULL; c++) {
		print_truth(c, "energy", c->shift.energy);
		print_truth(c, "valence", c->shift.valence);
	}
}
