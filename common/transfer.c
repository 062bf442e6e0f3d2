/*
 * transfer: what libcurl is told.
 */
#include <err.h>
#include <math.h>
#include <string.h>

#include "exit.h"
#include "transfer.h"

enum {
	CONNECT_SECONDS = 20,
	SLOW_BYTES = 100, /* a second */
	SHOWN = 100       /* bytes of a path */
};

/* The type of a write callback of libcurl: data is not const. */
static size_t
/* NOLINTNEXTLINE(readability-non-const-parameter) */
on_body(char *data, size_t size, size_t n, void *context)
{
	struct http_request *request = context;

	if (request->body.len + size * n > TRANSFER_MAX) {
		request->overfull = true;
		return 0;
	}
	buf_append(&request->body, (struct str){data, size * n});
	return size * n;
}

CURL *
transfer_open(const struct http_options *options)
{
	CURL *easy = curl_easy_init();
	long seconds = (long)ceil(options->timeout);

	if (easy == NULL)
		errx(EXIT_SERVICE, "libcurl: no handle");
	(void)curl_easy_setopt(easy, CURLOPT_WRITEFUNCTION, on_body);
	(void)curl_easy_setopt(easy, CURLOPT_ACCEPT_ENCODING, "");
	(void)curl_easy_setopt(easy, CURLOPT_NOSIGNAL, 1L);
	(void)curl_easy_setopt(
	    easy, CURLOPT_CONNECTTIMEOUT, (long)CONNECT_SECONDS);
	(void)curl_easy_setopt(easy, CURLOPT_TIMEOUT, seconds * 4);
	(void)curl_easy_setopt(easy, CURLOPT_LOW_SPEED_LIMIT, (long)SLOW_BYTES);
	(void)curl_easy_setopt(easy, CURLOPT_LOW_SPEED_TIME, seconds);
	(void)curl_easy_setopt(easy, CURLOPT_PROTOCOLS_STR, "http,https");
	(void)curl_easy_setopt(easy, CURLOPT_USERAGENT, "spot/" SPOT_VERSION);
	if (options->http1)
		(void)curl_easy_setopt(
		    easy, CURLOPT_HTTP_VERSION, (long)CURL_HTTP_VERSION_1_1);
	return easy;
}

void
transfer_prepare(
    CURL *easy, struct http_request *request, struct curl_slist *headers)
{
	const char *base = request->service->base;
	const char *root = strchr(strstr(base, "://") + 3, '/');
	struct buf target = {0};

	if (root != NULL)
		buf_puts(&target, root);
	buf_append(&target, buf_str(&request->path));
	buf_append(&target, (struct str){"", 1});
	request->body.len = 0;
	request->overfull = false;
	request->curl_error[0] = '\0';
	/* An address is formatted by libcurl several times, byte by byte, a
	 * target once; and ours are long. */
	(void)curl_easy_setopt(easy, CURLOPT_URL, base);
	(void)curl_easy_setopt(easy, CURLOPT_REQUEST_TARGET, target.ptr);
	(void)curl_easy_setopt(easy, CURLOPT_HTTPHEADER, headers);
	(void)curl_easy_setopt(easy, CURLOPT_WRITEDATA, request);
	(void)curl_easy_setopt(easy, CURLOPT_PRIVATE, request);
	(void)curl_easy_setopt(easy, CURLOPT_ERRORBUFFER, request->curl_error);
	buf_free(&target);
}

void
transfer_tell(const struct http_request *request, CURLcode code)
{
	const struct buf *path = &request->path;
	double seconds = 0;

	(void)curl_easy_getinfo(request->easy, CURLINFO_TOTAL_TIME, &seconds);
	warnx("GET %.*s: %ld, %zu bytes, %.0f ms%s%s",
	    (int)(path->len < SHOWN ? path->len : SHOWN), path->ptr,
	    request->status, request->body.len, seconds * 1e3,
	    code != CURLE_OK ? ", " : "",
	    code != CURLE_OK ? curl_easy_strerror(code) : "");
}

void
http_request_free(struct http_request *request)
{
	buf_free(&request->path);
	buf_free(&request->body);
}

void
http_escape(struct buf *out, struct str text)
{
	for (size_t i = 0; i < text.len; i++) {
		unsigned char c = (unsigned char)text.ptr[i];

		if ((c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') ||
		    (c >= 'a' && c <= 'z') ||
		    (c != 0 && strchr("-._~", c) != NULL))
			buf_append(out, (struct str){text.ptr + i, 1});
		else
			buf_printf(out, "%%%02X", c);
	}
}
