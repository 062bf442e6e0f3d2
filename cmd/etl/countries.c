/*
 * countries: sets of country codes.
 */
#include <string.h>

#include "countries.h"

int
countries_number(struct str code)
{
	if (code.len != 2 || code.ptr[0] < 'A' || code.ptr[0] > 'Z' ||
	    code.ptr[1] < 'A' || code.ptr[1] > 'Z')
		return -1;
	return (code.ptr[0] - 'A') * 26 + (code.ptr[1] - 'A');
}

void
countries_code(int number, char code[3])
{
	code[0] = (char)('A' + number / 26);
	code[1] = (char)('A' + number % 26);
	code[2] = '\0';
}

int
countries_of_isrc(struct str isrc)
{
	/* Prefixes given out when a country's own were used up (IFPI). */
	static const char more[][2][3] = {{"BC", "BR"}, {"BP", "BR"},
	    {"BX", "BR"}, {"FX", "FR"}, {"KS", "KR"}, {"QM", "US"},
	    {"QT", "US"}, {"QZ", "US"}, {"UK", "GB"}};
	char prefix[2];

	if (isrc.len != 12)
		return -1;
	for (int i = 0; i < 2; i++)
		prefix[i] = (char)(isrc.ptr[i] >= 'a' && isrc.ptr[i] <= 'z'
		                       ? isrc.ptr[i] - 'a' + 'A'
		                       : isrc.ptr[i]);
	for (size_t i = 0; i < sizeof(more) / sizeof(more[0]); i++)
		if (memcmp(prefix, more[i][0], 2) == 0)
			memcpy(prefix, more[i][1], 2);
	return countries_number((struct str){prefix, 2});
}

bool
countries_parse(struct str list, struct countries *set)
{
	int number;

	*set = (struct countries){0};
	for (size_t i = 0; i < list.len; i += 3) {
		if (i + 2 > list.len ||
		    (i + 2 < list.len && list.ptr[i + 2] != ',') ||
		    i + 3 == list.len)
			return false;
		number = countries_number((struct str){list.ptr + i, 2});
		if (number == -1)
			return false;
		countries_add(set, number);
	}
	return true;
}

void
countries_add(struct countries *set, int number)
{
	set->bits[number / 64] |= (uint64_t)1 << number % 64;
}

int
countries_count(const struct countries *set)
{
	int n = 0;

	for (int i = 0; i < COUNTRIES_WORDS; i++)
		n += __builtin_popcountll(set->bits[i]);
	return n;
}

struct countries
countries_minus(const struct countries *a, const struct countries *b)
{
	struct countries set;

	for (int i = 0; i < COUNTRIES_WORDS; i++)
		set.bits[i] = a->bits[i] & ~b->bits[i];
	return set;
}

void
countries_join(struct countries *a, const struct countries *b)
{
	for (int i = 0; i < COUNTRIES_WORDS; i++)
		a->bits[i] |= b->bits[i];
}

int
countries_next(const struct countries *set, int from)
{
	uint64_t left;

	for (int i = from / 64; i < COUNTRIES_WORDS; i++) {
		left = set->bits[i];
		if (i == from / 64)
			left &= ~(uint64_t)0 << from % 64;
		if (left != 0)
			return i * 64 + __builtin_ctzll(left);
	}
	return -1;
}
