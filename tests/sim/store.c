/*
 * store: dumps are read once, and cut into what answers are made of.
 */
#include <ctype.h>
#include <err.h>
#include <stdlib.h>
#include <string.h>

#include "exit.h"
#include "lines.h"
#include "span.h"
#include "store.h"
#include "walk.h"

enum { QUERY_MAX = 256 };

struct track {
	struct str id, text;
};

static struct store_playlist *playlists, **by_id;
static size_t nplaylists;
static struct track *tracks;
static size_t ntracks;

static bool
pass_over(void *context, const struct walk_event *event)
{
	(void)context;
	(void)event;
	return true;
}

/* Call take for each line of a file, which must be a JSON object. */
static void
read_lines(
    const char *path, void (*take)(struct str line, bool is_2026), bool is_2026)
{
	static const struct walk_path nothing[] = {{"id", 0}};
	struct walk *walk = walk_open(nothing, 1);
	char *copy = strdup(path), *operands[] = {copy, NULL};
	struct lines in;
	struct str line;

	lines_open(&in, operands);
	while (lines_next(&in, &line)) {
		char *text = strndup(line.ptr, line.len);

		line.ptr = text;
		if (text == NULL || !walk_document(walk, line, pass_over, NULL))
			errx(EXIT_USAGE, "%s: line %zu: %s", path, in.number,
			    walk_error(walk));
		take(line, is_2026);
	}
	(void)lines_close(&in);
	walk_free(walk);
	free(copy);
}

/* Append an entry, its track under the name that the dialect has for it. */
static void
add_entry(struct store_playlist *p, struct str entry, bool is_2026)
{
	static struct fields *withdrawn;
	const char *at = entry.ptr;
	struct span span;
	bool first = true;

	if (withdrawn == NULL)
		withdrawn = fields_parse(
		    "!available_markets,popularity,linked_from,preview_url");
	if (*entry.ptr != '{') {
		buf_append(&p->text, entry);
		return;
	}
	while (span_next(&at, &span)) {
		buf_append(&p->text, first ? STR("{") : STR(","));
		first = false;
		if (str_equal(span.key, STR("track")) ||
		    str_equal(span.key, STR("item"))) {
			buf_puts(
			    &p->text, is_2026 ? "\"item\":" : "\"track\":");
			fields_apply(
			    is_2026 ? withdrawn : NULL, span.value, &p->text);
			continue;
		}
		buf_printf(
		    &p->text, "\"%.*s\":", (int)span.key.len, span.key.ptr);
		buf_append(&p->text, span.value);
	}
	buf_append(&p->text, first ? STR("{}") : STR("}"));
}

static void
add_words(struct buf *words, struct str text)
{
	for (size_t i = 0; i < text.len; i++) {
		char c = (char)tolower((unsigned char)text.ptr[i]);

		buf_append(words, (struct str){&c, 1});
	}
	buf_append(words, STR(" "));
}

static void
add_playlist(struct str line, bool is_2026)
{
	static struct fields *about;
	struct store_playlist *p;
	struct str list, items, total;
	const char *at;
	struct span span;

	if (about == NULL)
		about = fields_parse(
		    "!tracks,items,tracks_total,country,query,fetched_at");
	playlists = xreallocarray(playlists, nplaylists + 1, sizeof(*p));
	p = &playlists[nplaylists++];
	*p = (struct store_playlist){.id = span_text(span_member(line, "id"))};
	p->owner = span_text(span_member(span_member(line, "owner"), "id"));
	p->country = span_text(span_member(line, "country"));
	fields_apply(about, line, &p->about);
	add_words(&p->words, span_text(span_member(line, "name")));
	add_words(&p->words, span_text(span_member(line, "description")));
	buf_append(&p->words, (struct str){"", 1});
	list = span_member(line, "tracks");
	if (list.len == 0)
		list = span_member(line, "items");
	items = span_member(list, "items");
	for (at = items.ptr; items.len > 0 && span_next(&at, &span); p->n++) {
		add_entry(p, span.value, is_2026);
		p->ends = xreallocarray(p->ends, p->n + 1, sizeof(*p->ends));
		p->ends[p->n] = p->text.len;
	}
	total = span_member(list, "total");
	p->total = total.len > 0 ? strtoul(total.ptr, NULL, 10) : p->n;
}

static void
add_track(struct str line, bool is_2026)
{
	(void)is_2026;
	tracks = xreallocarray(tracks, ntracks + 1, sizeof(*tracks));
	tracks[ntracks++] =
	    (struct track){span_text(span_member(line, "id")), line};
}

static int
compare(struct str a, struct str b)
{
	int order = memcmp(a.ptr, b.ptr, a.len < b.len ? a.len : b.len);

	return order != 0 ? order : (a.len > b.len) - (a.len < b.len);
}

static int
compare_playlists(const void *a, const void *b)
{
	return compare((*(struct store_playlist *const *)a)->id,
	    (*(struct store_playlist *const *)b)->id);
}

static int
compare_tracks(const void *a, const void *b)
{
	return compare(
	    ((const struct track *)a)->id, ((const struct track *)b)->id);
}

void
store_read(const char *playlists_file, const char *features, bool is_2026)
{
	if (playlists_file != NULL)
		read_lines(playlists_file, add_playlist, is_2026);
	if (features != NULL)
		read_lines(features, add_track, is_2026);
	by_id = xcalloc(nplaylists + 1, sizeof(struct store_playlist *));
	for (size_t i = 0; i < nplaylists; i++)
		by_id[i] = &playlists[i];
	qsort(by_id, nplaylists, sizeof(struct store_playlist *),
	    compare_playlists);
	if (ntracks > 0)
		qsort(tracks, ntracks, sizeof(*tracks), compare_tracks);
}

const struct store_playlist *
store_find(const char *id)
{
	struct store_playlist wanted = {.id = {id, strlen(id)}};
	struct store_playlist *key = &wanted;
	struct store_playlist **found = bsearch(&key, by_id, nplaylists,
	    sizeof(struct store_playlist *), compare_playlists);

	return found == NULL ? NULL : *found;
}

/* Does a playlist have all words of q? */
static bool
matches(const struct store_playlist *p, const char *q)
{
	char copy[QUERY_MAX] = "", *rest = NULL, *word;

	for (size_t i = 0; q[i] != '\0' && i + 1 < sizeof(copy); i++)
		copy[i] = (char)tolower((unsigned char)q[i]);
	for (word = strtok_r(copy, " ", &rest); word != NULL;
	     word = strtok_r(NULL, " ", &rest))
		if (strstr(p->words.ptr, word) == NULL)
			return false;
	return true;
}

size_t
store_search(const char *q, const char *market, size_t offset, size_t limit,
    const struct store_playlist **found)
{
	const struct str here = {market, strlen(market)};
	size_t total = 0;

	for (size_t i = 0; i < nplaylists; i++) {
		if (here.len > 0 && playlists[i].country.len > 0 &&
		    !str_equal(playlists[i].country, here))
			continue;
		if (!matches(&playlists[i], q))
			continue;
		if (total >= offset && total < offset + limit)
			found[total - offset] = &playlists[i];
		total++;
	}
	return total;
}

struct str
store_features(struct str id)
{
	struct track wanted = {.id = id}, *found;

	if (ntracks == 0)
		return (struct str){0};
	found =
	    bsearch(&wanted, tracks, ntracks, sizeof(*tracks), compare_tracks);
	if (found == NULL)
		return (struct str){0};
	return found->text;
}
