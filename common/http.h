/*
 * http.h: requests to a service, many at a time, with manners.
 *
 * One thread, libcurl's multi interface.  What a request is answered with is
 * classified by its status; what may pass is tried again, with jitter, within
 * budgets; a Retry-After is obeyed to the second and holds back all requests to
 * that service, of the sister programs and of later runs too.  No redirect is
 * followed, bodies are capped, and neither tokens nor secrets are ever printed.
 */
#ifndef HTTP_H
#define HTTP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "buf.h"

enum http_verdict {
	HTTP_OK,      /* 200, with a body */
	HTTP_REFUSED, /* a 4xx that will not change: see status and body */
	HTTP_FAILED,  /* given up after retries: error tells why */
	HTTP_STOPPED  /* not tried: the run is to stop, see http_stopped() */
};

struct http_service {
	const char *name; /* "spotify": for messages and the cool-down's file */
	const char *base; /* such as https://api.spotify.com/v1 */
	bool bearer;      /* needs an access token */

	/* The engine's own. */
	double pause;   /* no request before this time (Unix time) */
	double careful; /* and one at a time until this one, after a 429 */
	double looked;  /* when the cool-down was last looked up */
	double limited; /* seconds it has wanted in a row, by 429s */
	size_t flying;
};

struct http_request {
	struct http_service *service;
	struct buf path;   /* what to get: /playlists/37i9dQZF1?... */
	void *owner;       /* the caller's */
	unsigned patience; /* tries before giving up; 0: the usual number */

	enum http_verdict verdict;
	long status;
	struct buf body;
	char error[300]; /* of HTTP_FAILED, and of HTTP_REFUSED */

	/* The engine's own. */
	void *easy;
	double not_before;
	unsigned tries;
	size_t token; /* which it was sent with, counted from 1 */
	bool renewed; /* a token of its own was rejected */
	bool overfull;
	char curl_error[256];
	struct http_request *next;
};

struct http_options {
	size_t jobs;           /* requests in flight at most */
	double rate;           /* requests a second at most; 0: no limit */
	double max_wait;       /* the most of Retry-After to sit out in a row */
	double timeout;        /* of one request, and of a stall, seconds */
	uint64_t max_requests; /* of the run; 0: no limit */
	bool http1;            /* do not try HTTP/2 */
	bool verbose;          /* a line on stderr for each request */
};

struct http_counts {
	uint64_t requests, retries;
	double waited; /* seconds in which nothing could be sent */
};

struct http;

/*
 * Get ready.  SIGINT and SIGTERM now stop the run gently: what is in flight is
 * finished, what is queued is not.
 */
struct http *http_open(const struct http_options *options);
void http_free(struct http *http);

/* Ask for a request's path; it is the engine's until http_next() gives it. */
void http_start(struct http *http, struct http_request *request);

/*
 * The next request that is finished, in no order; NULL if fd, unless it is -1,
 * has something to read, if there is nothing to wait for, or if the run is
 * stopped and nothing is in flight any more.
 */
struct http_request *http_next(struct http *http, int fd);

/*
 * The body of a request that was HTTP_OK is malformed: try again.  False if
 * there have been enough tries: the request stays with the caller, as
 * HTTP_FAILED.
 */
bool http_again(
    struct http *http, struct http_request *request, const char *why);

/* Is the run to stop?  The status to exit with, or 0; why has been told. */
int http_stopped(const struct http *http);

struct http_counts http_counts(const struct http *http);

/* Free a request's buffers. */
void http_request_free(struct http_request *request);

/* Append text percent-encoded for a URL. */
void http_escape(struct buf *out, struct str text);

#endif
