/*
 * playlists: a hash table of playlists by id.
 */
#include <err.h>
#include <stdlib.h>
#include <string.h>

#include "date.h"
#include "exit.h"
#include "playlists.h"

enum { SLOTS_FIRST = 1 << 10, LIST_FIRST = 1 << 9 };

static uint32_t *
find_slot(const struct playlists *ps, struct str id)
{
	const struct playlist *p;
	uint64_t h = 14695981039346656037U; /* FNV-1a */
	size_t i;

	for (i = 0; i < id.len; i++)
		h = (h ^ (unsigned char)id.ptr[i]) * 1099511628211U;
	for (i = (h ^ h >> 32) & (ps->slots - 1); ps->index[i] != 0;
	     i = (i + 1) & (ps->slots - 1)) {
		p = ps->list[ps->index[i] - 1];
		if (str_equal((struct str){p->id, p->id_len}, id))
			break;
	}
	return &ps->index[i];
}

static void
grow(struct playlists *ps)
{
	const struct playlist *p;

	ps->slots = ps->slots == 0 ? SLOTS_FIRST : ps->slots * 2;
	free(ps->index);
	ps->index = xcalloc(ps->slots, sizeof(*ps->index));
	for (size_t i = 0; i < ps->n; i++) {
		p = ps->list[i];
		*find_slot(ps, (struct str){p->id, p->id_len}) =
		    (uint32_t)i + 1;
	}
}

/* A new playlist, its id in the same allocation. */
static struct playlist *
make(struct str id)
{
	struct playlist *p = xcalloc(1, sizeof(*p) + id.len);
	char *copy = (char *)(p + 1);

	memcpy(copy, id.ptr, id.len);
	p->id = copy;
	p->id_len = (uint32_t)id.len;
	return p;
}

/* The playlist of an id, or NULL; then slot is where to insert it. */
static struct playlist *
find(struct playlists *ps, struct str id, uint32_t **slot)
{
	if (ps->n >= ps->slots / 2)
		grow(ps);
	*slot = find_slot(ps, id);
	return **slot == 0 ? NULL : ps->list[**slot - 1];
}

static void
insert(struct playlists *ps, struct playlist *p, uint32_t *slot)
{
	if (ps->n == UINT32_MAX - 1)
		errx(EXIT_SERVICE, "more than 2^32 playlists");
	if (ps->n == ps->cap) {
		ps->cap = ps->cap == 0 ? LIST_FIRST : ps->cap * 2;
		ps->list =
		    xreallocarray(ps->list, ps->cap, sizeof(struct playlist *));
	}
	ps->list[ps->n++] = p;
	*slot = (uint32_t)ps->n;
}

struct playlist *
playlists_at(struct playlists *ps, struct str id)
{
	struct playlist *p = ps->last;
	uint32_t *slot;

	if (p != NULL && str_equal((struct str){p->id, p->id_len}, id))
		return p;
	if ((p = find(ps, id, &slot)) == NULL)
		insert(ps, p = make(id), slot);
	return ps->last = p;
}

void
playlists_add_items(struct playlist *p, uint64_t items)
{
	if (items > INT64_MAX - p->items)
		errx(EXIT_SERVICE, "more than 2^63 items");
	p->items += items;
}

void
playlists_add_day(struct playlist *p, int32_t day, uint64_t items)
{
	enum { SURE_DAYS = 28 }; /* that a month has, whichever it is */
	int32_t start;

	for (uint32_t i = 0; i < p->nmonths; i++)
		if (day >= p->months[i].start &&
		    day < p->months[i].start + SURE_DAYS) {
			p->months[i].items += items;
			return;
		}
	start = date_month_start(day);
	for (uint32_t i = 0; i < p->nmonths; i++)
		if (p->months[i].start == start) {
			p->months[i].items += items;
			return;
		}
	/* The room doubles at each power of two. */
	if ((p->nmonths & (p->nmonths - 1)) == 0)
		p->months = xreallocarray(p->months,
		    p->nmonths == 0 ? 1 : (size_t)p->nmonths * 2,
		    sizeof(*p->months));
	p->months[p->nmonths++] = (struct playlist_month){start, items};
}

bool
playlists_month(const struct playlist *p, int32_t *start)
{
	uint64_t most = 0;

	for (uint32_t i = 0; i < p->nmonths; i++)
		if (p->months[i].items > most ||
		    (p->months[i].items == most &&
		        p->months[i].start < *start)) {
			most = p->months[i].items;
			*start = p->months[i].start;
		}
	return most > 0;
}

static void
free_playlist(struct playlist *p)
{
	cell_free(&p->cell);
	free(p->months);
	free(p);
}

void
playlists_merge(struct playlists *a, struct playlists *b)
{
	struct playlist *from, *to;
	uint32_t *slot;

	for (size_t i = 0; i < b->n; i++) {
		from = b->list[i];
		to = find(a, (struct str){from->id, from->id_len}, &slot);
		if (to == NULL) {
			insert(a, from, slot);
			continue;
		}
		playlists_add_items(to, from->items);
		cell_add(&to->cell, &from->cell);
		for (uint32_t m = 0; m < from->nmonths; m++)
			playlists_add_day(
			    to, from->months[m].start, from->months[m].items);
		free_playlist(from);
	}
	b->n = 0;
	playlists_free(b);
}

static int
compare(const void *a, const void *b)
{
	const struct playlist *x = *(struct playlist *const *)a;
	const struct playlist *y = *(struct playlist *const *)b;
	size_t len = x->id_len < y->id_len ? x->id_len : y->id_len;
	int order = memcmp(x->id, y->id, len);

	return order != 0 ? order
	                  : (x->id_len > y->id_len) - (x->id_len < y->id_len);
}

static int
compare_months(const void *a, const void *b)
{
	const struct playlist_month *x = a, *y = b;

	return (x->start > y->start) - (x->start < y->start);
}

void
playlists_sort(struct playlists *ps)
{
	for (size_t i = 0; i < ps->n; i++)
		if (ps->list[i]->nmonths > 0)
			qsort(ps->list[i]->months, ps->list[i]->nmonths,
			    sizeof(struct playlist_month), compare_months);
	if (ps->n > 0)
		qsort(ps->list, ps->n, sizeof(struct playlist *), compare);
}

void
playlists_free(struct playlists *ps)
{
	for (size_t i = 0; i < ps->n; i++)
		free_playlist(ps->list[i]);
	free(ps->list);
	free(ps->index);
	*ps = (struct playlists){0};
}
