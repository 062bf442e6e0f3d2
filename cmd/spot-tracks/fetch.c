/*
 * fetch: a ring of playlists, from the oldest that is not yet written to the
 * one read last.  Each has one request in flight; only the oldest is written.
 */
#include <err.h>
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "client.h"
#include "entry.h"
#include "exit.h"
#include "fetch.h"
#include "other.h"
#include "output.h"
#include "playlist.h"

enum {
	SLOTS_PER_JOB = 4, /* so that the oldest does not hold up the others */
	PAGE = 100,        /* items of a page, the most that may be asked for */
	PAGE_2026 = 50,
	PAGE_LEAST = 10,        /* smaller ones are not tried when pages fail */
	HASTE = 2,              /* tries before a page is asked for in halves */
	HELD_MAX = 1024 * 1024, /* bytes that may wait for older playlists */
	FAILURES_MAX = 5 /* playlists failing in a row: the service is ill */
};

#define TRACK                                                                  \
	"(type,id,is_local,name,artists(name),album(name,release_date),"       \
	"available_markets,duration_ms,explicit,popularity,external_ids(isrc)" \
	")"
#define ITEMS "items(added_at,is_local,track" TRACK ",item" TRACK ")"

static const char playlist_fields[] =
    "fields=id,snapshot_id,name,description,owner(id),public,collaborative,"
    "tracks(total," ITEMS "),items(total," ITEMS ")";
static const char page_fields[] = "fields=" ITEMS;

struct slot {
	struct http_request request;
	struct playlist *playlist;
	struct buf line, body; /* which the playlist's values are from */
	struct buf out;        /* what waits to be written */
	char now[32];
	size_t limit;  /* items of the page asked for; 0: the playlist */
	bool complete; /* nothing will be added to out */
	bool held;     /* it may go on when it is the oldest */
	bool old;      /* the page was asked for at /tracks */
};

struct fetch {
	const struct http_options *options; /* NULL: ask for nothing */
	struct http *http;                  /* opened when first needed */
	struct http_service spotify;
	struct slot *slots;
	size_t nslots, first, used;
	size_t page;  /* items of a page */
	bool is_2026; /* pages are at /items, not at /tracks */
	bool strict;  /* a skip is told by the status */
	int status;
	unsigned failures; /* in a row */
	uint64_t playlists, done, missing, skipped[ENTRY_REASONS + 1];
};

struct fetch *
fetch_open(const struct http_options *options, bool strict)
{
	struct fetch *f = xcalloc(1, sizeof(*f));

	f->nslots = 1;
	f->page = PAGE;
	f->strict = strict;
	f->options = options;
	if (options != NULL) {
		f->spotify = client_spotify();
		f->nslots = options->jobs * SLOTS_PER_JOB;
	}
	f->slots = xcalloc(f->nslots, sizeof(*f->slots));
	for (size_t i = 0; i < f->nslots; i++) {
		f->slots[i].playlist = playlist_open();
		f->slots[i].request.owner = &f->slots[i];
		f->slots[i].request.service = &f->spotify;
	}
	return f;
}

void
fetch_free(struct fetch *f)
{
	http_free(f->http);
	for (size_t i = 0; i < f->nslots; i++) {
		playlist_free(f->slots[i].playlist);
		http_request_free(&f->slots[i].request);
		buf_free(&f->slots[i].line);
		buf_free(&f->slots[i].body);
		buf_free(&f->slots[i].out);
	}
	free(f->slots);
	free(f);
}

/* Ask for a playlist, with as many items as come with it. */
static void
ask_playlist(struct fetch *f, struct slot *slot)
{
	struct str id = playlist_id(slot->playlist);

	if (f->http == NULL)
		f->http = http_open(f->options);
	slot->limit = 0;
	slot->old = false;
	slot->request.patience = 0;
	slot->request.path.len = 0;
	buf_printf(&slot->request.path, "/playlists/%.*s?%s", (int)id.len,
	    id.ptr, playlist_fields);
	http_start(f->http, &slot->request);
}

/* Ask for the items behind those read. */
static void
ask_page(struct fetch *f, struct slot *slot, size_t limit)
{
	struct str id = playlist_id(slot->playlist);

	slot->limit = limit;
	slot->old = !f->is_2026;
	slot->request.patience = limit > PAGE_LEAST ? HASTE : 0;
	slot->request.path.len = 0;
	buf_printf(&slot->request.path,
	    "/playlists/%.*s/%s?offset=%zu&limit=%zu&%s", (int)id.len, id.ptr,
	    f->is_2026 ? "items" : "tracks", playlist_entries(slot->playlist),
	    limit, page_fields);
	http_start(f->http, &slot->request);
}

/* Write the oldest playlists as far as they have come. */
static void
drain(struct fetch *f)
{
	struct slot *slot;

	while (f->used > 0) {
		slot = &f->slots[f->first];
		output_write(buf_str(&slot->out));
		slot->out.len = 0;
		if (slot->held) {
			slot->held = false;
			ask_page(f, slot, f->page);
		}
		if (!slot->complete)
			break;
		f->first = (f->first + 1) % f->nslots;
		f->used--;
	}
}

/* Everything of a playlist has been read, or all that can be had. */
static void
complete(struct fetch *f, struct slot *slot, const char *reason)
{
	const size_t *skipped = playlist_skipped(slot->playlist);
	size_t missing;

	playlist_write_items(slot->playlist, &slot->out);
	missing = playlist_write_done(slot->playlist, reason, &slot->out);
	for (int i = 0; i <= ENTRY_REASONS; i++)
		f->skipped[i] += skipped[i];
	f->missing += missing;
	if (f->strict && f->status == 0 &&
	    playlist_entries(slot->playlist) + missing > skipped[ENTRY_REASONS])
		f->status = EXIT_DATA;
	f->done++;
	f->failures = 0;
	slot->complete = true;
}

/* A playlist cannot be read now: it gets no done, so that it is tried again. */
static void
fail(struct fetch *f, struct slot *slot, const char *why)
{
	struct str id = playlist_id(slot->playlist);

	warnx("playlist %.*s: item %zu: %s", (int)id.len, id.ptr,
	    playlist_entries(slot->playlist), why);
	f->status = EXIT_SERVICE;
	f->failures++;
	slot->complete = true;
}

/* Large pages far behind fail more often than small ones: try such. */
static void
fail_or_halve(struct fetch *f, struct slot *slot)
{
	if (slot->request.tries > 0 && slot->limit > PAGE_LEAST)
		ask_page(f, slot, slot->limit / 2);
	else
		fail(f, slot, slot->request.error);
}

/* What has been read is good: write it, and ask for more if there is more. */
static void
go_on(struct fetch *f, struct slot *slot)
{
	playlist_write_items(slot->playlist, &slot->out);
	if (playlist_entries(slot->playlist) >= playlist_total(slot->playlist))
		complete(f, slot, "contents_withheld");
	else if (slot->out.len > HELD_MAX && slot != &f->slots[f->first])
		slot->held = true;
	else
		ask_page(f, slot, f->page);
}

static void
take_playlist(struct fetch *f, struct slot *slot)
{
	struct buf swap = slot->body;

	slot->body = slot->request.body;
	slot->request.body = swap;
	switch (playlist_read_answer(
	    slot->playlist, lines_str(&slot->body), client_now(slot->now))) {
	case PLAYLIST_WHOLE:
		if (playlist_is_2026(slot->playlist) && !f->is_2026) {
			f->is_2026 = true;
			f->page = PAGE_2026;
		}
		playlist_write_head(slot->playlist, &slot->out);
		go_on(f, slot);
		return;
	case PLAYLIST_BARE:
		/* A 200 without items is not an empty playlist. */
		playlist_write_head(slot->playlist, &slot->out);
		complete(f, slot, "contents_withheld");
		return;
	case PLAYLIST_REFUSED:
	case PLAYLIST_OTHER:
		(void)playlist_read(slot->playlist, lines_str(&slot->line));
		if (!http_again(
		        f->http, &slot->request, "a body that is no playlist"))
			fail(f, slot, slot->request.error);
		return;
	}
}

static void
take_page(struct fetch *f, struct slot *slot)
{
	size_t before = playlist_entries(slot->playlist);

	if (!playlist_read_page(
	        slot->playlist, lines_str(&slot->request.body))) {
		if (!http_again(
		        f->http, &slot->request, "a body that is no page"))
			fail_or_halve(f, slot);
	} else if (playlist_entries(slot->playlist) == before)
		complete(f, slot, "contents_withheld");
	else
		go_on(f, slot);
}

/* A status that will not change: most say something of this playlist only. */
static void
take_refusal(struct fetch *f, struct slot *slot)
{
	long status = slot->request.status;

	if ((slot->limit > PAGE_2026 && status == 400) ||
	    (slot->old && status == 403)) {
		/* An app of 2026 may not use the old address. */
		f->is_2026 |= status == 403;
		f->page = PAGE_2026;
		ask_page(f, slot, f->page);
	} else if (status == 403 || status == 404) {
		if (slot->limit == 0)
			playlist_write_head(slot->playlist, &slot->out);
		complete(f, slot, status == 403 ? "forbidden" : "gone");
	} else
		fail(f, slot, slot->request.error);
}

static void
take(struct fetch *f, struct slot *slot)
{
	const struct http_request *request = &slot->request;

	switch (request->verdict) {
	case HTTP_OK:
		if (slot->limit == 0)
			take_playlist(f, slot);
		else
			take_page(f, slot);
		break;
	case HTTP_REFUSED:
		take_refusal(f, slot);
		break;
	case HTTP_FAILED:
		fail_or_halve(f, slot);
		break;
	case HTTP_STOPPED:
		if (slot == &f->slots[f->first])
			fail(f, slot, "stopped here");
		slot->complete = true;
		break;
	}
}

/* Take up a line of the input. */
static void
begin(struct fetch *f, struct lines *in, struct str line)
{
	struct slot *slot = &f->slots[(f->first + f->used) % f->nslots];
	enum playlist_verdict verdict;

	slot->line.len = slot->out.len = 0;
	slot->complete = true;
	slot->held = false;
	verdict = other_is(line) ? PLAYLIST_OTHER
	                         : playlist_read(slot->playlist, line);
	switch (verdict) {
	case PLAYLIST_REFUSED:
		lines_refuse(in, "%s", playlist_error(slot->playlist));
		return;
	case PLAYLIST_OTHER:
		buf_append(&slot->out, (struct str){line.ptr, line.len + 1});
		break;
	case PLAYLIST_BARE:
	case PLAYLIST_WHOLE:
		f->playlists++;
		if (verdict == PLAYLIST_BARE && f->options != NULL) {
			if (playlist_id(slot->playlist).len == 0) {
				lines_refuse(in, "id is no playlist's");
				return;
			}
			/* The line is gone when the answer comes. */
			buf_append(&slot->line, line);
			(void)playlist_read(
			    slot->playlist, lines_str(&slot->line));
			slot->complete = false;
			ask_playlist(f, slot);
			break;
		}
		playlist_write_head(slot->playlist, &slot->out);
		complete(f, slot, "contents_withheld");
		break;
	}
	f->used++;
}

int
fetch_lines(struct fetch *f, struct lines *in)
{
	struct http_request *request;
	bool more = true, hungry;
	struct str line;

	while (more || f->used > 0) {
		more = more && f->failures < FAILURES_MAX &&
		       (f->http == NULL || http_stopped(f->http) == 0);
		hungry = more && f->used < f->nslots;
		if (hungry && (f->http == NULL || lines_ready(in))) {
			if ((more = lines_next(in, &line)))
				begin(f, in, line);
		} else if (more || f->used > 0) {
			request = http_next(f->http, hungry ? in->fd : -1);
			if (request != NULL)
				take(f, request->owner);
		}
		drain(f);
		if (!hungry || !lines_ready(in))
			output_flush();
	}
	output_flush();
	if (f->http != NULL && http_stopped(f->http) != 0)
		return http_stopped(f->http);
	return f->status;
}

void
fetch_summary(const struct fetch *f, const struct lines *in)
{
	if (f->http == NULL && !in->progress)
		return;
	fprintf(stderr,
	    "%s: %" PRIu64 " lines read; %" PRIu64 " of %" PRIu64
	    " playlists written, %" PRIu64 " items",
	    program_invocation_short_name, in->total, f->done, f->playlists,
	    f->skipped[ENTRY_REASONS]);
	for (int i = 0; i < ENTRY_REASONS; i++)
		if (f->skipped[i] > 0)
			fprintf(stderr, ", %" PRIu64 " %s", f->skipped[i],
			    entry_reasons[i]);
	if (f->missing > 0)
		fprintf(stderr, ", %" PRIu64 " not to be had", f->missing);
	if (f->http != NULL)
		client_summary(f->http);
	else
		fputc('\n', stderr);
}
