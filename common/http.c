/*
 * http: a pool of transfers, a queue of requests, and when each may go.
 */
#include <curl/curl.h>
#include <err.h>
#include <math.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>

#include "cooldown.h"
#include "exit.h"
#include "http.h"
#include "token.h"
#include "transfer.h"

enum {
	TRIES_MAX = 6,
	CAREFUL_SECONDS = 30,       /* the window of Spotify's rate limit */
	RETRY_BUDGET_SECONDS = 300, /* the run's, of waits between tries */
	POLL_SECONDS = 1,
	QUOTED = 200 /* bytes of a body that a message may show */
};

static const double FIRST_DELAY = 0.5; /* seconds, then doubled */

struct http {
	struct http_options options;
	CURLM *multi;
	CURL **idle; /* the handles not in use */
	size_t nidle, flying, queued;
	struct http_request *queue, **queue_end;
	struct http_request *finished, **finished_end;
	struct token *token;
	struct curl_slist **headers; /* with each token so far: the last one */
	size_t nheaders;             /* is in use, others may be in flight */
	double next_start, retry_budget;
	struct http_counts counts;
	int stopped;
};

static volatile sig_atomic_t interrupted;

static void
on_signal(int signal)
{
	interrupted = signal;
}

static double
jitter(double seconds)
{
	unsigned short random = 0;

	(void)!getrandom(&random, sizeof(random), GRND_NONBLOCK);
	return seconds * (0.5 + random / 65535.0);
}

static void
append(struct http_request ***end, struct http_request *request)
{
	request->next = NULL;
	**end = request;
	*end = &request->next;
}

/* Queue a request, again or for the first time. */
static void
enqueue(struct http *http, struct http_request *request)
{
	append(&http->queue_end, request);
	http->queued++;
}

static struct http_request *
remove_first(struct http_request **list, struct http_request ***end,
    struct http_request **at)
{
	struct http_request *request = *at;

	*at = request->next;
	if (request->next == NULL)
		*end = at;
	if (*list == NULL)
		*end = list;
	return request;
}

struct http *
http_open(const struct http_options *options)
{
	const struct sigaction action = {.sa_handler = on_signal};
	struct http *http = xcalloc(1, sizeof(*http));

	if (curl_global_init(CURL_GLOBAL_DEFAULT) != CURLE_OK ||
	    (http->multi = curl_multi_init()) == NULL)
		errx(EXIT_SERVICE, "libcurl: cannot start");
	http->options = *options;
	http->queue_end = &http->queue;
	http->finished_end = &http->finished;
	http->retry_budget = RETRY_BUDGET_SECONDS;
	http->idle = xcalloc(options->jobs, sizeof(CURL *));
	while (http->nidle < options->jobs)
		http->idle[http->nidle++] = transfer_open(options);
	(void)curl_multi_setopt(
	    http->multi, CURLMOPT_MAX_TOTAL_CONNECTIONS, (long)options->jobs);
	(void)curl_multi_setopt(
	    http->multi, CURLMOPT_MAXCONNECTS, (long)options->jobs);
	(void)sigaction(SIGINT, &action, NULL);
	(void)sigaction(SIGTERM, &action, NULL);
	return http;
}

void
http_free(struct http *http)
{
	if (http == NULL)
		return;
	for (size_t i = 0; i < http->nidle; i++)
		curl_easy_cleanup(http->idle[i]);
	free(http->idle);
	(void)curl_multi_cleanup(http->multi);
	for (size_t i = 0; i < http->nheaders; i++)
		curl_slist_free_all(http->headers[i]);
	free(http->headers);
	token_free(http->token);
	free(http);
}

/* Stop the run: say why, once. */
static void
stop(struct http *http, int status, const char *why)
{
	if (http->stopped != 0)
		return;
	http->stopped = status;
	warnx("%s", why);
}

static void
stop_until(struct http *http, const struct http_service *service,
    const char *why, double until)
{
	char message[256], when[64];

	cooldown_format(until, when, sizeof(when));
	(void)snprintf(message, sizeof(message), "%s: %s: try again after %s",
	    service->name, why, when);
	stop(http, EXIT_QUOTA, message);
}

/* Look up whether another run was told to keep off. */
static void
check_cooldown(struct http *http, struct http_service *service, double now)
{
	double until;

	if (now - service->checked < POLL_SECONDS)
		return;
	service->checked = now;
	until = cooldown_read(service->name);
	if (until <= now || until <= service->pause)
		return;
	if (until - now > http->options.max_wait + 1)
		stop_until(http, service, "still cooling down", until);
	service->pause = until;
	service->careful = until + CAREFUL_SECONDS;
}

void
http_start(struct http *http, struct http_request *request)
{
	request->tries = 0;
	request->not_before = 0;
	request->renewed = false;
	enqueue(http, request);
}

/* The headers with the token of the moment. */
static struct curl_slist *
token_headers(struct http *http)
{
	const char *header;

	if (http->token == NULL)
		http->token = token_open();
	header = token_header(http->token);
	if (http->nheaders > 0 &&
	    strcmp(http->headers[http->nheaders - 1]->data, header) == 0)
		return http->headers[http->nheaders - 1];
	http->headers = xreallocarray(
	    http->headers, http->nheaders + 1, sizeof(struct curl_slist *));
	http->headers[http->nheaders] = curl_slist_append(NULL, header);
	if (http->headers[http->nheaders] == NULL)
		err(EXIT_SERVICE, "memory");
	return http->headers[http->nheaders++];
}

/* Give a request a handle, and let it go. */
static void
launch(struct http *http, struct http_request *request)
{
	struct http_service *service = request->service;
	CURL *easy = http->idle[--http->nidle];

	request->easy = easy;
	transfer_prepare(
	    easy, request, service->bearer ? token_headers(http) : NULL);
	if (curl_multi_add_handle(http->multi, easy) != CURLM_OK)
		errx(EXIT_SERVICE, "libcurl: cannot add a transfer");
	http->flying++;
	service->flying++;
	http->counts.requests++;
}

/* When a request may go: not before this time. */
static double
may_go(struct http *http, struct http_request *request, double now)
{
	struct http_service *service = request->service;
	double when = http->next_start;

	check_cooldown(http, service, now);
	if (service->careful > now && service->flying > 0)
		return now + POLL_SECONDS;
	if (request->not_before > when)
		when = request->not_before;
	return service->pause > when ? service->pause : when;
}

/* Let go what may go; the seconds until more may, at most POLL_SECONDS. */
static double
launch_all(struct http *http)
{
	struct http_request **at = &http->queue;
	double now = cooldown_now(), when, wait = POLL_SECONDS;

	while (*at != NULL && http->nidle > 0 && http->stopped == 0) {
		when = may_go(http, *at, now);
		if (http->options.max_requests > 0 &&
		    http->counts.requests == http->options.max_requests)
			stop(http, EXIT_QUOTA, "--max-requests is reached");
		if (http->stopped != 0)
			break;
		if (when > now) {
			if (when - now < wait)
				wait = when - now;
			at = &(*at)->next;
			continue;
		}
		launch(http, remove_first(&http->queue, &http->queue_end, at));
		http->queued--;
		if (http->options.rate > 0)
			http->next_start = now + 1 / http->options.rate;
	}
	return wait;
}

static void
finish(
    struct http *http, struct http_request *request, enum http_verdict verdict)
{
	request->verdict = verdict;
	append(&http->finished_end, request);
}

/* Queue the request again, or give it up. */
static bool
retry(struct http *http, struct http_request *request, const char *why)
{
	unsigned most = request->patience > 0 ? request->patience : TRIES_MAX;
	double delay = 0;

	request->tries++;
	/* The first time at once, as Spotify advises. */
	if (request->tries > 1)
		delay =
		    jitter(FIRST_DELAY * (double)(1U << (request->tries - 2)));
	if (request->tries >= most || http->retry_budget < delay) {
		(void)snprintf(request->error, sizeof(request->error),
		    "%s: %s, %u times", request->service->name, why,
		    request->tries);
		return false;
	}
	http->retry_budget -= delay;
	http->counts.retries++;
	request->not_before = cooldown_now() + delay;
	enqueue(http, request);
	return true;
}

bool
http_again(struct http *http, struct http_request *request, const char *why)
{
	if (retry(http, request, why))
		return true;
	request->verdict = HTTP_FAILED;
	return false;
}

static bool
contains(const struct buf *body, const char *text)
{
	return body->len > 0 &&
	       memmem(body->ptr, body->len, text, strlen(text)) != NULL;
}

/* 429, or a 503 that says when to come back. */
static void
limited(struct http *http, struct http_request *request, long seconds)
{
	struct http_service *service = request->service;
	double now = cooldown_now(), until = now + (double)seconds + 1;

	cooldown_write(service->name, until);
	service->pause = until;
	service->careful = until + CAREFUL_SECONDS;
	if (contains(&request->body, "QUOTA_EXCEEDED"))
		stop_until(http, service, "quota exceeded", until);
	else if ((double)seconds > http->options.max_wait)
		stop_until(http, service, "rate limited", until);
	enqueue(http, request);
}

/* A 403 in plain text is about the app, not about what was asked for. */
static bool
app_refused(const struct http_request *request)
{
	return request->status == 403 && request->body.len > 0 &&
	       (contains(&request->body, "remium subscription") ||
	           contains(&request->body, "not registered") ||
	           contains(&request->body, "not be registered") ||
	           contains(&request->body, "eveloper"));
}

static void
stop_app(struct http *http, struct http_request *request)
{
	char message[QUOTED + 64];

	(void)snprintf(message, sizeof(message), "%s: %.*s",
	    request->service->name,
	    (int)(request->body.len < QUOTED ? request->body.len : QUOTED),
	    request->body.ptr);
	stop(http, EXIT_USAGE, message);
	enqueue(http, request);
}

/* Decide what becomes of a request that was answered. */
static void
classify(struct http *http, struct http_request *request)
{
	curl_off_t seconds = 0;
	char why[64];

	(void)curl_easy_getinfo(request->easy, CURLINFO_RETRY_AFTER, &seconds);
	(void)snprintf(why, sizeof(why), "status %ld", request->status);
	if (request->status == 200) {
		if (request->body.len > 0 && request->body.ptr[0] == '{')
			finish(http, request, HTTP_OK);
		else if (!retry(http, request,
		             request->body.len == 0 ? "an empty body"
		                                    : "a body that is no JSON"))
			finish(http, request, HTTP_FAILED);
	} else if (request->status == 429 ||
	           (request->status == 503 && seconds > 0)) {
		limited(http, request, seconds > 0 ? (long)seconds : 30);
	} else if (request->status == 401 && request->service->bearer &&
	           !request->renewed) {
		request->renewed = true;
		token_reject(http->token);
		enqueue(http, request);
	} else if (app_refused(request)) {
		stop_app(http, request);
	} else if (request->status >= 400 && request->status < 500 &&
	           request->status != 408) {
		finish(http, request, HTTP_REFUSED);
	} else if (request->status >= 300 && request->status < 400) {
		(void)snprintf(request->error, sizeof(request->error),
		    "%s: a redirect, which is not followed",
		    request->service->name);
		finish(http, request, HTTP_FAILED);
	} else if (!retry(http, request, why))
		finish(http, request, HTTP_FAILED);
}

/* A transfer has ended: take its handle back. */
static void
land(struct http *http, CURL *easy, CURLcode code)
{
	struct http_request *request;
	double seconds = 0;

	(void)curl_easy_getinfo(easy, CURLINFO_PRIVATE, &request);
	(void)curl_easy_getinfo(easy, CURLINFO_RESPONSE_CODE, &request->status);
	(void)curl_easy_getinfo(easy, CURLINFO_TOTAL_TIME, &seconds);
	(void)curl_multi_remove_handle(http->multi, easy);
	http->idle[http->nidle++] = easy;
	http->flying--;
	request->service->flying--;
	if (http->options.verbose)
		warnx("GET %.*s: %ld, %zu bytes, %.0f ms%s%s",
		    (int)request->path.len, request->path.ptr, request->status,
		    request->body.len, seconds * 1e3,
		    code != CURLE_OK ? ", " : "",
		    code != CURLE_OK ? curl_easy_strerror(code) : "");
	if (code == CURLE_OK) {
		classify(http, request);
	} else if (request->overfull) {
		(void)snprintf(request->error, sizeof(request->error),
		    "%s: a body of more than %d MiB", request->service->name,
		    TRANSFER_MAX / 1024 / 1024);
		finish(http, request, HTTP_FAILED);
	} else if (!retry(http, request,
	               request->curl_error[0] != '\0'
	                   ? request->curl_error
	                   : curl_easy_strerror(code)))
		finish(http, request, HTTP_FAILED);
}

/* Move the transfers on. */
static void
perform(struct http *http)
{
	int running, left;
	CURLMsg *message;

	if (curl_multi_perform(http->multi, &running) != CURLM_OK)
		errx(EXIT_SERVICE, "libcurl: transfers fail");
	while ((message = curl_multi_info_read(http->multi, &left)) != NULL)
		/* The message is gone when its handle is removed. */
		if (message->msg == CURLMSG_DONE)
			land(http, message->easy_handle, message->data.result);
}

/* When the run stops, what is queued is finished without being tried. */
static void
abandon_queue(struct http *http)
{
	if (interrupted != 0 && http->stopped == 0)
		stop(http, EXIT_SERVICE,
		    "interrupted: what is in flight is finished");
	while (http->stopped != 0 && http->queue != NULL) {
		finish(http,
		    remove_first(&http->queue, &http->queue_end, &http->queue),
		    HTTP_STOPPED);
		http->queued--;
	}
}

struct http_request *
http_next(struct http *http, int fd)
{
	struct curl_waitfd extra = {.fd = fd, .events = CURL_WAIT_POLLIN};
	double wait, before;

	for (;;) {
		abandon_queue(http);
		if (http->finished != NULL)
			return remove_first(&http->finished,
			    &http->finished_end, &http->finished);
		wait = launch_all(http);
		if (http->flying + http->queued == 0 && fd == -1)
			return NULL;
		perform(http);
		if (http->finished != NULL || http->stopped != 0)
			continue;
		extra.revents = 0;
		before = cooldown_now();
		(void)curl_multi_poll(http->multi, &extra, fd != -1,
		    (int)ceil(wait * 1000), NULL);
		if (http->flying == 0 && http->queued > 0)
			http->counts.waited += cooldown_now() - before;
		if (extra.revents != 0)
			return NULL;
		if (http->flying + http->queued == 0)
			return NULL;
	}
}

size_t
http_pending(const struct http *http)
{
	return http->flying + http->queued;
}

int
http_stopped(const struct http *http)
{
	return http->stopped;
}

struct http_counts
http_counts(const struct http *http)
{
	return http->counts;
}
