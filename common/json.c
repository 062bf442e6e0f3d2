/*
 * json: read records fast, and leave what is unusual to yajl.
 *
 * A record of ours is one line without white space, its keys mostly in the
 * order of the line before.  scan_line() takes such a line and checks all of
 * it; at anything else it gives up without a word, and yajl has it.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "json.h"
#include "scan.h"
#include "text.h"

struct json {
	struct str names[JSON_NAMES];
	size_t n;
	struct scan scan;
	struct walk *walk;
	struct walk_path paths[JSON_NAMES];
	struct json_field *fields; /* while walking */
	const char *twice;         /* a key that came twice */
	struct buf text;           /* of a string with escapes */
	char error[300];
};

struct json *
json_open(const char *const *names, size_t n)
{
	struct json *json = xcalloc(1, sizeof(*json));

	if (n > JSON_NAMES)
		abort();
	json->n = n;
	json->scan.names = json->names;
	json->scan.n = n;
	for (size_t i = 0; i < n; i++) {
		json->names[i] = (struct str){names[i], strlen(names[i])};
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
	buf_free(&json->text);
	free(json);
}

static bool
visit(void *context, const struct walk_event *event)
{
	struct json *json = context;
	struct json_field *field = &json->fields[event->id];

	if (event->begins)
		return true;
	if (field->kind != JSON_ABSENT) {
		json->twice = json->names[event->id].ptr;
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
	return scan_line(&json->scan, line, fields) ||
	       json_fields_yajl(json, line, fields);
}

const char *
json_error(const struct json *json)
{
	return json->error;
}

struct str
json_text(struct json *json, const struct json_field *field)
{
	struct str inside;

	if (field->kind != JSON_STRING)
		return STR("");
	inside = (struct str){field->raw.ptr + 1, field->raw.len - 2};
	if (!field->escaped)
		return inside;
	json->text.len = 0;
	text_decode(&json->text, inside);
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
