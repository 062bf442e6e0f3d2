/*
 * answer.h: what a service meant.
 */
#ifndef ANSWER_H
#define ANSWER_H

#include <curl/curl.h>

#include "http.h"

enum answer {
	ANSWER_GOOD,    /* 200, and a body that may be a JSON object */
	ANSWER_REFUSAL, /* a 4xx that will not change */
	ANSWER_AGAIN,   /* it may go better the next time */
	ANSWER_LATER,   /* not before answer_retry_after() is over */
	ANSWER_QUOTA,   /* the same, but not in this run */
	ANSWER_TOKEN,   /* the token was rejected */
	ANSWER_APP,     /* the app is refused, whatever it asks for */
	ANSWER_HOPELESS /* it will not go better */
};

/*
 * Classify the answer to a request whose transfer has ended with that code; by
 * its status before its body is looked at, because a body may be JSON, text,
 * HTML, empty or cut whatever it calls itself.  Of AGAIN, APP and HOPELESS
 * request->error tells why.
 */
enum answer answer_classify(struct http_request *request, CURLcode code);

/* The seconds of Retry-After, or what is usual without it. */
double answer_retry_after(const struct http_request *request);

#endif
