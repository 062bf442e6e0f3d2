/*
 * fastwalk: the values of a line by scan.h, objects and arrays by hand.
 *
 * What this takes yajl takes too, and its values are the same.
 */
#include "fastwalk.h"
#include "scan.h"

/* The newline behind the line is none of it. */
static inline const char *
skip_space(const char *p)
{
	while (*p <= ' ' && (*p == ' ' || *p == '\t' || *p == '\r'))
		p++;
	return p;
}

/* Behind the key at p, which was not guessed, and its colon; or NULL. */
static const char *
read_key(struct matcher *matcher, const char *p, const char *end)
{
	struct json_field key;
	const char *start = p;

	if (*p != '"' || (p = scan_value(p, end, &key)) == NULL || key.escaped)
		return NULL;
	p = skip_space(p);
	if (*p++ != ':')
		return NULL;
	if (matcher_key_matters(matcher))
		matcher_learn(matcher, (struct str){start + 1, key.raw.len - 2},
		    (struct str){start, (size_t)(p - start)});
	return p;
}

/* Behind the key at p and its colon, or NULL. */
static inline const char *
take_key(struct matcher *matcher, const char *p, const char *end)
{
	const char *behind = matcher_guess(matcher, p);

	return behind != NULL ? behind : read_key(matcher, p, end);
}

/* Behind the scalar at p, or NULL. */
static inline const char *
take_scalar(struct matcher *matcher, const char *p, const char *end)
{
	__attribute__((uninitialized)) struct json_field field;
	const char *stop;

	/* Most are strings without escapes. */
	if (*p == '"' && *(stop = scan_plain(p + 1)) == '"') {
		field.kind = JSON_STRING;
		field.raw = (struct str){p, (size_t)(stop + 1 - p)};
		field.escaped = false;
	} else if (scan_value(p, end, &field) == NULL)
		return NULL;
	return matcher_scalar(matcher, field.kind, field.raw, field.escaped)
	           ? field.raw.ptr + field.raw.len
	           : NULL;
}

/* Behind the scalar at p, or behind what opens an object or array, or NULL. */
static inline const char *
take_value(struct matcher *matcher, const char *p, const char *end)
{
	enum json_kind kind = *p == '{' ? JSON_OBJECT : JSON_ARRAY;

	if (*p == '{' || *p == '[')
		return matcher_begin(matcher, kind, p) ? p + 1 : NULL;
	return take_scalar(matcher, p, end);
}

/* Behind all that ends at p, or NULL. */
static inline const char *
take_ends(struct matcher *matcher, const char *p)
{
	bool array;

	for (;;) {
		p = skip_space(p);
		array = matcher->level->array;
		if (matcher->done || *p != (array ? ']' : '}'))
			return p;
		if (!matcher_end(
		        matcher, array ? JSON_ARRAY : JSON_OBJECT, ++p))
			return NULL;
	}
}

bool
fastwalk_line(struct matcher *matcher, struct str line)
{
	const char *p = line.ptr, *end = line.ptr + line.len;
	bool opened;

	for (;;) {
		p = skip_space(p);
		opened = *p == '{' || *p == '[';
		if ((p = take_value(matcher, p, end)) == NULL)
			return false;
		p = skip_space(p);
		if (!opened || *p == ']' || *p == '}') {
			if ((p = take_ends(matcher, p)) == NULL)
				return false;
			if (matcher->done)
				return p == end;
			if (*p++ != ',')
				return false;
			p = skip_space(p);
		}
		if (!matcher->level->array &&
		    (p = take_key(matcher, p, end)) == NULL)
			return false;
	}
}
