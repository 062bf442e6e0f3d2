/*
 * page: what is found in the answer to a search are whole records, each with
 * the id that stands in it.
 */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "json.h"
#include "lines.h"
#include "page.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void
found(void *context, struct str id, struct str record)
{
	static const char *const names[] = {"type", "id", "country"};
	static const char slack[LINES_SLACK];
	static struct json *json;
	static struct buf line;
	struct json_field fields[3];

	if (json == NULL)
		json = json_open(names, 3);
	line.len = 0;
	buf_append(&line, record);
	buf_append(&line, (struct str){slack, sizeof(slack)});
	if (record.len < 1 || record.ptr[record.len - 1] != '\n' ||
	    !json_fields(json, (struct str){line.ptr, record.len - 1}, fields))
		abort();
	if (!json_is(&fields[0], STR("playlist")) ||
	    !json_is(&fields[2], STR("IT")) || id.len == 0 ||
	    (fields[1].kind == JSON_STRING &&
	        !str_equal(json_text(json, &fields[1]), id)))
		abort();
	(*(size_t *)context)++;
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const struct page_origin origin = {.country = STR("\"IT\"")};
	static struct page *page;
	static struct buf body;
	size_t n = 0;
	bool taken;

	if (page == NULL)
		page = page_open();
	/* Half of them are the elements of the list alone. */
	body.len = 0;
	if (size > 0 && *data != '{')
		buf_puts(&body, "{\"playlists\":{\"total\":2,\"items\":[");
	buf_append(&body, (struct str){(const char *)data, size});
	if (size > 0 && *data != '{')
		buf_puts(&body, "]}}");
	taken = page_read(page, buf_str(&body), &origin, found, &n);
	if (taken && n > page_entries(page))
		abort();
	return 0;
}
