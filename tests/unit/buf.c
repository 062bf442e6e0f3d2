/*
 * buf: what is appended stands there, however it grows.
 */
#include <inttypes.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "buf.h"
#include "tap.h"

static void
test_growth(void)
{
	struct buf b = {0};
	bool same = true, room = true;
	char *at;

	for (size_t i = 0; i < 5000; i++)
		buf_append(&b, (struct str){(char[]){(char)i}, 1});
	for (size_t i = 0; i < b.len; i++)
		same &= b.ptr[i] == (char)i;
	tap_ok(same && b.len == 5000, "byte by byte");
	for (size_t more = 0; more < 100000; more = more * 3 + 1) {
		buf_reserve(&b, more);
		room &= b.cap - b.len >= more && b.len == 5000;
	}
	at = b.ptr;
	buf_reserve(&b, b.cap - b.len);
	tap_ok(room && b.ptr == at, "room is made when there is none");
	buf_free(&b);
	tap_ok(
	    b.ptr == NULL && b.len == 0 && b.cap == 0, "free leaves it empty");
	buf_free(&b);
	buf_append(&b, (struct str){0});
	buf_puts(&b, "");
	tap_ok(b.ptr == NULL, "nothing takes no memory");
}

static void
test_text(void)
{
	static const size_t numbers[] = {0, 9, 10, 99, 100, 12345, 99999999,
	    100000000, UINT32_MAX, SIZE_MAX - 1, SIZE_MAX};
	char want[32];
	struct buf b = {0};
	bool same = true;

	for (size_t i = 0; i < sizeof(numbers) / sizeof(numbers[0]); i++) {
		b.len = 0;
		buf_number(&b, numbers[i]);
		(void)snprintf(want, sizeof(want), "%zu", numbers[i]);
		same &=
		    str_equal(buf_str(&b), (struct str){want, strlen(want)});
	}
	tap_ok(same, "numbers as printf writes them");
	b.len = 0;
	buf_puts(&b, "a");
	buf_printf(&b, "%300d|%s", 7, "x");
	tap_ok(b.len == 303 && b.ptr[0] == 'a' &&
	           memcmp(b.ptr + 300, "7|x", 3) == 0,
	    "printf, longer than the room there was");
	buf_free(&b);
}

static void
test_equal(void)
{
	tap_ok(str_equal((struct str){0}, STR("")) &&
	           str_equal(STR("a\0b"), STR("a\0b")) &&
	           !str_equal(STR("a\0b"), STR("a\0c")) &&
	           !str_equal(STR("a"), STR("aa")) &&
	           !str_equal((struct str){0}, STR("a")),
	    "texts are compared with what is behind a NUL");
}

int
main(void)
{
	test_growth();
	test_text();
	test_equal();
	return tap_done();
}
