/*
 * transfer.h: the libcurl handle of a request.
 */
#ifndef TRANSFER_H
#define TRANSFER_H

#include <curl/curl.h>

#include "http.h"

enum { TRANSFER_MAX = 16 * 1024 * 1024 }; /* the largest body, unpacked */

/* A handle with what all requests have in common. */
CURL *transfer_open(const struct http_options *options);

/* Set a handle up for a request; headers are borrowed until it has ended. */
void transfer_prepare(
    CURL *easy, struct http_request *request, struct curl_slist *headers);

/* Say on stderr what was asked, in short, and how that ended. */
void transfer_tell(const struct http_request *request, CURLcode code);

#endif
