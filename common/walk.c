/*
 * walk: chosen paths of a JSON document, by yajl, in one pass.
 *
 * What no path leads into is still checked by yajl, and otherwise costs nothing
 * but a counter.  A line goes to fastwalk.c first, which gives up, without a
 * word, at anything unusual: yajl then has it from its beginning, and what has
 * been told is not told again.
 */
#include <err.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <yajl/yajl_parse.h>

#include "exit.h"
#include "fastwalk.h"
#include "matcher.h"
#include "utf8.h"
#include "walk.h"

struct walk {
	yajl_handle yajl;
	struct matcher matcher;
	struct str document;
	size_t read; /* bytes consumed by the last token */
	char error[256];
};

/* Refuse the document, with the byte where. */
static int
refuse(struct walk *w, const char *why)
{
	(void)snprintf(w->error, sizeof(w->error), "%s at byte %zu", why,
	    yajl_get_bytes_consumed(w->yajl));
	return 0;
}

static bool
is_space(char c)
{
	return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

/* Where the token that ends at the bytes consumed begins. */
static size_t
token_start(const struct walk *w)
{
	const char *p = w->document.ptr + w->read;

	while (is_space(*p) || *p == ',' || *p == ':')
		p++;
	return (size_t)(p - w->document.ptr);
}

/* A step has been taken: it is over if that was the last. */
static int
go_on(struct walk *w, bool step)
{
	w->read = yajl_get_bytes_consumed(w->yajl);
	return step || w->matcher.why == NULL ? step
	                                      : refuse(w, w->matcher.why);
}

static int
scalar(struct walk *w, enum json_kind kind, size_t text_len)
{
	struct str raw = {0};

	if (matcher_value_matters(&w->matcher)) {
		raw.ptr = w->document.ptr + token_start(w);
		raw.len = (size_t)(w->document.ptr - raw.ptr) +
		          yajl_get_bytes_consumed(w->yajl);
	}
	return go_on(
	    w, matcher_scalar(&w->matcher, kind, raw, raw.len != text_len + 2));
}

static int
on_null(void *w)
{
	return scalar(w, JSON_NULL, 0);
}

static int
on_boolean(void *w, int value)
{
	return scalar(w, value ? JSON_TRUE : JSON_FALSE, 0);
}

static int
on_number(void *w, const char *text, size_t len)
{
	(void)text;
	return scalar(w, JSON_NUMBER, len);
}

static int
on_string(void *w, const unsigned char *text, size_t len)
{
	(void)text;
	return scalar(w, JSON_STRING, len);
}

static int
on_key(void *context, const unsigned char *text, size_t len)
{
	struct walk *w = context;

	if (matcher_key_matters(&w->matcher))
		matcher_key(&w->matcher, w->document.ptr + token_start(w),
		    (struct str){(const char *)text, len});
	return go_on(w, true);
}

/* An object or array. */
static int
on_begin(void *context)
{
	struct walk *w = context;

	return go_on(
	    w, matcher_begin(&w->matcher,
	           w->document.ptr + yajl_get_bytes_consumed(w->yajl) - 1));
}

static int
on_end(void *context)
{
	struct walk *w = context;

	return go_on(
	    w, matcher_end(&w->matcher,
	           w->document.ptr + yajl_get_bytes_consumed(w->yajl)));
}

/* A handle that failed stays failed (lloyd/yajl#61): make another. */
static void
renew(struct walk *w)
{
	static const yajl_callbacks callbacks = {on_null, on_boolean, NULL,
	    NULL, on_number, on_string, on_begin, on_key, on_end, on_begin,
	    on_end};

	if (w->yajl != NULL)
		yajl_free(w->yajl);
	w->yajl = yajl_alloc(&callbacks, NULL, w);
	if (w->yajl == NULL ||
	    !yajl_config(w->yajl, yajl_allow_multiple_values, 1) ||
	    !yajl_config(w->yajl, yajl_dont_validate_strings, 1))
		errx(EXIT_SERVICE, "yajl: no parser");
}

struct walk *
walk_open(const struct walk_path *paths, size_t n)
{
	struct walk *w = xcalloc(1, sizeof(*w));

	matcher_open(&w->matcher);
	for (size_t i = 0; i < n; i++)
		matcher_add(&w->matcher, paths[i].path, paths[i].id);
	renew(w);
	return w;
}

void
walk_free(struct walk *w)
{
	if (w == NULL)
		return;
	yajl_free(w->yajl);
	matcher_free(&w->matcher);
	free(w);
}

/* Keep yajl's own words, on one line, unless there are better ones. */
static void
keep_error(struct walk *w)
{
	unsigned char *message;

	if (w->error[0] == '\0' && !w->matcher.stopped) {
		message = yajl_get_error(w->yajl, 0, NULL, 0);
		(void)refuse(w, (const char *)message);
		yajl_free_error(w->yajl, message);
		for (char *p = w->error; (p = strchr(p, '\n')) != NULL;)
			*p = ' ';
	}
	renew(w);
}

/* Is there only white space behind the document's object? */
static bool
blank(const struct walk *w)
{
	size_t i = w->read;

	/* A token begun there would stay in yajl for the next document. */
	while (i < w->document.len && is_space(w->document.ptr[i]))
		i++;
	return i == w->document.len;
}

/* Refuse it for what yajl does not look at. */
static bool
fail(struct walk *w, const char *why)
{
	(void)snprintf(w->error, sizeof(w->error), "%s", why);
	return false;
}

/* Walk by yajl, telling what has not been told. */
static bool
walk_on(struct walk *w, struct str document, walk_visit *visit, void *context,
    size_t told)
{
	matcher_start(&w->matcher, visit, context, told);
	w->document = document;
	w->read = 0;
	w->error[0] = '\0';
	if (!utf8_valid(document))
		return fail(w, "not UTF-8");
	/* yajl takes these for white space; in a string it refuses them. */
	if (document.len > 0 &&
	    (memchr(document.ptr, '\v', document.len) != NULL ||
	        memchr(document.ptr, '\f', document.len) != NULL))
		return fail(w, "a vertical tab or form feed");
	if (yajl_parse(w->yajl, (const unsigned char *)document.ptr,
	        document.len) != yajl_status_ok) {
		keep_error(w);
		return false;
	}
	if (!w->matcher.done || !blank(w)) {
		renew(w);
		return fail(w, w->matcher.done ? "a second value"
		               : w->matcher.level > w->matcher.levels
		                   ? "cut short"
		                   : "no object");
	}
	return true;
}

bool
walk_document(
    struct walk *w, struct str document, walk_visit *visit, void *context)
{
	return walk_on(w, document, visit, context, 0);
}

bool
walk_line(struct walk *w, struct str line, walk_visit *visit, void *context)
{
	w->error[0] = '\0';
	matcher_start(&w->matcher, visit, context, 0);
	if (fastwalk_line(&w->matcher, line))
		return true;
	return !w->matcher.stopped &&
	       walk_on(w, line, visit, context, w->matcher.told);
}

const char *
walk_error(const struct walk *w)
{
	return w->error;
}
