/*
 * wire: as much of HTTP/1.1 as clients of an API say to it.
 */
#include <err.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <zlib.h>

#include "exit.h"
#include "wire.h"

enum { CHUNK = 16384 };

/* Cut a text at the first of a sign: what is behind it, or its end. */
static char *
cut(char *text, const char *sign)
{
	char *at = strstr(text, sign);

	if (at == NULL)
		return text + strlen(text);
	*at = '\0';
	return at + strlen(sign);
}

/* Decode what is percent-encoded, in place. */
static char *
decode(char *text)
{
	char *out = text, hex[3] = "";

	for (const char *p = text; *p != '\0'; p++) {
		if (*p == '%' && p[1] != '\0' && p[2] != '\0') {
			memcpy(hex, p + 1, 2);
			*out++ = (char)strtol(hex, NULL, 16);
			p += 2;
		} else
			*out++ = (char)(*p == '+' ? ' ' : *p);
	}
	*out = '\0';
	return text;
}

/* Cut a query or a form into its arguments. */
static void
cut_arguments(struct request *request, char *next)
{
	char *value;

	while (*next != '\0' && request->narguments < SIM_ARGUMENTS) {
		struct argument *a = &request->arguments[request->narguments++];

		a->name = next;
		next = cut(next, "&");
		value = strchr(a->name, '=');
		if (value != NULL)
			*value++ = '\0';
		a->value = value == NULL ? "" : decode(value);
	}
}

/* The path, and the arguments: of the form, if there is one. */
static void
cut_parts(struct request *request, struct str form)
{
	size_t len = strlen(request->target) + 1;
	char *query;

	request->parts.len = request->narguments = 0;
	buf_append(&request->parts, (struct str){request->target, len});
	buf_append(&request->parts, form);
	buf_append(&request->parts, (struct str){"", 1});
	query = cut(request->parts.ptr, "?");
	request->path = decode(request->parts.ptr);
	cut_arguments(request, form.len > 0 ? request->parts.ptr + len : query);
}

/* Take note of a header, if it is one that matters. */
static void
take_header(struct request *request, const char *name, const char *value)
{
	if (strcasecmp(name, "Authorization") == 0)
		request->authorization = value;
	else if (strcasecmp(name, "Accept-Encoding") == 0)
		request->gzip = strstr(value, "gzip") != NULL;
	else if (strcasecmp(name, "Connection") == 0)
		request->close = strcasecmp(value, "close") == 0;
	else if (strcasecmp(name, "Content-Length") == 0)
		request->length = strtoul(value, NULL, 10);
}

/* Cut a head, which a NUL ends, into its parts; false if it is none. */
static bool
cut_head(struct request *request, char *head)
{
	char *target, *header = cut(head, "\r\n"), *next, *value;

	request->authorization = NULL;
	request->gzip = request->close = false;
	request->length = 0;
	request->method = head;
	request->target = target = cut(head, " ");
	(void)cut(target, " ");
	for (; *header != '\0'; header = next) {
		next = cut(header, "\r\n");
		value = cut(header, ":");
		take_header(request, header, value + strspn(value, " "));
	}
	return *target == '/';
}

enum wire
wire_take(struct buf *in, struct request *request)
{
	const char *end =
	    in->len == 0 ? NULL : memmem(in->ptr, in->len, "\r\n\r\n", 4);
	size_t len;

	if (end == NULL)
		return WIRE_PART;
	len = (size_t)(end - in->ptr);
	request->head.len = 0;
	buf_append(&request->head, (struct str){in->ptr, len});
	buf_append(&request->head, (struct str){"", 1});
	if (!cut_head(request, request->head.ptr) || request->length > WIRE_MAX)
		return WIRE_BAD;
	len += 4;
	if (in->len < len + request->length)
		return WIRE_PART;
	cut_parts(request, (struct str){in->ptr + len, request->length});
	len += request->length;
	in->len -= len;
	memmove(in->ptr, in->ptr + len, in->len);
	return WIRE_WHOLE;
}

void
wire_free(struct request *request)
{
	buf_free(&request->head);
	buf_free(&request->parts);
}

const char *
request_text(
    const struct request *request, const char *name, const char *fallback)
{
	for (size_t i = 0; i < request->narguments; i++)
		if (strcmp(request->arguments[i].name, name) == 0)
			return request->arguments[i].value;
	return fallback;
}

size_t
request_number(const struct request *request, const char *name, size_t fallback)
{
	const char *value = request_text(request, name, NULL);

	return value == NULL ? fallback : strtoul(value, NULL, 10);
}

void
wire_pack(struct reply *reply)
{
	struct buf packed = {0};
	z_stream z = {.next_in = (unsigned char *)reply->body.ptr,
	    .avail_in = (unsigned)reply->body.len};

	if (deflateInit2(&z, Z_DEFAULT_COMPRESSION, Z_DEFLATED, 15 + 16, 8,
	        Z_DEFAULT_STRATEGY) != Z_OK)
		errx(EXIT_SERVICE, "zlib");
	buf_reserve(&packed, deflateBound(&z, reply->body.len));
	z.next_out = (unsigned char *)packed.ptr;
	z.avail_out = (unsigned)packed.cap;
	(void)deflate(&z, Z_FINISH);
	packed.len = z.total_out;
	(void)deflateEnd(&z);
	buf_free(&reply->body);
	reply->body = packed;
	reply->packed = true;
}

static void
give_head(const struct reply *reply, bool chunked, size_t len, struct buf *out)
{
	buf_printf(out,
	    "HTTP/1.1 %u \r\nContent-Type: %s\r\n"
	    "Cache-Control: private, max-age=0\r\n",
	    reply->status, reply->type);
	if (chunked)
		buf_puts(out, "Transfer-Encoding: chunked\r\n");
	else
		buf_printf(out, "Content-Length: %zu\r\n", len);
	if (reply->packed)
		buf_puts(out, "Content-Encoding: gzip\r\n");
	if (reply->location != NULL)
		buf_printf(out, "Location: %s\r\n", reply->location);
	if (reply->status == 401)
		buf_puts(out, "WWW-Authenticate: Bearer realm=\"spotify\", "
		              "error=\"invalid_token\"\r\n");
	if (reply->retry_after >= 0)
		buf_printf(out, "Retry-After: %ld\r\n", reply->retry_after);
	buf_puts(out, "\r\n");
}

void
wire_give(const struct reply *reply, struct buf *out)
{
	struct str body = buf_str(&reply->body);
	bool chunked =
	    options.chunked && body.len > 0 && reply->manner != MANNER_DRIP;
	size_t n;

	if (reply->manner == MANNER_SHORT)
		body.len = body.len * 3 / 4;
	give_head(reply, chunked, body.len, out);
	if (reply->manner == MANNER_DRIP)
		return;
	if (reply->manner == MANNER_TRUNCATED)
		body.len /= 2;
	for (; chunked && body.len > 0; body.ptr += n, body.len -= n) {
		n = body.len < CHUNK ? body.len : CHUNK;
		buf_printf(out, "%zx\r\n", n);
		buf_append(out, (struct str){body.ptr, n});
		buf_puts(out, "\r\n");
	}
	if (!chunked)
		buf_append(out, body);
	else if (reply->manner != MANNER_TRUNCATED)
		buf_puts(out, "0\r\n\r\n");
}
