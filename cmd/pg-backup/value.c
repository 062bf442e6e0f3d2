/*
 * value: from COPY's text format (PostgreSQL, COPY, "Text Format") to JSON.
 */
#include <string.h>

#include "json.h"
#include "value.h"

void
value_unescape(struct buf *out, struct str field)
{
	static const char letters[] = "bfnrtv", bytes[] = "\b\f\n\r\t\v";
	const char *p = field.ptr, *end = p + field.len, *found;

	while ((found = memchr(p, '\\', (size_t)(end - p))) != NULL &&
	       found + 1 < end) {
		buf_append(out, (struct str){p, (size_t)(found - p)});
		p = found + 2;
		found = strchr(letters, p[-1]);
		buf_append(out,
		    (struct str){
		        found != NULL ? bytes + (found - letters) : p - 1, 1});
	}
	buf_append(out, (struct str){p, (size_t)(end - p)});
}

/* The first byte that a JSON string cannot take over from COPY's text. */
static const char *
find_special(const char *p, const char *end)
{
	while (p < end && *p != '"' && *p != '\\' && (unsigned char)*p >= ' ')
		p++;
	return p;
}

/*
 * COPY's escapes are those of JSON, but for \v, which JSON lacks, and the quote
 * and the other control characters, which COPY leaves alone.
 */
static void
put_text(struct buf *out, struct str field)
{
	const char *p = field.ptr, *end = p + field.len, *special;

	buf_append(out, STR("\""));
	for (; p < end; p = special + 1) {
		special = find_special(p, end);
		buf_append(out, (struct str){p, (size_t)(special - p)});
		if (special == end)
			break;
		if (*special == '"')
			buf_append(out, STR("\\\""));
		else if (*special != '\\' || special + 1 == end)
			buf_printf(out, "\\u%04x", (unsigned)*special);
		else if (*++special == 'v')
			buf_append(out, STR("\\u000b"));
		else
			buf_append(out, (struct str){special - 1, 2});
	}
	buf_append(out, STR("\""));
}

/* 2020-03-16 08:30:00+00 as 2020-03-16T08:30:00Z. */
static void
put_time(struct buf *out, struct str field)
{
	if (field.len < 22 || field.ptr[10] != ' ' ||
	    memcmp(field.ptr + field.len - 3, "+00", 3) != 0) {
		put_text(out, field);
		return;
	}
	buf_append(out, STR("\""));
	buf_append(out, (struct str){field.ptr, 10});
	buf_append(out, STR("T"));
	buf_append(out, (struct str){field.ptr + 11, field.len - 14});
	buf_append(out, STR("Z\""));
}

/* Behind the element at p of an array literal, which goes into element. */
static const char *
read_element(const char *p, const char *end, struct buf *element)
{
	bool quoted = *p == '"';

	element->len = 0;
	for (p += quoted; p < end; p++) {
		if (quoted ? *p == '"' : *p == ',' || *p == '}')
			break;
		p += *p == '\\' && p + 1 < end;
		buf_append(element, (struct str){p, 1});
	}
	return p + (quoted && p < end);
}

/* An array literal, {one,"and two",NULL}, as a JSON array. */
static void
put_array(struct buf *out, struct str field)
{
	static struct buf literal, element;
	const char *p, *end, *start;

	literal.len = 0;
	value_unescape(&literal, field);
	/* A stop, and a byte behind it, for a server that forgets its own. */
	buf_append(&literal, (struct str){"}", 2});
	end = literal.ptr + literal.len - 1;
	buf_append(out, STR("["));
	for (p = literal.ptr + 1; p < end && *p != '}'; p += *p == ',') {
		if (p > literal.ptr + 1)
			buf_append(out, STR(","));
		start = p;
		p = read_element(p, end, &element);
		if (*start != '"' && str_equal(buf_str(&element), STR("NULL")))
			buf_append(out, STR("null"));
		else
			json_quote(out, buf_str(&element));
	}
	buf_append(out, STR("]"));
}

void
value_append(struct buf *out, enum column_kind kind, struct str field)
{
	switch (kind) {
	case COLUMN_NUMBER:
		buf_append(out, field);
		break;
	case COLUMN_BOOLEAN:
		buf_append(out, *field.ptr == 't' ? STR("true") : STR("false"));
		break;
	case COLUMN_TIME:
		put_time(out, field);
		break;
	case COLUMN_JSON:
		value_unescape(out, field);
		break;
	case COLUMN_ARRAY:
		put_array(out, field);
		break;
	case COLUMN_TEXT:
		put_text(out, field);
		break;
	}
}
