/*
 * text: escapes of JSON strings.
 *
 * yajl's own decoder loses the character behind half a surrogate pair, or
 * writes what is no UTF-8 for it.
 */
#include <stdint.h>
#include <string.h>

#include "text.h"

enum { HIGH = 0xd800, LOW = 0xdc00, REPLACEMENT = 0xfffd };

/* The number that four hexadecimal digits are. */
static uint32_t
read_hex(const char *p)
{
	uint32_t code = 0;

	for (int i = 0; i < 4; i++)
		code = code << 4 |
		       (uint32_t)(p[i] <= '9' ? p[i] - '0' : (p[i] & 7) + 9);
	return code;
}

/* Is it half a pair, of those that begin at first? */
static bool
is_half(uint32_t code, uint32_t first)
{
	return code >= first && code < first + 0x400;
}

static void
put_code(struct buf *out, uint32_t code)
{
	static const unsigned char marks[] = {0, 0, 0xc0, 0xe0, 0xf0};
	char bytes[4];
	size_t n = code < 0x80 ? 1 : code < 0x800 ? 2 : code < 0x10000 ? 3 : 4;

	for (size_t i = n; i > 1; code >>= 6)
		bytes[--i] = (char)(0x80 | (code & 0x3f));
	bytes[0] = (char)(marks[n] | code);
	buf_append(out, (struct str){bytes, n});
}

/* Behind the \u at p, or behind the two of a pair. */
static const char *
decode_code(struct buf *out, const char *p, const char *end)
{
	uint32_t code = read_hex(p + 2), low = 0;

	p += 6;
	if (is_half(code, HIGH) && end - p >= 6 && memcmp(p, "\\u", 2) == 0)
		low = read_hex(p + 2);
	if (is_half(low, LOW)) {
		code = 0x10000 + ((code - HIGH) << 10) + (low - LOW);
		p += 6;
	} else if (is_half(code, HIGH) || is_half(code, LOW))
		code = REPLACEMENT;
	put_code(out, code);
	return p;
}

void
text_decode(struct buf *out, struct str string)
{
	static const char letters[] = "bfnrt", bytes[] = "\b\f\n\r\t";
	const char *p = string.ptr, *end = p + string.len, *stop, *found;

	while ((stop = memchr(p, '\\', (size_t)(end - p))) != NULL) {
		buf_append(out, (struct str){p, (size_t)(stop - p)});
		if (stop[1] == 'u') {
			p = decode_code(out, stop, end);
			continue;
		}
		found = strchr(letters, stop[1]);
		buf_append(out,
		    (struct str){
		        found != NULL ? bytes + (found - letters) : stop + 1,
		        1});
		p = stop + 2;
	}
	buf_append(out, (struct str){p, (size_t)(end - p)});
}
