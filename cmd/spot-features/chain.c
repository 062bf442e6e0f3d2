/*
 * chain: files are looked up, services are asked.
 */
#include <err.h>
#include <errno.h>
#include <inttypes.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "ask.h"
#include "cache.h"
#include "chain.h"
#include "client.h"
#include "exit.h"
#include "file.h"
#include "options.h"
#include "state.h"
#include "token.h"

enum {
	PROVIDERS_MAX = 8,
	LINGER_MILLISECONDS = 1000,
	IDS_PER_JOB = 400, /* in one batch: whole requests for every service */
	HTTP_BYTES = 8 * 1024 * 1024, /* of lines that wait for services ... */
	USUAL_BYTES = 256 * 1024      /* ... and for Redis alone */
};

enum kind { REDIS, SPOTIFY, RECCOBEATS, IN_FILE };
static const char *const names[] = {"redis", "spotify", "reccobeats", "file:"};

struct provider {
	enum kind kind;
	struct table *file;
	struct cache *cache;
	struct ask *ask;
	bool restricted; /* it said 403: it is not asked again */
};

struct chain {
	struct provider providers[PROVIDERS_MAX];
	size_t n, jobs;
	struct chain_batch batch;
	struct http *http;
	struct table *known;    /* what services have said */
	struct provider *begun; /* Redis, if it is all there is to ask */
	int status;
};

static void
add(struct chain *c, enum kind kind, const char *path, size_t *refused)
{
	struct provider *p = &c->providers[c->n++];

	p->kind = kind;
	switch (kind) {
	case REDIS:
		p->cache = cache_open();
		break;
	case SPOTIFY:
		p->ask = ask_open(&ask_spotify, client_spotify(), c->jobs);
		break;
	case RECCOBEATS:
		p->ask =
		    ask_open(&ask_reccobeats, client_reccobeats(), c->jobs);
		break;
	case IN_FILE:
		p->file = file_read(path, refused);
		break;
	}
}

/* Add the providers of a list. */
static void
parse(struct chain *c, const char *list, size_t *refused)
{
	char *copy = strdup(list), *rest = NULL, *name;
	enum kind kind;
	size_t len;

	if (copy == NULL)
		err(EXIT_SERVICE, "memory");
	for (name = strtok_r(copy, ",", &rest); name != NULL;
	     name = strtok_r(NULL, ",", &rest)) {
		for (kind = REDIS; kind < IN_FILE; kind++)
			if (strcmp(name, names[kind]) == 0)
				break;
		len = strlen(names[IN_FILE]);
		if (kind == IN_FILE && strncmp(name, names[kind], len) != 0)
			options_usage("--providers: '%s' is none of redis, "
			              "spotify, reccobeats, file:PATH",
			    name);
		if (c->n == PROVIDERS_MAX)
			options_usage(
			    "--providers: more than %d", PROVIDERS_MAX);
		add(c, kind, name + (kind == IN_FILE ? len : 0), refused);
	}
	free(copy);
}

struct chain *
chain_open(
    const char *list, const struct http_options *options, size_t *refused)
{
	struct chain *c = xcalloc(1, sizeof(*c));
	struct provider *redis = NULL;
	bool http = false;

	c->jobs = options->jobs;
	c->batch.bytes = USUAL_BYTES;
	if (list == NULL) {
		if (state_secret("REDIS_URL") != NULL)
			add(c, REDIS, NULL, refused);
		if (token_possible())
			add(c, SPOTIFY, NULL, refused);
	} else
		parse(c, list, refused);
	if (c->n == 0)
		options_usage("no provider: say -P reccobeats or "
		              "-P file:PATH, or set SPOTIFY_CLIENT_ID and "
		              "SPOTIFY_CLIENT_SECRET");
	for (size_t i = c->n; i-- > 0;) {
		http |= c->providers[i].ask != NULL;
		if (c->providers[i].kind == REDIS)
			redis = &c->providers[i];
	}
	if (http) {
		c->http = http_open(options);
		c->batch = (struct chain_batch){
		    options->jobs * IDS_PER_JOB, HTTP_BYTES};
	} else if (redis != NULL) {
		c->begun = redis;
		c->batch.ids = CACHE_WINDOW;
	}
	if (c->batch.ids > 0)
		c->known = table_open();
	return c;
}

void
chain_free(struct chain *c)
{
	for (size_t i = 0; i < c->n; i++) {
		table_free(c->providers[i].file);
		cache_free(c->providers[i].cache);
		ask_free(c->providers[i].ask);
	}
	table_free(c->known);
	http_free(c->http);
	free(c);
}

struct chain_batch
chain_batch(const struct chain *c)
{
	return c->batch;
}

/* Where the answers of a provider are. */
static const struct table *
table_of(const struct chain *c, size_t provider)
{
	const struct provider *p = &c->providers[provider];

	return p->kind == IN_FILE ? p->file : c->known;
}

bool
chain_find(const struct chain *c, const struct track_id *id,
    struct chain_answer *answer)
{
	const struct table *table;
	enum table_source source;
	uint32_t place;

	*answer = (struct chain_answer){0};
	for (size_t i = 0; i < c->n; i++) {
		table = table_of(c, i);
		place = table_find(table, id);
		source = table_source(table, place);
		if (source != TABLE_ABSENT)
			*answer = (struct chain_answer){table, place};
		else if (table == c->known)
			return false;
		if (source != TABLE_ABSENT && source < TABLE_UNKNOWN)
			break;
	}
	return true;
}

/* Move the ids that a table does not have to the front; how many. */
static size_t
keep_absent(struct track_id *ids, size_t n, const struct table *table)
{
	struct track_id id;
	size_t kept = 0;

	for (size_t i = 0; i < n; i++) {
		if (table_has(table, &ids[i]) != TABLE_ABSENT)
			continue;
		id = ids[kept];
		ids[kept++] = ids[i];
		ids[i] = id;
	}
	return kept;
}

/* Ask one provider; false if it does not answer now. */
static bool
ask_one(
    struct chain *c, struct provider *p, const struct track_id *ids, size_t n)
{
	if (p->kind == REDIS) {
		if (p != c->begun)
			cache_ask(p->cache, ids, n);
		cache_take(p->cache, ids, n, c->known);
		return true;
	}
	if (p->kind == IN_FILE || p->restricted || n == 0)
		return true;
	switch (ask_ids(p->ask, c->http, ids, n, c->known)) {
	case ASK_ANSWERED:
		return true;
	case ASK_RESTRICTED:
		p->restricted = true;
		warnx("%s: audio features are not for this app (403): it is "
		      "not asked any more; reccobeats and file:PATH are",
		    names[p->kind]);
		return true;
	case ASK_FAILED:
		c->status = http_stopped(c->http) != 0 ? http_stopped(c->http)
		                                       : EXIT_SERVICE;
		return false;
	}
	return false;
}

/* Is there a provider but Redis (a service, if it says so) that may answer? */
static bool
may_answer(const struct chain *c, bool service)
{
	for (size_t i = 0; i < c->n; i++)
		if (!c->providers[i].restricted &&
		    (service ? c->providers[i].ask != NULL
		             : c->providers[i].kind != REDIS))
			return true;
	return false;
}

/* Remember that nobody knows these ids, and why. */
static void
give_up(struct chain *c, const struct track_id *ids, size_t n)
{
	const struct str none[FEATURE_KEYS] = {{0}};
	bool restricted = false;

	for (size_t i = 0; i < c->n; i++)
		restricted |= c->providers[i].restricted;
	for (size_t i = 0; i < n; i++)
		(void)table_put(c->known, &ids[i], none,
		    restricted && !may_answer(c, false) ? TABLE_RESTRICTED
		                                        : TABLE_UNKNOWN);
}

bool
chain_begin(struct chain *c, const struct track_id *ids, size_t n)
{
	if (c->begun == NULL || n == 0)
		return false;
	cache_ask(c->begun->cache, ids, n);
	return true;
}

bool
chain_ask(struct chain *c, struct track_id *ids, size_t n)
{
	size_t left = n, cached = 0;
	bool answered = true;

	for (size_t i = 0; i < c->n && answered; i++) {
		answered = ask_one(c, &c->providers[i], ids, left);
		if (c->providers[i].kind == IN_FILE)
			left = keep_absent(ids, left, c->providers[i].file);
		else
			left = keep_absent(ids, left, c->known);
		if (c->providers[i].kind == REDIS)
			cached = n - left;
	}
	if (answered)
		give_up(c, ids, left);
	/*
	 * What came from Redis is at the end: the rest is new to it.  That a
	 * file does not know a track is not worth remembering.
	 */
	for (size_t i = 0; i < c->n; i++)
		if (c->providers[i].kind == REDIS && may_answer(c, true))
			cache_put(c->providers[i].cache,
			    ids + (answered ? 0 : left),
			    n - cached - (answered ? 0 : left), c->known);
	/* What only a file knows has been asked for too. */
	if (answered)
		give_up(c, ids, keep_absent(ids, n, c->known));
	return answered;
}

bool
chain_linger(const struct chain *c, int fd)
{
	struct pollfd pollfd = {.fd = fd, .events = POLLIN};

	return c->http != NULL && poll(&pollfd, 1, LINGER_MILLISECONDS) == 1;
}

bool
chain_wait(struct chain *c, int fd)
{
	if (c->http == NULL)
		return true;
	(void)http_next(c->http, fd);
	if (http_stopped(c->http) != 0)
		c->status = http_stopped(c->http);
	return c->status == 0;
}

#define SOURCE ",\"features_source\":\""
#define NONE SOURCE "none\",\"features_reason\":\""

void
chain_append(struct chain_answer answer, struct buf *out)
{
	static const char *const ends[] = {NONE "unknown\"", SOURCE "file\"",
	    SOURCE "spotify\"", SOURCE "reccobeats\"", SOURCE "redis\"",
	    NONE "unknown\"", NONE "restricted\"", NONE "unavailable\""};
	enum table_source source = TABLE_ABSENT;

	if (answer.table != NULL) {
		source = table_source(answer.table, answer.place);
		table_append(answer.table, answer.place, out);
	}
	buf_puts(out, ends[source]);
}

void
chain_hint(const struct chain *c, const struct track_id *id)
{
	for (size_t i = 0; i < c->n; i++)
		table_hint(table_of(c, i), id);
}

void
chain_hint_more(const struct chain *c, const struct track_id *id)
{
	for (size_t i = 0; i < c->n; i++)
		table_hint_more(table_of(c, i), id);
}

void
chain_fetch(struct chain_answer answer)
{
	if (answer.table != NULL)
		table_fetch(answer.table, answer.place);
}

int
chain_status(const struct chain *c)
{
	return c->status;
}

void
chain_summary(const struct chain *c, uint64_t read, uint64_t written)
{
	if (c->http == NULL)
		return;
	fprintf(stderr,
	    "%s: %" PRIu64 " lines read, %" PRIu64
	    " written; %zu tracks asked for",
	    program_invocation_short_name, read, written,
	    table_count(c->known));
	client_summary(c->http);
}
