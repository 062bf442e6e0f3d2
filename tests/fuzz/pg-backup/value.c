/*
 * value: of whatever COPY writes there is JSON, and it means the same.
 *
 * The first byte chooses the type of the column.  The input is a text, which is
 * written here as the server writes it; or, by another bit of the first byte,
 * it is taken as it is, as a server would write it that has gone mad.
 */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "json.h"
#include "lines.h"
#include "utf8.h"
#include "value.h"

static const enum column_kind kinds[] = {
    COLUMN_TEXT, COLUMN_ARRAY, COLUMN_TIME, COLUMN_JSON};

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* A text as COPY writes it. */
static void
copy_text(struct buf *out, struct str text)
{
	static const char bytes[] = "\b\f\n\r\t\v\\", letters[] = "bfnrtv\\";
	const char *byte;

	for (size_t i = 0; i < text.len; i++) {
		byte = strchr(bytes, text.ptr[i]);
		if (byte != NULL)
			buf_append(out, STR("\\"));
		buf_append(out,
		    (struct str){
		        byte != NULL ? letters + (byte - bytes) : text.ptr + i,
		        1});
	}
}

/* Texts with newlines between, as an array of them. */
static void
copy_array(struct buf *out, struct str texts)
{
	static struct buf literal;

	literal.len = 0;
	buf_append(&literal, STR("{\""));
	for (size_t i = 0; i < texts.len; i++) {
		if (texts.ptr[i] == '\n') {
			buf_append(&literal, STR("\",\""));
			continue;
		}
		if (texts.ptr[i] == '"' || texts.ptr[i] == '\\')
			buf_append(&literal, STR("\\"));
		buf_append(&literal, (struct str){texts.ptr + i, 1});
	}
	buf_append(&literal, STR("\"}"));
	copy_text(out, buf_str(&literal));
}

/* A value, with LINES_SLACK bytes behind it. */
static void
append(struct buf *out, enum column_kind kind, struct str field)
{
	static const char slack[LINES_SLACK] = "\n";

	out->len = 0;
	buf_puts(out, "{\"a\":");
	value_append(out, kind, field);
	buf_puts(out, "}");
	buf_append(out, (struct str){slack, sizeof(slack)});
}

/* The value is the text. */
static void
check_text(struct str line, struct str text)
{
	static const char *const names[] = {"a"};
	static struct json *json;
	struct json_field field;

	if (json == NULL)
		json = json_open(names, 1);
	if (!json_fields(json, line, &field) || field.kind != JSON_STRING ||
	    !str_equal(json_text(json, &field), text))
		abort();
}

static bool
join(void *context, const struct walk_event *event)
{
	struct buf *texts = context;

	if (event->kind != JSON_STRING)
		abort();
	buf_append(texts, STR("\n"));
	buf_append(texts, event->text);
	return true;
}

/* The value is an array of the texts. */
static void
check_array(struct str line, struct str texts)
{
	static const struct walk_path path = {"a[]", 0};
	static struct walk *walk;
	static struct buf joined;

	if (walk == NULL)
		walk = walk_open(&path, 1);
	joined.len = 0;
	if (!walk_document(walk, line, join, &joined) || joined.len == 0 ||
	    !str_equal((struct str){joined.ptr + 1, joined.len - 1}, texts))
		abort();
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct buf field, out;
	struct str text = {(const char *)data + 1, size - 1}, line;
	enum column_kind kind;
	bool mad;

	if (size < 1)
		return 0;
	kind = kinds[*data % 4];
	mad = (*data & 64) != 0;
	if (!mad &&
	    (!utf8_valid(text) || memchr(text.ptr, '\0', text.len) != NULL))
		return 0;
	field.len = 0;
	if (mad)
		buf_append(&field, text);
	else if (kind == COLUMN_ARRAY)
		copy_array(&field, text);
	else
		copy_text(&field, text);
	/* Behind a field there is a tab or a newline, and then a NUL. */
	buf_append(&field, (struct str){"\n", 2});
	append(&out, kind, (struct str){field.ptr, field.len - 2});
	if (mad)
		return 0;
	line = (struct str){out.ptr, out.len - LINES_SLACK};
	if (kind == COLUMN_TEXT)
		check_text(line, text);
	else if (kind == COLUMN_ARRAY)
		check_array(line, text);
	else if (kind == COLUMN_JSON &&
	         !str_equal((struct str){line.ptr + 5, line.len - 6}, text))
		abort();
	return 0;
}
