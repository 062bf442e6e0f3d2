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

#include "answer.h"
#include "cooldown.h"
#include "exit.h"
#include "http.h"
#include "pace.h"
#include "requests.h"
#include "token.h"
#include "transfer.h"

enum {
	TRIES_MAX = 6,
	RETRY_BUDGET_SECONDS = 300, /* a job's, of waits between tries */
	IDLE_SHARE = 8, /* handles that are sent off together: jobs / this */
	POLL_SECONDS = 1
};

struct http {
	struct http_options options;
	CURLM *multi;
	CURL **idle; /* the handles not in use */
	size_t nidle, flying;
	struct requests queue, finished;
	struct token *token;
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

struct http *
http_open(const struct http_options *options)
{
	const struct sigaction action = {.sa_handler = on_signal};
	struct http *http = xcalloc(1, sizeof(*http));

	if (curl_global_init(CURL_GLOBAL_DEFAULT) != CURLE_OK ||
	    (http->multi = curl_multi_init()) == NULL)
		errx(EXIT_SERVICE, "libcurl: cannot start");
	http->options = *options;
	http->retry_budget = RETRY_BUDGET_SECONDS * (double)options->jobs;
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

/* Stop the run because a service wants to be left alone for too long. */
static void
stop_until_pause(
    struct http *http, const struct http_service *service, const char *why)
{
	char message[256], when[64];

	cooldown_format(service->pause, when, sizeof(when));
	(void)snprintf(message, sizeof(message), "%s: %s: try again after %s",
	    service->name, why, when);
	stop(http, EXIT_QUOTA, message);
}

void
http_start(struct http *http, struct http_request *request)
{
	request->tries = 0;
	request->not_before = 0;
	request->renewed = false;
	requests_append(&http->queue, request);
}

/* Give a request a handle, and let it go. */
static void
launch(struct http *http, struct http_request *request)
{
	struct http_service *service = request->service;
	CURL *easy = http->idle[--http->nidle];
	struct curl_slist *headers = NULL;

	if (service->bearer) {
		if (http->token == NULL)
			http->token = token_open();
		headers = token_headers(http->token);
		request->token = token_number(http->token);
	}
	request->easy = easy;
	transfer_prepare(easy, request, headers);
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
	double when = pace_when(service, now);

	if (when - now > http->options.max_wait + 1)
		stop_until_pause(http, service, "still cooling down");
	if (pace_careful(service, now) && service->flying > 0)
		return now + POLL_SECONDS;
	if (request->not_before > when)
		when = request->not_before;
	return http->next_start > when ? http->next_start : when;
}

/* Let go what may go; the seconds until more may, at most POLL_SECONDS. */
static double
launch_all(struct http *http)
{
	struct http_request *before = NULL, *at = http->queue.first;
	double now = cooldown_now(), when, wait = POLL_SECONDS;

	while (at != NULL && http->nidle > 0 && http->stopped == 0) {
		when = may_go(http, at, now);
		if (http->options.max_requests > 0 &&
		    http->counts.requests == http->options.max_requests)
			stop(http, EXIT_QUOTA, "--max-requests is reached");
		if (http->stopped != 0)
			break;
		if (when > now) {
			if (when - now < wait)
				wait = when - now;
			before = at;
		} else {
			launch(http, requests_remove(&http->queue, before));
			if (http->options.rate > 0)
				http->next_start = now + 1 / http->options.rate;
		}
		at = before == NULL ? http->queue.first : before->next;
	}
	return wait;
}

static void
finish(
    struct http *http, struct http_request *request, enum http_verdict verdict)
{
	request->verdict = verdict;
	requests_append(&http->finished, request);
}

/* Queue the request again, or, after enough tries, give it up. */
static bool
retry(struct http *http, struct http_request *request)
{
	unsigned most = request->patience > 0 ? request->patience : TRIES_MAX;
	size_t len = strlen(request->error);
	double delay = pace_delay(++request->tries);

	if (request->tries >= most || http->retry_budget < delay) {
		(void)snprintf(request->error + len,
		    sizeof(request->error) - len, ", %u times", request->tries);
		return false;
	}
	http->retry_budget -= delay;
	http->counts.retries++;
	request->not_before = cooldown_now() + delay;
	requests_append(&http->queue, request);
	return true;
}

bool
http_again(struct http *http, struct http_request *request, const char *why)
{
	(void)snprintf(request->error, sizeof(request->error), "%s: %s",
	    request->service->name, why);
	if (retry(http, request))
		return true;
	request->verdict = HTTP_FAILED;
	return false;
}

/* The service wants to be left alone: for now, or too long for this run. */
static void
limit(struct http *http, struct http_request *request, enum answer answer)
{
	struct http_service *service = request->service;

	pace_limit(service, cooldown_now(), answer_retry_after(request));
	if (answer == ANSWER_QUOTA)
		stop_until_pause(http, service, "quota exceeded");
	else if (service->limited > http->options.max_wait + 1)
		stop_until_pause(http, service, "rate limited");
	requests_append(&http->queue, request);
}

/* A token was rejected: a new one is tried, once for each request. */
static void
renew(struct http *http, struct http_request *request)
{
	/* Others may have found that out before. */
	if (request->token == token_number(http->token)) {
		if (request->renewed)
			stop(http, EXIT_USAGE, request->error);
		request->renewed = true;
		token_reject(http->token);
	}
	requests_append(&http->queue, request);
}

/* Decide what becomes of a request that has been answered, or was not. */
static void
settle(struct http *http, struct http_request *request, CURLcode code)
{
	enum answer answer = answer_classify(request, code);

	if (answer != ANSWER_LATER && answer != ANSWER_QUOTA)
		pace_relax(request->service);
	switch (answer) {
	case ANSWER_GOOD:
		finish(http, request, HTTP_OK);
		break;
	case ANSWER_REFUSAL:
		finish(http, request, HTTP_REFUSED);
		break;
	case ANSWER_AGAIN:
		if (!retry(http, request))
			finish(http, request, HTTP_FAILED);
		break;
	case ANSWER_LATER:
	case ANSWER_QUOTA:
		limit(http, request, answer);
		break;
	case ANSWER_TOKEN:
		renew(http, request);
		break;
	case ANSWER_APP:
		stop(http, EXIT_USAGE, request->error);
		requests_append(&http->queue, request);
		break;
	case ANSWER_HOPELESS:
		finish(http, request, HTTP_FAILED);
		break;
	}
}

/* A transfer has ended: take its handle back. */
static void
land(struct http *http, CURL *easy, CURLcode code)
{
	struct http_request *request;

	(void)curl_easy_getinfo(easy, CURLINFO_PRIVATE, &request);
	(void)curl_easy_getinfo(easy, CURLINFO_RESPONSE_CODE, &request->status);
	(void)curl_multi_remove_handle(http->multi, easy);
	http->idle[http->nidle++] = easy;
	http->flying--;
	request->service->flying--;
	if (http->options.verbose)
		transfer_tell(request, code);
	settle(http, request, code);
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
	while (http->stopped != 0 && http->queue.n > 0)
		finish(http, requests_remove(&http->queue, NULL), HTTP_STOPPED);
}

/* Wait until a transfer moves, fd (if not -1) has input, or time is up. */
static bool
wait_for_input(struct http *http, int fd, double seconds)
{
	struct curl_waitfd extra = {.fd = fd, .events = CURL_WAIT_POLLIN};
	double before = cooldown_now();

	(void)curl_multi_poll(
	    http->multi, &extra, fd != -1, (int)ceil(seconds * 1000), NULL);
	if (http->flying == 0 && http->queue.n > 0)
		http->counts.waited += cooldown_now() - before;
	return extra.revents != 0;
}

/*
 * Is it time to send handles off, though there are answers to be read?  The
 * service is to work while they are; but each time costs a look at all
 * transfers.
 */
static bool
many_idle(const struct http *http)
{
	return http->queue.n > 0 && http->finished.n <= http->options.jobs &&
	       http->nidle * IDLE_SHARE >= http->options.jobs;
}

struct http_request *
http_next(struct http *http, int fd)
{
	double wait;

	for (;;) {
		abandon_queue(http);
		if (http->finished.n > 0 && !many_idle(http))
			break;
		wait = launch_all(http);
		if (http->flying + http->queue.n + http->finished.n == 0 &&
		    (fd == -1 || http->stopped != 0))
			return NULL;
		perform(http);
		if (http->finished.n > 0)
			break;
		if (http->stopped != 0 && http->queue.n > 0)
			continue;
		if (wait_for_input(http, fd, wait))
			return NULL;
	}
	return requests_remove(&http->finished, NULL);
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
