/*
 * utf8: strict checking, as PostgreSQL does it too.  yajl's own check lets
 * overlong forms and surrogates pass.
 */
#include <stdint.h>
#include <string.h>

#include "utf8.h"

static bool
continues(unsigned char c)
{
	return (c & 0xc0) == 0x80;
}

size_t
utf8_sequence(const char *p, const char *end)
{
	const unsigned char *u = (const unsigned char *)p;
	size_t left = (size_t)(end - p);

	if (left >= 1 && u[0] < 0x80)
		return 1;
	if (left >= 2 && u[0] >= 0xc2 && u[0] <= 0xdf && continues(u[1]))
		return 2;
	if (left >= 3 && u[0] >= 0xe0 && u[0] <= 0xef && continues(u[1]) &&
	    continues(u[2]))
		return (u[0] == 0xe0 && u[1] < 0xa0) ||
		               (u[0] == 0xed && u[1] > 0x9f)
		           ? 0
		           : 3;
	if (left >= 4 && u[0] >= 0xf0 && u[0] <= 0xf4 && continues(u[1]) &&
	    continues(u[2]) && continues(u[3]))
		return (u[0] == 0xf0 && u[1] < 0x90) ||
		               (u[0] == 0xf4 && u[1] > 0x8f)
		           ? 0
		           : 4;
	return 0;
}

bool
utf8_valid(struct str s)
{
	const char *p = s.ptr, *end = s.len > 0 ? p + s.len : p;
	uint64_t eight;
	size_t n;

	while (p < end) {
		if (end - p >= 8) {
			memcpy(&eight, p, sizeof(eight));
			if ((eight & 0x8080808080808080U) == 0) {
				p += 8;
				continue;
			}
		}
		if ((n = utf8_sequence(p, end)) == 0)
			return false;
		p += n;
	}
	return true;
}
