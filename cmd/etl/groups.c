/*
 * groups: items by day and list of countries.
 *
 * Spreading goes day by day.  A list of nearly all countries costs only the few
 * that it lacks: its sums are added to all, and taken away from those again.
 * Integers allow that.
 */
#include <stdlib.h>
#include <string.h>

#include "groups.h"

enum {
	SLOTS = 256 * 1024, /* of all threads */
	SLOTS_LEAST = 16 * 1024,
	SLOT_BYTES = 48, /* for an item that waits; a wide one takes two */
	AHEAD = 8,       /* of so many items the memory is on its way */
	SLOT_BITS = 18,
	LIST_BITS = 13,
	DAY_BITS = 16,
	LISTS = 1 << LIST_BITS,
	LIST_SLOTS = LISTS * 2,
	TEXT_BYTES = 4 * 1024 * 1024,
	RADIX_BITS = 10,
	RADIX = 1 << RADIX_BITS
};

struct list {
	struct countries countries;
	int ncountries;
};

/* Where to find a list by its text. */
struct entry {
	uint32_t hash;
	uint32_t start, len; /* in text */
	uint32_t list;       /* its position + 1; 0: a free entry */
};

struct groups {
	struct days *days;
	struct list lists[LISTS];
	struct entry index[LIST_SLOTS]; /* a hash table */
	size_t nlists;
	struct buf text;
	struct countries all; /* those of any list */
	int nall;
	size_t n, nslots, max; /* items that wait, their slots, of how many */
	char (*slots)[SLOT_BYTES];
	/* Of each item the day, list and first slot, in so many bits. */
	uint64_t *order[2];
	uint32_t counts[RADIX]; /* for sorting */
	/* Of the day being spread: the sums of lists of most countries, ... */
	struct cell most;
	struct countries lacking;     /* ... the countries that they lack ... */
	struct cell lacks[COUNTRIES]; /* ... and what of most those lack. */
};

struct groups *
groups_open(struct days *days, size_t threads)
{
	struct groups *g = xcalloc(1, sizeof(*g));

	g->days = days;
	g->max = SLOTS / threads > SLOTS_LEAST ? SLOTS / threads : SLOTS_LEAST;
	g->slots = xcalloc(g->max, SLOT_BYTES);
	for (int i = 0; i < 2; i++)
		g->order[i] = xcalloc(g->max + AHEAD, sizeof(*g->order[i]));
	return g;
}

void
groups_free(struct groups *g)
{
	if (g == NULL)
		return;
	buf_free(&g->text);
	free(g->slots);
	free(g->order[0]);
	free(g->order[1]);
	free(g);
}

/* Of four words at a time, whose multiplications do not wait for each other. */
static uint64_t
hash(struct str s)
{
	const uint64_t odd = 0x9e3779b97f4a7c15U;
	uint64_t lanes[4] = {s.len, 1, 2, 3}, words[4] = {0};
	size_t i = 0;

	for (; s.len - i >= sizeof(words); i += sizeof(words)) {
		memcpy(words, s.ptr + i, sizeof(words));
		for (int lane = 0; lane < 4; lane++) {
			lanes[lane] = (lanes[lane] ^ words[lane]) * odd;
			lanes[lane] ^= lanes[lane] >> 32;
		}
	}
	memset(words, 0, sizeof(words));
	memcpy(words, s.ptr + i, s.len - i);
	for (int lane = 0; lane < 4; lane++) {
		lanes[0] = (lanes[0] ^ lanes[lane] ^ words[lane]) * odd;
		lanes[0] ^= lanes[0] >> 32;
	}
	return lanes[0];
}

/* Make a list at a free entry; false if it is malformed. */
static bool
add_list(struct groups *g, struct str text, uint32_t h, struct entry *entry)
{
	struct list *list = &g->lists[g->nlists];

	if (!countries_parse(text, &list->countries))
		return false;
	list->ncountries = countries_count(&list->countries);
	countries_join(&g->all, &list->countries);
	*entry = (struct entry){h, (uint32_t)g->text.len, (uint32_t)text.len,
	    (uint32_t)++g->nlists};
	buf_append(&g->text, text);
	return true;
}

static bool
find_list(struct groups *g, struct str text, uint32_t *found)
{
	const uint32_t h = (uint32_t)hash(text);
	const struct entry *entry;
	size_t i;

	for (i = h % LIST_SLOTS; g->index[i].list != 0;
	     i = (i + 1) % LIST_SLOTS) {
		entry = &g->index[i];
		if (entry->hash == h && entry->len == text.len &&
		    memcmp(g->text.ptr + entry->start, text.ptr, text.len) ==
		        0) {
			*found = entry->list - 1;
			return true;
		}
	}
	*found = (uint32_t)g->nlists;
	return add_list(g, text, h, &g->index[i]);
}

static void
forget_lists(struct groups *g)
{
	memset(g->index, 0, sizeof(g->index));
	g->nlists = g->text.len = 0;
	g->all = (struct countries){0};
}

bool
groups_add(
    struct groups *g, struct str text, int32_t day, const struct item *item)
{
	uint32_t list;

	if (g->nlists == LISTS || g->text.len + text.len > TEXT_BYTES) {
		groups_spread(g);
		forget_lists(g);
	}
	if (!find_list(g, text, &list))
		return false;
	if (g->nslots + 2 > g->max)
		groups_spread(g);
	g->order[0][g->n++] =
	    ((uint64_t)day << LIST_BITS | list) << SLOT_BITS | g->nslots;
	memcpy(g->slots[g->nslots], item, item_size(item));
	g->nslots += item->wide ? 2 : 1;
	return true;
}

static int32_t
day_of(uint64_t order)
{
	return (int32_t)(order >> (LIST_BITS + SLOT_BITS));
}

static const struct list *
list_of(const struct groups *g, uint64_t order)
{
	return &g->lists[order >> SLOT_BITS & (LISTS - 1)];
}

static const struct item *
item_of(const struct groups *g, uint64_t order)
{
	return (const struct item *)g->slots[order & ((1 << SLOT_BITS) - 1)];
}

/* The items by day and list: a radix sort. */
static const uint64_t *
sort(struct groups *g)
{
	uint64_t *from = g->order[0], *to = g->order[1], *swap;
	uint32_t sum, count;

	for (int shift = SLOT_BITS; shift < SLOT_BITS + LIST_BITS + DAY_BITS;
	     shift += RADIX_BITS) {
		memset(g->counts, 0, sizeof(g->counts));
		for (size_t i = 0; i < g->n; i++)
			g->counts[from[i] >> shift & (RADIX - 1)]++;
		sum = 0;
		for (size_t i = 0; i < RADIX; i++) {
			count = g->counts[i];
			g->counts[i] = sum;
			sum += count;
		}
		for (size_t i = 0; i < g->n; i++)
			to[g->counts[from[i] >> shift & (RADIX - 1)]++] =
			    from[i];
		swap = from;
		from = to;
		to = swap;
	}
	return from;
}

/* Add n items, of one list and day, to sums. */
static void
add_up(
    const struct groups *g, const uint64_t *order, size_t n, struct cell *sums)
{
	for (size_t i = 0; i < n; i++) {
		__builtin_prefetch(item_of(g, order[i + AHEAD]));
		__builtin_prefetch(list_of(g, order[i + AHEAD]));
		cell_add_item(sums, item_of(g, order[i]));
	}
}

/* Spread the n items of one list and day; or add them to most. */
static void
spread_list(
    struct groups *g, struct days_row *row, const uint64_t *order, size_t n)
{
	const struct list *list = list_of(g, *order);
	struct countries set = list->countries;
	const bool most = list->ncountries > g->nall / 2;
	struct cell sums = {0};

	add_up(g, order, n, &sums);
	if (most) {
		cell_add(&g->most, &sums);
		set = countries_minus(&g->all, &set);
		countries_join(&g->lacking, &set);
	}
	for (int c = countries_next(&set, 0); c != -1;
	     c = countries_next(&set, c + 1))
		cell_add(
		    most ? &g->lacks[c] : days_cell(g->days, row, c), &sums);
	cell_free(&sums);
}

/* Hand on the sums of most countries, less what they lack. */
static void
spread_most(struct groups *g, struct days_row *row)
{
	struct cell *cell, *lacks;

	for (int c = countries_next(&g->all, 0); c != -1;
	     c = countries_next(&g->all, c + 1)) {
		lacks = &g->lacks[c];
		/* A country may lack all of it. */
		if (cell_items(lacks) < cell_items(&g->most)) {
			cell = days_cell(g->days, row, c);
			cell_add(cell, &g->most);
			if (cell_items(lacks) > 0)
				cell_take(cell, lacks);
		}
	}
	for (int c = countries_next(&g->lacking, 0); c != -1;
	     c = countries_next(&g->lacking, c + 1))
		cell_free(&g->lacks[c]);
	g->lacking = (struct countries){0};
	cell_free(&g->most);
}

/* How many of the n items in order are of the day and list of the first. */
static size_t
count_run(const uint64_t *order, size_t n)
{
	size_t i = 1;

	while (i < n && order[i] >> SLOT_BITS == *order >> SLOT_BITS)
		i++;
	return i;
}

static void
prefetch_list(
    const struct groups *g, const struct days_row *row, uint64_t order)
{
	const struct list *list = list_of(g, order);

	if (list->ncountries > 8)
		return;
	for (int c = countries_next(&list->countries, 0); c != -1;
	     c = countries_next(&list->countries, c + 1))
		days_prefetch(g->days, row, c);
}

/* Spread n items of one day, as many as a cell holds by itself. */
static void
spread_day(struct groups *g, const uint64_t *order, size_t n)
{
	struct days_row *row = days_take(g->days, day_of(*order));
	size_t run;

	for (size_t i = 0; i < n; i += run) {
		run = count_run(order + i, n - i);
		if (i + run < n)
			prefetch_list(g, row, order[i + run]);
		spread_list(g, row, order + i, run);
	}
	if (cell_items(&g->most) > 0)
		spread_most(g, row);
	days_give(g->days, day_of(*order));
}

void
groups_spread(struct groups *g)
{
	const uint64_t *order = sort(g);
	size_t i, from;

	g->nall = countries_count(&g->all);
	for (from = i = 0; i < g->n; from = i) {
		while (i < g->n && i - from < CELL_ITEMS &&
		       day_of(order[i]) == day_of(order[from]))
			i++;
		spread_day(g, order + from, i - from);
	}
	g->n = g->nslots = 0;
}
