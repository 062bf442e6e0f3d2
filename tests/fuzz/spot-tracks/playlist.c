/*
 * playlist: the records are JSON, and done adds up.
 */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "json.h"
#include "lines.h"
#include "playlist.h"

enum { TYPE, POSITION, COUNT, ITEMS, SKIPPED, NAMES };
static const char *const names[NAMES] = {
    "type", "position", "count", "items", "skipped"};

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static size_t
number(const struct json_field *field)
{
	return strtoul(field->raw.ptr, NULL, 10);
}

/* Read the records back, and count. */
static void
check(struct json *json, struct str out)
{
	struct json_field fields[NAMES];
	size_t items = 0, skipped = 0;
	const char *newline;
	struct str line;
	bool done = false;

	while (out.len > LINES_SLACK) {
		newline = memchr(out.ptr, '\n', out.len);
		if (newline == NULL || done)
			abort();
		line = (struct str){out.ptr, (size_t)(newline - out.ptr)};
		out.ptr += line.len + 1;
		out.len -= line.len + 1;
		if (!json_fields(json, line, fields))
			abort();
		if (json_is(&fields[TYPE], STR("item")))
			items++;
		else if (json_is(&fields[TYPE], STR("skip")))
			skipped += fields[COUNT].kind == JSON_NUMBER
			               ? number(&fields[COUNT])
			               : 1;
		else if (json_is(&fields[TYPE], STR("done"))) {
			done = true;
			if (number(&fields[ITEMS]) != items ||
			    number(&fields[SKIPPED]) != skipped)
				abort();
		} else if (!json_is(&fields[TYPE], STR("playlist")))
			abort();
	}
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const char slack[LINES_SLACK];
	static struct playlist *playlist;
	static struct json *json;
	struct buf line = {0}, out = {0};
	enum playlist_verdict verdict;

	if (playlist == NULL) {
		playlist = playlist_open();
		json = json_open(names, NAMES);
	}
	if (memchr(data, '\n', size) != NULL)
		return 0;
	buf_append(&line, (struct str){(const char *)data, size});
	buf_append(&line, (struct str){slack, sizeof(slack)});
	verdict = playlist_read(
	    playlist, (struct str){line.ptr, line.len - sizeof(slack)});
	if (verdict == PLAYLIST_BARE || verdict == PLAYLIST_WHOLE) {
		playlist_write_head(playlist, &out);
		playlist_write_items(playlist, &out);
		playlist_write_done(playlist, "contents_withheld", &out);
		buf_append(&out, (struct str){slack, sizeof(slack)});
		check(json, buf_str(&out));
	} else if (verdict == PLAYLIST_REFUSED &&
	           *playlist_error(playlist) == '\0')
		abort();
	buf_free(&line);
	buf_free(&out);
	return 0;
}
