/*
 * steps.h: a walk's tree of paths, and where in it the walk is.
 *
 * For the two that read a document and say what they find: yajl in walk.c, and
 * stroll.c.  A step is false if the walk is over: stopped by visit, or why says
 * what is wrong.
 */
#ifndef STEPS_H
#define STEPS_H

#include "walk.h"

enum { STEPS_NOWHERE = -1 };

struct steps_level {
	int node;
	const char *start; /* where the object or array begins */
	const char *key;   /* the key it is the value of */
	bool array;
};

struct steps {
	struct steps_node *nodes;
	int nnodes;
	struct steps_level levels[WALK_DEPTH + 1];
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
void steps_open(struct steps *steps);
void steps_add(struct steps *steps, const char *path, int id);
void steps_free(struct steps *steps);

/* Begin a document; what has been told of it already is not told again. */
void steps_start(
    struct steps *steps, walk_visit *visit, void *context, size_t told);

/* Is anything to be told of the keys of the object, of the value awaited? */
bool steps_key_matters(const struct steps *steps);
bool steps_value_matters(const struct steps *steps);

/* A key that begins there, with its text; a value; where one begins or ends. */
void steps_key(struct steps *steps, const char *start, struct str text);
bool steps_scalar(
    struct steps *steps, enum json_kind kind, struct str raw, bool escaped);
bool steps_begin(struct steps *steps, enum json_kind kind, const char *start);
bool steps_end(struct steps *steps, enum json_kind kind, const char *end);

#endif
