/*
 * api: search, playlists, their items and audio features, in both dialects.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "keep.h"
#include "sim.h"
#include "span.h"
#include "store.h"
#include "wire.h"

enum {
	CEILING = 1000, /* of a search: offset + limit */
	BATCH = 100,    /* ids of audio features */
	BATCH_RECCOBEATS = 40,
	PAGE_MAX = 100,
	GZIP_LEAST = 256 /* bytes that are worth it */
};

void
reply_with(struct reply *reply, unsigned status, const char *json)
{
	reply->status = status;
	reply->body.len = 0;
	buf_puts(&reply->body, json);
	reply->type = "application/json; charset=utf-8";
}

static void
refuse(struct reply *reply, unsigned status, const char *message)
{
	reply_with(reply, status, "");
	buf_printf(&reply->body,
	    "{\"error\":{\"status\":%u,\"message\":\"%s\"}}", status, message);
}

/* The limit that is asked for; false, and 400, if it may not be. */
static bool
take_limit(const struct request *request, struct reply *reply, size_t most,
    size_t usual, size_t *limit)
{
	*limit = request_number(request, "limit", usual);
	if (*limit >= 1 && *limit <= most)
		return true;
	refuse(reply, 400, "Invalid limit");
	return false;
}

/* A playlist as search results show it. */
static void
add_result(struct buf *body, const struct store_playlist *p)
{
	buf_append(body, (struct str){p->about.ptr, p->about.len - 1});
	buf_printf(body,
	    ",\"%s\":{\"href\":\"%s/v1/playlists/%.*s/%s\","
	    "\"total\":%zu}}",
	    options.is_2026 ? "items" : "tracks", sim_url, (int)p->id.len,
	    p->id.ptr, options.is_2026 ? "items" : "tracks", p->total);
}

static void
answer_search(const struct request *request, struct reply *reply)
{
	const struct store_playlist *found[PAGE_MAX] = {NULL};
	const char *q = request_text(request, "q", "");
	size_t offset = request_number(request, "offset", 0);
	size_t limit, total;
	struct buf *body = &reply->body;

	if (*q == '\0') {
		refuse(reply, 400, "No search query");
		return;
	}
	if (!take_limit(request, reply, options.is_2026 ? 10 : 50,
	        options.is_2026 ? 5 : 20, &limit))
		return;
	if (offset + limit > CEILING) {
		refuse(reply, options.is_2026 ? 400 : 404,
		    options.is_2026 ? "Bad request" : "Not found");
		return;
	}
	reply_with(reply, 200, "{\"playlists\":{\"items\":[");
	total = store_search(
	    q, request_text(request, "market", ""), offset, limit, found);
	for (size_t i = 0; i < limit && found[i] != NULL; i++) {
		if (i > 0)
			buf_append(body, STR(","));
		if (options.holes > 0 && (offset + i + 1) % options.holes == 0)
			buf_append(body, STR("null"));
		else
			add_result(body, found[i]);
	}
	/* Real totals move from page to page, and next ends too early. */
	if (options.unstable && offset / limit % 2 == 1)
		total = total > limit ? total - limit / 2 : total;
	buf_printf(body,
	    "],\"limit\":%zu,\"offset\":%zu,\"total\":%zu,\"next\":", limit,
	    offset, total);
	if (offset + limit < total && !options.unstable)
		/* It points beyond the ceiling too, as the real one does. */
		buf_printf(body, "\"%s/v1/search?offset=%zu&limit=%zu\"",
		    options.next, offset + limit, limit);
	else
		buf_append(body, STR("null"));
	buf_append(body, STR("}}"));
}

/* A page of a playlist's items, an object. */
static void
add_page(struct buf *body, const struct store_playlist *p, size_t offset,
    size_t limit)
{
	const char *name = options.is_2026 ? "items" : "tracks";
	size_t end = offset + limit < p->n ? offset + limit : p->n, start;

	buf_printf(body,
	    "{\"href\":\"%s/v1/playlists/%.*s/%s?offset=%zu&limit=%zu\","
	    "\"limit\":%zu,\"next\":",
	    sim_url, (int)p->id.len, p->id.ptr, name, offset, limit, limit);
	if (offset + limit < p->total)
		buf_printf(body,
		    "\"%s/v1/playlists/%.*s/%s?offset=%zu&limit=%zu\"",
		    options.next, (int)p->id.len, p->id.ptr, name,
		    offset + limit, limit);
	else
		buf_append(body, STR("null"));
	buf_printf(body,
	    ",\"offset\":%zu,\"previous\":null,\"total\":%zu,\"items\":[",
	    offset, p->total);
	for (size_t i = offset; i < end; i++) {
		start = i == 0 ? 0 : p->ends[i - 1];
		if (i > offset)
			buf_append(body, STR(","));
		buf_append(body,
		    (struct str){p->text.ptr + start, p->ends[i] - start});
	}
	buf_append(body, STR("]}"));
}

/* May the items of a playlist be read?  Since 2026 by its owner only. */
static bool
may_read(const struct store_playlist *p, enum access access)
{
	if (!options.is_2026)
		return true;
	return access == ACCESS_USER &&
	       (options.user == NULL ||
	           str_equal(p->owner,
	               (struct str){options.user, strlen(options.user)}));
}

static void
answer_playlist(
    struct reply *reply, const struct store_playlist *p, enum access access)
{
	struct buf *body = &reply->body;

	reply_with(reply, 200, "");
	buf_append(body, (struct str){p->about.ptr, p->about.len - 1});
	if (may_read(p, access)) {
		buf_puts(
		    body, options.is_2026 ? ",\"items\":" : ",\"tracks\":");
		add_page(body, p, 0, PAGE_MAX);
	}
	buf_append(body, STR("}"));
}

static void
answer_items(const struct request *request, struct reply *reply,
    const struct store_playlist *p, const char *rest, enum access access)
{
	size_t most = options.is_2026 ? 50 : 100, limit;

	if (!may_read(p, access) ||
	    (options.is_2026 && strcmp(rest, "/tracks") == 0)) {
		refuse(reply, 403, "Forbidden");
	} else if (take_limit(request, reply, most, options.is_2026 ? 20 : 100,
	               &limit)) {
		reply_with(reply, 200, "");
		add_page(&reply->body, p, request_number(request, "offset", 0),
		    limit);
	}
}

/* Leave of a reply what the parameter fields wants. */
static void
select_fields(const struct request *request, struct reply *reply)
{
	const char *text = request_text(request, "fields", NULL);
	struct fields *fields;
	struct buf whole = reply->body;

	if (reply->status != 200 || text == NULL)
		return;
	if ((fields = fields_parse(text)) == NULL) {
		refuse(reply, 400, "Invalid fields");
		return;
	}
	reply->body = (struct buf){0};
	buf_append(&whole, (struct str){"", 1});
	fields_apply(
	    fields, (struct str){whole.ptr, whole.len - 1}, &reply->body);
	fields_free(fields);
	buf_free(&whole);
}

static void
answer_playlists(const struct request *request, struct reply *reply,
    const char *path, enum access access)
{
	const struct store_playlist *p;
	size_t len = strcspn(path, "/");
	char id[64] = "";

	if (len < sizeof(id))
		memcpy(id, path, len);
	if ((p = store_find(id)) == NULL) {
		refuse(reply, 404, "Resource not found");
		return;
	}
	if (path[len] == '\0')
		answer_playlist(reply, p, access);
	else if (strcmp(path + len, "/tracks") == 0 ||
	         strcmp(path + len, "/items") == 0)
		answer_items(request, reply, p, path + len, access);
	else
		refuse(reply, 404, "Service not found");
	select_fields(request, reply);
}

/* The next id of a list; false at its end. */
static bool
next_id(const char **p, struct str *id)
{
	if (*p == NULL)
		return false;
	*id = (struct str){*p, strcspn(*p, ",")};
	*p = (*p)[id->len] == ',' ? *p + id->len + 1 : NULL;
	return true;
}

static void
answer_features(const struct request *request, struct reply *reply)
{
	const char *ids = request_text(request, "ids", "");
	struct str id, text;
	size_t n = 0;

	if (options.is_2026) {
		reply_with(reply, 403, "{\"error\":{\"status\":403}}");
		return;
	}
	reply_with(reply, 200, "{\"audio_features\":[");
	while (next_id(&ids, &id)) {
		if (id.len != 22) {
			refuse(reply, 400, "invalid id");
			return;
		}
		if (n++ > 0)
			buf_append(&reply->body, STR(","));
		text = store_features(id);
		buf_append(&reply->body, text.len > 0 ? text : STR("null"));
	}
	buf_append(&reply->body, STR("]}"));
	if (n > BATCH)
		refuse(reply, 400, "too many ids requested");
}

/* Only what is known, of the first 40, and not in the order of the ids. */
static void
answer_reccobeats(const struct request *request, struct reply *reply)
{
	static struct fields *kept;
	const char *ids = request_text(request, "ids", "");
	struct str id[BATCH_RECCOBEATS], text;
	size_t n = 0;
	bool first = true;

	if (kept == NULL)
		kept = fields_parse("acousticness,danceability,energy,"
		                    "instrumentalness,key,liveness,loudness,"
		                    "mode,speechiness,tempo,valence");
	while (n < BATCH_RECCOBEATS && next_id(&ids, &id[n]))
		n++;
	reply_with(reply, 200, "{\"content\":[");
	while (n-- > 0) {
		text = store_features(id[n]);
		if (text.len == 0)
			continue;
		buf_printf(&reply->body,
		    "%s{\"id\":\"00000000-0000-4000-8000-%012zu\",\"href\":"
		    "\"https://open.spotify.com/track/%.*s\",",
		    first ? "" : ",", n, (int)id[n].len, id[n].ptr);
		first = false;
		fields_apply(kept, text, &reply->body);
		/* Its members go on in the object begun. */
		*(char *)memrchr(reply->body.ptr, '{', reply->body.len) = ' ';
	}
	buf_append(&reply->body, STR("]}"));
}

/* Answer what is asked with that access. */
static void
make_answer(
    const struct request *request, struct reply *reply, enum access access)
{
	static const char playlists[] = "/v1/playlists/";
	const char *path = request->path;

	if (strcmp(path, "/reccobeats/v1/audio-features") == 0)
		answer_reccobeats(request, reply);
	else if (strcmp(path, "/v1/search") == 0)
		answer_search(request, reply);
	else if (strncmp(path, playlists, sizeof(playlists) - 1) == 0)
		answer_playlists(
		    request, reply, path + sizeof(playlists) - 1, access);
	else if (strcmp(path, "/v1/audio-features") == 0)
		answer_features(request, reply);
	else
		refuse(reply, 404, "Service not found");
}

void
api_answer(const struct request *request, struct reply *reply)
{
	static struct buf key;
	enum access access = ACCESS_NONE;

	if (strncmp(request->path, "/reccobeats/", 12) != 0 &&
	    (access = accounts_access(request, reply)) == ACCESS_NONE)
		return;
	key.len = 0;
	buf_printf(&key, "%d %d %s", access, request->gzip, request->target);
	if (keep_find(buf_str(&key), &reply->body)) {
		reply->status = 200;
		reply->type = "application/json; charset=utf-8";
		reply->packed = *reply->body.ptr != '{';
		return;
	}
	make_answer(request, reply, access);
	if (request->gzip && reply->body.len >= GZIP_LEAST)
		wire_pack(reply);
	if (reply->status == 200)
		keep_add(buf_str(&key), buf_str(&reply->body));
}
