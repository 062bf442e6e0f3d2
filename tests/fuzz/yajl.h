/*
 * yajl.h: an object's members as yajl itself tells them, with nothing of ours
 * in between: what json_fields() is held to.
 */
#ifndef FUZZ_YAJL_H
#define FUZZ_YAJL_H

#include <stdlib.h>
#include <string.h>

#include <yajl/yajl_parse.h>

#include "utf8.h"
#include "walk.h"

enum { YAJL_MEMBERS = 16 };

/* The value of a member of one of the names; of how many, the last. */
struct yajl_member {
	int times;
	enum json_kind kind;
	size_t start, end; /* where in the document */
	struct buf text;   /* of a string */
};

struct yajl_object {
	const char *const *names;
	size_t n;
	struct yajl_member members[YAJL_MEMBERS];
	struct yajl_member other; /* of a name that is none of these */
	struct yajl_member *next;
	yajl_handle yajl;
	int depth, deepest;
	size_t ended; /* where the document's object does */
	bool object;  /* it is one */
};

static size_t
yajl_read(const struct yajl_object *o)
{
	return yajl_get_bytes_consumed(o->yajl);
}

/* A value, of len bytes, has been read, at any depth. */
static int
yajl_value(struct yajl_object *o, enum json_kind kind, size_t len)
{
	if (o->depth != 1)
		return 1;
	o->next->kind = kind;
	o->next->end = yajl_read(o);
	o->next->start = o->next->end - len;
	return 1;
}

static int
yajl_on_null(void *o)
{
	return yajl_value(o, JSON_NULL, 4);
}

static int
yajl_on_boolean(void *o, int value)
{
	return value ? yajl_value(o, JSON_TRUE, 4)
	             : yajl_value(o, JSON_FALSE, 5);
}

static int
yajl_on_number(void *o, const char *text, size_t len)
{
	(void)text;
	return yajl_value(o, JSON_NUMBER, len);
}

/* Its length is not told: one that has escapes is longer than its text. */
static int
yajl_on_string(void *context, const unsigned char *text, size_t len)
{
	struct yajl_object *o = context;

	if (o->depth == 1) {
		o->next->text.len = 0;
		buf_append(
		    &o->next->text, (struct str){(const char *)text, len});
	}
	return yajl_value(o, JSON_STRING, len + 2);
}

static int
yajl_on_begin(void *context, enum json_kind kind)
{
	struct yajl_object *o = context;

	if (o->depth == 0)
		o->object = kind == JSON_OBJECT;
	else
		(void)yajl_value(o, kind, 1);
	o->depth++;
	if (o->depth > o->deepest)
		o->deepest = o->depth;
	return 1;
}

static int
yajl_on_end(void *context)
{
	struct yajl_object *o = context;

	if (--o->depth == 1)
		o->next->end = yajl_read(o);
	else if (o->depth == 0)
		o->ended = yajl_read(o);
	return 1;
}

static int
yajl_on_object(void *o)
{
	return yajl_on_begin(o, JSON_OBJECT);
}

static int
yajl_on_array(void *o)
{
	return yajl_on_begin(o, JSON_ARRAY);
}

static int
yajl_on_key(void *context, const unsigned char *text, size_t len)
{
	struct yajl_object *o = context;

	if (o->depth != 1)
		return 1;
	o->next = &o->other;
	for (size_t i = 0; i < o->n; i++)
		if (strlen(o->names[i]) == len &&
		    memcmp(o->names[i], text, len) == 0)
			o->next = &o->members[i];
	o->next->times++;
	return 1;
}

/*
 * Read a line, behind which there is a newline, by a parser made for it alone;
 * false if yajl refuses it, or if it is what walk.h and json.h say is refused.
 */
static bool
yajl_object_read(struct yajl_object *o, struct str document)
{
	static const yajl_callbacks callbacks = {yajl_on_null, yajl_on_boolean,
	    NULL, NULL, yajl_on_number, yajl_on_string, yajl_on_object,
	    yajl_on_key, yajl_on_end, yajl_on_array, yajl_on_end};
	const char *text = document.ptr;
	bool taken;

	for (size_t i = 0; i < o->n; i++)
		o->members[i].times = 0;
	o->depth = o->deepest = 0;
	o->ended = 0;
	o->object = false;
	o->next = &o->other;
	if ((o->yajl = yajl_alloc(&callbacks, NULL, o)) == NULL)
		abort();
	taken = yajl_parse(o->yajl, (const unsigned char *)text,
	            document.len) == yajl_status_ok &&
	        yajl_complete_parse(o->yajl) == yajl_status_ok;
	yajl_free(o->yajl);
	for (size_t i = 0; i < o->n; i++)
		taken &= o->members[i].times <= 1;
	/* yajl is content with half a token behind the object. */
	return taken && o->object && o->deepest <= WALK_DEPTH &&
	       strspn(text + o->ended, " \t\r") == document.len - o->ended &&
	       utf8_valid(document) &&
	       memchr(document.ptr, '\v', document.len) == NULL &&
	       memchr(document.ptr, '\f', document.len) == NULL;
}

#endif
