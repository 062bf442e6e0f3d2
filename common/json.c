/*
 * json: read records fast, and leave what is unusual to yajl.
 *
 * A record of ours is one line without white space, its keys mostly in the
 * order of the line before.  read_fast() takes such a line and checks all of
 * it; at anything else it gives up without a word, and yajl has it.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#ifdef __SSE2__
#include <emmintrin.h>
#endif

#include "json.h"
#include "scan.h"

enum {
	KEY_MAX = 32, /* the longest key remembered, quotes and colon too */
	MEMBERS_MAX = 128, /* the members whose keys are remembered */
	UNKNOWN = -1
};

/* A key of the line before, expected again at the same place. */
struct guess {
	char text[KEY_MAX]; /* "key": padded with zeros */
	size_t len;         /* 0: nothing to expect */
	int name;           /* its index in names, or UNKNOWN */
};

struct json {
	const char *const *names;
	size_t lengths[JSON_NAMES];
	size_t n;
	struct guess guesses[MEMBERS_MAX];
	struct walk *walk;
	struct walk_path paths[JSON_NAMES];
	struct json_field *fields; /* while walking */
	const char *twice;         /* a key that came twice */
	struct walk *texts;        /* for strings with escapes */
	struct buf text, wrapped;
	char error[300];
};

struct json *
json_open(const char *const *names, size_t n)
{
	struct json *json = xcalloc(1, sizeof(*json));

	if (n > JSON_NAMES)
		abort();
	json->names = names;
	json->n = n;
	for (size_t i = 0; i < n; i++) {
		json->lengths[i] = strlen(names[i]);
		json->paths[i] = (struct walk_path){names[i], (int)i};
	}
	json->walk = walk_open(json->paths, n);
	return json;
}

void
json_free(struct json *json)
{
	if (json == NULL)
		return;
	walk_free(json->walk);
	walk_free(json->texts);
	buf_free(&json->text);
	buf_free(&json->wrapped);
	free(json);
}

/* The index of a key among the names, or UNKNOWN. */
static int
find_name(const struct json *json, struct str key)
{
	for (size_t i = 0; i < json->n; i++)
		if (json->lengths[i] == key.len &&
		    memcmp(json->names[i], key.ptr, key.len) == 0)
			return (int)i;
	return UNKNOWN;
}

/* Do the len bytes at p, all within the slack, begin with the guess? */
static bool
guessed(const struct guess *guess, const char *p)
{
#ifdef __SSE2__
	__m128i want, have;
	unsigned mask = 0;

	for (int i = 0; i < KEY_MAX; i += 16) {
		memcpy(&want, guess->text + i, sizeof(want));
		memcpy(&have, p + i, sizeof(have));
		mask |= (unsigned)_mm_movemask_epi8(_mm_cmpeq_epi8(want, have))
		        << i;
	}
	return (~mask & ((1ULL << guess->len) - 1)) == 0;
#else
	return memcmp(guess->text, p, guess->len) == 0;
#endif
}

/* Behind the key and colon at p, or NULL; name is the key's index. */
static const char *
scan_key(struct json *json, struct guess *guess, const char *p, const char *end,
    int *name)
{
	const char *start = p;
	bool escaped = false;

	if (guess->len > 0 && guessed(guess, p)) {
		*name = guess->name;
		return p + guess->len;
	}
	if (*p != '"' || (p = scan_string(p, end, &escaped)) == NULL ||
	    escaped || *p++ != ':')
		return NULL;
	*name =
	    find_name(json, (struct str){start + 1, (size_t)(p - start) - 3});
	guess->len = (size_t)(p - start);
	guess->name = *name;
	if (guess->len > KEY_MAX)
		guess->len = 0;
	memset(guess->text, 0, KEY_MAX);
	memcpy(guess->text, start, guess->len);
	return p;
}

/* Read a line of the usual form; false leaves it to yajl. */
static bool
read_fast(struct json *json, struct str line, struct json_field *fields)
{
	const char *p = line.ptr, *end = line.ptr + line.len;
	struct json_field other, *field;
	const char *key;
	int name;

	if (line.len < 2 || *p != '{')
		return false;
	for (size_t i = 0; i < MEMBERS_MAX; i++) {
		key = ++p;
		p = scan_key(json, &json->guesses[i], p, end, &name);
		if (p == NULL)
			return false;
		field = name == UNKNOWN ? &other : &fields[name];
		if (name != UNKNOWN && field->kind != JSON_ABSENT)
			return false;
		field->key = key;
		if ((p = scan_value(p, end, field)) == NULL)
			return false;
		if (*p == '}')
			return p + 1 == end;
		if (*p != ',')
			return false;
	}
	return false;
}

static bool
visit(void *context, const struct walk_event *event)
{
	struct json *json = context;
	struct json_field *field = &json->fields[event->id];

	if (event->begins)
		return true;
	if (field->kind != JSON_ABSENT) {
		json->twice = json->names[event->id];
		return false;
	}
	field->kind = event->kind;
	field->key = event->key;
	field->raw = event->raw;
	if (event->kind == JSON_NUMBER)
		(void)scan_number(event->raw.ptr, field);
	field->escaped = event->kind == JSON_STRING &&
	                 memchr(event->raw.ptr, '\\', event->raw.len) != NULL;
	return true;
}

bool
json_fields_yajl(struct json *json, struct str line, struct json_field *fields)
{
	memset(fields, 0, json->n * sizeof(*fields));
	json->fields = fields;
	json->twice = NULL;
	if (walk_document(json->walk, line, visit, json))
		return true;
	(void)snprintf(json->error, sizeof(json->error), "%s%s",
	    json->twice != NULL ? json->twice : walk_error(json->walk),
	    json->twice != NULL ? " stands twice" : "");
	return false;
}

bool
json_fields(struct json *json, struct str line, struct json_field *fields)
{
	memset(fields, 0, json->n * sizeof(*fields));
	return read_fast(json, line, fields) ||
	       json_fields_yajl(json, line, fields);
}

const char *
json_error(const struct json *json)
{
	return json->error;
}

static bool
keep_text(void *context, const struct walk_event *event)
{
	struct buf *text = context;

	text->len = 0;
	buf_append(text, event->text);
	return true;
}

struct str
json_text(struct json *json, const struct json_field *field)
{
	static const struct walk_path path = {"text", 0};

	if (field->kind != JSON_STRING)
		return STR("");
	if (!field->escaped)
		return (struct str){field->raw.ptr + 1, field->raw.len - 2};
	if (json->texts == NULL)
		json->texts = walk_open(&path, 1);
	json->wrapped.len = 0;
	buf_append(&json->wrapped, STR("{\"text\":"));
	buf_append(&json->wrapped, field->raw);
	buf_append(&json->wrapped, STR("}"));
	json->text.len = 0;
	(void)walk_document(
	    json->texts, buf_str(&json->wrapped), keep_text, &json->text);
	return buf_str(&json->text);
}

bool
json_is(const struct json_field *field, struct str text)
{
	return field->kind == JSON_STRING && field->raw.len == text.len + 2 &&
	       memcmp(field->raw.ptr + 1, text.ptr, text.len) == 0;
}

void
json_quote(struct buf *out, struct str s)
{
	buf_append(out, STR("\""));
	for (const char *p = s.ptr; p != NULL && p < s.ptr + s.len; p++) {
		if (*p == '"' || *p == '\\')
			buf_append(out, STR("\\"));
		if ((unsigned char)*p < ' ')
			buf_printf(out, "\\u%04x", (unsigned)*p);
		else
			buf_append(out, (struct str){p, 1});
	}
	buf_append(out, STR("\""));
}
