/*
 * requests.h: a list of requests, first in, first out, or taken from between.
 */
#ifndef REQUESTS_H
#define REQUESTS_H

#include "http.h"

/* {0} is an empty one. */
struct requests {
	struct http_request *first, *last;
	size_t n;
};

void requests_append(struct requests *list, struct http_request *request);

/* Take out the request behind before, or the first one if that is NULL. */
struct http_request *requests_remove(
    struct requests *list, struct http_request *before);

#endif
