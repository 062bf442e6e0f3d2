/*
 * fastwalk: the values of a line by scan.h, objects and arrays by hand.
 *
 * What this takes yajl takes too, and its values are the same.
 */
#include "fastwalk.h"
#include "scan.h"

/* The newline behind the line is none of it. */
static const char *
skip_space(const char *p)
{
	while (*p == ' ' || *p == '\t' || *p == '\r')
		p++;
	return p;
}

/* Behind the key at p and its colon, or NULL. */
static const char *
take_key(struct matcher *matcher, const char *p, const char *end)
{
	struct json_field key;
	const char *start = p;

	if (*p != '"' || (p = scan_value(p, end, &key)) == NULL || key.escaped)
		return NULL;
	if (matcher_key_matters(matcher))
		matcher_key(matcher, start,
		    (struct str){start + 1, (size_t)(p - start) - 2});
	p = skip_space(p);
	return *p == ':' ? p + 1 : NULL;
}

/* Behind the scalar at p, or behind what opens an object or array, or NULL. */
static const char *
take_value(struct matcher *matcher, const char *p, const char *end)
{
	enum json_kind kind = *p == '{' ? JSON_OBJECT : JSON_ARRAY;
	struct json_field field;

	if (*p == '{' || *p == '[')
		return matcher_begin(matcher, kind, p) ? p + 1 : NULL;
	if ((p = scan_value(p, end, &field)) == NULL ||
	    !matcher_scalar(matcher, field.kind, field.raw, field.escaped))
		return NULL;
	return p;
}

/* Behind all that ends at p, or NULL. */
static const char *
take_ends(struct matcher *matcher, const char *p)
{
	bool array;

	for (;;) {
		p = skip_space(p);
		array = matcher->levels[matcher->depth].array;
		if (matcher->depth == 0 || *p != (array ? ']' : '}'))
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
			if (matcher->depth == 0)
				return p == end;
			if (*p++ != ',')
				return false;
			p = skip_space(p);
		}
		if (!matcher->levels[matcher->depth].array &&
		    (p = take_key(matcher, p, end)) == NULL)
			return false;
	}
}
