/*
 * item.h: where in an item its features go.
 */
#ifndef ITEM_H
#define ITEM_H

#include <stdbool.h>

#include "buf.h"

/* A line; a newline and LINES_SLACK readable bytes stand behind its text. */
struct item {
	struct str text;  /* without features_source none, and features null */
	size_t split;     /* features go here; 0: it is to pass as it is */
	struct str track; /* its track_id, if they do */
};

/* A reader of lines. */
struct items;

struct items *items_open(void);
void items_free(struct items *items);

/*
 * Read a line; what is found is borrowed from it, or from the reader until its
 * next line.  False if it has to be refused; items_error() tells why.
 */
bool items_read(struct items *items, struct str line, struct item *item);
const char *items_error(const struct items *items);

#endif
