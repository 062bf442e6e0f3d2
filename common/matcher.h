/*
 * matcher.h: a walk's tree of paths, and where in it the walk is.
 *
 * For the two that read a document and say what they find: yajl in walk.c, and
 * fastwalk.c.  A step is false if the walk is over: stopped by visit, or why
 * says what is wrong.
 */
#ifndef MATCHER_H
#define MATCHER_H

#include "guess.h"
#include "walk.h"

enum { MATCHER_NO_ID = -1 };

/* A place in a document: one of a path, or a key that was learned. */
struct matcher_node {
	struct str name; /* the key, or a name for the elements of an array */
	int id;          /* what is told of it, or MATCHER_NO_ID */
	struct matcher_node *child, *sibling;
	/* Which key came first in it, and which behind it, last time. */
	struct matcher_node *first, *then;
	struct guess guess; /* its own key, as it stood there */
};

struct matcher_level {
	struct matcher_node *node;      /* NULL: no place of the tree */
	struct matcher_node *element;   /* that of an array's elements */
	struct matcher_node **expected; /* where that of the next key is */
	const char *start;              /* where the object or array begins */
	const char *key;                /* the key it is the value of */
	char closer;                    /* what ends it: } or ] */
};

struct matcher {
	struct matcher_node *root, *nothing;
	unsigned learned;
	struct matcher_level levels[WALK_DEPTH + 1], *level;
	struct matcher_node *next; /* of the value awaited */
	const char *key;           /* the key of the value awaited */
	struct walk_event event;   /* about the value that is told */
	struct buf text;           /* of a string with escapes */
	bool done;                 /* the document's object has ended */
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

static inline bool
matcher_value_matters(const struct matcher *matcher)
{
	return matcher->next != NULL && matcher->next->id != MATCHER_NO_ID;
}

/* A key that begins there, with its text; a value; where one begins or ends. */
void matcher_key(struct matcher *matcher, const char *start, struct str text);
bool matcher_scalar(
    struct matcher *matcher, enum json_kind kind, struct str raw, bool escaped);
bool matcher_begin(struct matcher *matcher, const char *start);
bool matcher_end(struct matcher *matcher, const char *end);

/*
 * Behind the key at p and its colon, if it is the one that stood there when
 * such an object was read before; or NULL.  GUESS_BYTES at p can be read.
 */
static inline const char *
matcher_guess(struct matcher *m, const char *p)
{
	struct matcher_node *node = *m->level->expected;

	if (node == NULL || !guess_fits(&node->guess, p))
		return NULL;
	m->key = p;
	m->next = node;
	m->level->expected = &node->then;
	return p + node->guess.len;
}

/* A key without escapes that was not guessed, and with its colon. */
void matcher_learn(
    struct matcher *matcher, struct str text, struct str with_colon);

#endif
