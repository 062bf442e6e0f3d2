/*
 * walk: what is told of a document, or of a line, is what a plain reader finds
 * in it, refusals too, whatever the walker has seen before.
 *
 * The plain reader is the grammar of RFC 8259, a function a rule, without yajl.
 * It keeps the keys that lead to a value as one text, and tells of those that
 * lead where the walker was sent to.
 */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "lines.h"
#include "text.h"
#include "utf8.h"
#include "walk.h"

static const struct walk_path paths[] = {{"a", 0}, {"b|c.d[].a", 1},
    {"b|c.d[]", 2}, {"a.d", 3}, {"d[].a|b.c[]", 4}, {"d[][]", 5}};
enum { PATHS = sizeof(paths) / sizeof(paths[0]) };

/* The same places; these bytes, in front of keys and for elements, are no text.
 */
#define KEY "\xfe"
#define ELEMENT "\xff"
static const struct walk_path places[] = {{KEY "a", 0},
    {KEY "b" KEY "d" ELEMENT KEY "a", 1}, {KEY "c" KEY "d" ELEMENT KEY "a", 1},
    {KEY "b" KEY "d" ELEMENT, 2}, {KEY "c" KEY "d" ELEMENT, 2},
    {KEY "a" KEY "d", 3}, {KEY "d" ELEMENT KEY "a" KEY "c" ELEMENT, 4},
    {KEY "d" ELEMENT KEY "b" KEY "c" ELEMENT, 4}, {KEY "d" ELEMENT ELEMENT, 5}};
enum { PLACES = sizeof(places) / sizeof(places[0]) };

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* What is told, one behind the other. */
struct told {
	const char *start; /* of the document */
	struct buf events;
};

static bool
tell(void *context, const struct walk_event *event)
{
	struct told *told = context;
	long numbers[] = {event->id, event->kind, event->begins,
	    event->key != NULL ? event->key - told->start : -1,
	    event->begins ? 0 : event->raw.ptr - told->start,
	    (long)event->raw.len};

	buf_append(&told->events,
	    (struct str){(const char *)numbers, sizeof(numbers)});
	if (event->kind == JSON_STRING)
		buf_append(&told->events, event->text);
	return true;
}

struct reader {
	struct told told;
	const char *p, *end; /* what is unread */
	struct buf place, text;
	const char *key; /* of the value to be read */
	int depth;
};

static bool read_value(struct reader *r);

/* If this is the next byte it is passed. */
static bool
pass(struct reader *r, char c)
{
	if (r->p == r->end || *r->p != c)
		return false;
	r->p++;
	return true;
}

/* If the next byte is one of these it is passed. */
static bool
pass_any(struct reader *r, const char *bytes)
{
	if (r->p == r->end || *r->p == '\0' || strchr(bytes, *r->p) == NULL)
		return false;
	r->p++;
	return true;
}

static void
pass_space(struct reader *r)
{
	while (pass_any(r, " \t\r\n"))
		continue;
}

static bool
read_word(struct reader *r, const char *word)
{
	for (; *word != '\0'; word++)
		if (!pass(r, *word))
			return false;
	return true;
}

static bool
read_digits(struct reader *r)
{
	const char *start = r->p;

	while (pass_any(r, "0123456789"))
		continue;
	return r->p > start;
}

static bool
read_number(struct reader *r)
{
	(void)pass(r, '-');
	if (!pass(r, '0') && !read_digits(r))
		return false;
	if (pass(r, '.') && !read_digits(r))
		return false;
	if (!pass_any(r, "eE"))
		return true;
	(void)pass_any(r, "+-");
	return read_digits(r);
}

static bool
read_escape(struct reader *r)
{
	if (!pass(r, 'u'))
		return pass_any(r, "\"\\/bfnrt");
	for (int i = 0; i < 4; i++)
		if (!pass_any(r, "0123456789abcdefABCDEF"))
			return false;
	return true;
}

/* A string, whose text is then in r->text. */
static bool
read_string(struct reader *r)
{
	const char *start = r->p + 1;

	if (!pass(r, '"'))
		return false;
	while (!pass(r, '"'))
		if (r->p == r->end || (unsigned char)*r->p < ' ' ||
		    (*r->p++ == '\\' && !read_escape(r)))
			return false;
	r->text.len = 0;
	text_decode(&r->text, (struct str){start, (size_t)(r->p - start) - 1});
	return true;
}

static bool
read_inner(struct reader *r, const char *mark, struct str name)
{
	size_t len = r->place.len;
	bool good;

	buf_puts(&r->place, mark);
	buf_append(&r->place, name);
	good = read_value(r);
	r->place.len = len;
	return good;
}

static bool
read_object(struct reader *r)
{
	const char *key;

	for (pass_space(r); !pass(r, '}'); pass_space(r)) {
		key = r->p;
		if (!read_string(r))
			return false;
		pass_space(r);
		if (!pass(r, ':'))
			return false;
		r->key = key;
		if (!read_inner(r, KEY, buf_str(&r->text)))
			return false;
		pass_space(r);
		if (pass(r, '}'))
			break;
		if (!pass(r, ','))
			return false;
		pass_space(r);
		if (r->p < r->end && *r->p == '}')
			return false;
	}
	return true;
}

static bool
read_array(struct reader *r)
{
	for (pass_space(r); !pass(r, ']'); pass_space(r)) {
		r->key = NULL;
		if (!read_inner(r, ELEMENT, STR("")))
			return false;
		pass_space(r);
		if (pass(r, ']'))
			break;
		if (!pass(r, ','))
			return false;
		pass_space(r);
		if (r->p < r->end && *r->p == ']')
			return false;
	}
	return true;
}

static enum json_kind
next_kind(const struct reader *r)
{
	switch (r->p < r->end ? *r->p : '\0') {
	case '{':
		return JSON_OBJECT;
	case '[':
		return JSON_ARRAY;
	case '"':
		return JSON_STRING;
	case 't':
		return JSON_TRUE;
	case 'f':
		return JSON_FALSE;
	case 'n':
		return JSON_NULL;
	default:
		return JSON_NUMBER;
	}
}

static bool
read_kind(struct reader *r, enum json_kind kind)
{
	switch (kind) {
	case JSON_OBJECT:
		return pass(r, '{') && read_object(r);
	case JSON_ARRAY:
		return pass(r, '[') && read_array(r);
	case JSON_STRING:
		return read_string(r);
	case JSON_TRUE:
		return read_word(r, "true");
	case JSON_FALSE:
		return read_word(r, "false");
	case JSON_NULL:
		return read_word(r, "null");
	default:
		return read_number(r);
	}
}

static void
tell_place(struct reader *r, struct walk_event event)
{
	struct str place;

	for (size_t i = 0; i < PLACES; i++) {
		place = (struct str){places[i].path, strlen(places[i].path)};
		event.id = places[i].id;
		if (str_equal(place, buf_str(&r->place)))
			(void)tell(&r->told, &event);
	}
}

static bool
read_value(struct reader *r)
{
	struct walk_event event = {.key = r->key};
	bool nested;

	pass_space(r);
	event.kind = next_kind(r);
	event.raw.ptr = r->p;
	nested = event.kind >= JSON_ARRAY;
	event.begins = nested;
	if (nested && ++r->depth > WALK_DEPTH)
		return false;
	if (nested)
		tell_place(r, event);
	if (!read_kind(r, event.kind))
		return false;
	r->depth -= nested;
	event.begins = false;
	event.raw.len = (size_t)(r->p - event.raw.ptr);
	event.text = buf_str(&r->text);
	tell_place(r, event);
	return true;
}

/* Is it one object, in UTF-8, and nothing else? */
static bool
read_document(struct reader *r, struct str document)
{
	r->p = r->told.start = document.ptr;
	r->end = document.ptr + document.len;
	r->key = NULL;
	r->told.events.len = r->place.len = 0;
	r->depth = 0;
	pass_space(r);
	if (next_kind(r) != JSON_OBJECT || !read_value(r))
		return false;
	pass_space(r);
	return r->p == r->end && utf8_valid(document);
}

/* Is what a walk told, and said, what the reader found? */
static void
check(const struct walk *walk, bool walked, bool taken, const struct told *told,
    const struct told *read)
{
	if (walked != taken)
		abort();
	if (taken ? !str_equal(buf_str(&told->events), buf_str(&read->events))
	          : *walk_error(walk) == '\0')
		abort();
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct reader reader;
	static struct told told;
	static struct buf copy;
	static struct walk *walk;
	struct str document = {(const char *)data, size};
	bool taken = read_document(&reader, document), walked;

	if (walk == NULL)
		walk = walk_open(paths, PATHS);
	told.start = document.ptr;
	told.events.len = 0;
	walked = walk_document(walk, document, tell, &told);
	check(walk, walked, taken, &told, &reader.told);

	copy.len = told.events.len = 0;
	buf_append(&copy, document);
	document = lines_str(&copy);
	told.start = document.ptr;
	walked = walk_line(walk, document, tell, &told);
	check(walk, walked, taken, &told, &reader.told);
	return 0;
}
