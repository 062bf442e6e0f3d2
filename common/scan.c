/*
 * scan: check JSON without white space, many bytes at a time.
 *
 * Its grammar is that of yajl (RFC 8259), so that what it takes yajl takes too.
 */
#include <limits.h>
#include <string.h>

#include "digits.h"
#include "scan.h"
#include "utf8.h"

enum { UNKNOWN = -1 };

static bool
is_digit(char c)
{
	return c >= '0' && c <= '9';
}

static bool
is_hex(char c)
{
	return is_digit(c) || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
}

/* Behind the escape at p, or NULL. */
static const char *
scan_escape(const char *p)
{
	switch (p[1]) {
	case '"':
	case '\\':
	case '/':
	case 'b':
	case 'f':
	case 'n':
	case 'r':
	case 't':
		return p + 2;
	case 'u':
		return is_hex(p[2]) && is_hex(p[3]) && is_hex(p[4]) &&
		               is_hex(p[5])
		           ? p + 6
		           : NULL;
	default:
		return NULL;
	}
}

/* Behind the string of which p is a part, or NULL. */
static const char *
scan_rest(const char *p, const char *end, bool *escaped)
{
	size_t n;

	for (;;) {
		p = scan_plain(p);
		if (*p == '"')
			return p + 1;
		if (*p == '\\') {
			*escaped = true;
			if ((p = scan_escape(p)) == NULL)
				return NULL;
		} else if ((unsigned char)*p >= 0x80) {
			if ((n = utf8_sequence(p, end)) == 0)
				return NULL;
			p += n;
		} else
			return NULL;
	}
}

/* Behind the string whose opening quote is at p, or NULL. */
static inline const char *
scan_string(const char *p, const char *end, bool *escaped)
{
	p = scan_plain(p + 1);
	return *p == '"' ? p + 1 : scan_rest(p, end, escaped);
}

/* Behind the digits at p, which go into the field's mantissa, or NULL. */
static const char *
scan_digits(const char *p, struct json_field *field, int point)
{
	const int64_t full = 100000000000000000; /* 17 more digits: the last */
	int64_t mantissa = field->mantissa;
	const char *start = p;

	for (; is_digit(*p); p++) {
		if (mantissa < full) {
			mantissa = mantissa * 10 + (*p - '0');
			field->exponent -= point;
		} else
			field->exponent += !point;
	}
	field->mantissa = mantissa;
	return p > start ? p : NULL;
}

/* Behind the exponent's digits at p, or NULL. */
static const char *
scan_exponent(const char *p, struct json_field *field)
{
	bool negative = *p == '-';
	int n = 0;

	p += negative || *p == '+';
	if (!is_digit(*p))
		return NULL;
	/* More than a line has digits, so that none of them outweigh it. */
	for (; is_digit(*p); p++)
		if (n < INT_MAX / 100)
			n = n * 10 + (*p - '0');
	field->exponent += negative ? -n : n;
	return p;
}

const char *
scan_number(const char *p, struct json_field *field)
{
	bool negative = *p == '-';

	p += negative;
	field->mantissa = field->exponent = 0;
	if (*p == '0')
		p++;
	else if ((p = scan_digits(p, field, 0)) == NULL)
		return NULL;
	if (*p == '.' && (p = scan_digits(p + 1, field, 1)) == NULL)
		return NULL;
	if ((*p == 'e' || *p == 'E') &&
	    (p = scan_exponent(p + 1, field)) == NULL)
		return NULL;
	if (negative)
		field->mantissa = -field->mantissa;
	/* The digits count too: a line has room for millions of them. */
	if (field->exponent > JSON_EXPONENT)
		field->exponent = JSON_EXPONENT;
	if (field->exponent < -JSON_EXPONENT)
		field->exponent = -JSON_EXPONENT;
	return p;
}

/* scan_number(), but faster for most numbers; it reads the slack. */
static inline const char *
scan_usual_number(const char *p, struct json_field *field)
{
#if __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__
	const bool negative = *p == '-';
	const char *behind = p[negative + 1] == '.'
	                         ? digits_fraction(p + negative, field)
	                         : digits_short(p + negative, field);

	if (behind != NULL && (*behind == ',' || *behind == '}')) {
		if (negative)
			field->mantissa = -field->mantissa;
		return behind;
	}
#endif
	return scan_number(p, field);
}

static const char *
scan_word(const char *p, struct str word)
{
	return memcmp(p, word.ptr, word.len) == 0 ? p + word.len : NULL;
}

/* Behind the value at p that begins like a word or a number, or NULL. */
static const char *
scan_other(const char *p, struct json_field *field)
{
	switch (*p) {
	case 'n':
		field->kind = JSON_NULL;
		return scan_word(p, STR("null"));
	case 'f':
		field->kind = JSON_FALSE;
		return scan_word(p, STR("false"));
	case 't':
		field->kind = JSON_TRUE;
		return scan_word(p, STR("true"));
	default:
		field->kind = JSON_NUMBER;
		return scan_number(p, field);
	}
}

/* Behind the value at p that is no array and no object, or NULL. */
static inline const char *
scan_scalar(const char *p, const char *end, struct json_field *field)
{
	if (*p == '"') {
		field->kind = JSON_STRING;
		return scan_string(p, end, &field->escaped);
	}
	if (*p <= '9') {
		field->kind = JSON_NUMBER;
		return scan_usual_number(p, field);
	}
	return scan_other(p, field);
}

/* Behind the array of scalars at p, or NULL. */
static const char *
scan_array(const char *p, const char *end)
{
	struct json_field element;

	if (*++p == ']')
		return p + 1;
	for (;; p++) {
		if ((p = scan_scalar(p, end, &element)) == NULL)
			return NULL;
		if (*p == ']')
			return p + 1;
		if (*p != ',')
			return NULL;
	}
}

static inline const char *
scan_any(const char *p, const char *end, struct json_field *field)
{
	const char *start = p;

	field->escaped = false;
	if (*p != '[')
		p = scan_scalar(p, end, field);
	else {
		field->kind = JSON_ARRAY;
		p = scan_array(p, end);
	}
	field->raw = (struct str){start, (size_t)(p - start)};
	return p;
}

const char *
scan_value(const char *p, const char *end, struct json_field *field)
{
	return scan_any(p, end, field);
}

/* Behind the key and colon at p, which are remembered, or NULL. */
static const char *
learn_key(struct scan *scan, struct scan_member *member, const char *p,
    const char *end)
{
	const char *start = p;
	bool escaped = false;
	struct str key;

	if (*p != '"' || (p = scan_string(p, end, &escaped)) == NULL ||
	    escaped || *p++ != ':')
		return NULL;
	key = (struct str){start + 1, (size_t)(p - start) - 3};
	member->name = UNKNOWN;
	for (size_t i = 0; i < scan->n; i++)
		if (str_equal(scan->names[i], key))
			member->name = (int)i;
	guess_learn(&member->guess, start, (size_t)(p - start));
	return p;
}

bool
scan_line(struct scan *scan, struct str line, struct json_field *fields)
{
	const char *p = line.ptr, *end = line.ptr + line.len, *key;
	struct scan_member *member = scan->members;
	struct json_field other, *field;

	if (line.len < 2 || *p != '{')
		return false;
	for (; member < scan->members + SCAN_MEMBERS; member++) {
		key = p + 1;
		if (guess_fits(&member->guess, key))
			p = key + member->guess.len;
		else if ((p = learn_key(scan, member, key, end)) == NULL)
			return false;
		field = &other;
		if (member->name != UNKNOWN) {
			field = &fields[member->name];
			if (field->kind != JSON_ABSENT)
				return false;
		}
		field->key = key;
		if ((p = scan_any(p, end, field)) == NULL)
			return false;
		if (*p != ',')
			return *p == '}' && p + 1 == end;
	}
	return false;
}
