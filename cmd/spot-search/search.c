/*
 * search: a queue of pages in the order in which they are to be given out.
 *
 * The first page of a term tells how many there are; then the others are asked
 * for at once.  total is a hint, next is not looked at: it may be null too
 * early, and points beyond the ceiling.
 */
#include <err.h>
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "client.h"
#include "exit.h"
#include "json.h"
#include "output.h"
#include "page.h"
#include "search.h"
#include "seen.h"

enum { WAITING_PER_JOB = 8 }; /* pages that may be queued */

struct term {
	struct buf text, query, country; /* plain; as JSON strings */
	size_t total;                    /* the greatest that a page gave */
	size_t pending;                  /* pages asked for and not written */
};

struct result {
	struct http_request request;
	struct term *term;
	size_t offset, limit;
	bool answered;
	char now[32];
	struct result *next;
};

struct search {
	struct http *http;
	struct http_service spotify;
	struct page *page;
	struct seen seen;
	struct result *first, **end; /* in the order of output */
	size_t waiting, most_waiting, limit, page_size;
	int status;
	bool stopped; /* where has been told */
	uint64_t found, repeated, empty;
};

struct search *
search_open(const struct http_options *options, size_t limit)
{
	struct search *s = xcalloc(1, sizeof(*s));

	s->spotify = client_spotify();
	s->http = http_open(options);
	s->page = page_open();
	s->end = &s->first;
	s->limit = limit;
	s->page_size = SEARCH_PAGE;
	s->most_waiting = options->jobs * WAITING_PER_JOB;
	return s;
}

void
search_free(struct search *s)
{
	http_free(s->http);
	page_free(s->page);
	seen_free(&s->seen);
	free(s);
}

/* Ask for a page. */
static void
ask(struct search *s, struct result *r)
{
	const struct term *term = r->term;
	struct http_request *request = &r->request;

	if (r->limit > s->page_size)
		r->limit = s->page_size;
	request->path.len = 0;
	buf_puts(&request->path, "/search?type=playlist&q=");
	http_escape(&request->path, buf_str(&term->text));
	buf_printf(
	    &request->path, "&limit=%zu&offset=%zu", r->limit, r->offset);
	if (term->country.len > 0)
		buf_printf(
		    &request->path, "&market=%.2s", term->country.ptr + 1);
	http_start(s->http, request);
}

/* Queue a page of a term behind the page at, or at the end. */
static struct result *
add(struct search *s, struct term *term, struct result **at, size_t offset)
{
	struct result *r = xcalloc(1, sizeof(*r));

	r->term = term;
	r->request.owner = r;
	r->request.service = &s->spotify;
	r->offset = offset;
	r->limit =
	    s->limit - offset < s->page_size ? s->limit - offset : s->page_size;
	r->next = *at;
	*at = r;
	if (r->next == NULL)
		s->end = &r->next;
	term->pending++;
	s->waiting++;
	ask(s, r);
	return r;
}

/* Ask for all the pages behind the last one of its term that was asked for. */
static void
add_following(struct search *s, struct result *r)
{
	size_t end = r->term->total < s->limit ? r->term->total : s->limit;
	size_t offset = r->offset + r->limit;
	struct result *at = r;

	/* Only the page that is last of its term so far has followers. */
	if (r->next != NULL && r->next->term == r->term)
		return;
	for (; offset < end; offset += at->limit)
		at = add(s, r->term, &at->next, offset);
}

static void
fail(struct search *s, const struct result *r, const char *why, int status)
{
	warnx("search %.*s: offset %zu: %s", (int)r->term->text.len,
	    r->term->text.ptr, r->offset, why);
	if (status > s->status)
		s->status = status;
}

static void
ignore(void *context, struct str id, struct str record)
{
	(void)context;
	(void)id;
	(void)record;
}

/* Ask for a page again in smaller ones, as apps of 2026 must. */
static void
split(struct search *s, struct result *r)
{
	size_t end = r->offset + r->limit, offset;
	struct result *at = r;

	s->page_size = SEARCH_PAGE_2026;
	r->answered = false;
	ask(s, r);
	/* If it is the last page of its term, what follows is asked for when
	 * it is known how much that is. */
	if (r->next != NULL && r->next->term == r->term)
		for (offset = r->offset + r->limit; offset < end;
		     offset += at->limit)
			at = add(s, r->term, &at->next, offset);
}

static void
take_refusal(struct search *s, struct result *r)
{
	const struct http_request *request = &r->request;

	if (request->status == 400 && r->limit > SEARCH_PAGE_2026)
		split(s, r); /* Invalid limit */
	else if (r->offset == 0 ||
	         (request->status != 400 && request->status != 404))
		fail(s, r, request->error, EXIT_DATA);
	/* Else it is beyond the ceiling, wherever that is now. */
}

/* An answer is there: check it, and ask for what follows. */
static void
take(struct search *s, struct result *r)
{
	struct http_request *request = &r->request;
	static const struct page_origin nowhere;

	r->answered = true;
	switch (request->verdict) {
	case HTTP_OK:
		(void)client_now(r->now);
		if (!page_read(s->page, buf_str(&request->body), &nowhere,
		        ignore, NULL)) {
			r->answered = !http_again(
			    s->http, request, "a body that is no page");
			if (r->answered)
				fail(s, r, request->error, EXIT_SERVICE);
			return;
		}
		if (page_total(s->page) > r->term->total)
			r->term->total = page_total(s->page);
		/* One without entries is the last, whatever total says. */
		if (page_entries(s->page) > 0)
			add_following(s, r);
		return;
	case HTTP_REFUSED:
		take_refusal(s, r);
		return;
	case HTTP_FAILED:
		fail(s, r, request->error, EXIT_SERVICE);
		return;
	case HTTP_STOPPED:
		return;
	}
}

static void
write_found(void *context, struct str id, struct str record)
{
	struct search *s = context;

	if (seen_add(&s->seen, id)) {
		s->found++;
		output_write(record);
	} else
		s->repeated++;
}

static void
free_term(struct term *term)
{
	buf_free(&term->text);
	buf_free(&term->query);
	buf_free(&term->country);
	free(term);
}

/* Write the pages at the front that are answered. */
static void
drain(struct search *s)
{
	struct page_origin origin;
	struct result *r;

	while ((r = s->first) != NULL && r->answered) {
		if (r->request.verdict == HTTP_OK) {
			origin = (struct page_origin){
			    buf_str(&r->term->country),
			    buf_str(&r->term->query), {r->now, strlen(r->now)}};
			(void)page_read(s->page, buf_str(&r->request.body),
			    &origin, write_found, s);
		} else if (r->request.verdict == HTTP_STOPPED && !s->stopped) {
			s->stopped = true;
			fail(s, r, "stopped here", EXIT_SERVICE);
		}
		if ((s->first = r->next) == NULL)
			s->end = &s->first;
		s->waiting--;
		if (--r->term->pending == 0)
			free_term(r->term);
		http_request_free(&r->request);
		free(r);
	}
	output_flush();
}

/* Take answers until fewer than so many pages wait. */
static void
wait_until(struct search *s, size_t waiting)
{
	struct http_request *request;

	while (s->waiting >= waiting &&
	       (request = http_next(s->http, -1)) != NULL) {
		take(s, request->owner);
		drain(s);
	}
}

void
search_term(struct search *s, struct str text, struct str market)
{
	struct term *term = xcalloc(1, sizeof(*term));

	buf_append(&term->text, text);
	json_quote(&term->query, text);
	if (market.len > 0)
		json_quote(&term->country, market);
	(void)add(s, term, s->end, 0);
	wait_until(s, s->most_waiting);
}

bool
search_wait(struct search *s, int fd)
{
	struct http_request *request;

	while ((request = http_next(s->http, fd)) != NULL) {
		take(s, request->owner);
		drain(s);
	}
	return http_stopped(s->http) == 0;
}

int
search_finish(struct search *s)
{
	wait_until(s, 1);
	output_flush();
	return http_stopped(s->http) != 0 ? http_stopped(s->http) : s->status;
}

void
search_summary(const struct search *s)
{
	if (http_counts(s->http).requests == 0)
		return;
	fprintf(stderr,
	    "%s: %" PRIu64 " playlists found, %" PRIu64 " of them again",
	    program_invocation_short_name, s->found + s->repeated, s->repeated);
	client_summary(s->http);
}
