/*
 * table: a hash table of packed ids and packed numbers.
 *
 * The entries lie one behind the other in an arena, and the index holds where.
 * An entry: the packed id, its source, the number of half bytes, the half
 * bytes, filled up to UNIT bytes.
 */
#include <err.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "exit.h"
#include "scan.h"
#include "table.h"

enum {
	ID_CHARS = 22,
	ID_BYTES = 17, /* 22 times 6 bits */
	UNIT = 4,      /* the index counts in these */
	CHARS_MAX = 255,
	INDEX_FIRST = 1 << 12
};

static const char alphabet[16] = "0123456789.-+eE,";

struct table {
	unsigned char *arena;
	size_t used, cap; /* bytes */
	uint32_t *index;  /* where in the arena, in UNITs, + 1; 0 is free */
	size_t slots;     /* a power of two */
	size_t count;
	unsigned char code[256]; /* of a number's characters */
};

struct table *
table_open(void)
{
	struct table *t = xcalloc(1, sizeof(*t));

	t->slots = INDEX_FIRST;
	t->index = xcalloc(t->slots, sizeof(*t->index));
	for (unsigned i = 0; i < sizeof(alphabet); i++)
		t->code[(unsigned char)alphabet[i]] = (unsigned char)i;
	return t;
}

void
table_free(struct table *t)
{
	if (t == NULL)
		return;
	free(t->arena);
	free(t->index);
	free(t);
}

size_t
table_count(const struct table *t)
{
	return t->count;
}

/* The six bits of a letter or digit, or -1. */
static int
six_bits(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	if (c >= 'a' && c <= 'z')
		return c - 'a' + 10;
	if (c >= 'A' && c <= 'Z')
		return c - 'A' + 36;
	return -1;
}

static bool
pack_id(struct str id, unsigned char packed[ID_BYTES])
{
	uint32_t bits = 0;
	int have = 0, six;
	size_t n = 0;

	if (id.len != ID_CHARS)
		return false;
	for (size_t i = 0; i < ID_CHARS; i++) {
		if ((six = six_bits(id.ptr[i])) < 0)
			return false;
		bits = bits << 6 | (uint32_t)six;
		for (have += 6; have >= 8; have -= 8)
			packed[n++] = (unsigned char)(bits >> (have - 8));
	}
	packed[n] = (unsigned char)(bits << (8 - have));
	return true;
}

bool
table_is_id(struct str id)
{
	unsigned char packed[ID_BYTES];

	return pack_id(id, packed);
}

static uint64_t
hash(const unsigned char packed[ID_BYTES])
{
	uint64_t a, b;

	/* The ids are random already: fold them, and stir the bits once. */
	memcpy(&a, packed, sizeof(a));
	memcpy(&b, packed + ID_BYTES - sizeof(b), sizeof(b));
	a = (a ^ (b << 32 | b >> 32)) * 0x9e3779b97f4a7c15U;
	return a ^ a >> 32;
}

/* The slot of an id: where it is, or the free one where it would be. */
static size_t
find_slot(const struct table *t, const unsigned char packed[ID_BYTES])
{
	size_t i = hash(packed) & (t->slots - 1);

	while (t->index[i] != 0 &&
	       memcmp(t->arena + (size_t)(t->index[i] - 1) * UNIT, packed,
	           ID_BYTES) != 0)
		i = (i + 1) & (t->slots - 1);
	return i;
}

static void
grow_index(struct table *t)
{
	uint32_t *old = t->index;
	size_t slots = t->slots;

	t->slots *= 2;
	t->index = xcalloc(t->slots, sizeof(*t->index));
	for (size_t i = 0; i < slots; i++)
		if (old[i] != 0)
			t->index[find_slot(t,
			    t->arena + (size_t)(old[i] - 1) * UNIT)] = old[i];
	free(old);
}

/* Room for an entry at the end of the arena. */
static unsigned char *
grow_arena(struct table *t, size_t bytes)
{
	if (t->cap - t->used < bytes) {
		t->cap = t->cap == 0 ? 1 << 16 : t->cap + t->cap / 2;
		t->arena = xreallocarray(t->arena, t->cap, 1);
	}
	if ((t->used + bytes) / UNIT >= UINT32_MAX)
		errx(EXIT_SERVICE, "more than %zu tracks", t->count);
	return t->arena + t->used;
}

/* Is it a number of JSON, in full?  What stands behind it can be read. */
static bool
is_number(struct str text)
{
	struct json_field field;

	return scan_number(text.ptr, &field) == text.ptr + text.len;
}

/* The codes of the features, commas behind each; 0 if it cannot be. */
static size_t
encode(const struct table *t, const struct str features[FEATURE_KEYS],
    unsigned char codes[CHARS_MAX])
{
	size_t n = 0;

	for (int f = 0; f < FEATURE_KEYS; f++) {
		if (n + features[f].len + 1 > CHARS_MAX ||
		    (features[f].len > 0 && !is_number(features[f])))
			return 0;
		for (size_t i = 0; i < features[f].len; i++)
			codes[n++] = t->code[(unsigned char)features[f].ptr[i]];
		codes[n++] = t->code[','];
	}
	return n;
}

bool
table_put(struct table *t, struct str id,
    const struct str features[FEATURE_KEYS], enum table_source source)
{
	unsigned char packed[ID_BYTES], codes[CHARS_MAX + 1], *entry;
	size_t n, bytes, slot;

	if (!pack_id(id, packed) || (n = encode(t, features, codes)) == 0)
		return false;
	if (n == FEATURE_KEYS && source < TABLE_UNKNOWN)
		return false; /* all of them are empty */
	codes[n] = 0;
	bytes = (ID_BYTES + 2 + (n + 1) / 2 + UNIT - 1) / UNIT * UNIT;
	entry = grow_arena(t, bytes);
	memcpy(entry, packed, ID_BYTES);
	entry += ID_BYTES;
	*entry++ = (unsigned char)source;
	*entry++ = (unsigned char)n;
	for (size_t i = 0; i < n; i += 2)
		entry[i / 2] = (unsigned char)(codes[i] << 4 | codes[i + 1]);
	slot = find_slot(t, packed);
	t->count += t->index[slot] == 0;
	t->index[slot] = (uint32_t)(t->used / UNIT) + 1;
	t->used += bytes;
	if (t->count > t->slots / 4 * 3)
		grow_index(t);
	return true;
}

/* What follows the id in the entry of a track, or NULL. */
static const unsigned char *
find(const struct table *t, struct str id)
{
	unsigned char packed[ID_BYTES];
	size_t slot;

	if (!pack_id(id, packed))
		return NULL;
	slot = find_slot(t, packed);
	if (t->index[slot] == 0)
		return NULL;
	return t->arena + (size_t)(t->index[slot] - 1) * UNIT + ID_BYTES;
}

/* The texts of an entry, with a comma behind each; their length. */
static size_t
decode(const unsigned char *entry, char text[CHARS_MAX + 1])
{
	size_t n = entry[1];

	for (size_t i = 0; i < n; i += 2) {
		text[i] = alphabet[entry[2 + i / 2] >> 4];
		text[i + 1] = alphabet[entry[2 + i / 2] & 15];
	}
	return n;
}

enum table_source
table_has(const struct table *t, struct str id)
{
	const unsigned char *entry = find(t, id);

	return entry == NULL ? TABLE_ABSENT : (enum table_source) * entry;
}

enum table_source
table_get(const struct table *t, struct str id, struct buf *out)
{
	const unsigned char *entry = find(t, id);
	char text[CHARS_MAX + 1];
	size_t n, start = 0, f = 0;

	if (entry == NULL)
		return TABLE_ABSENT;
	n = decode(entry, text);
	for (size_t i = 0; i < n; i++) {
		if (text[i] != ',')
			continue;
		if (i > start) {
			buf_append(out, STR(",\""));
			buf_puts(out, audio_keys[f]);
			buf_append(out, STR("\":"));
			buf_append(out, (struct str){text + start, i - start});
		}
		start = i + 1;
		f++;
	}
	return (enum table_source) * entry;
}

void
table_text(const struct table *t, struct str id, struct buf *out)
{
	const unsigned char *entry = find(t, id);
	char text[CHARS_MAX + 1];

	if (entry != NULL)
		buf_append(out, (struct str){text, decode(entry, text) - 1});
}
