/*
 * window: lines in their order, and the distinct ids to ask for.
 *
 * While there is nothing to ask for, items still wait for a few others, so that
 * their features come from memory together; other lines are written as they
 * come.  There are two batches of lines: while Redis answers one the other is
 * filled.
 */
#include <stdlib.h>
#include <string.h>

#include "item.h"
#include "output.h"
#include "window.h"

enum {
	OUT_BYTES = 512 * 1024, /* that are written at once */
	AHEAD = 8,              /* fetched before they are written */
	TOGETHER = 32           /* items that are looked up together */
};

/* A line that waits for the features that go into it. */
struct line {
	size_t len;   /* without its newline */
	size_t split; /* where its features go; 0: it is written as it is */
	bool has_id;  /* its track is one of Spotify's */
	bool answered;
	struct track_id id;
	struct chain_answer answer;
};

/* Lines that wait for the answers to the same questions. */
struct batch {
	struct buf text; /* of the lines, with their newlines */
	struct line *lines;
	size_t n, cap;
	size_t looked; /* the first lines, whose ids have been looked up */
	struct track_id *ids; /* to ask for: distinct, batch.ids at most */
	size_t nids;
	struct table *asked; /* the same, to find them again */
};

struct window {
	struct chain *chain;
	struct items *items;
	struct buf out;
	struct chain_batch most;
	struct batch batches[2];
	struct batch *now, *before; /* that is filled; that is answered */
	uint64_t written;
};

struct window *
window_open(struct chain *chain)
{
	struct window *w = xcalloc(1, sizeof(*w));

	w->chain = chain;
	w->items = items_open();
	w->most = chain_batch(chain);
	for (int i = 0; i < 2; i++) {
		w->batches[i].ids =
		    xcalloc(w->most.ids, sizeof(*w->batches[i].ids));
		w->batches[i].asked = table_open();
	}
	w->now = &w->batches[0];
	w->before = &w->batches[1];
	return w;
}

void
window_free(struct window *w)
{
	items_free(w->items);
	buf_free(&w->out);
	for (int i = 0; i < 2; i++) {
		buf_free(&w->batches[i].text);
		free(w->batches[i].lines);
		free(w->batches[i].ids);
		table_free(w->batches[i].asked);
	}
	free(w);
}

/* Let a line wait. */
static void
hold(struct window *w, const char *text, const struct line *line)
{
	struct batch *b = w->now;

	if (b->n == b->cap) {
		b->cap = b->cap == 0 ? TOGETHER : b->cap * 2;
		b->lines = xreallocarray(b->lines, b->cap, sizeof(*b->lines));
	}
	b->lines[b->n++] = *line;
	buf_append(&b->text, (struct str){text, line->len + 1});
	if (line->has_id)
		chain_hint(w->chain, &line->id);
}

/* Get the tracks of the lines from a number on from memory. */
static void
hint_more(const struct window *w, const struct batch *b, size_t first)
{
	for (size_t i = first; i < b->n && i < first + TOGETHER; i++)
		if (b->lines[i].has_id)
			chain_hint_more(w->chain, &b->lines[i].id);
}

/* Note that an id has to be asked for, unless it is asked for already. */
static void
need(struct window *w, const struct track_id *id)
{
	static const struct str nothing[FEATURE_KEYS];

	if (table_has(w->now->asked, id) != TABLE_ABSENT ||
	    table_has(w->before->asked, id) != TABLE_ABSENT)
		return;
	(void)table_put(w->now->asked, id, nothing, TABLE_UNKNOWN);
	w->now->ids[w->now->nids++] = *id;
}

/* Look up the ids of the last lines. */
static void
look_up(struct window *w)
{
	struct batch *b = w->now;
	struct line *line;

	hint_more(w, b, b->looked);
	for (; b->looked < b->n; b->looked++) {
		line = &b->lines[b->looked];
		line->answered = !line->has_id ||
		                 chain_find(w->chain, &line->id, &line->answer);
		if (!line->answered)
			need(w, &line->id);
	}
}

static void
write_out(struct window *w)
{
	output_block(buf_str(&w->out));
	w->out.len = 0;
}

static void
write_line(struct window *w, const char *text, const struct line *line)
{
	w->written++;
	if (line->split > 0) {
		buf_append(&w->out, (struct str){text, line->split});
		chain_append(line->answer, &w->out);
	}
	buf_append(&w->out,
	    (struct str){text + line->split, line->len - line->split + 1});
	if (w->out.len > OUT_BYTES)
		write_out(w);
}

/* Write the lines of a batch, up to the first that lacks an answer. */
static void
write_lines(struct window *w, struct batch *b)
{
	const char *text = b->text.ptr;
	struct line *line;

	for (size_t i = 0; i < b->n; i++) {
		if (i + AHEAD < b->n)
			chain_fetch(b->lines[i + AHEAD].answer);
		line = &b->lines[i];
		if (!line->answered &&
		    !chain_find(w->chain, &line->id, &line->answer))
			break;
		write_line(w, text, line);
		text += line->len + 1;
	}
	b->text.len = b->n = b->looked = 0;
}

/* Get the answers for a batch and write it; false if the run has to end. */
static bool
finish(struct window *w, struct batch *b)
{
	bool answered = true;

	if (b->nids > 0) {
		write_out(w); /* what is there does not wait for the answer */
		answered = chain_ask(w->chain, b->ids, b->nids);
	}
	write_lines(w, b);
	if (b->nids > 0) {
		table_free(b->asked);
		b->asked = table_open();
		b->nids = 0;
	}
	if (!answered)
		write_out(w);
	return answered;
}

/*
 * Send the questions of the batch that is full; while they are answered finish
 * the one before, and the next one is filled.
 */
static bool
turn(struct window *w)
{
	struct batch *full = w->now;
	bool under_way = chain_begin(w->chain, full->ids, full->nids);

	if (!finish(w, w->before))
		return false;
	w->now = w->before;
	w->before = full;
	return under_way || finish(w, full);
}

bool
window_settle(struct window *w)
{
	bool answered;

	look_up(w);
	answered = turn(w) && finish(w, w->before);
	write_out(w);
	return answered;
}

/* Look up the last lines, if they are enough; is it time to turn? */
static bool
is_full(struct window *w)
{
	struct batch *b = w->now;
	size_t room = w->most.ids - b->nids, group = TOGETHER;

	if (w->most.ids > 0 && room < group)
		group = room;
	if (b->n - b->looked < group && b->text.len <= w->most.bytes)
		return false;
	look_up(w);
	if (b->nids == 0 && w->before->n == 0)
		return true; /* no need to wait for others */
	return b->nids == w->most.ids || b->text.len > w->most.bytes;
}

bool
window_add(struct window *w, struct lines *in, struct str text)
{
	struct line line = {0};
	struct item item;

	if (!items_read(w->items, text, &item)) {
		lines_refuse(in, "%s", items_error(w->items));
		return true;
	}
	line.len = item.text.len;
	line.split = item.split;
	line.has_id = track_pack(item.track, &line.id);
	if (line.split == 0 && w->now->n == 0 && w->before->n == 0) {
		write_line(w, text.ptr, &line);
		return true;
	}
	hold(w, item.text.ptr, &line);
	return !is_full(w) || turn(w);
}

bool
window_wait(struct window *w, struct lines *in)
{
	if (lines_ready(in))
		return true;
	look_up(w);
	/* A request for a few ids costs as much as one for many. */
	if (w->now->nids > 0 && chain_linger(w->chain, in->fd))
		return true;
	return window_settle(w) && chain_wait(w->chain, in->fd);
}

uint64_t
window_written(const struct window *w)
{
	return w->written;
}
