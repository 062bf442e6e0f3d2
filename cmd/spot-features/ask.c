/*
 * ask: batches of ids, several requests at a time, joined by id.
 *
 * Spotify answers in the order of the ids, with null for what it does not know;
 * ReccoBeats leaves that out, in any order, and has Spotify's id at the end of
 * href.  The position of an object tells nothing.
 */
#include <err.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "ask.h"
#include "exit.h"
#include "walk.h"

enum { ENTRY = FEATURE_KEYS, ID, PATHS, PATH_TEXT = 48, QUEUED_PER_JOB = 2 };

const struct ask_shape ask_spotify = {
    TABLE_SPOTIFY, 100, "audio_features", "id"};
const struct ask_shape ask_reccobeats = {
    TABLE_RECCOBEATS, 40, "content", "href"};

struct ask {
	const struct ask_shape *shape;
	struct http_service service;
	struct walk *walk;
	char paths[PATHS][PATH_TEXT];
	struct http_request *requests; /* used again */
	size_t nrequests;
	bool answered;
	struct str values[FEATURE_KEYS];
	struct buf id;
	struct table *table; /* while an answer is read */
};

struct ask *
ask_open(
    const struct ask_shape *shape, struct http_service service, size_t jobs)
{
	struct ask *a = xcalloc(1, sizeof(*a));
	struct walk_path paths[PATHS];

	a->shape = shape;
	a->service = service;
	a->nrequests = jobs * QUEUED_PER_JOB;
	a->requests = xcalloc(a->nrequests, sizeof(*a->requests));
	for (int i = 0; i < PATHS; i++) {
		(void)snprintf(a->paths[i], PATH_TEXT, "%s[]%s%s", shape->list,
		    i == ENTRY ? "" : ".",
		    i == ENTRY ? ""
		    : i == ID  ? shape->id
		               : audio_keys[i]);
		paths[i] = (struct walk_path){a->paths[i], i};
	}
	a->walk = walk_open(paths, PATHS);
	return a;
}

void
ask_free(struct ask *a)
{
	if (a == NULL)
		return;
	walk_free(a->walk);
	buf_free(&a->id);
	for (size_t i = 0; i < a->nrequests; i++)
		http_request_free(&a->requests[i]);
	free(a->requests);
	free(a);
}

/* The id itself, or what stands behind the last slash of an address. */
static struct str
last_segment(struct str text)
{
	const char *slash =
	    text.len > 0 ? memrchr(text.ptr, '/', text.len) : NULL;

	if (slash == NULL)
		return text;
	return (struct str){
	    slash + 1, (size_t)(text.ptr + text.len - slash) - 1};
}

static bool
visit(void *context, const struct walk_event *event)
{
	struct ask *a = context;
	struct track_id id;

	if (event->id == ENTRY && event->begins) {
		memset(a->values, 0, sizeof(a->values));
		a->id.len = 0;
	} else if (event->id == ENTRY && event->kind == JSON_OBJECT) {
		/* Not to be used: an id that is none, or strange numbers. */
		if (track_pack(buf_str(&a->id), &id))
			(void)table_put(
			    a->table, &id, a->values, a->shape->source);
	} else if (event->id == ID) {
		a->id.len = 0;
		buf_append(&a->id, last_segment(event->text));
	} else if (event->kind == JSON_NUMBER)
		a->values[event->id] = event->raw;
	return true;
}

/* Ask for the first of n ids; how many. */
static size_t
start(struct ask *a, struct http *http, struct http_request *request,
    const struct track_id *ids, size_t n)
{
	if (n > a->shape->batch)
		n = a->shape->batch;
	request->service = &a->service;
	request->path.len = 0;
	buf_puts(&request->path, "/audio-features?ids=");
	for (size_t i = 0; i < n; i++) {
		if (i > 0)
			buf_append(&request->path, STR(","));
		buf_append(
		    &request->path, (struct str){ids[i].text, TRACK_CHARS});
	}
	http_start(http, request);
	return n;
}

/* What an answer means for the whole; true if the request was sent again. */
static bool
take(struct ask *a, struct http *http, struct http_request *request,
    enum ask_outcome *outcome)
{
	switch (request->verdict) {
	case HTTP_OK:
		if (walk_document(a->walk, buf_str(&request->body), visit, a))
			return false;
		if (http_again(http, request, walk_error(a->walk)))
			return true;
		break;
	case HTTP_REFUSED:
		if (request->status == 404)
			return false; /* none of them is known */
		if (request->status == 403) {
			if (*outcome == ASK_ANSWERED)
				*outcome = ASK_RESTRICTED;
			return false;
		}
		break;
	case HTTP_FAILED:
		break;
	case HTTP_STOPPED:
		*outcome = ASK_FAILED;
		return false;
	}
	if (*outcome != ASK_FAILED)
		warnx("%s", request->error);
	*outcome = ASK_FAILED;
	return false;
}

enum ask_outcome
ask_ids(struct ask *a, struct http *http, const struct track_id *ids, size_t n,
    struct table *table)
{
	enum ask_outcome outcome = ASK_ANSWERED;
	struct http_request *request;
	size_t used = 0, asked = 0;

	a->table = table;
	/* Until it has answered once, it is tried with a single request. */
	while (asked < n && used < (a->answered ? a->nrequests : 1))
		asked += start(
		    a, http, &a->requests[used++], ids + asked, n - asked);
	while ((request = http_next(http, -1)) != NULL) {
		if (take(a, http, request, &outcome) || outcome != ASK_ANSWERED)
			continue;
		a->answered = true;
		if (asked < n)
			asked +=
			    start(a, http, request, ids + asked, n - asked);
		while (asked < n && used < a->nrequests)
			asked += start(a, http, &a->requests[used++],
			    ids + asked, n - asked);
	}
	return outcome;
}
