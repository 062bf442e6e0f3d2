/*
 * walk: chosen paths of a JSON document, by yajl, in one pass.
 *
 * The paths make a tree of nodes; a stack holds the node of every open object
 * or array.  What no path leads into is still checked by yajl, and otherwise
 * costs nothing but a counter.
 */
#include <err.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <yajl/yajl_parse.h>

#include "exit.h"
#include "text.h"
#include "utf8.h"
#include "walk.h"

enum { NOWHERE = -1, ROOT = 0, NO_ID = -1 };

/* The name of every element of an array: no text, so that no key is like it. */
#define ELEMENT STR("\xff")

struct node {
	struct str name; /* a key, or ELEMENT */
	int id, child, sibling;
};

struct level {
	int node;
	size_t start;    /* where the object or array begins */
	const char *key; /* the key it is the value of */
	bool array;
};

struct walk {
	yajl_handle yajl;
	struct node *nodes;
	int nnodes;
	struct level levels[WALK_DEPTH + 1];
	int depth;
	int next;        /* the node of the value awaited */
	const char *key; /* the key of the value awaited */
	struct buf text; /* of a string with escapes */
	size_t read;     /* bytes consumed by the last token */
	bool done;       /* the document's object has ended */
	struct str document;
	walk_visit *visit;
	void *context;
	bool stopped; /* by visit */
	char error[256];
};

static int
find_child(const struct walk *w, int parent, struct str name)
{
	int i = parent == NOWHERE ? NOWHERE : w->nodes[parent].child;
	const struct node *node;

	for (; i != NOWHERE; i = node->sibling) {
		node = &w->nodes[i];
		if (node->name.len == name.len &&
		    memcmp(node->name.ptr, name.ptr, name.len) == 0)
			break;
	}
	return i;
}

static int
add_child(struct walk *w, int parent, struct str name)
{
	int i = find_child(w, parent, name);

	if (i != NOWHERE)
		return i;
	w->nodes =
	    xreallocarray(w->nodes, (size_t)w->nnodes + 1, sizeof(*w->nodes));
	i = w->nnodes++;
	w->nodes[i] = (struct node){
	    name, NO_ID, NOWHERE, parent == NOWHERE ? NOWHERE : ROOT};
	if (parent != NOWHERE) {
		w->nodes[i].sibling = w->nodes[parent].child;
		w->nodes[parent].child = i;
	}
	return i;
}

/* Add the rest of a path below a node, once for each key that will do. */
static void
add_path(struct walk *w, int parent, const char *path, int id)
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
		    w, parent, *name == '[' ? ELEMENT : (struct str){name, n});
		if (*rest == '\0')
			w->nodes[child].id = id;
		else
			add_path(w, child, rest + (*rest == '.'), id);
	}
}

/* Refuse the document, with the byte where. */
static int
refuse(struct walk *w, const char *why)
{
	(void)snprintf(w->error, sizeof(w->error), "%s at byte %zu", why,
	    yajl_get_bytes_consumed(w->yajl));
	return 0;
}

static bool
is_space(char c)
{
	return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

/* Where the token that ends at the bytes consumed begins. */
static size_t
token_start(const struct walk *w)
{
	const char *p = w->document.ptr + w->read;

	while (is_space(*p) || *p == ',' || *p == ':')
		p++;
	return (size_t)(p - w->document.ptr);
}

static int
tell(struct walk *w, int node, struct walk_event event)
{
	if (node == NOWHERE || w->nodes[node].id == NO_ID)
		return 1;
	event.id = w->nodes[node].id;
	if (w->visit(w->context, &event))
		return 1;
	w->stopped = true;
	return 0;
}

/* A value of the document itself must be the one object that it is. */
static bool
misplaced(const struct walk *w, enum json_kind kind)
{
	return w->depth == 0 && (w->done || kind != JSON_OBJECT);
}

/* A value has ended: what comes next in the object or array around it? */
static void
await_next(struct walk *w)
{
	const struct level *around = &w->levels[w->depth];

	w->key = NULL;
	w->read = yajl_get_bytes_consumed(w->yajl);
	w->next =
	    around->array ? find_child(w, around->node, ELEMENT) : NOWHERE;
}

static int
scalar(struct walk *w, enum json_kind kind, struct str text)
{
	size_t end = yajl_get_bytes_consumed(w->yajl), start;
	struct walk_event event = {.kind = kind, .key = w->key, .text = text};
	int ok = 1;

	if (misplaced(w, kind))
		return refuse(w, w->done ? "a second value" : "no object");
	if (w->next != NOWHERE) {
		start = token_start(w);
		event.raw = (struct str){w->document.ptr + start, end - start};
		if (kind == JSON_STRING && event.raw.len != text.len + 2) {
			w->text.len = 0;
			text_decode(&w->text,
			    (struct str){event.raw.ptr + 1, event.raw.len - 2});
			event.text = buf_str(&w->text);
		}
		ok = tell(w, w->next, event);
	}
	await_next(w);
	return ok;
}

static int
begin(struct walk *w, enum json_kind kind)
{
	int node = w->next;
	struct level *level;

	if (misplaced(w, kind))
		return refuse(w, w->done ? "a second value" : "no object");
	if (w->depth == WALK_DEPTH)
		return refuse(w, "nested too deep");
	if (w->depth == 0)
		node = ROOT;
	level = &w->levels[++w->depth];
	*level = (struct level){node, yajl_get_bytes_consumed(w->yajl) - 1,
	    w->key, kind == JSON_ARRAY};
	await_next(w);
	return tell(w, node,
	    (struct walk_event){
	        .kind = kind, .begins = true, .key = level->key});
}

static int
end(struct walk *w, enum json_kind kind)
{
	struct level level = w->levels[w->depth--];
	size_t consumed = yajl_get_bytes_consumed(w->yajl);

	w->done = w->depth == 0;
	await_next(w);
	return tell(w, level.node,
	    (struct walk_event){.kind = kind,
	        .key = level.key,
	        .raw = {
	            w->document.ptr + level.start, consumed - level.start}});
}

static int
on_null(void *w)
{
	return scalar(w, JSON_NULL, (struct str){0});
}

static int
on_boolean(void *w, int value)
{
	return scalar(w, value ? JSON_TRUE : JSON_FALSE, (struct str){0});
}

static int
on_number(void *w, const char *text, size_t len)
{
	return scalar(w, JSON_NUMBER, (struct str){text, len});
}

static int
on_string(void *w, const unsigned char *text, size_t len)
{
	return scalar(w, JSON_STRING, (struct str){(const char *)text, len});
}

static int
on_key(void *context, const unsigned char *text, size_t len)
{
	struct walk *w = context;
	int node = w->levels[w->depth].node;

	w->key = NULL;
	w->next = NOWHERE;
	if (node != NOWHERE) {
		w->key = w->document.ptr + token_start(w);
		w->next =
		    find_child(w, node, (struct str){(const char *)text, len});
	}
	w->read = yajl_get_bytes_consumed(w->yajl);
	return 1;
}

static int
on_object(void *w)
{
	return begin(w, JSON_OBJECT);
}

static int
on_object_end(void *w)
{
	return end(w, JSON_OBJECT);
}

static int
on_array(void *w)
{
	return begin(w, JSON_ARRAY);
}

static int
on_array_end(void *w)
{
	return end(w, JSON_ARRAY);
}

/* A handle that failed stays failed (lloyd/yajl#61): make another. */
static void
renew(struct walk *w)
{
	static const yajl_callbacks callbacks = {on_null, on_boolean, NULL,
	    NULL, on_number, on_string, on_object, on_key, on_object_end,
	    on_array, on_array_end};

	if (w->yajl != NULL)
		yajl_free(w->yajl);
	w->yajl = yajl_alloc(&callbacks, NULL, w);
	if (w->yajl == NULL ||
	    !yajl_config(w->yajl, yajl_allow_multiple_values, 1) ||
	    !yajl_config(w->yajl, yajl_dont_validate_strings, 1))
		errx(EXIT_SERVICE, "yajl: no parser");
}

struct walk *
walk_open(const struct walk_path *paths, size_t n)
{
	struct walk *w = xcalloc(1, sizeof(*w));

	(void)add_child(w, NOWHERE, STR(""));
	for (size_t i = 0; i < n; i++)
		add_path(w, ROOT, paths[i].path, paths[i].id);
	renew(w);
	return w;
}

void
walk_free(struct walk *w)
{
	if (w == NULL)
		return;
	yajl_free(w->yajl);
	free(w->nodes);
	buf_free(&w->text);
	free(w);
}

/* Keep yajl's own words, on one line, unless there are better ones. */
static void
keep_error(struct walk *w)
{
	unsigned char *message;

	if (w->error[0] == '\0' && !w->stopped) {
		message = yajl_get_error(w->yajl, 0, NULL, 0);
		(void)refuse(w, (const char *)message);
		yajl_free_error(w->yajl, message);
		for (char *p = w->error; (p = strchr(p, '\n')) != NULL;)
			*p = ' ';
	}
	renew(w);
}

/* Is there only white space behind the document's object? */
static bool
blank(const struct walk *w)
{
	size_t i = w->read;

	/* A token begun there would stay in yajl for the next document. */
	while (i < w->document.len && is_space(w->document.ptr[i]))
		i++;
	return i == w->document.len;
}

/* Refuse it for what yajl does not look at. */
static bool
fail(struct walk *w, const char *why)
{
	(void)snprintf(w->error, sizeof(w->error), "%s", why);
	return false;
}

bool
walk_document(
    struct walk *w, struct str document, walk_visit *visit, void *context)
{
	w->document = document;
	w->visit = visit;
	w->context = context;
	w->depth = 0;
	w->read = 0;
	w->next = NOWHERE;
	w->levels[0] = (struct level){.node = NOWHERE};
	w->done = w->stopped = false;
	w->error[0] = '\0';
	if (!utf8_valid(document))
		return fail(w, "not UTF-8");
	/* yajl takes these for white space; in a string it refuses them. */
	if (document.len > 0 &&
	    (memchr(document.ptr, '\v', document.len) != NULL ||
	        memchr(document.ptr, '\f', document.len) != NULL))
		return fail(w, "a vertical tab or form feed");
	if (yajl_parse(w->yajl, (const unsigned char *)document.ptr,
	        document.len) != yajl_status_ok) {
		keep_error(w);
		return false;
	}
	if (!w->done || !blank(w)) {
		renew(w);
		return fail(w, w->done        ? "a second value"
		               : w->depth > 0 ? "cut short"
		                              : "no object");
	}
	return true;
}

const char *
walk_error(const struct walk *w)
{
	return w->error;
}
