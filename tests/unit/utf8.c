/*
 * utf8: every sequence of up to three bytes, and those of four at their edges,
 * against the definition.
 */
#include <stdint.h>
#include <string.h>

#include "tap.h"
#include "utf8.h"

/*
 * The length of the sequence at p by the definition (RFC 3629): the shortest
 * form of a code that is no surrogate, up to U+10FFFF.
 */
static size_t
defined(const unsigned char *p, size_t left)
{
	static const uint32_t least[] = {0, 0, 0x80, 0x800, 0x10000};
	size_t n = p[0] < 0x80             ? 1
	           : (p[0] & 0xe0) == 0xc0 ? 2
	           : (p[0] & 0xf0) == 0xe0 ? 3
	           : (p[0] & 0xf8) == 0xf0 ? 4
	                                   : 0;
	uint32_t code = n == 1 ? p[0] : p[0] & (0x7fU >> n);

	if (n == 0 || n > left)
		return 0;
	for (size_t i = 1; i < n; i++) {
		if ((p[i] & 0xc0) != 0x80)
			return 0;
		code = code << 6 | (p[i] & 0x3f);
	}
	return code < least[n] || code > 0x10ffff ||
	               (code >= 0xd800 && code <= 0xdfff)
	           ? 0
	           : n;
}

static bool
agree(const unsigned char *bytes, size_t n)
{
	const char *p = (const char *)bytes;

	return utf8_sequence(p, p + n) == defined(bytes, n);
}

static void
test_short(void)
{
	unsigned char bytes[3];
	bool one = true, two = true, three = true;

	for (uint32_t i = 0; i < 1U << 24; i++) {
		bytes[0] = (unsigned char)(i >> 16);
		bytes[1] = (unsigned char)(i >> 8);
		bytes[2] = (unsigned char)i;
		three &= agree(bytes, 3);
		if (bytes[2] == 0)
			two &= agree(bytes, 2);
		if (bytes[1] == 0 && bytes[2] == 0)
			one &= agree(bytes, 1);
	}
	tap_ok(one, "all of one byte");
	tap_ok(two, "all of two");
	tap_ok(three, "all of three");
}

static void
test_long(void)
{
	static const unsigned char edges[] = {0, 0x7f, 0x80, 0xbf, 0xc0, 0xff};
	unsigned char bytes[4];
	bool same = true;

	for (uint32_t i = 0; i < 16U << 16; i++) {
		bytes[0] = (unsigned char)(0xf0 + (i >> 16));
		bytes[1] = (unsigned char)(i >> 8);
		bytes[2] = (unsigned char)i;
		for (size_t j = 0; j < sizeof(edges); j++) {
			bytes[3] = edges[j];
			same &= agree(bytes, 4);
		}
	}
	tap_ok(same, "four bytes, each lead with all seconds and thirds");
}

/* One bad byte, one character cut short, wherever it stands. */
static void
test_valid(void)
{
	static const char mask[] = {'\xf0', '\x9f', '\x98', '\xb7'};
	char text[48];
	bool bad = true, good = true, cut = true;

	for (size_t i = 0; i < sizeof(text); i++) {
		memset(text, 'a', sizeof(text));
		text[i] = '\xff';
		bad &= !utf8_valid((struct str){text, sizeof(text)});
		text[i] = 'a';
		if (i + 4 > sizeof(text))
			continue;
		memcpy(text + i, mask, sizeof(mask));
		good &= utf8_valid((struct str){text, sizeof(text)});
		for (size_t left = 1; left < 4; left++)
			cut &= !utf8_valid((struct str){text, i + left});
	}
	tap_ok(bad, "a bad byte at every place");
	tap_ok(good, "a long character at every place");
	tap_ok(cut, "one that is cut short");
	tap_ok(utf8_valid((struct str){0}) && utf8_valid(STR("")) &&
	           utf8_valid(STR("\0\x7f")),
	    "nothing, and NUL");
}

int
main(void)
{
	test_short();
	test_long();
	test_valid();
	return tap_done();
}
