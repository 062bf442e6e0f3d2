/*
 * buf: growing byte buffers, and memory that is there or ends the program.
 */
#include <err.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "buf.h"
#include "exit.h"

void *
xreallocarray(void *ptr, size_t n, size_t size)
{
	void *grown = reallocarray(ptr, n, size);

	if (grown == NULL && n > 0 && size > 0)
		err(EXIT_SERVICE, "memory");
	return grown;
}

void *
xcalloc(size_t n, size_t size)
{
	void *ptr = calloc(n, size);

	if (ptr == NULL && n > 0 && size > 0)
		err(EXIT_SERVICE, "memory");
	return ptr;
}

void
buf_reserve(struct buf *b, size_t more)
{
	size_t cap = b->cap;

	if (more <= cap - b->len)
		return;
	if (more > SIZE_MAX / 2 - b->len)
		errx(EXIT_SERVICE, "memory: a buffer of %zu bytes", more);
	if (cap < 256)
		cap = 256;
	while (cap < b->len + more)
		cap *= 2;
	b->ptr = xreallocarray(b->ptr, cap, 1);
	b->cap = cap;
}

void
buf_puts(struct buf *b, const char *s)
{
	buf_append(b, (struct str){s, strlen(s)});
}

void
buf_number(struct buf *b, size_t n)
{
	char digits[20], *end = digits + sizeof(digits), *p = end;

	do
		*--p = (char)('0' + n % 10);
	while ((n /= 10) > 0);
	buf_append(b, (struct str){p, (size_t)(end - p)});
}

void
buf_printf(struct buf *b, const char *format, ...)
{
	va_list ap;
	int n;

	va_start(ap, format);
	n = vsnprintf(NULL, 0, format, ap);
	va_end(ap);
	if (n < 0)
		err(EXIT_SERVICE, "printf");
	buf_reserve(b, (size_t)n + 1);
	va_start(ap, format);
	(void)vsnprintf(b->ptr + b->len, (size_t)n + 1, format, ap);
	va_end(ap);
	b->len += (size_t)n;
}

struct str
buf_str(const struct buf *b)
{
	return (struct str){b->ptr, b->len};
}

void
buf_free(struct buf *b)
{
	free(b->ptr);
	*b = (struct buf){0};
}

bool
str_equal(struct str a, struct str b)
{
	return a.len == b.len && (a.len == 0 || !memcmp(a.ptr, b.ptr, a.len));
}
