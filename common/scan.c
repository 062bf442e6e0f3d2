/*
 * scan: check JSON values without white space, sixteen bytes at a time.
 *
 * Its grammar is that of yajl (RFC 8259), so that what it takes yajl takes too.
 */
#include <string.h>
#ifdef __SSE2__
#include <emmintrin.h>
#endif

#include "scan.h"
#include "utf8.h"

/* The first byte from p on that is a quote, a backslash or not plain ASCII. */
static const char *
skip_plain(const char *p)
{
#ifdef __SSE2__
	const __m128i quote = _mm_set1_epi8('"');
	const __m128i backslash = _mm_set1_epi8('\\');
	const __m128i space = _mm_set1_epi8(' ');
	__m128i bytes, hits;
	int mask;

	/* The newline behind the line stops it within the slack. */
	for (;; p += 16) {
		memcpy(&bytes, p, sizeof(bytes));
		/* As signed bytes, those from 0x80 on are below space too. */
		hits = _mm_or_si128(_mm_cmpeq_epi8(bytes, quote),
		    _mm_or_si128(_mm_cmpeq_epi8(bytes, backslash),
		        _mm_cmplt_epi8(bytes, space)));
		if ((mask = _mm_movemask_epi8(hits)) != 0)
			return p + __builtin_ctz((unsigned)mask);
	}
#else
	while (*p != '"' && *p != '\\' && (unsigned char)*p >= ' ' &&
	       (unsigned char)*p < 0x80)
		p++;
	return p;
#endif
}

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

const char *
scan_string(const char *p, const char *end, bool *escaped)
{
	size_t n;

	for (p++;;) {
		p = skip_plain(p);
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
	for (; is_digit(*p); p++)
		if (n < JSON_EXPONENT / 10)
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

static const char *
scan_word(const char *p, struct str word)
{
	return memcmp(p, word.ptr, word.len) == 0 ? p + word.len : NULL;
}

/* Behind the value at p that is no array and no object, or NULL. */
static const char *
scan_scalar(const char *p, const char *end, struct json_field *field)
{
	switch (*p) {
	case '"':
		field->kind = JSON_STRING;
		return scan_string(p, end, &field->escaped);
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

const char *
scan_value(const char *p, const char *end, struct json_field *field)
{
	const char *start = p;

	field->escaped = false;
	if (*p == '[') {
		field->kind = JSON_ARRAY;
		p = scan_array(p, end);
	} else
		p = scan_scalar(p, end, field);
	if (p != NULL)
		field->raw = (struct str){start, (size_t)(p - start)};
	return p;
}
