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
#ifdef __SSE2__
#include <emmintrin.h>
#endif

#include "exit.h"
#include "table.h"

enum {
	ID_BYTES = 17,    /* 22 times 6 bits */
	UNIT = 4,         /* the index counts in these */
	ENTRY_USUAL = 60, /* bytes */
	CHARS_MAX = 255,
	BLOCK = 16,  /* bytes that are worked on at once, slack behind them */
	COMMAS = 64, /* the same, when commas are looked for */
	TEXT_ROOM = CHARS_MAX + 1 + COMMAS,
	KEY_TEXT = 24, /* room for ,"instrumentalness": */
	INDEX_FIRST = 1 << 12
};

/*
 * A number's characters stand from the plus on in ASCII, but for e and E, which
 * have the code of the slash, that is none, and the last one.
 */
enum { FIRST_CHAR = '+', CODE_SMALL_E = '/' - FIRST_CHAR, CODE_LARGE_E = 15 };

struct slot {
	uint32_t place; /* of an entry in the arena, in UNITs, + 1; 0 is free */
	uint32_t hash;  /* of its id */
};

struct table {
	unsigned char *arena;
	size_t used, cap; /* bytes */
	struct slot *index;
	size_t slots; /* a power of two */
	size_t count;
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

static const unsigned char *
entry_at(const struct table *t, uint32_t place)
{
	return t->arena + (size_t)(place - 1) * UNIT;
}

static bool
has_id(const unsigned char *entry, const struct track_id *id)
{
	return memcmp(entry, &id->first, sizeof(id->first)) == 0 &&
	       memcmp(entry + sizeof(id->first), &id->second,
	           sizeof(id->second)) == 0 &&
	       entry[ID_BYTES - 1] == id->last;
}

/* Write the id of an entry; behind it. */
static unsigned char *
put_id(unsigned char *entry, const struct track_id *packed)
{
	memcpy(entry, &packed->first, sizeof(packed->first));
	memcpy(entry + sizeof(packed->first), &packed->second,
	    sizeof(packed->second));
	entry[ID_BYTES - 1] = packed->last;
	return entry + ID_BYTES;
}

static uint32_t
hash(const struct track_id *id)
{
	/* The ids are random already: fold them, and stir the bits once. */
	uint64_t a = (id->first ^ (id->second << 32 | id->second >> 32)) *
	             0x9e3779b97f4a7c15U;

	return (uint32_t)(a ^ a >> 32);
}

/* The slot of an id: where it is, or the free one where it would be. */
static struct slot *
find_slot(const struct table *t, const struct track_id *id)
{
	const uint32_t h = hash(id);
	struct slot *slot = &t->index[h & (t->slots - 1)];

	while (slot->place != 0 &&
	       !(slot->hash == h && has_id(entry_at(t, slot->place), id)))
		slot = slot + 1 < t->index + t->slots ? slot + 1 : t->index;
	return slot;
}

static void
grow_index(struct table *t)
{
	struct slot *old = t->index;
	size_t slots = t->slots, i;

	t->slots *= 2;
	t->index = xcalloc(t->slots, sizeof(*t->index));
	for (struct slot *slot = old; slot < old + slots; slot++) {
		for (i = slot->hash & (t->slots - 1); t->index[i].place != 0;)
			i = (i + 1) & (t->slots - 1);
		if (slot->place != 0)
			t->index[i] = *slot;
	}
	free(old);
}

/* Room for an entry at the end of the arena. */
static unsigned char *
grow_arena(struct table *t, size_t bytes)
{
	if (t->cap - t->used < bytes + BLOCK) {
		t->cap = t->cap == 0 ? 1 << 16 : t->cap + t->cap / 2;
		t->arena = xreallocarray(t->arena, t->cap, 1);
	}
	if ((t->used + bytes) / UNIT >= UINT32_MAX)
		errx(EXIT_SERVICE, "more than %zu tracks", t->count);
	return t->arena + t->used;
}

static unsigned char
code_of(char c)
{
	unsigned char code = (unsigned char)(c - FIRST_CHAR);

	code = c == 'e' ? CODE_SMALL_E : code;
	return c == 'E' ? CODE_LARGE_E : code;
}

static char
character(unsigned char code)
{
	unsigned char c = (unsigned char)(code + FIRST_CHAR);

	c = code == CODE_SMALL_E ? (unsigned char)'e' : c;
	return (char)(code == CODE_LARGE_E ? (unsigned char)'E' : c);
}

/* Pack n characters; those of the second half go into the upper half bytes. */
static void
encode(const char *text, size_t n, unsigned char *entry)
{
	const size_t half = (n + 1) / 2;
	const char *first = text, *second = text + half;

	for (; first < text + half; first += BLOCK, second += BLOCK)
		for (int i = 0; i < BLOCK; i++)
			*entry++ = (unsigned char)(code_of(first[i]) |
			                           code_of(second[i]) << 4);
}

/* The texts of an entry, with a comma behind each; their length. */
static size_t
decode(const unsigned char *entry, char *text)
{
	const size_t n = *entry++, half = (n + 1) / 2;

	for (size_t start = 0; start < half; start += BLOCK)
		for (size_t i = start; i < start + BLOCK; i++)
			text[i] = character(entry[i] & 15);
	for (size_t start = 0; start < half; start += BLOCK)
		for (size_t i = start; i < start + BLOCK; i++)
			text[half + i] = character(entry[i] >> 4);
	return n;
}

/* Write the features, a comma behind each; 0 if they are too long. */
static size_t
join(const struct str features[FEATURE_KEYS], char text[CHARS_MAX])
{
	size_t n = 0;

	for (int f = 0; f < FEATURE_KEYS; f++) {
		if (n + features[f].len + 1 > CHARS_MAX)
			return 0;
		if (features[f].len > 0)
			memcpy(text + n, features[f].ptr, features[f].len);
		n += features[f].len;
		text[n++] = ',';
	}
	return n;
}

bool
table_put(struct table *t, const struct track_id *id,
    const struct str features[FEATURE_KEYS], enum table_source source)
{
	static char text[TEXT_ROOM];
	unsigned char *entry;
	struct slot *slot;
	size_t n, bytes;

	n = join(features, text);
	if (n == 0 || (n == FEATURE_KEYS && source < TABLE_UNKNOWN))
		return false;
	bytes = (ID_BYTES + 2 + (n + 1) / 2 + UNIT - 1) / UNIT * UNIT;
	entry = put_id(grow_arena(t, bytes), id);
	*entry++ = (unsigned char)source;
	*entry++ = (unsigned char)n;
	encode(text, n, entry);
	slot = find_slot(t, id);
	t->count += slot->place == 0;
	*slot = (struct slot){(uint32_t)(t->used / UNIT) + 1, hash(id)};
	t->used += bytes;
	if (t->count > t->slots / 4 * 3)
		grow_index(t);
	return true;
}

uint32_t
table_find(const struct table *t, const struct track_id *id)
{
	return find_slot(t, id)->place;
}

enum table_source
table_source(const struct table *t, uint32_t place)
{
	return place == 0 ? TABLE_ABSENT
	                  : (enum table_source)entry_at(t, place)[ID_BYTES];
}

enum table_source
table_has(const struct table *t, const struct track_id *id)
{
	return table_source(t, table_find(t, id));
}

/* A bit for each comma of so many characters. */
static uint64_t
commas(const char *text)
{
	uint64_t mask = 0;

#ifdef __SSE2__
	const __m128i comma = _mm_set1_epi8(',');
	__m128i bytes;
	int hits;

	for (int i = 0; i < COMMAS; i += 16) {
		memcpy(&bytes, text + i, sizeof(bytes));
		hits = _mm_movemask_epi8(_mm_cmpeq_epi8(bytes, comma));
		mask |= (uint64_t)(unsigned)hits << i;
	}
#else
	for (int i = 0; i < COMMAS; i++)
		mask |= (uint64_t)(text[i] == ',') << i;
#endif
	return mask;
}

/* Write the texts, which have a comma behind each, with their keys. */
static char *
put_features(const struct table *t, const char *text, char *p)
{
	const char *from = text;
	uint64_t mask = commas(from);
	size_t len;

	for (int f = 0; f < FEATURE_KEYS; f++, mask &= mask - 1) {
		for (; mask == 0; mask = commas(from))
			from += COMMAS;
		len = (size_t)(from + __builtin_ctzll(mask) - text);
		if (len > 0) {
			memcpy(p, t->keys[f].text, KEY_TEXT);
			p += t->keys[f].len;
			memcpy(p, text, BLOCK);
			if (len > BLOCK)
				memcpy(p, text, len);
			p += len;
		}
		text += len + 1;
	}
	return p;
}

void
table_append(const struct table *t, uint32_t place, struct buf *out)
{
	static char text[TEXT_ROOM];

	buf_reserve(out, (size_t)FEATURE_KEYS * KEY_TEXT + TEXT_ROOM);
	if (decode(entry_at(t, place) + ID_BYTES + 1, text) > FEATURE_KEYS)
		out->len = (size_t)(put_features(t, text, out->ptr + out->len) -
		                    out->ptr);
}

void
table_text(const struct table *t, uint32_t place, struct buf *out)
{
	static char text[TEXT_ROOM];

	buf_append(
	    out, (struct str){text,
	             decode(entry_at(t, place) + ID_BYTES + 1, text) - 1});
}

void
table_hint(const struct table *t, const struct track_id *id)
{
	__builtin_prefetch(&t->index[hash(id) & (t->slots - 1)]);
}

void
table_hint_more(const struct table *t, const struct track_id *id)
{
	table_fetch(t, t->index[hash(id) & (t->slots - 1)].place);
}

void
table_fetch(const struct table *t, uint32_t place)
{
	const unsigned char *entry;

	if (place == 0)
		return;
	entry = entry_at(t, place);
	__builtin_prefetch(entry);
	__builtin_prefetch(entry + ENTRY_USUAL - 1);
}
