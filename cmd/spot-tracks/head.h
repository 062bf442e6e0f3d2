/*
 * head.h: what a playlist says of itself, apart from its items.
 */
#ifndef HEAD_H
#define HEAD_H

#include <stdbool.h>
#include <stddef.h>

#include "buf.h"
#include "walk.h"

/* The values of the playlist's record, in this order. */
enum head_value {
	HEAD_ID,
	HEAD_SNAPSHOT_ID,
	HEAD_NAME,
	HEAD_DESCRIPTION,
	HEAD_OWNER,
	HEAD_PUBLIC,
	HEAD_COLLABORATIVE,
	HEAD_TOTAL,
	HEAD_COUNTRY,
	HEAD_QUERY,
	HEAD_FETCHED_AT,
	HEAD_VALUES
};

struct head {
	struct str values[HEAD_VALUES]; /* raw JSON, borrowed from the line */
};

extern const char *const head_keys[HEAD_VALUES];

/*
 * Keep a value; null, and what is not of the kind it should be, is as good as
 * absent.  Has it changed?
 */
bool head_keep(
    struct head *head, enum head_value value, const struct walk_event *event);

/* The playlist's id in an address of the API, as JSON; empty if none. */
void head_find_id(struct str href, struct buf *id);

/* The id, as it stands in an address; empty if it is no plain id. */
struct str head_id(const struct head *head);

/* The whole number that a value is; 0 for what is none. */
size_t head_number(const struct walk_event *event);

/* How many entries are announced; 0 if that is not known. */
size_t head_total(const struct head *head);

/* Append ,"key":value of each that is known, from first to last. */
void head_write(const struct head *head, enum head_value first,
    enum head_value last, struct buf *out);

#endif
