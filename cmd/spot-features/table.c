/*
 * table: a hash table of packed ids and packed numbers.
 *
 * The entries lie one behind the other in an arena, and the index holds where.
 * An entry: the packed id, its source, the number of half bytes, the half
 * bytes, filled up to UNIT bytes.
 */
#include <err.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "exit.h"
#include "scan.h"
#include "table.h"

enum {
	ID_CHARS = 22,
	ID_BYTES = 17,    /* 22 times 6 bits */
	UNIT = 4,         /* the index counts in these */
	ENTRY_USUAL = 60, /* bytes */
	CHARS_MAX = 255,
	COPIED = 16,   /* of a value at once: few are longer */
	KEY_TEXT = 24, /* room for ,"instrumentalness": */
	NO_CHAR = 64,  /* no letter or digit */
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
	char pairs[256][2];      /* the characters of two codes */
	struct {
		char text[KEY_TEXT]; /* ,"energy": */
		size_t len;
	} keys[FEATURE_KEYS];
};

struct table *
table_open(void)
{
	struct table *t = xcalloc(1, sizeof(*t));

	t->slots = INDEX_FIRST;
	t->index = xcalloc(t->slots, sizeof(*t->index));
	for (unsigned i = 0; i < sizeof(alphabet); i++)
		t->code[(unsigned char)alphabet[i]] = (unsigned char)i;
	for (unsigned i = 0; i < sizeof(t->pairs) / sizeof(*t->pairs); i++) {
		t->pairs[i][0] = alphabet[i >> 4];
		t->pairs[i][1] = alphabet[i & 15];
	}
	for (int f = 0; f < FEATURE_KEYS; f++)
		t->keys[f].len = (size_t)snprintf(
		    t->keys[f].text, KEY_TEXT, ",\"%s\":", audio_keys[f]);
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

/*
 * Ten characters go into each of the words, and half a byte of the last two; in
 * an entry that is 17 bytes.
 */
bool
table_pack(struct str id, struct table_id *packed)
{
	unsigned char six[32]; /* a whole number of vectors */
	unsigned char c, lower, upper, bad = 0;
	unsigned rest;

	if (id.len != ID_CHARS)
		return false;
	memset(six, '0', sizeof(six));
	memcpy(six, id.ptr, ID_CHARS);
	for (size_t i = 0; i < sizeof(six); i++) {
		c = (unsigned char)(six[i] - '0');
		lower = (unsigned char)(six[i] - 'a');
		upper = (unsigned char)(six[i] - 'A');
		c = c < 10 ? c : NO_CHAR;
		c = lower < 26 ? (unsigned char)(lower + 10) : c;
		c = upper < 26 ? (unsigned char)(upper + 36) : c;
		six[i] = c;
		bad |= c;
	}
	packed->first = packed->second = 0;
	for (size_t i = 0; i < 10; i++) {
		packed->first = packed->first << 6 | six[i];
		packed->second = packed->second << 6 | six[10 + i];
	}
	rest = (unsigned)six[20] << 6 | six[21];
	packed->first = packed->first << 4 | rest >> 8;
	packed->second = packed->second << 4 | (rest >> 4 & 15);
	packed->last = rest & 15;
	return bad < NO_CHAR;
}

/* The id of an entry. */
static struct table_id
entry_id(const unsigned char *entry)
{
	struct table_id packed;

	memcpy(&packed.first, entry, sizeof(packed.first));
	memcpy(&packed.second, entry + sizeof(packed.first),
	    sizeof(packed.second));
	packed.last = entry[ID_BYTES - 1];
	return packed;
}

/* Write the id of an entry; behind it. */
static unsigned char *
put_id(unsigned char *entry, const struct table_id *packed)
{
	memcpy(entry, &packed->first, sizeof(packed->first));
	memcpy(entry + sizeof(packed->first), &packed->second,
	    sizeof(packed->second));
	entry[ID_BYTES - 1] = packed->last;
	return entry + ID_BYTES;
}

static uint64_t
hash(const struct table_id *id)
{
	/* The ids are random already: fold them, and stir the bits once. */
	uint64_t a = (id->first ^ (id->second << 32 | id->second >> 32)) *
	             0x9e3779b97f4a7c15U;

	return a ^ a >> 32;
}

/* The slot of an id: where it is, or the free one where it would be. */
static size_t
find_slot(const struct table *t, const struct table_id *id)
{
	size_t i = hash(id) & (t->slots - 1);
	struct table_id there;

	for (; t->index[i] != 0; i = (i + 1) & (t->slots - 1)) {
		there = entry_id(t->arena + (size_t)(t->index[i] - 1) * UNIT);
		if (there.first == id->first && there.second == id->second &&
		    there.last == id->last)
			break;
	}
	return i;
}

static void
grow_index(struct table *t)
{
	uint32_t *old = t->index;
	size_t slots = t->slots;
	struct table_id id;

	t->slots *= 2;
	t->index = xcalloc(t->slots, sizeof(*t->index));
	for (size_t i = 0; i < slots; i++) {
		if (old[i] == 0)
			continue;
		id = entry_id(t->arena + (size_t)(old[i] - 1) * UNIT);
		t->index[find_slot(t, &id)] = old[i];
	}
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
	unsigned char codes[CHARS_MAX + 1], *entry;
	struct table_id packed;
	size_t n, bytes, slot;

	if (!table_pack(id, &packed) || (n = encode(t, features, codes)) == 0)
		return false;
	if (n == FEATURE_KEYS && source < TABLE_UNKNOWN)
		return false; /* all of them are empty */
	codes[n] = 0;
	bytes = (ID_BYTES + 2 + (n + 1) / 2 + UNIT - 1) / UNIT * UNIT;
	entry = put_id(grow_arena(t, bytes), &packed);
	*entry++ = (unsigned char)source;
	*entry++ = (unsigned char)n;
	for (size_t i = 0; i < n; i += 2)
		entry[i / 2] = (unsigned char)(codes[i] << 4 | codes[i + 1]);
	slot = find_slot(t, &packed);
	t->count += t->index[slot] == 0;
	t->index[slot] = (uint32_t)(t->used / UNIT) + 1;
	t->used += bytes;
	if (t->count > t->slots / 4 * 3)
		grow_index(t);
	return true;
}

/* What follows the id in the entry of a track, or NULL. */
static const unsigned char *
find(const struct table *t, const struct table_id *id)
{
	uint32_t place = t->index[find_slot(t, id)];

	if (place == 0)
		return NULL;
	return t->arena + (size_t)(place - 1) * UNIT + ID_BYTES;
}

/* The texts of an entry, with a comma behind each; their length. */
static size_t
decode(const struct table *t, const unsigned char *entry, char *text)
{
	size_t n = entry[1];

	for (size_t i = 0; i < n; i += 2)
		memcpy(text + i, t->pairs[entry[2 + i / 2]], 2);
	return n;
}

enum table_source
table_has(const struct table *t, struct str id)
{
	const unsigned char *entry;
	struct table_id packed;

	if (!table_pack(id, &packed))
		return TABLE_ABSENT;
	entry = find(t, &packed);
	return entry == NULL ? TABLE_ABSENT : (enum table_source) * entry;
}

/* Write the texts that end where it is told, with their keys; behind them. */
static char *
put_features(const struct table *t, const char *text,
    const unsigned char ends[FEATURE_KEYS], char *p)
{
	size_t start = 0, len;

	for (int f = 0; f < FEATURE_KEYS; start = ends[f++] + 1U) {
		if ((len = ends[f] - start) == 0)
			continue;
		memcpy(p, t->keys[f].text, KEY_TEXT);
		p += t->keys[f].len;
		memcpy(p, text + start, COPIED);
		if (len > COPIED)
			memcpy(p, text + start, len);
		p += len;
	}
	return p;
}

enum table_source
table_get(const struct table *t, const struct table_id *id, struct buf *out)
{
	const unsigned char *entry = find(t, id);
	char text[CHARS_MAX + 1 + COPIED];
	unsigned char ends[FEATURE_KEYS + 1] = {0};
	size_t n, commas = 0;

	if (entry == NULL)
		return TABLE_ABSENT;
	n = decode(t, entry, text);
	/* No branch in here: where a comma is cannot be foreseen. */
	for (size_t i = 0; i < n; i++) {
		ends[commas] = (unsigned char)i;
		commas += text[i] == ',';
	}
	buf_reserve(out, (size_t)FEATURE_KEYS * KEY_TEXT + sizeof(text));
	out->len = (size_t)(put_features(t, text, ends, out->ptr + out->len) -
	                    out->ptr);
	return (enum table_source) * entry;
}

void
table_text(const struct table *t, struct str id, struct buf *out)
{
	const unsigned char *entry = NULL;
	char text[CHARS_MAX + 1];
	struct table_id packed;

	if (table_pack(id, &packed))
		entry = find(t, &packed);
	if (entry != NULL)
		buf_append(out, (struct str){text, decode(t, entry, text) - 1});
}

void
table_hint(const struct table *t, const struct table_id *id)
{
	__builtin_prefetch(&t->index[hash(id) & (t->slots - 1)]);
}

void
table_hint_more(const struct table *t, const struct table_id *id)
{
	uint32_t place = t->index[hash(id) & (t->slots - 1)];
	const unsigned char *entry;

	if (place == 0)
		return;
	entry = t->arena + (size_t)(place - 1) * UNIT;
	__builtin_prefetch(entry);
	__builtin_prefetch(entry + ENTRY_USUAL - 1);
}
