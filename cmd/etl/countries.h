/*
 * countries.h: ISO 3166-1 alpha-2 codes as small numbers, and sets of them.
 */
#ifndef COUNTRIES_H
#define COUNTRIES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "buf.h"

enum {
	COUNTRIES = 26 * 26, /* AA is 0, ZZ is COUNTRIES - 1 */
	COUNTRIES_WORDS = (COUNTRIES + 63) / 64
};

struct countries {
	uint64_t bits[COUNTRIES_WORDS];
};

/* The number of a code of two capital letters, or -1. */
int countries_number(struct str code);

/* The two letters of a number, into code. */
void countries_code(int number, char code[3]);

/* The country of an ISRC's prefix (its registrant's agency), or -1. */
int countries_of_isrc(struct str isrc);

/* Read "AD,AE,..."; false if it is no such list.  An empty one is a list. */
bool countries_parse(struct str list, struct countries *set);

void countries_add(struct countries *set, int number);
int countries_count(const struct countries *set);

/* Those of a that are not in b. */
struct countries countries_minus(
    const struct countries *a, const struct countries *b);
void countries_join(struct countries *a, const struct countries *b);

/* The first number from from on that is in the set, or -1. */
int countries_next(const struct countries *set, int from);

#endif
