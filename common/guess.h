/*
 * guess.h: a key that is expected again, recognized without reading it.
 *
 * p points into a line with GUESS_BYTES readable bytes.
 */
#ifndef GUESS_H
#define GUESS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#ifdef __SSE2__
#include <emmintrin.h>
#endif

enum { GUESS_BYTES = 32 /* the longest remembered, quotes and colon too */ };

/* Made of zeros it is empty, and fits nothing that begins a key. */
struct guess {
	char text[GUESS_BYTES]; /* "key": padded with zeros */
	uint32_t pad;           /* a bit for each byte of the padding */
	uint32_t len;           /* of what is not padding */
};

/* Remember a key with its colon; one that is too long makes it empty. */
static inline void
guess_learn(struct guess *guess, const char *key, size_t len)
{
	*guess = (struct guess){0};
	if (len > GUESS_BYTES)
		return;
	guess->len = (uint32_t)len;
	guess->pad = (uint32_t)(UINT64_MAX << len);
	memcpy(guess->text, key, len);
}

/* Do the bytes at p begin with the key and its colon? */
static inline bool
guess_fits(const struct guess *guess, const char *p)
{
#ifdef __SSE2__
	__m128i want, have;
	uint32_t same = 0;

	for (int i = 0; i < GUESS_BYTES; i += 16) {
		memcpy(&want, guess->text + i, sizeof(want));
		memcpy(&have, p + i, sizeof(have));
		same |= (uint32_t)_mm_movemask_epi8(_mm_cmpeq_epi8(want, have))
		        << i;
	}
	return (same | guess->pad) == UINT32_MAX;
#else
	return guess->len > 0 && memcmp(guess->text, p, guess->len) == 0;
#endif
}

#endif
