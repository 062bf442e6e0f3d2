/*
 * row: JSON values to COPY's text format (PostgreSQL, COPY, "Text Format").
 *
 * A JSON string without backslashes has no byte that COPY would take for
 * something else, so it is copied as it stands.
 */
#include <inttypes.h>
#include <string.h>

#include "row.h"
#include "scan.h"

/* Append text with COPY's escapes. */
static void
put_escaped(struct buf *out, struct str text)
{
	for (size_t i = 0; i < text.len; i++) {
		switch (text.ptr[i]) {
		case '\0':
			buf_append(out, STR("\xef\xbf\xbd"));
			break;
		case '\n':
			buf_append(out, STR("\\n"));
			break;
		case '\r':
			buf_append(out, STR("\\r"));
			break;
		case '\t':
			buf_append(out, STR("\\t"));
			break;
		case '\\':
			buf_append(out, STR("\\\\"));
			break;
		default:
			buf_append(out, (struct str){text.ptr + i, 1});
		}
	}
}

/* A JSON value as it stands, for a column of type json or jsonb. */
static void
put_json(struct buf *out, struct str raw)
{
	const char *p = raw.ptr, *end = raw.ptr + raw.len;

	for (; p < end; p++) {
		if (*p != '\\') {
			put_escaped(out, (struct str){p, 1});
			continue;
		}
		/* A backslash is never the last: look at both at once. */
		if (end - p >= 6 && memcmp(p, "\\u0000", 6) == 0) {
			buf_append(out, STR("\\\\ufffd"));
			p += 5;
		} else {
			put_escaped(out, (struct str){p++, 2});
		}
	}
}

/* An element of an array: quoted, or NULL. */
static void
put_element(
    struct buf *out, struct json *json, const struct json_field *element)
{
	struct str text = element->kind == JSON_STRING
	                      ? json_text(json, element)
	                      : element->raw;

	if (element->kind == JSON_NULL) {
		buf_append(out, STR("NULL"));
		return;
	}
	buf_append(out, STR("\""));
	for (size_t i = 0; i < text.len; i++) {
		/* An escape of the array, which COPY escapes once more. */
		if (text.ptr[i] == '"' || text.ptr[i] == '\\')
			buf_append(out, STR("\\\\"));
		put_escaped(out, (struct str){text.ptr + i, 1});
	}
	buf_append(out, STR("\""));
}

static const char *
skip_space(const char *p)
{
	while (*p == ' ' || *p == '\t' || *p == '\r')
		p++;
	return p;
}

/* The elements of a flat array as an array literal; false if it is not flat. */
static bool
put_elements(struct buf *out, struct json *json, struct str raw)
{
	const char *p = skip_space(raw.ptr + 1), *end = raw.ptr + raw.len;
	struct json_field element;

	buf_append(out, STR("{"));
	while (*p != ']') {
		p = scan_value(p, end, &element);
		if (p == NULL || element.kind == JSON_ARRAY)
			return false;
		put_element(out, json, &element);
		p = skip_space(p);
		if (*p == ',') {
			buf_append(out, STR(","));
			p = skip_space(p + 1);
		}
	}
	buf_append(out, STR("}"));
	return true;
}

static void
put_array(struct buf *out, struct json *json, struct str raw)
{
	size_t len = out->len;

	if (put_elements(out, json, raw))
		return;
	/* The server will say what it thinks of it. */
	out->len = len;
	put_json(out, raw);
}

/* A number for a column of integers, where 5.0 and 1e3 are welcome too. */
static void
put_integer(struct buf *out, const struct json_field *field)
{
	int64_t n = field->mantissa;
	int exponent = field->exponent;
	bool plain = true;

	for (size_t i = 0; i < field->raw.len; i++)
		plain &= field->raw.ptr[i] == '-' ||
		         (field->raw.ptr[i] >= '0' && field->raw.ptr[i] <= '9');
	/* Of many digits the mantissa has only the first. */
	if (plain || field->raw.len > JSON_DIGITS) {
		buf_append(out, field->raw);
		return;
	}
	for (; exponent < 0 && n % 10 == 0 && n != 0; exponent++)
		n /= 10;
	for (; exponent > 0 && n > -INT64_MAX / 10 && n < INT64_MAX / 10;
	     exponent--)
		n *= 10;
	if (exponent == 0 || n == 0)
		buf_printf(out, "%" PRId64, n);
	else
		buf_append(out, field->raw);
}

static void
put_value(struct buf *out, enum column_kind kind, struct json *json,
    const struct json_field *field)
{
	if (field->kind == JSON_ABSENT || field->kind == JSON_NULL)
		buf_append(out, STR("\\N"));
	else if (kind == COLUMN_ARRAY && field->kind == JSON_ARRAY)
		put_array(out, json, field->raw);
	else if (kind == COLUMN_JSON || field->kind >= JSON_ARRAY)
		put_json(out, field->raw);
	else if (kind == COLUMN_INTEGER && field->kind == JSON_NUMBER)
		put_integer(out, field);
	else if (field->kind == JSON_STRING && field->escaped)
		put_escaped(out, json_text(json, field));
	else if (field->kind == JSON_STRING)
		buf_append(out, json_text(json, field));
	else
		buf_append(out, field->raw);
}

void
row_append(struct buf *out, const struct table *table, struct json *json,
    const struct json_field *fields, uint64_t line)
{
	const struct column *column;

	for (size_t i = 0; i < table->n; i++) {
		column = &table->columns[i];
		if (i > 0)
			buf_append(out, STR("\t"));
		if (column->kind == COLUMN_LINE)
			buf_printf(out, "%" PRIu64, line);
		else
			put_value(
			    out, column->kind, json, &fields[column->field]);
	}
	buf_append(out, STR("\n"));
}
