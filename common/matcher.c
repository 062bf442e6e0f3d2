/*
 * matcher: the paths of a walk make a tree of nodes; a stack holds the node of
 * every open object or array.  What no path leads into costs little but that.
 *
 * Objects mostly have the keys of the last one like them, in the same order, so
 * each node knows which key stood behind its own.  For that, some keys that no
 * path has get nodes too.
 */
#include <stdlib.h>
#include <string.h>

#include "matcher.h"
#include "text.h"

enum { LEARNED_MAX = 128 };

/* The name of every element of an array: no text, so that no key is like it. */
#define ELEMENT STR("\xff")

static struct matcher_node *
make_node(struct str name)
{
	struct matcher_node *node = xcalloc(1, sizeof(*node));

	node->name = name;
	node->id = MATCHER_NO_ID;
	return node;
}

static struct matcher_node *
find_child(const struct matcher_node *parent, struct str name)
{
	struct matcher_node *node = parent == NULL ? NULL : parent->child;

	while (node != NULL && !str_equal(node->name, name))
		node = node->sibling;
	return node;
}

static struct matcher_node *
add_child(struct matcher_node *parent, struct str name)
{
	struct matcher_node *node = make_node(name);

	node->sibling = parent->child;
	parent->child = node;
	return node;
}

/* Add the rest of a path below a node, once for each key that will do. */
static void
add_path(struct matcher_node *parent, const char *path, int id)
{
	size_t len = strcspn(path, ".["), n;
	const char *rest = path + len, *key = path;
	struct matcher_node *child;
	struct str name;

	if (len == 0 && *path == '[') {
		len = 2;
		rest = path + 2;
	}
	for (; key < path + len; key += n + (key[n] == '|')) {
		n = *key == '[' ? 2 : strcspn(key, "|.[");
		name = *key == '[' ? ELEMENT : (struct str){key, n};
		if ((child = find_child(parent, name)) == NULL)
			child = add_child(parent, name);
		if (*rest == '\0')
			child->id = id;
		else
			add_path(child, rest + (*rest == '.'), id);
	}
}

void
matcher_open(struct matcher *m)
{
	m->root = make_node(STR(""));
}

void
matcher_add(struct matcher *m, const char *path, int id)
{
	add_path(m->root, path, id);
}

static void
free_tree(struct matcher_node *node)
{
	struct matcher_node *child;

	while ((child = node->child) != NULL) {
		node->child = child->sibling;
		free_tree(child);
	}
	free(node);
}

void
matcher_free(struct matcher *m)
{
	free_tree(m->root);
	buf_free(&m->text);
}

void
matcher_start(struct matcher *m, walk_visit *visit, void *context, size_t told)
{
	m->visit = visit;
	m->context = context;
	m->told = 0;
	m->untold = told;
	m->next = m->root;
	m->key = NULL;
	m->level = m->levels;
	*m->level = (struct matcher_level){.expected = &m->nothing};
	m->done = m->stopped = false;
	m->why = NULL;
}

bool
matcher_key_matters(const struct matcher *m)
{
	return m->level->node != NULL;
}

/* Tell of a value at the place node, unless that has been done. */
static bool
tell(struct matcher *m, const struct matcher_node *node)
{
	m->told++;
	if (m->told <= m->untold)
		return true;
	m->event.id = node->id;
	m->stopped = !m->visit(m->context, &m->event);
	return !m->stopped;
}

/* A value of the document itself must be the one object that it is. */
static bool
may_stand(struct matcher *m, enum json_kind kind)
{
	if (m->level > m->levels || (!m->done && kind == JSON_OBJECT))
		return true;
	m->why = m->done ? "a second value" : "no object";
	return false;
}

/* Around the value awaited another object or array begins, or goes on. */
static void
await_next(struct matcher *m)
{
	m->key = NULL;
	m->next = m->level->element;
}

void
matcher_key(struct matcher *m, const char *start, struct str text)
{
	m->key = start;
	m->next = find_child(m->level->node, text);
}

void
matcher_learn(struct matcher *m, struct str text, struct str with_colon)
{
	matcher_key(m, with_colon.ptr, text);
	if (with_colon.len > GUESS_BYTES)
		return;
	if (m->next == NULL && m->learned < LEARNED_MAX) {
		m->next = add_child(m->level->node, text);
		m->next->name.ptr = m->next->guess.text + 1;
		m->learned++;
	}
	if (m->next == NULL)
		return;
	guess_learn(&m->next->guess, with_colon.ptr, with_colon.len);
	*m->level->expected = m->next;
	m->level->expected = &m->next->then;
}

bool
matcher_scalar(
    struct matcher *m, enum json_kind kind, struct str raw, bool escaped)
{
	struct walk_event *event = &m->event;

	if (!may_stand(m, kind))
		return false;
	if (!matcher_value_matters(m))
		return true;
	event->kind = kind;
	event->begins = false;
	event->key = m->key;
	event->raw = raw;
	event->text = (struct str){0};
	if (kind == JSON_STRING) {
		event->text = (struct str){raw.ptr + 1, raw.len - 2};
		if (escaped) {
			m->text.len = 0;
			text_decode(&m->text, event->text);
			event->text = buf_str(&m->text);
		}
	}
	return tell(m, m->next);
}

/* Tell that an object or array at the place node begins, or ends. */
static bool
tell_of(struct matcher *m, const struct matcher_level *level, bool begins,
    struct str raw)
{
	if (level->node == NULL || level->node->id == MATCHER_NO_ID)
		return true;
	m->event = (struct walk_event){
	    .kind = level->closer == ']' ? JSON_ARRAY : JSON_OBJECT,
	    .begins = begins,
	    .key = level->key,
	    .raw = raw};
	return tell(m, level->node);
}

bool
matcher_begin(struct matcher *m, const char *start)
{
	struct matcher_node *node = m->next;
	const bool array = *start == '[';
	struct matcher_level *level;

	if (!may_stand(m, array ? JSON_ARRAY : JSON_OBJECT))
		return false;
	if (m->level == m->levels + WALK_DEPTH) {
		m->why = "nested too deep";
		return false;
	}
	level = ++m->level;
	level->node = node;
	level->closer = array ? ']' : '}';
	level->element = array ? find_child(node, ELEMENT) : NULL;
	level->expected = node != NULL ? &node->first : &m->nothing;
	level->start = start;
	level->key = m->key;
	await_next(m);
	return tell_of(m, level, true, (struct str){0});
}

bool
matcher_end(struct matcher *m, const char *end)
{
	const struct matcher_level *level = m->level--;

	m->done = m->level == m->levels;
	await_next(m);
	return tell_of(m, level, false,
	    (struct str){level->start, (size_t)(end - level->start)});
}
