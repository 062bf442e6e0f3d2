/*
 * span: values of JSON, cut where they begin and end.
 */
#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "span.h"

enum { DEPTH_MAX = 16 };

struct fields {
	struct str name; /* within text */
	bool excludes;   /* its list names what is left out */
	struct fields *list, *next;
	char *text; /* of the topmost */
};

static const char *
skip_space(const char *p)
{
	return p + strspn(p, " \t\r\n");
}

static const char *
skip_string(const char *p)
{
	for (p++; *p != '"'; p++)
		if (*p == '\\')
			p++;
	return p + 1;
}

/* The end of the value that begins at p. */
static const char *
skip_value(const char *p)
{
	int depth = 0;

	if (*p != '{' && *p != '[' && *p != '"')
		return p + strcspn(p, ",]} \t\r\n");
	do {
		if (*p == '"') {
			p = skip_string(p);
			continue;
		}
		depth += *p == '{' || *p == '[';
		depth -= *p == '}' || *p == ']';
		p++;
	} while (depth > 0);
	return p;
}

bool
span_next(const char **at, struct span *span)
{
	/* Behind the bracket in front of the first, or behind the comma. */
	const char *p = skip_space(*at + 1);

	if (*p == '}' || *p == ']' || *p == '\0')
		return false;
	span->key = (struct str){0};
	span->value.ptr = p;
	p = skip_value(p);
	span->value.len = (size_t)(p - span->value.ptr);
	p = skip_space(p);
	if (*p == ':') {
		span->key = span_text(span->value);
		span->value.ptr = skip_space(p + 1);
		p = skip_value(span->value.ptr);
		span->value.len = (size_t)(p - span->value.ptr);
	}
	p = skip_space(p);
	/* What is stepped over next is a comma, or stands before the end. */
	*at = *p == ',' ? p : p - 1;
	return true;
}

struct str
span_member(struct str object, const char *key)
{
	const char *at = object.ptr;
	struct span span;

	if (object.len > 0 && *object.ptr == '{')
		while (span_next(&at, &span))
			if (str_equal(span.key, (struct str){key, strlen(key)}))
				return span.value;
	return (struct str){0};
}

struct str
span_text(struct str value)
{
	if (value.len < 2 || *value.ptr != '"')
		return (struct str){0};
	return (struct str){value.ptr + 1, value.len - 2};
}

/* The member of a list by that name, made if it is not there. */
static struct fields *
find_or_add(struct fields *fields, struct str name)
{
	struct fields **at = &fields->list;

	while (*at != NULL && !str_equal((*at)->name, name))
		at = &(*at)->next;
	if (*at == NULL) {
		*at = xcalloc(1, sizeof(**at));
		(*at)->name = name;
	}
	return *at;
}

/* Read a list up to its end; NULL if it is malformed. */
static const char *
parse_list(struct fields *fields, const char *p, int depth)
{
	struct fields *field;
	struct str name;

	if (depth == DEPTH_MAX)
		return NULL;
	fields->excludes = *p == '!';
	for (p += fields->excludes;; p++) {
		field = fields;
		do {
			name.ptr = p += field != fields;
			while (isalnum((unsigned char)*p) || *p == '_')
				p++;
			name.len = (size_t)(p - name.ptr);
			if (name.len == 0)
				return NULL;
			field = find_or_add(field, name);
		} while (*p == '.');
		if (*p == '(') {
			p = parse_list(field, p + 1, depth + 1);
			if (p == NULL || *p++ != ')')
				return NULL;
		}
		if (*p != ',')
			return p;
	}
}

struct fields *
fields_parse(const char *text)
{
	struct fields *fields = xcalloc(1, sizeof(*fields));
	const char *end;

	fields->text = strdup(text);
	end = fields->text == NULL ? NULL : parse_list(fields, fields->text, 0);
	if (end != NULL && *end == '\0')
		return fields;
	fields_free(fields);
	return NULL;
}

void
fields_free(struct fields *fields)
{
	struct fields *next;

	for (; fields != NULL; fields = next) {
		next = fields->next;
		fields_free(fields->list);
		free(fields->text);
		free(fields);
	}
}

static const struct fields *
find(const struct fields *fields, struct str name)
{
	const struct fields *field = fields->list;

	while (field != NULL && !str_equal(field->name, name))
		field = field->next;
	return field;
}

void
fields_apply(const struct fields *fields, struct str value, struct buf *out)
{
	const struct fields *field = fields;
	const char *at = value.ptr;
	bool array = *value.ptr == '[', first = true;
	struct span span;

	if (fields == NULL || fields->list == NULL ||
	    (!array && *value.ptr != '{')) {
		buf_append(out, value);
		return;
	}
	buf_append(out, (struct str){value.ptr, 1});
	while (span_next(&at, &span)) {
		if (span.key.ptr != NULL) {
			field = find(fields, span.key);
			if ((field != NULL) == fields->excludes)
				continue;
		}
		if (!first)
			buf_append(out, STR(","));
		first = false;
		if (span.key.ptr != NULL) {
			/* With its quotes. */
			buf_append(out,
			    (struct str){span.key.ptr - 1, span.key.len + 2});
			buf_append(out, STR(":"));
		}
		fields_apply(field, span.value, out);
	}
	buf_append(out, array ? STR("]") : STR("}"));
}
