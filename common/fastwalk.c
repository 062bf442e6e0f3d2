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
	const char *start = p;

	/* Most are strings without escapes. */
	if (*p == '"' && *(p = scan_plain(p + 1)) == '"') {
		p++;
		field.kind = JSON_STRING;
		field.escaped = false;
	} else if ((p = scan_value(start, end, &field)) == NULL)
		return NULL;
	if (matcher_value_matters(matcher) &&
	    !matcher_scalar(matcher, field.kind,
	        (struct str){start, (size_t)(p - start)}, field.escaped))
		return NULL;
	return p;
}

/* Behind the brackets that close what is open, and spaces, or NULL. */
static inline const char *
take_ends(struct matcher *matcher, const char *p)
{
	p = skip_space(p);
	while (!matcher->done && *p == matcher->level->closer) {
		if (!matcher_end(matcher, p + 1))
			return NULL;
		p = skip_space(p + 1);
	}
	return p;
}

bool
fastwalk_line(struct matcher *matcher, struct str line)
{
	const char *p = skip_space(line.ptr), *end = line.ptr + line.len;
	bool opened;

	if (*p != '{')
		return false;
	for (;;) {
		opened = *p == '{' || *p == '[';
		if (opened) {
			if (!matcher_begin(matcher, p))
				return false;
			p = skip_space(p + 1);
		} else if ((p = take_scalar(matcher, p, end)) == NULL)
			return false;
		if (!opened || *p == matcher->level->closer) {
			if ((p = take_ends(matcher, p)) == NULL)
				return false;
			if (matcher->done)
				return p == end;
			if (*p++ != ',')
				return false;
			p = skip_space(p);
		}
		if (matcher->level->closer == '}') {
			if ((p = take_key(matcher, p, end)) == NULL)
				return false;
			p = skip_space(p);
		}
	}
}
