/*
 * Benchmark data: item records as they come out of spot-features, and the audio
 * features of very many tracks, fast.
 *
 * What is slow to print is printed beforehand, in pools of a few thousand
 * different texts, and each track takes one of each by its hash.  A line is
 * then little more than memcpy.
 */
#include <err.h>
#include <stdlib.h>
#include <string.h>

#include "draw.h"
#include "generate.h"
#include "track.h"

enum {
	EXIT_SYSTEM = 3,
	POOL = 4096,        /* texts in a pool */
	POPULARITY = 65536, /* draws among the texts of a pool */
	DAYS = 731,         /* of 2019 and 2020 */
	OUTPUT = 1 << 20,
	LINE_MAX_SIZE = 4096,
};

struct pool {
	char *text;
	size_t start[POOL + 1];
};

static const char countries[][3] = {"AT", "BE", "CH", "CZ", "DE", "DK", "ES",
    "FI", "FR", "GB", "GR", "HU", "IE", "IT", "NL", "NO", "PL", "PT", "RO",
    "SE"};

static struct pool features, texts, markets;
static uint16_t popular[POPULARITY];
static char dates[DAYS][TIME_SIZE];
static char output[OUTPUT];

static void
print_features(FILE *out, uint64_t hash)
{
	track_features(out, hash, (struct shift){0, 0});
	fprintf(out, ",\"time_signature\":%u", track_time_signature(hash));
}

/* The features of an item, and what stands behind them. */
static void
print_middle(FILE *out, uint64_t hash)
{
	print_features(out, hash);
	fprintf(out,
	    ",\"features_source\":\"spotify\","
	    "\"duration_ms\":%u,\"explicit\":%s,\"popularity\":%u",
	    track_duration_ms(hash), hash % 5 == 0 ? "true" : "false",
	    (unsigned)(hash >> 32) % 95);
}

static void
print_texts(FILE *out, uint64_t hash)
{
	fputs(",\"name\":", out);
	track_title(out, hash);
	fputs(",\"artists\":[", out);
	track_artist(out, hash);
	fputs("],\"album\":", out);
	track_title(out, hash + 1);
	fputs(",\"release_date\":", out);
	track_release(out, hash);
}

static void
print_few_markets(FILE *out, uint64_t hash)
{
	unsigned n = 1 + draw_below(&hash, 5);

	track_markets(out, hash, n, ",");
}

static void
print_many_markets(FILE *out, uint64_t hash)
{
	unsigned n = MARKETS_MAX - draw_below(&hash, 9);

	track_markets(out, hash, n, ",");
}

static void
pool_fill(struct pool *pool, uint64_t seed, enum kind kind,
    void (*print)(FILE *out, uint64_t hash))
{
	size_t size;
	FILE *out = open_memstream(&pool->text, &size);

	if (out == NULL)
		err(EXIT_SYSTEM, "memory");
	for (uint64_t i = 0; i < POOL; i++) {
		print(out, draw_hash(seed, kind, i));
		if (fflush(out) != 0)
			err(EXIT_SYSTEM, "memory");
		pool->start[i + 1] = size;
	}
	if (fclose(out) != 0)
		err(EXIT_SYSTEM, "memory");
}

/* The first text is twice as popular as the second, thrice as the third. */
static void
fill_popular(void)
{
	uint64_t total = 0, sum = 0;
	unsigned filled = 0;

	for (uint64_t i = 1; i <= POOL; i++)
		total += (UINT64_C(1) << 32) / i;
	for (uint64_t i = 1; i <= POOL; i++) {
		sum += (UINT64_C(1) << 32) / i;
		while (filled < sum * POPULARITY / total)
			popular[filled++] = (uint16_t)(i - 1);
	}
}

static char *
put(char *at, const char *text, size_t len)
{
	memcpy(at, text, len);
	return at + len;
}

static char *
put_text(char *at, const char *text)
{
	return put(at, text, strlen(text));
}

static char *
put_pool(char *at, const struct pool *pool, size_t i)
{
	return put(at, pool->text + pool->start[i],
	    pool->start[i + 1] - pool->start[i]);
}

static char *
put_two_digits(char *at, unsigned number)
{
	*at++ = (char)('0' + number / 10);
	*at++ = (char)('0' + number % 10);
	return at;
}

/* A playlist's items have the beginning of the line in common. */
struct bench_playlist {
	char head[128], country[16];
	unsigned items, day;
};

static struct bench_playlist
draw_playlist(uint64_t hash)
{
	struct bench_playlist playlist;
	char id[ID_SIZE], snapshot[ID_SIZE];

	draw_id(id, hash);
	draw_id(snapshot, draw_next(&hash));
	snprintf(playlist.head, sizeof(playlist.head),
	    "{\"type\":\"item\",\"playlist_id\":\"%s\","
	    "\"snapshot_id\":\"MT%s\",\"position\":",
	    id, snapshot);
	snprintf(playlist.country, sizeof(playlist.country),
	    ",\"country\":\"%s\"",
	    countries[draw_below(
	        &hash, sizeof(countries) / sizeof(countries[0]))]);
	playlist.items = 60 + draw_below(&hash, 81);
	playlist.day = draw_below(&hash, DAYS - 30);
	return playlist;
}

/* ,"added_at":"2020-03-10T09:08:07Z" */
static char *
put_added_at(char *at, unsigned day, unsigned second)
{
	at = put_text(at, ",\"added_at\":\"");
	at = put(at, dates[day], strlen("2020-03-10T"));
	at = put_two_digits(at, second / 3600);
	*at++ = ':';
	at = put_two_digits(at, second / 60 % 60);
	*at++ = ':';
	at = put_two_digits(at, second % 60);
	return put_text(at, "Z\"");
}

static char *
put_track(char *at, uint64_t hash, const char *country)
{
	char id[ID_SIZE], isrc[ISRC_SIZE];

	draw_id(id, hash);
	draw_isrc(isrc, hash);
	at = put_text(at, ",\"track_id\":\"");
	at = put(at, id, sizeof(id) - 1);
	at = put_text(at, "\"");
	at = put_text(at, country);
	at = put_text(at, ",\"isrc\":\"");
	at = put(at, isrc, sizeof(isrc) - 1);
	at = put_text(at, "\",");
	at = put_pool(at, &features, hash % POOL);
	at = put_pool(at, &texts, hash / POOL % POOL);
	at = put_text(at, ",\"available_markets\":\"");
	at = put_pool(at, &markets, popular[hash >> 48]);
	return put_text(at, "\",\"fetched_at\":\"2021-01-01T00:00:00Z\"}\n");
}

static void
bench_prepare(uint64_t seed, bool full)
{
	pool_fill(&features, seed, SONG, print_middle);
	pool_fill(&texts, seed, ALBUM, print_texts);
	pool_fill(&markets, seed, MARKETS,
	    full ? print_many_markets : print_few_markets);
	fill_popular();
	for (int i = 0; i < DAYS; i++)
		time_text(dates[i],
		    date_time("2019-01-01") + (time_t)i * DAY_SECONDS);
}

/* Print what there is, if not much more fits or it is the last. */
static char *
print_output(char *at, bool last)
{
	if (!last && at <= output + OUTPUT - LINE_MAX_SIZE)
		return at;
	fwrite(output, 1, (size_t)(at - output), stdout);
	return output;
}

void
bench_items(uint64_t seed, uint64_t lines, bool full)
{
	unsigned tracks = lines / 5 < 1000 ? 1000 : (unsigned)(lines / 5);
	unsigned position = 0;
	uint64_t playlists = 0, state = seed;
	struct bench_playlist playlist = {.items = 0};
	char *at = output;

	bench_prepare(seed, full);
	for (uint64_t i = 0; i < lines; i++, position++) {
		uint64_t hash;
		unsigned day;

		if (position == playlist.items) {
			hash = draw_hash(seed, PLAYLIST, playlists++);
			playlist = draw_playlist(hash);
			position = 0;
		}
		hash = draw_hash(seed, TRACK, draw_skewed(&state, tracks));
		day = playlist.day + position / 5;
		at = put_text(at, playlist.head);
		if (position >= 100)
			*at++ = '1';
		if (position >= 10)
			*at++ = (char)('0' + position / 10 % 10);
		*at++ = (char)('0' + position % 10);
		at = put_added_at(at, day, draw_below(&state, DAY_SECONDS));
		at = put_track(at, hash, playlist.country);
		at = print_output(at, i + 1 == lines);
	}
}

void
bench_tracks(uint64_t seed, uint64_t lines)
{
	char id[ID_SIZE], *at = output;
	uint64_t hash;

	pool_fill(&features, seed, SONG, print_features);
	for (uint64_t i = 0; i < lines; i++) {
		hash = draw_hash(seed, TRACK, i);
		draw_id(id, hash);
		at = put_text(at, "{");
		at = put_pool(at, &features, hash % POOL);
		at = put_text(at, ",\"type\":\"audio_features\",\"id\":\"");
		at = put_text(at, id);
		at = put_text(at, "\",\"uri\":\"spotify:track:");
		at = put_text(at, id);
		at = put_text(at, "\"}\n");
		at = print_output(at, i + 1 == lines);
	}
}
