/*
 * walk.h: the values at chosen places of a JSON document, as they go by.
 *
 * A place is a path such as "tracks|items.items[].track.id": keys joined by
 * dots, [] for every element of an array, | between keys that will do.  The
 * document must be a single JSON object, in UTF-8, no deeper than WALK_DEPTH;
 * each value of a path is told when it has been read, an object or an array
 * when it begins and when it ends.
 */
#ifndef WALK_H
#define WALK_H

#include <stdbool.h>
#include <stddef.h>

#include "buf.h"

enum { WALK_DEPTH = 64 };

enum json_kind {
	JSON_ABSENT,
	JSON_NULL,
	JSON_FALSE,
	JSON_TRUE,
	JSON_NUMBER,
	JSON_STRING,
	JSON_ARRAY,
	JSON_OBJECT
};

struct walk_path {
	const char *path;
	int id; /* told with each value of the path */
};

struct walk_event {
	int id;
	enum json_kind kind;
	bool begins;     /* an object or array begins; raw is still empty */
	const char *key; /* where the member's key begins, or NULL */
	struct str raw;  /* the value as it stands, a string with its quotes */
	struct str text; /* of a string, without quotes and escapes */
};

/* Told of each value; borrowed until it returns.  False stops the walk. */
typedef bool walk_visit(void *context, const struct walk_event *event);

struct walk;

/* A walker over n paths, to be used for any number of documents. */
struct walk *walk_open(const struct walk_path *paths, size_t n);
void walk_free(struct walk *walk);

/*
 * Walk one document.  False if it is malformed or visit returned false;
 * walk_error() tells why, unless visit stopped it.
 */
bool walk_document(
    struct walk *walk, struct str document, walk_visit *visit, void *context);

/*
 * The same of a line that lines_next() gave, or of one with its newline and
 * LINES_SLACK readable bytes behind it; faster.
 */
bool walk_line(
    struct walk *walk, struct str line, walk_visit *visit, void *context);

/* What was wrong, and at which byte; valid until the next walk. */
const char *walk_error(const struct walk *walk);

#endif
