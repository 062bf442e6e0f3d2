/*
 * keep: a hash table of lists.
 */
#include <stdint.h>

#include "keep.h"

enum { LISTS = 1 << 14, BYTES_MAX = 256 * 1024 * 1024 };

struct kept {
	struct buf key, body;
	struct kept *next;
};

static struct kept *lists[LISTS];
static size_t bytes;

static struct kept **
find_list(struct str key)
{
	uint64_t h = 14695981039346656037U; /* FNV-1a */

	for (size_t i = 0; i < key.len; i++)
		h = (h ^ (unsigned char)key.ptr[i]) * 1099511628211U;
	return &lists[(h ^ h >> 32) % LISTS];
}

bool
keep_find(struct str key, struct buf *body)
{
	for (struct kept *k = *find_list(key); k != NULL; k = k->next)
		if (str_equal(buf_str(&k->key), key)) {
			buf_append(body, buf_str(&k->body));
			return true;
		}
	return false;
}

void
keep_add(struct str key, struct str body)
{
	struct kept **list = find_list(key), *k;

	if (bytes > BYTES_MAX)
		return;
	k = xcalloc(1, sizeof(*k));
	buf_append(&k->key, key);
	buf_append(&k->body, body);
	bytes += key.len + body.len;
	k->next = *list;
	*list = k;
}
