/*
 * days: a hash table of sums by country and day.
 */
#include <stdlib.h>

#include "days.h"

enum { BLOCK = 256, SLOTS_FIRST = 1 << 10 };

static uint64_t
key_of(int country, int32_t day)
{
	return (uint64_t)country << 32 | (uint32_t)(day ^ INT32_MIN);
}

static uint32_t *
find_slot(const struct days *d, uint64_t key)
{
	size_t i = (size_t)((key * 0x9e3779b97f4a7c15U) >> 32) & (d->slots - 1);

	while (d->index[i] != 0 && d->keys[d->index[i] - 1] != key)
		i = (i + 1) & (d->slots - 1);
	return &d->index[i];
}

static void
grow(struct days *d)
{
	d->slots = d->slots == 0 ? SLOTS_FIRST : d->slots * 2;
	free(d->index);
	d->index = xcalloc(d->slots, sizeof(*d->index));
	for (size_t i = 0; i < d->n; i++)
		*find_slot(d, d->keys[i]) = (uint32_t)i + 1;
}

static struct sums *
sums_of(const struct days *d, size_t i)
{
	return &d->blocks[i / BLOCK][i % BLOCK];
}

struct sums *
days_at(struct days *d, int country, int32_t day)
{
	uint64_t key = key_of(country, day);
	uint32_t *slot;

	if (d->n >= d->slots / 2)
		grow(d);
	slot = find_slot(d, key);
	if (*slot == 0) {
		if (d->n == d->cap) {
			d->cap += BLOCK;
			d->keys =
			    xreallocarray(d->keys, d->cap, sizeof(*d->keys));
			d->blocks = xreallocarray(
			    d->blocks, d->cap / BLOCK, sizeof(struct sums *));
			d->blocks[d->n / BLOCK] =
			    xcalloc(BLOCK, sizeof(struct sums));
		}
		d->keys[d->n++] = key;
		*slot = (uint32_t)d->n;
	}
	return sums_of(d, *slot - 1);
}

void
days_merge(struct days *a, struct days *b)
{
	for (size_t i = 0; i < b->n; i++)
		sums_add(days_at(a, (int)(b->keys[i] >> 32),
		             (int32_t)(uint32_t)b->keys[i] ^ INT32_MIN),
		    sums_of(b, i));
	days_free(b);
}

static int
compare(const void *a, const void *b)
{
	const struct day_cell *x = a, *y = b;

	if (x->country != y->country)
		return x->country < y->country ? -1 : 1;
	return (x->day > y->day) - (x->day < y->day);
}

struct day_cell *
days_sorted(const struct days *d, size_t *n)
{
	struct day_cell *cells = xcalloc(d->n + 1, sizeof(*cells));

	*n = 0;
	for (size_t i = 0; i < d->n; i++)
		/* What was added and taken away again was never there. */
		if (sums_of(d, i)->n > 0)
			cells[(*n)++] =
			    (struct day_cell){(int)(d->keys[i] >> 32),
			        (int32_t)(uint32_t)d->keys[i] ^ INT32_MIN,
			        sums_of(d, i)};
	qsort(cells, *n, sizeof(*cells), compare);
	return cells;
}

void
days_free(struct days *d)
{
	for (size_t i = 0; i < d->cap / BLOCK; i++)
		free(d->blocks[i]);
	free(d->blocks);
	free(d->keys);
	free(d->index);
	*d = (struct days){0};
}
