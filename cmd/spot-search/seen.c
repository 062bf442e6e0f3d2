/*
 * seen: a hash table of ids.
 */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "seen.h"

enum { SLOTS_FIRST = 1 << 10, ID_MAX = 255 };

static size_t *
find_slot(const struct seen *s, struct str id)
{
	uint64_t h = 14695981039346656037U; /* FNV-1a */
	const char *at;
	size_t i;

	for (i = 0; i < id.len; i++)
		h = (h ^ (unsigned char)id.ptr[i]) * 1099511628211U;
	for (i = (h ^ h >> 32) & (s->slots - 1); s->index[i] != 0;
	     i = (i + 1) & (s->slots - 1)) {
		at = s->text.ptr + s->index[i] - 1;
		if (str_equal((struct str){at + 1, (unsigned char)*at}, id))
			break;
	}
	return &s->index[i];
}

static void
grow(struct seen *s)
{
	const char *at;

	s->slots = s->slots == 0 ? SLOTS_FIRST : s->slots * 2;
	free(s->index);
	s->index = xcalloc(s->slots, sizeof(*s->index));
	for (size_t i = 0; i < s->text.len; i += 1 + (unsigned char)*at) {
		at = s->text.ptr + i;
		*find_slot(s, (struct str){at + 1, (unsigned char)*at}) = i + 1;
	}
}

bool
seen_add(struct seen *s, struct str id)
{
	size_t *slot;
	char len;

	if (id.len > ID_MAX)
		id.len = ID_MAX;
	if (s->n >= s->slots / 2)
		grow(s);
	slot = find_slot(s, id);
	if (*slot != 0)
		return false;
	*slot = s->text.len + 1;
	len = (char)(unsigned char)id.len;
	buf_append(&s->text, (struct str){&len, 1});
	buf_append(&s->text, id);
	s->n++;
	return true;
}

void
seen_free(struct seen *s)
{
	buf_free(&s->text);
	free(s->index);
	*s = (struct seen){0};
}
