/*
 * head: the values of a playlist's record, as they stand in the line.
 */
#include <ctype.h>
#include <string.h>

#include "head.h"
#include "json.h"

enum { COUNT_DIGITS = 9 };

const char *const head_keys[HEAD_VALUES] = {"id", "snapshot_id", "name",
    "description", "owner", "public", "collaborative", "tracks_total",
    "country", "query", "fetched_at"};

/* The number that decimal digits are; 0 for others, and for too many. */
static size_t
count(struct str raw)
{
	size_t n = 0;

	if (raw.len > COUNT_DIGITS)
		return 0;
	for (size_t i = 0; i < raw.len; i++) {
		if (!isdigit((unsigned char)raw.ptr[i]))
			return 0;
		n = n * 10 + (size_t)(raw.ptr[i] - '0');
	}
	return n;
}

size_t
head_number(const struct walk_event *event)
{
	return event->kind == JSON_NUMBER ? count(event->raw) : 0;
}

size_t
head_total(const struct head *head)
{
	return count(head->values[HEAD_TOTAL]);
}

/* Is it of the kind that a value should be? */
static bool
fits(enum head_value value, const struct walk_event *event)
{
	switch (value) {
	case HEAD_ID:
		return event->kind == JSON_STRING && event->text.len > 0;
	case HEAD_PUBLIC:
	case HEAD_COLLABORATIVE:
		return event->kind == JSON_TRUE || event->kind == JSON_FALSE;
	case HEAD_TOTAL:
		return event->kind == JSON_NUMBER;
	default:
		return event->kind == JSON_STRING;
	}
}

bool
head_keep(
    struct head *head, enum head_value value, const struct walk_event *event)
{
	if (!fits(value, event) || str_equal(head->values[value], event->raw))
		return false;
	head->values[value] = event->raw;
	return true;
}

void
head_find_id(struct str href, struct buf *id)
{
	const struct str mark = STR("/playlists/");
	const char *at, *end;
	size_t len = 0;

	id->len = 0;
	if (href.len == 0 ||
	    (at = memmem(href.ptr, href.len, mark.ptr, mark.len)) == NULL)
		return;
	at += mark.len;
	end = href.ptr + href.len;
	while (at + len < end && isalnum((unsigned char)at[len]))
		len++;
	if (len > 0)
		json_quote(id, (struct str){at, len});
}

struct str
head_id(const struct head *head)
{
	struct str raw = head->values[HEAD_ID];

	for (size_t i = 1; i + 1 < raw.len; i++)
		if (!isalnum((unsigned char)raw.ptr[i]))
			return (struct str){0};
	return raw.len > 2 ? (struct str){raw.ptr + 1, raw.len - 2}
	                   : (struct str){0};
}

void
head_write(const struct head *head, enum head_value first, enum head_value last,
    struct buf *out)
{
	for (unsigned i = first; i <= last; i++) {
		if (head->values[i].len == 0)
			continue;
		buf_append(out, STR(",\""));
		buf_puts(out, head_keys[i]);
		buf_append(out, STR("\":"));
		buf_append(out, head->values[i]);
	}
}
