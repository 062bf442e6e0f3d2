/*
 * groups: sums by list of countries and day.
 *
 * Spreading goes day by day.  A list of nearly all countries costs only the few
 * that it lacks: its sums are added to all, and taken away from those again.
 * Integers allow that.
 */
#include <stdlib.h>
#include <string.h>

#include "groups.h"

enum {
	GROUPS = 8192, /* sums held before they are spread */
	GROUP_SLOTS = GROUPS * 2,
	LISTS = 8192,
	LIST_SLOTS = LISTS * 2,
	TEXT_BYTES = 4 * 1024 * 1024
};

struct list {
	uint64_t hash;
	size_t start, len; /* in text */
	struct countries countries;
};

struct group {
	uint32_t list;
	int32_t day;
	struct sums sums;
};

struct groups {
	struct list lists[LISTS];
	struct group groups[GROUPS];
	uint16_t list_slots[LIST_SLOTS]; /* positions + 1; 0 is free */
	uint16_t group_slots[GROUP_SLOTS];
	size_t nlists, ngroups;
	struct buf text;
	struct countries all; /* those of any list */
};

struct groups *
groups_open(void)
{
	return xcalloc(1, sizeof(struct groups));
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

	for (i = h % LIST_SLOTS; g->list_slots[i] != 0;
	     i = (i + 1) % LIST_SLOTS) {
		list = &g->lists[g->list_slots[i] - 1];
		if (list->hash == h && list->len == text.len &&
		    memcmp(g->text.ptr + list->start, text.ptr, text.len) ==
		        0) {
			*found = g->list_slots[i] - 1U;
			return true;
		}
	}
	*found = (uint32_t)g->nlists;
	return add_list(g, text, h, &g->list_slots[i]);
}

static void
forget_lists(struct groups *g)
{
	memset(g->list_slots, 0, sizeof(g->list_slots));
	g->nlists = g->text.len = 0;
	g->all = (struct countries){0};
}

struct sums *
groups_at(struct groups *g, struct str text, int32_t day, struct days *days)
{
	struct group *group;
	uint32_t list;
	size_t i;

	if (g->nlists == LISTS || g->text.len + text.len > TEXT_BYTES) {
		groups_spread(g, days);
		forget_lists(g);
	}
	if (!find_list(g, text, &list))
		return NULL;
	if (g->ngroups == GROUPS)
		groups_spread(g, days);
	i = (list * 0x9e3779b1U + (uint32_t)day * 0x85ebca77U) >> 7;
	for (i %= GROUP_SLOTS; g->group_slots[i] != 0;
	     i = (i + 1) % GROUP_SLOTS) {
		group = &g->groups[g->group_slots[i] - 1];
		if (group->list == list && group->day == day)
			return &group->sums;
	}
	group = &g->groups[g->ngroups++];
	g->group_slots[i] = (uint16_t)g->ngroups;
	*group = (struct group){.list = list, .day = day};
	return &group->sums;
}

/* Add a group's sums, times sign, to those of each country of a set. */
static void
spread(const struct sums *sums, const struct countries *set, int32_t day,
    int sign, struct days *days)
{
	for (int c = countries_next(set, 0); c != -1;
	     c = countries_next(set, c + 1))
		sums_add(days_at(days, c, day), sums, sign);
}

/* Spread the n groups of one day. */
static void
spread_day(const struct groups *g, struct group *const *groups, size_t n,
    struct days *days)
{
	const struct countries *set;
	struct countries lacking;
	struct sums most = {0};
	bool whole;

	for (int pass = 0; pass < 2; pass++) {
		for (size_t i = 0; i < n; i++) {
			set = &g->lists[groups[i]->list].countries;
			lacking = countries_minus(&g->all, set);
			whole =
			    countries_count(&lacking) < countries_count(set);
			if (whole && pass == 0)
				sums_add(&most, &groups[i]->sums, 1);
			else if (whole)
				spread(&groups[i]->sums, &lacking,
				    groups[i]->day, -1, days);
			else if (pass == 0)
				spread(&groups[i]->sums, set, groups[i]->day, 1,
				    days);
		}
		if (pass == 0 && most.n > 0)
			spread(&most, &g->all, groups[0]->day, 1, days);
	}
}

static int
compare(const void *a, const void *b)
{
	const struct group *x = *(struct group *const *)a;
	const struct group *y = *(struct group *const *)b;

	return (x->day > y->day) - (x->day < y->day);
}

void
groups_spread(struct groups *g, struct days *days)
{
	struct group **sorted = xcalloc(g->ngroups + 1, sizeof(*sorted));
	size_t end;

	for (size_t i = 0; i < g->ngroups; i++)
		sorted[i] = &g->groups[i];
	qsort(sorted, g->ngroups, sizeof(*sorted), compare);
	for (size_t i = 0; i < g->ngroups; i = end) {
		for (end = i;
		     end < g->ngroups && sorted[end]->day == sorted[i]->day;
		     end++)
			;
		spread_day(g, sorted + i, end - i, days);
	}
	free(sorted);
	memset(g->group_slots, 0, sizeof(g->group_slots));
	g->ngroups = 0;
}
