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

enum { EDIT_MEMBERS = 64 /* the most of a record */ };

/*
 * What stands in edits for each of n members, the last of several.  It would
 * slow the fuzzer down to look at what is compared here.
 */
__attribute__((no_sanitize("coverage"))) static inline void
edit_split(struct str edits, size_t n, struct str *values)
{
	const char *p = edits.ptr, *end = p + edits.len, *stop;

	for (; p < end && n > 0; p = stop + 1) {
		stop = memchr(p, '\n', (size_t)(end - p));
		stop = stop == NULL ? end : stop;
		if (stop > p)
			values[(unsigned char)*p % n] =
			    (struct str){p + 1, (size_t)(stop - p) - 1};
	}
}

/*
 * A record of n members on a line, LINES_SLACK bytes behind it; values become
 * theirs.  Each line of edits is a byte that chooses a member, and the value it
 * has instead, or none, and then the member is left out.
 */
__attribute__((no_sanitize("coverage"))) static inline void
edit_record(struct buf *out, const struct edit_member *members, size_t n,
    struct str edits, struct str values[EDIT_MEMBERS])
{
	static const char slack[LINES_SLACK] = "\n";

	for (size_t i = 0; i < n; i++)
		values[i] =
		    (struct str){members[i].value, strlen(members[i].value)};
	edit_split(edits, n, values);
	buf_puts(out, "{");
	for (size_t i = 0; i < n; i++) {
		if (values[i].len == 0)
			continue;
		buf_puts(out, out->ptr[out->len - 1] == '{' ? "\"" : ",\"");
		buf_puts(out, members[i].name);
		buf_puts(out, "\":");
		buf_append(out, values[i]);
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
