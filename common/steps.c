/*
 * steps: the paths of a walk make a tree of nodes; a stack holds the node of
 * every open object or array.  What no path leads into costs nothing but that.
 */
#include <stdlib.h>
#include <string.h>

#include "steps.h"
#include "text.h"

enum { NOWHERE = STEPS_NOWHERE, ROOT = 0, NO_ID = -1 };

/* The name of every element of an array: no text, so that no key is like it. */
#define ELEMENT STR("\xff")

struct steps_node {
	struct str name; /* a key, or ELEMENT */
	int id, child, sibling;
};

static int
find_child(const struct steps *s, int parent, struct str name)
{
	int i = parent == NOWHERE ? NOWHERE : s->nodes[parent].child;
	const struct steps_node *node;

	for (; i != NOWHERE; i = node->sibling) {
		node = &s->nodes[i];
		if (node->name.len == name.len &&
		    memcmp(node->name.ptr, name.ptr, name.len) == 0)
			break;
	}
	return i;
}

static int
add_child(struct steps *s, int parent, struct str name)
{
	int i = find_child(s, parent, name);

	if (i != NOWHERE)
		return i;
	s->nodes =
	    xreallocarray(s->nodes, (size_t)s->nnodes + 1, sizeof(*s->nodes));
	i = s->nnodes++;
	s->nodes[i] = (struct steps_node){
	    name, NO_ID, NOWHERE, parent == NOWHERE ? NOWHERE : ROOT};
	if (parent != NOWHERE) {
		s->nodes[i].sibling = s->nodes[parent].child;
		s->nodes[parent].child = i;
	}
	return i;
}

/* Add the rest of a path below a node, once for each key that will do. */
static void
add_path(struct steps *s, int parent, const char *path, int id)
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
		    s, parent, *name == '[' ? ELEMENT : (struct str){name, n});
		if (*rest == '\0')
			s->nodes[child].id = id;
		else
			add_path(s, child, rest + (*rest == '.'), id);
	}
}

void
steps_open(struct steps *s)
{
	(void)add_child(s, NOWHERE, STR(""));
}

void
steps_add(struct steps *s, const char *path, int id)
{
	add_path(s, ROOT, path, id);
}

void
steps_free(struct steps *s)
{
	free(s->nodes);
	buf_free(&s->text);
}

void
steps_start(struct steps *s, walk_visit *visit, void *context, size_t told)
{
	s->visit = visit;
	s->context = context;
	s->told = 0;
	s->untold = told;
	s->depth = 0;
	s->next = NOWHERE;
	s->key = NULL;
	s->levels[0] = (struct steps_level){.node = NOWHERE};
	s->done = s->stopped = false;
	s->why = NULL;
}

bool
steps_key_matters(const struct steps *s)
{
	return s->levels[s->depth].node != NOWHERE;
}

bool
steps_value_matters(const struct steps *s)
{
	return s->next != NOWHERE;
}

/* Tell of a value, unless that has been done. */
static bool
tell(struct steps *s, int node, struct walk_event event)
{
	if (node == NOWHERE || s->nodes[node].id == NO_ID)
		return true;
	s->told++;
	if (s->told <= s->untold)
		return true;
	event.id = s->nodes[node].id;
	s->stopped = !s->visit(s->context, &event);
	return !s->stopped;
}

/* A value of the document itself must be the one object that it is. */
static bool
may_stand(struct steps *s, enum json_kind kind)
{
	if (s->depth > 0 || (!s->done && kind == JSON_OBJECT))
		return true;
	s->why = s->done ? "a second value" : "no object";
	return false;
}

/* A value has ended: what comes next in the object or array around it? */
static void
await_next(struct steps *s)
{
	const struct steps_level *around = &s->levels[s->depth];

	s->key = NULL;
	s->next =
	    around->array ? find_child(s, around->node, ELEMENT) : NOWHERE;
}

void
steps_key(struct steps *s, const char *start, struct str text)
{
	s->key = start;
	s->next = find_child(s, s->levels[s->depth].node, text);
}

bool
steps_scalar(struct steps *s, enum json_kind kind, struct str raw, bool escaped)
{
	struct walk_event event = {.kind = kind, .key = s->key, .raw = raw};
	int node = s->next;

	if (!may_stand(s, kind))
		return false;
	if (node != NOWHERE && kind == JSON_STRING) {
		event.text = (struct str){raw.ptr + 1, raw.len - 2};
		if (escaped) {
			s->text.len = 0;
			text_decode(&s->text, event.text);
			event.text = buf_str(&s->text);
		}
	}
	await_next(s);
	return tell(s, node, event);
}

bool
steps_begin(struct steps *s, enum json_kind kind, const char *start)
{
	int node = s->depth == 0 ? ROOT : s->next;
	const char *key = s->key;

	if (!may_stand(s, kind))
		return false;
	if (s->depth == WALK_DEPTH) {
		s->why = "nested too deep";
		return false;
	}
	s->levels[++s->depth] =
	    (struct steps_level){node, start, key, kind == JSON_ARRAY};
	await_next(s);
	return tell(s, node,
	    (struct walk_event){.kind = kind, .begins = true, .key = key});
}

bool
steps_end(struct steps *s, enum json_kind kind, const char *end)
{
	struct steps_level level = s->levels[s->depth--];

	s->done = s->depth == 0;
	await_next(s);
	return tell(s, level.node,
	    (struct walk_event){.kind = kind,
	        .key = level.key,
	        .raw = {level.start, (size_t)(end - level.start)}});
}
