/*
 * matcher: the paths of a walk make a tree of nodes; a stack holds the node of
 * every open object or array.  What no path leads into costs nothing but that.
 */
#include <stdlib.h>
#include <string.h>

#include "matcher.h"
#include "text.h"

enum { NOWHERE = MATCHER_NOWHERE, ROOT = 0, NO_ID = -1 };

/* The name of every element of an array: no text, so that no key is like it. */
#define ELEMENT STR("\xff")

struct matcher_node {
	struct str name; /* a key, or ELEMENT */
	int id, child, sibling;
};

static int
find_child(const struct matcher *m, int parent, struct str name)
{
	int i = parent == NOWHERE ? NOWHERE : m->nodes[parent].child;
	const struct matcher_node *node;

	for (; i != NOWHERE; i = node->sibling) {
		node = &m->nodes[i];
		if (node->name.len == name.len &&
		    memcmp(node->name.ptr, name.ptr, name.len) == 0)
			break;
	}
	return i;
}

static int
add_child(struct matcher *m, int parent, struct str name)
{
	int i = find_child(m, parent, name);

	if (i != NOWHERE)
		return i;
	m->nodes =
	    xreallocarray(m->nodes, (size_t)m->nnodes + 1, sizeof(*m->nodes));
	i = m->nnodes++;
	m->nodes[i] = (struct matcher_node){
	    name, NO_ID, NOWHERE, parent == NOWHERE ? NOWHERE : ROOT};
	if (parent != NOWHERE) {
		m->nodes[i].sibling = m->nodes[parent].child;
		m->nodes[parent].child = i;
	}
	return i;
}

/* Add the rest of a path below a node, once for each key that will do. */
static void
add_path(struct matcher *m, int parent, const char *path, int id)
{
	size_t len = strcspn(path, ".["), n;
	const char *rest = path + len, *name = path;
	int child;

	if (len == 0 && *path == '[') {
		len = 2;
		rest = path + 2;
	}
	for (; name < path + len; name += n + (name[n] == '|')) {
		n = *name == '[' ? 2 : strcspn(name, "|.[");
		child = add_child(
		    m, parent, *name == '[' ? ELEMENT : (struct str){name, n});
		if (*rest == '\0')
			m->nodes[child].id = id;
		else
			add_path(m, child, rest + (*rest == '.'), id);
	}
}

void
matcher_open(struct matcher *m)
{
	(void)add_child(m, NOWHERE, STR(""));
}

void
matcher_add(struct matcher *m, const char *path, int id)
{
	add_path(m, ROOT, path, id);
}

void
matcher_free(struct matcher *m)
{
	free(m->nodes);
	buf_free(&m->text);
}

void
matcher_start(struct matcher *m, walk_visit *visit, void *context, size_t told)
{
	m->visit = visit;
	m->context = context;
	m->told = 0;
	m->untold = told;
	m->depth = 0;
	m->next = NOWHERE;
	m->key = NULL;
	m->levels[0] = (struct matcher_level){.node = NOWHERE};
	m->done = m->stopped = false;
	m->why = NULL;
}

bool
matcher_key_matters(const struct matcher *m)
{
	return m->levels[m->depth].node != NOWHERE;
}

bool
matcher_value_matters(const struct matcher *m)
{
	return m->next != NOWHERE;
}

/* Tell of a value, unless that has been done. */
static bool
tell(struct matcher *m, int node, struct walk_event event)
{
	if (node == NOWHERE || m->nodes[node].id == NO_ID)
		return true;
	m->told++;
	if (m->told <= m->untold)
		return true;
	event.id = m->nodes[node].id;
	m->stopped = !m->visit(m->context, &event);
	return !m->stopped;
}

/* A value of the document itself must be the one object that it is. */
static bool
may_stand(struct matcher *m, enum json_kind kind)
{
	if (m->depth > 0 || (!m->done && kind == JSON_OBJECT))
		return true;
	m->why = m->done ? "a second value" : "no object";
	return false;
}

/* A value has ended: what comes next in the object or array around it? */
static void
await_next(struct matcher *m)
{
	const struct matcher_level *around = &m->levels[m->depth];

	m->key = NULL;
	m->next =
	    around->array ? find_child(m, around->node, ELEMENT) : NOWHERE;
}

void
matcher_key(struct matcher *m, const char *start, struct str text)
{
	m->key = start;
	m->next = find_child(m, m->levels[m->depth].node, text);
}

bool
matcher_scalar(
    struct matcher *m, enum json_kind kind, struct str raw, bool escaped)
{
	struct walk_event event = {.kind = kind, .key = m->key, .raw = raw};
	int node = m->next;

	if (!may_stand(m, kind))
		return false;
	if (node != NOWHERE && kind == JSON_STRING) {
		event.text = (struct str){raw.ptr + 1, raw.len - 2};
		if (escaped) {
			m->text.len = 0;
			text_decode(&m->text, event.text);
			event.text = buf_str(&m->text);
		}
	}
	await_next(m);
	return tell(m, node, event);
}

bool
matcher_begin(struct matcher *m, enum json_kind kind, const char *start)
{
	int node = m->depth == 0 ? ROOT : m->next;
	const char *key = m->key;

	if (!may_stand(m, kind))
		return false;
	if (m->depth == WALK_DEPTH) {
		m->why = "nested too deep";
		return false;
	}
	m->levels[++m->depth] =
	    (struct matcher_level){node, start, key, kind == JSON_ARRAY};
	await_next(m);
	return tell(m, node,
	    (struct walk_event){.kind = kind, .begins = true, .key = key});
}

bool
matcher_end(struct matcher *m, enum json_kind kind, const char *end)
{
	struct matcher_level level = m->levels[m->depth--];

	m->done = m->depth == 0;
	await_next(m);
	return tell(m, level.node,
	    (struct walk_event){.kind = kind,
	        .key = level.key,
	        .raw = {level.start, (size_t)(end - level.start)}});
}
