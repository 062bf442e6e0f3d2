/*
 * answer: statuses first, bodies last.
 */
#include <stdio.h>
#include <string.h>

#include "answer.h"
#include "transfer.h"

enum {
	USUAL_SECONDS = 30, /* the window of Spotify's rate limit */
	QUOTED = 200        /* bytes of a body that a message shows */
};

double
answer_retry_after(const struct http_request *request)
{
	curl_off_t seconds = 0;

	(void)curl_easy_getinfo(request->easy, CURLINFO_RETRY_AFTER, &seconds);
	return seconds > 0 ? (double)seconds : USUAL_SECONDS;
}

static bool
contains(const struct http_request *request, const char *text)
{
	const struct buf *body = &request->body;

	return body->len > 0 &&
	       memmem(body->ptr, body->len, text, strlen(text)) != NULL;
}

/* Put the status and the beginning of the body into request->error. */
static void
quote(struct http_request *request)
{
	size_t n, len = request->body.len < QUOTED ? request->body.len : QUOTED;
	char *at;

	n = (size_t)snprintf(request->error, sizeof(request->error),
	    "%s: status %ld%s%.*s", request->service->name, request->status,
	    len > 0 ? ": " : "", (int)len, len > 0 ? request->body.ptr : "");
	/* It goes to a terminal, perhaps. */
	for (at = request->error; *at != '\0'; at++)
		if ((unsigned char)*at < ' ' || *at == 0x7f)
			*at = ' ';
	if (n >= sizeof(request->error))
		n = sizeof(request->error) - 1;
	while (n > 0 && request->error[n - 1] == ' ')
		request->error[--n] = '\0';
}

static void
say(struct http_request *request, const char *why)
{
	(void)snprintf(request->error, sizeof(request->error), "%s: %s",
	    request->service->name, why);
}

/* A 403 in plain text is about the app, not about what was asked for. */
static bool
is_about_app(const struct http_request *request)
{
	return request->body.len > 0 && request->body.ptr[0] != '{' &&
	       (contains(request, "remium subscription") ||
	           contains(request, "not registered") ||
	           contains(request, "not be registered") ||
	           contains(request, "eveloper"));
}

/* A transfer that did not come to its end. */
static enum answer
classify_failure(struct http_request *request, CURLcode code)
{
	if (request->overfull) {
		(void)snprintf(request->error, sizeof(request->error),
		    "%s: a body of more than %d MiB", request->service->name,
		    TRANSFER_MAX / 1024 / 1024);
		return ANSWER_HOPELESS;
	}
	say(request, request->curl_error[0] != '\0' ? request->curl_error
	                                            : curl_easy_strerror(code));
	return code == CURLE_PEER_FAILED_VERIFICATION ? ANSWER_HOPELESS
	                                              : ANSWER_AGAIN;
}

static enum answer
classify_good(struct http_request *request)
{
	if (request->body.len > 0 && request->body.ptr[0] == '{')
		return ANSWER_GOOD;
	say(request, request->body.len == 0 ? "an empty body"
	                                    : "a body that is no JSON");
	return ANSWER_AGAIN;
}

static enum answer
classify_refusal(struct http_request *request)
{
	switch (request->status) {
	case 401:
		return request->service->bearer ? ANSWER_TOKEN : ANSWER_REFUSAL;
	case 403:
		return is_about_app(request) ? ANSWER_APP : ANSWER_REFUSAL;
	case 408:
		return ANSWER_AGAIN;
	case 429:
		return contains(request, "QUOTA_EXCEEDED") ? ANSWER_QUOTA
		                                           : ANSWER_LATER;
	default:
		return ANSWER_REFUSAL;
	}
}

enum answer
answer_classify(struct http_request *request, CURLcode code)
{
	curl_off_t seconds = 0;

	if (code != CURLE_OK)
		return classify_failure(request, code);
	if (request->status == 200)
		return classify_good(request);
	quote(request);
	if (request->status >= 400 && request->status < 500)
		return classify_refusal(request);
	if (request->status >= 300 && request->status < 400) {
		say(request, "a redirect, which is not followed");
		return ANSWER_HOPELESS;
	}
	(void)curl_easy_getinfo(request->easy, CURLINFO_RETRY_AFTER, &seconds);
	return request->status == 503 && seconds > 0 ? ANSWER_LATER
	                                             : ANSWER_AGAIN;
}
