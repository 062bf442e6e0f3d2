/*
 * row: what PostgreSQL would read of a row is what stands in the record.
 *
 * The columns a, b, c and d are of text, integer, json and an array; the row is
 * read back by the rules of COPY's text format and of array literals.
 */
#include <inttypes.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "../decimal.h"
#include "../edit.h"
#include "row.h"
#include "scan.h"
#include "utf8.h"

enum { TEXT, INTEGER, JSON, ARRAY, NAMES };
static const char *const names[NAMES] = {"a", "b", "c", "d"};
static const struct edit_member members[NAMES] = {{"a", "\"\\t\\u0000\""},
    {"b", "1.50e1"}, {"c", "{\"a\":[\"\\n\"]}"},
    {"d", "[1,null,\"a,\\\"\\\\\",true]"}};
static struct column columns[NAMES + 1] = {{COLUMN_LINE, 0},
    {COLUMN_TEXT, TEXT}, {COLUMN_INTEGER, INTEGER}, {COLUMN_JSON, JSON},
    {COLUMN_ARRAY, ARRAY}};

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* The field at *p without COPY's escapes; behind it. */
static const char *
read_field(const char *p, struct buf *text)
{
	static const char letters[] = "nrt", bytes[] = "\n\r\t";
	const char *letter;
	char c;

	for (text->len = 0; *p != '\t' && *p != '\n'; p++) {
		c = *p;
		if (c == '\\') {
			c = *++p;
			letter = strchr(letters, c);
			if (letter != NULL)
				c = bytes[letter - letters];
			else if (c != '\\')
				abort();
		}
		if (*p == '\0' || *p == '\r')
			abort();
		buf_append(text, (struct str){&c, 1});
	}
	return p;
}

/* A text as it has to arrive: without U+0000. */
static void
without_zeros(struct buf *out, struct str text)
{
	out->len = 0;
	for (size_t i = 0; i < text.len; i++)
		buf_append(out, text.ptr[i] == '\0'
		                    ? STR("\xef\xbf\xbd")
		                    : (struct str){text.ptr + i, 1});
}

static void
check_integer(struct str got, const struct json_field *field)
{
	int64_t mantissa;
	int exponent;

	/* It has been written anew, or left for the server to refuse. */
	if (str_equal(got, field->raw))
		return;
	decimal_read(got.ptr, &mantissa, &exponent);
	for (; mantissa != 0 && exponent < field->exponent; exponent++)
		mantissa /= 10;
	for (; mantissa != 0 && exponent > field->exponent; exponent--)
		mantissa *= 10;
	if (mantissa != field->mantissa)
		abort();
}

/* An element of an array literal, without quotes; behind it. */
static const char *
read_element(const char *p, const char *end, struct buf *text)
{
	bool quoted = *p == '"';

	text->len = 0;
	if (!quoted && end - p >= 4 && memcmp(p, "NULL", 4) == 0)
		return p + 4;
	if (!quoted)
		abort();
	for (p++; p < end && *p != '"'; p++) {
		p += *p == '\\';
		buf_append(text, (struct str){p, 1});
	}
	if (p >= end)
		abort();
	return p + 1;
}

static const char *
pass_space(const char *p)
{
	return p + strspn(p, " \t\r");
}

/* An array of plain values, element by element. */
static void
check_array(struct json *json, struct str got, struct str raw)
{
	static struct buf text, want;
	const char *p = got.ptr + 1, *end = got.ptr + got.len, *q = raw.ptr + 1;
	struct json_field element;

	if (got.len < 2 || *got.ptr != '{' || end[-1] != '}')
		abort();
	while (*(q = pass_space(q)) != ']') {
		q = scan_value(q, raw.ptr + raw.len, &element);
		if (q == NULL)
			abort();
		q = pass_space(q);
		p = read_element(p, end, &text);
		without_zeros(&want, element.kind == JSON_STRING
		                         ? json_text(json, &element)
		                         : element.raw);
		if (element.kind == JSON_NULL)
			want.len = 0;
		if (!str_equal(buf_str(&text), buf_str(&want)) ||
		    (*p == ',') != (*q == ','))
			abort();
		p += *p == ',';
		q += *q == ',';
	}
	if (p + 1 != end)
		abort();
}

/* A JSON value as it has to arrive: as it stands, but for \\u0000. */
static void
check_json(struct str got, struct str raw)
{
	static struct buf want;
	const char *p = raw.ptr, *end = p + raw.len;
	size_t n;

	for (want.len = 0; p < end; p += n) {
		n = *p == '\\' ? 2 : 1;
		if (end - p >= 6 && memcmp(p, "\\u0000", 6) == 0) {
			buf_puts(&want, "\\ufffd");
			n = 6;
		} else
			buf_append(&want, (struct str){p, n});
	}
	if (!str_equal(got, buf_str(&want)))
		abort();
}

static void
check(
    struct json *json, size_t i, struct str got, const struct json_field *field)
{
	static struct buf want;

	if (i == JSON ||
	    (field->kind >= JSON_ARRAY &&
	        (i != ARRAY || *got.ptr != '{' || field->kind == JSON_OBJECT)))
		check_json(got, field->raw);
	else if (field->kind == JSON_ARRAY)
		check_array(json, got, field->raw);
	else if (field->kind == JSON_STRING) {
		without_zeros(&want, json_text(json, field));
		if (!str_equal(got, buf_str(&want)))
			abort();
	} else if (i == INTEGER && field->kind == JSON_NUMBER)
		check_integer(got, field);
	else if (!str_equal(got, field->raw))
		abort();
}

/* The fields of a row, and then its end. */
static void
check_row(struct json *json, const struct json_field *fields, struct str row)
{
	static struct buf text;
	const char *p = row.ptr;

	if (memcmp(p, "7\t", 2) != 0)
		abort();
	for (size_t i = 0; i < NAMES; i++) {
		p = memchr(p, '\t', (size_t)(row.ptr + row.len - p));
		if (p == NULL)
			abort();
		if (fields[i].kind <= JSON_NULL) {
			if (memcmp(++p, "\\N", 2) != 0)
				abort();
			p += 2;
			continue;
		}
		p = read_field(p + 1, &text);
		buf_append(&text, STR("\n"));
		check(
		    json, i, (struct str){text.ptr, text.len - 1}, &fields[i]);
	}
	if (*p != '\n' || p + 1 != row.ptr + row.len)
		abort();
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const struct table table = {.columns = columns, .n = NAMES + 1};
	struct json_field fields[NAMES];
	static struct json *json;
	static struct buf line, row;
	struct str values[EDIT_MEMBERS];

	if (json == NULL)
		json = json_open(names, NAMES);
	line.len = row.len = 0;
	edit_record(&line, members, NAMES,
	    (struct str){(const char *)data, size}, values);
	if (!json_fields(
	        json, (struct str){line.ptr, line.len - LINES_SLACK}, fields))
		return 0;
	row_append(&row, &table, json, fields, 7);
	if (!utf8_valid(buf_str(&row)))
		abort();
	check_row(json, fields, buf_str(&row));
	return 0;
}
