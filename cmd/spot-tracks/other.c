/*
 * other: records of other types may be all of a stream, as when items pass.
 *
 * A line of the usual form, an object of scalars, is read by scan.h.  All keys
 * that playlist.c wants to see once are named, so that a line where one stands
 * twice is left to that, to be refused.
 */
#include <string.h>

#include "other.h"
#include "scan.h"

enum { TYPE, NAMES = 13 };

static const struct str names[NAMES] = {{"type", 4}, {"id", 2},
    {"snapshot_id", 11}, {"name", 4}, {"description", 11}, {"owner", 5},
    {"public", 6}, {"collaborative", 13}, {"country", 7}, {"query", 5},
    {"fetched_at", 10}, {"href", 4}, {"items", 5}};

bool
other_is(struct str line)
{
	static struct scan scan = {.names = names, .n = NAMES};
	struct json_field fields[NAMES];

	memset(fields, 0, sizeof(fields));
	return scan_line(&scan, line, fields) &&
	       fields[TYPE].kind == JSON_STRING && !fields[TYPE].escaped &&
	       !json_is(&fields[TYPE], STR("playlist"));
}
