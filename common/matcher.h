/*
 * matcher.h: a walk's tree of paths, and where in it the walk is.
 *
 * For the two that read a document and say what they find: yajl in walk.c, and
 * fastwalk.c.  A step is false if the walk is over: stopped by visit, or why
 * says what is wrong.
 */
#ifndef MATCHER_H
#define MATCHER_H

#include "walk.h"

enum { MATCHER_NOWHERE = -1 };

struct matcher_level {
	int node;
	const char *start; /* where the object or array begins */
	const char *key;   /* the key it is the value of */
	bool array;
};

struct matcher {
	struct matcher_node *nodes;
	int nnodes;
	struct matcher_level levels[WALK_DEPTH + 1];
	int depth;
	int next;        /* the node of the value awaited */
	const char *key; /* the key of the value awaited */
	struct buf text; /* of a string with escapes */
	bool done;       /* the document's object has ended */
	walk_visit *visit;
	void *context;
	size_t told, untold; /* values told; those to be passed over yet */
	bool stopped;        /* by visit */
	const char *why;
};

/* An empty tree, then its paths. */
void matcher_open(struct matcher *matcher);
void matcher_add(struct matcher *matcher, const char *path, int id);
void matcher_free(struct matcher *matcher);

/* Begin a document; what has been told of it already is not told again. */
void matcher_start(
    struct matcher *matcher, walk_visit *visit, void *context, size_t told);

/* Is anything to be told of the keys of the object, of the value awaited? */
bool matcher_key_matters(const struct matcher *matcher);
bool matcher_value_matters(const struct matcher *matcher);

/* A key that begins there, with its text; a value; where one begins or ends. */
void matcher_key(struct matcher *matcher, const char *start, struct str text);
bool matcher_scalar(
    struct matcher *matcher, enum json_kind kind, struct str raw, bool escaped);
bool matcher_begin(
    struct matcher *matcher, enum json_kind kind, const char *start);
bool matcher_end(struct matcher *matcher, enum json_kind kind, const char *end);

#endif
