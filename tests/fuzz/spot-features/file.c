/*
 * file: what the table gives out is JSON, whatever the file held.
 *
 * The first byte chooses a beginning, of audio-features objects or of CSV, or
 * none.
 */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "../edit.h"
#include "file.h"
#include "walk.h"

static const char *const heads[] = {"{\"id\":\"0000000000000000000001\",",
    "id,energy,valence\n0000000000000000000001,", ""};

enum { RUNS = 100 }; /* that have a table together */

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static bool
ignore(void *context, const struct walk_event *event)
{
	(void)context;
	(void)event;
	return true;
}

/* Is what the table says of this id a run of members? */
static void
check(const struct table *table, struct str id)
{
	static const struct walk_path path = {"energy", 0};
	static struct walk *walk;
	static struct buf out;
	struct track_id packed;
	uint32_t place;

	if (!track_pack(id, &packed))
		abort();
	if (walk == NULL)
		walk = walk_open(&path, 1);
	if ((place = table_find(table, &packed)) == 0)
		return;
	out.len = 0;
	buf_puts(&out, "{\"a\":1");
	table_append(table, place, &out);
	buf_puts(&out, "}");
	if (!walk_document(walk, buf_str(&out), ignore, NULL))
		abort();
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const char slack[LINES_SLACK];
	static struct buf text;
	static struct table *table;
	static unsigned runs;
	struct lines in;

	if (size < 1)
		return 0;
	edit_hush();
	text.len = 0;
	buf_puts(&text, heads[data[0] % 3]);
	buf_append(&text, (struct str){(const char *)data + 1, size - 1});
	buf_puts(&text, "\n");
	buf_append(&text, (struct str){slack, sizeof(slack)});
	lines_open_block(
	    &in, (struct str){text.ptr, text.len - sizeof(slack)}, "f", 0);
	if (runs++ % RUNS == 0) {
		table_free(table);
		table = table_open();
	}
	(void)file_read_lines(table, &in);
	check(table, STR("0000000000000000000001"));
	check(table, STR("0000000000000000000002"));
	(void)lines_close(&in);
	return 0;
}
