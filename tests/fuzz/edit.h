/*
 * edit.h: records that are right but for what the fuzzer changes, so that it
 * need not find out what a record looks like.
 */
#ifndef EDIT_H
#define EDIT_H

#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "buf.h"
#include "lines.h"

/* A member and its value as JSON. */
struct edit_member {
	const char *name, *value;
};

/* What stands in edits for the i-th member, the last of several. */
static inline bool
edit_find(struct str edits, size_t n, size_t i, struct str *value)
{
	const char *p = edits.ptr, *end = p + edits.len, *stop;
	bool found = false;

	for (; p < end; p = stop + 1) {
		stop = memchr(p, '\n', (size_t)(end - p));
		stop = stop == NULL ? end : stop;
		if (stop == p || (unsigned char)*p % n != i)
			continue;
		*value = (struct str){p + 1, (size_t)(stop - p) - 1};
		found = true;
	}
	return found;
}

/*
 * A record of n members on a line, LINES_SLACK bytes behind it.  Each line of
 * edits is a byte that chooses a member, and the value it has instead, or none,
 * and then the member is left out.
 */
static inline void
edit_record(struct buf *out, const struct edit_member *members, size_t n,
    struct str edits)
{
	static const char slack[LINES_SLACK] = "\n";
	struct str value;

	buf_puts(out, "{");
	for (size_t i = 0; i < n; i++) {
		value =
		    (struct str){members[i].value, strlen(members[i].value)};
		if (edit_find(edits, n, i, &value) && value.len == 0)
			continue;
		buf_puts(out, out->ptr[out->len - 1] == '{' ? "\"" : ",\"");
		buf_puts(out, members[i].name);
		buf_puts(out, "\":");
		buf_append(out, value);
	}
	buf_puts(out, "}");
	buf_append(out, (struct str){slack, sizeof(slack)});
}

/* What is refused is told to nobody. */
static inline void
edit_hush(void)
{
	if (stderr != NULL && fileno(stderr) == STDERR_FILENO)
		stderr = fopen("/dev/null", "w");
}

#endif
