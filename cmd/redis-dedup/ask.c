/*
 * ask: HMGET or HSET of up to a thousand playlists at once.
 *
 * There are two windows of lines: while Redis works on one the other is filled.
 */
#include <err.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "ask.h"
#include "output.h"
#include "redis.h"

enum { WINDOW = 1000, HELD_MAX = 1024 * 1024 };

/* A line that waits, and what it asks: where they are in the window. */
struct question {
	size_t start, end;
	size_t id, value, value_end;
};

struct window {
	struct question questions[WINDOW];
	size_t n;
	struct buf lines; /* in their order, those that ask nothing too */
	struct buf texts; /* ids and snapshots */
	bool sent;
};

struct ask {
	redisContext *redis;
	struct str key;
	bool mark;
	int64_t max_age;
	struct window windows[2];
	struct window *filling, *asking;
	uint64_t asked, known;
};

struct ask *
ask_open(const char *key, bool mark, int64_t max_age)
{
	struct ask *ask = xcalloc(1, sizeof(*ask));

	ask->redis = redis_open();
	ask->key = (struct str){key, strlen(key)};
	ask->mark = mark;
	ask->max_age = max_age;
	ask->filling = &ask->windows[0];
	ask->asking = &ask->windows[1];
	return ask;
}

void
ask_free(struct ask *ask)
{
	if (ask == NULL)
		return;
	redisFree(ask->redis);
	for (int i = 0; i < 2; i++) {
		buf_free(&ask->windows[i].lines);
		buf_free(&ask->windows[i].texts);
	}
	free(ask);
}

/* Send what a window asks. */
static void
send_window(struct ask *ask, struct window *w)
{
	struct str arguments[2 * WINDOW + 2];
	const struct question *q;
	int n = 0;

	arguments[n++] = ask->mark ? STR("HSET") : STR("HMGET");
	arguments[n++] = ask->key;
	for (q = w->questions; q < w->questions + w->n; q++) {
		arguments[n++] =
		    (struct str){w->texts.ptr + q->id, q->value - q->id};
		if (ask->mark)
			arguments[n++] = (struct str){
			    w->texts.ptr + q->value, q->value_end - q->value};
	}
	redis_queue(ask->redis, n, arguments);
	redis_send(ask->redis);
	w->sent = true;
}

/* Does a value of the hash say that this snapshot is known, at this time? */
static bool
is_known(const struct ask *ask, const redisReply *value, struct str snapshot,
    int64_t now)
{
	const char *p = value->str;
	int64_t since = 0;

	if (value->type != REDIS_REPLY_STRING)
		return false;
	/* hiredis ends a string with a zero byte. */
	for (; *p >= '0' && *p <= '9' && since < INT64_MAX / 100; p++)
		since = since * 10 + (*p - '0');
	if (p == value->str || *p++ != ' ' ||
	    (ask->max_age > 0 && now - since >= ask->max_age))
		return false;
	return str_equal(
	    snapshot, (struct str){p, (size_t)(value->str + value->len - p)});
}

/* Write the lines of a window, without those that the reply knows. */
static void
write_unknown(struct ask *ask, struct window *w, const redisReply *reply)
{
	int64_t now = time(NULL);
	const struct question *q;
	struct str snapshot;
	size_t start = 0;

	for (size_t i = 0; i < w->n && i < reply->elements; i++) {
		q = &w->questions[i];
		snapshot = (struct str){
		    w->texts.ptr + q->value, q->value_end - q->value};
		if (!is_known(ask, reply->element[i], snapshot, now))
			continue;
		output_write(
		    (struct str){w->lines.ptr + start, q->start - start});
		start = q->end;
		ask->known++;
	}
	output_write((struct str){w->lines.ptr + start, w->lines.len - start});
}

/* Wait for what a window asked, and empty it. */
static void
settle_window(struct ask *ask, struct window *w)
{
	redisReply *reply;

	if (w->sent) {
		reply = redis_reply(ask->redis,
		    ask->mark ? REDIS_REPLY_INTEGER : REDIS_REPLY_ARRAY);
		if (ask->mark)
			output_write(buf_str(&w->lines));
		else
			write_unknown(ask, w, reply);
		freeReplyObject(reply);
	} else
		output_write(buf_str(&w->lines));
	ask->asked += w->n;
	w->n = w->lines.len = w->texts.len = 0;
	w->sent = false;
}

/* Begin a new window. */
static void
advance(struct ask *ask)
{
	struct window *full = ask->filling;

	if (full->n > 0)
		send_window(ask, full);
	settle_window(ask, ask->asking);
	ask->filling = ask->asking;
	ask->asking = full;
}

static void
hold(struct ask *ask, struct str line)
{
	buf_append(&ask->filling->lines, (struct str){line.ptr, line.len + 1});
	if (ask->filling->n == WINDOW || ask->filling->lines.len > HELD_MAX)
		advance(ask);
}

void
ask_line(struct ask *ask, struct str line, struct json *json,
    const struct json_field *id, const struct json_field *snapshot)
{
	struct window *w = ask->filling;
	struct question *q = &w->questions[w->n++];

	q->start = w->lines.len;
	q->end = q->start + line.len + 1;
	q->id = w->texts.len;
	buf_append(&w->texts, json_text(json, id));
	q->value = w->texts.len;
	if (ask->mark)
		buf_printf(&w->texts, "%lld ", (long long)time(NULL));
	buf_append(&w->texts, json_text(json, snapshot));
	q->value_end = w->texts.len;
	hold(ask, line);
}

void
ask_pass(struct ask *ask, struct str line)
{
	if (ask->filling->lines.len == 0 && ask->asking->lines.len == 0)
		output_line(line);
	else
		hold(ask, line);
}

void
ask_settle(struct ask *ask)
{
	advance(ask);
	settle_window(ask, ask->asking);
}

void
ask_summary(const struct ask *ask)
{
	if (ask->asked == 0)
		return;
	if (ask->mark)
		warnx("%ju playlists marked", (uintmax_t)ask->asked);
	else
		warnx("%ju playlists, %ju of them known", (uintmax_t)ask->asked,
		    (uintmax_t)ask->known);
}
