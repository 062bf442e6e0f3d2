/*
 * json: the fast reader and yajl must agree on every line.
 *
 * The first time a line is read the keys are not yet expected, the second time
 * they are: both ways through the fast reader are tried.
 */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "json.h"
#include "lines.h"

static const char *const names[] = {
    "type", "added_at", "valence", "artists", "a", "ab"};
enum { NAMES = sizeof(names) / sizeof(names[0]) };

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct json *fast, *slow;
	struct json_field a[NAMES], b[NAMES];
	char *copy = calloc(1, size + LINES_SLACK);
	struct str line = {copy, size};
	bool taken;

	if (fast == NULL) {
		fast = json_open(names, NAMES);
		slow = json_open(names, NAMES);
	}
	if (copy == NULL || memchr(data, '\n', size) != NULL) {
		free(copy);
		return 0;
	}
	memcpy(copy, data, size);
	copy[size] = '\n';
	taken = json_fields_yajl(slow, line, b);
	for (int again = 0; again < 2; again++) {
		if (json_fields(fast, line, a) != taken)
			abort();
		for (size_t i = 0; taken && i < NAMES; i++) {
			if (a[i].kind != b[i].kind ||
			    a[i].escaped != b[i].escaped ||
			    a[i].key != b[i].key ||
			    a[i].mantissa != b[i].mantissa ||
			    a[i].exponent != b[i].exponent ||
			    a[i].raw.ptr != b[i].raw.ptr ||
			    a[i].raw.len != b[i].raw.len)
				abort();
			(void)json_text(fast, &a[i]);
		}
	}
	free(copy);
	return 0;
}
