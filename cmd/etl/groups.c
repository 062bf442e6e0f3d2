/*
 * groups: items by day and list of countries.
 *
 * Spreading goes day by day, over sums of that day alone, which stay in the
 * processor's cache.  A list of nearly all countries costs only the few that it
 * lacks: its sums are added to all, and taken away from those again.  Integers
 * allow that.
 */
#include <stdlib.h>
#include <string.h>

#include "groups.h"

enum {
	ITEMS = 1 << 16, /* how many wait */
	FEW = 16,        /* so few countries are not worth sums of their own */
	LISTS = 1 << 13,
	LIST_SLOTS = LISTS * 2,
	TEXT_BYTES = 4 * 1024 * 1024,
	RADIX = 1 << 16
};

struct list {
	uint64_t hash;
	size_t start, len; /* in text */
	struct countries countries;
	int ncountries;
};

struct waiting {
	struct sums_item item;
	uint32_t list;
	int32_t day;
};

struct groups {
	struct days *days;
	struct list lists[LISTS];
	uint16_t slots[LIST_SLOTS]; /* positions + 1; 0 is free */
	size_t nlists;
	struct buf text;
	struct countries all; /* those of any list */
	int nall;
	struct waiting items[ITEMS];
	size_t n;
	uint32_t order[2][ITEMS], counts[RADIX]; /* for sorting */
	struct sums day[COUNTRIES];              /* of the day being spread */
	struct countries touched;                /* those of day in use */
};

struct groups *
groups_open(struct days *days)
{
	struct groups *g = xcalloc(1, sizeof(*g));

	g->days = days;
	return g;
}

void
groups_free(struct groups *g)
{
	if (g == NULL)
		return;
	buf_free(&g->text);
	free(g);
}

static uint64_t
hash(struct str s)
{
	uint64_t h = s.len, word = 0;
	size_t i = 0;

	for (; i + sizeof(word) <= s.len; i += sizeof(word)) {
		memcpy(&word, s.ptr + i, sizeof(word));
		h = (h ^ word) * 0x9e3779b97f4a7c15U;
		h ^= h >> 32;
	}
	for (word = 0; i < s.len; i++)
		word = word << 8 | (unsigned char)s.ptr[i];
	h = (h ^ word) * 0x9e3779b97f4a7c15U;
	return h ^ h >> 32;
}

/* Make a list at a free slot; false if it is malformed. */
static bool
add_list(struct groups *g, struct str text, uint64_t h, uint16_t *slot)
{
	struct list *list = &g->lists[g->nlists];

	if (!countries_parse(text, &list->countries))
		return false;
	list->ncountries = countries_count(&list->countries);
	list->hash = h;
	list->start = g->text.len;
	list->len = text.len;
	buf_append(&g->text, text);
	countries_join(&g->all, &list->countries);
	*slot = (uint16_t)++g->nlists;
	return true;
}

static bool
find_list(struct groups *g, struct str text, uint32_t *found)
{
	uint64_t h = hash(text);
	const struct list *list;
	size_t i;

	for (i = h % LIST_SLOTS; g->slots[i] != 0; i = (i + 1) % LIST_SLOTS) {
		list = &g->lists[g->slots[i] - 1];
		if (list->hash == h && list->len == text.len &&
		    memcmp(g->text.ptr + list->start, text.ptr, text.len) ==
		        0) {
			*found = g->slots[i] - 1U;
			return true;
		}
	}
	*found = (uint32_t)g->nlists;
	return add_list(g, text, h, &g->slots[i]);
}

static void
forget_lists(struct groups *g)
{
	memset(g->slots, 0, sizeof(g->slots));
	g->nlists = g->text.len = 0;
	g->all = (struct countries){0};
}

bool
groups_add(struct groups *g, struct str text, int32_t day,
    const struct sums_item *item)
{
	uint32_t list;

	if (g->nlists == LISTS || g->text.len + text.len > TEXT_BYTES) {
		groups_spread(g);
		forget_lists(g);
	}
	if (!find_list(g, text, &list))
		return false;
	if (g->n == ITEMS)
		groups_spread(g);
	g->items[g->n++] = (struct waiting){*item, list, day};
	return true;
}

/* Sixteen bits of what the items are ordered by: day, then list. */
static uint32_t
digit(const struct waiting *w, int pass)
{
	uint32_t day = (uint32_t)w->day ^ 0x80000000U;

	return pass == 0 ? w->list : pass == 1 ? day % RADIX : day / RADIX;
}

/* The positions of the items by day and list: a radix sort. */
static const uint32_t *
sort(struct groups *g)
{
	uint32_t *from = g->order[0], *to = g->order[1], *swap, sum, count;

	for (size_t i = 0; i < g->n; i++)
		from[i] = (uint32_t)i;
	for (int pass = 0; pass < 3; pass++) {
		memset(g->counts, 0, sizeof(g->counts));
		for (size_t i = 0; i < g->n; i++)
			g->counts[digit(&g->items[i], pass)]++;
		sum = 0;
		for (size_t i = 0; i < RADIX; i++) {
			count = g->counts[i];
			g->counts[i] = sum;
			sum += count;
		}
		for (size_t i = 0; i < g->n; i++)
			to[g->counts[digit(&g->items[from[i]], pass)]++] =
			    from[i];
		swap = from;
		from = to;
		to = swap;
	}
	return from;
}

/* Add sums, times sign, to those of each country of a set. */
static void
add_to(struct groups *g, const struct countries *set, const struct sums *sums,
    int sign)
{
	countries_join(&g->touched, set);
	for (int c = countries_next(set, 0); c != -1;
	     c = countries_next(set, c + 1))
		sums_shift(&g->day[c], sums, sign);
}

/* Add an item to each country of a set. */
static void
add_item_to(
    struct groups *g, const struct countries *set, const struct sums_item *item)
{
	countries_join(&g->touched, set);
	for (int c = countries_next(set, 0); c != -1;
	     c = countries_next(set, c + 1))
		sums_add_item(&g->day[c], item);
}

/* Add up n items of one list and day, and spread them; or add them to most. */
static void
spread_list(
    struct groups *g, const uint32_t *order, size_t n, struct sums *most)
{
	const struct waiting *first = &g->items[order[0]];
	const struct list *list = &g->lists[first->list];
	struct sums sums = {0};
	struct countries lacking;

	if (n == 1 && list->ncountries <= FEW) {
		add_item_to(g, &list->countries, &first->item);
		return;
	}
	for (size_t i = 0; i < n; i++)
		sums_add_item(&sums, &g->items[order[i]].item);
	if (list->ncountries > g->nall / 2) {
		lacking = countries_minus(&g->all, &list->countries);
		sums_add(most, &sums);
		add_to(g, &lacking, &sums, -1);
	} else
		add_to(g, &list->countries, &sums, 1);
}

/* Hand over the sums of a day, and clear them. */
static void
finish_day(struct groups *g, int32_t day)
{
	struct countries some = {0};

	/* A list of most countries may have left nothing to those it lacks. */
	for (int c = countries_next(&g->touched, 0); c != -1;
	     c = countries_next(&g->touched, c + 1))
		if (g->day[c].n > 0)
			countries_add(&some, c);
	days_add_all(g->days, day, &some, g->day);
	for (int c = countries_next(&g->touched, 0); c != -1;
	     c = countries_next(&g->touched, c + 1))
		g->day[c] = (struct sums){0};
	g->touched = (struct countries){0};
}

void
groups_spread(struct groups *g)
{
	const uint32_t *order = sort(g);
	const struct waiting *w = g->items;
	struct sums most = {0};
	size_t i, from;
	int32_t day;

	g->nall = countries_count(&g->all);
	for (from = 0; from < g->n; from = i) {
		day = w[order[from]].day;
		for (i = from; i < g->n && w[order[i]].day == day &&
		               w[order[i]].list == w[order[from]].list;
		     i++)
			;
		spread_list(g, order + from, i - from, &most);
		if (i < g->n && w[order[i]].day == day)
			continue;
		if (most.n > 0)
			add_to(g, &g->all, &most, 1);
		most = (struct sums){0};
		finish_day(g, day);
	}
	g->n = 0;
}
