/*
 * buf.h: bytes borrowed (struct str) and bytes owned (struct buf).
 *
 * Neither is NUL-terminated.  {0} is a valid empty value of both.  Running out
 * of memory ends the program with EXIT_SERVICE.
 */
#ifndef BUF_H
#define BUF_H

#include <stdbool.h>
#include <stddef.h>
#include <string.h>

struct str {
	const char *ptr;
	size_t len;
};

struct buf {
	char *ptr;
	size_t len;
	size_t cap;
};

/* A string constant as a struct str. */
#define STR(constant) ((struct str){(constant), sizeof(constant) - 1})

/* Make room for more bytes after those of b. */
void buf_reserve(struct buf *b, size_t more);

/* Here, so that of a constant it takes a few moves and no call. */
static inline void
buf_append(struct buf *b, struct str s)
{
	if (s.len == 0)
		return;
	if (s.len > b->cap - b->len)
		buf_reserve(b, s.len);
	memcpy(b->ptr + b->len, s.ptr, s.len);
	b->len += s.len;
}

void buf_puts(struct buf *b, const char *s);

/* Append a number in decimal. */
void buf_number(struct buf *b, size_t n);

/* Append as printf(3) would write it. */
__attribute__((format(printf, 2, 3))) void buf_printf(
    struct buf *b, const char *format, ...);

/* The bytes of b; valid until b changes. */
struct str buf_str(const struct buf *b);

/* Free what b owns and leave it empty. */
void buf_free(struct buf *b);

/* Do a and b hold the same bytes? */
bool str_equal(struct str a, struct str b);

/* realloc(3) and calloc(3) that end the program when there is no memory. */
void *xreallocarray(void *ptr, size_t n, size_t size);
void *xcalloc(size_t n, size_t size);

#endif
