/*
 * lines: whatever the pieces in which the input comes, the lines are those of
 * a plain split.
 *
 * The longest line and what is read at once are made short here, so that the
 * buffer is moved and grows; and read(2) gives pieces of what is in memory, of
 * which a byte 255 is the end, for the time that sockets would take.
 */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "lines.h"
#define LINES_MAX 40
#define LINES_READ 16
#define read(fd, to, n) read_piece(to, n)
static ssize_t read_piece(char *to, size_t n);
#include "../../common/lines.c" /* NOLINT(bugprone-suspicious-include) */

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static struct str input;

/* As much of the piece that comes next as there is room for. */
static ssize_t
read_piece(char *to, size_t n)
{
	const char *stop;

	while (input.len > 0 && *input.ptr == '\xff')
		input = (struct str){input.ptr + 1, input.len - 1};
	if (n > input.len)
		n = input.len;
	if (n == 0)
		return 0;
	stop = memchr(input.ptr, 255, n);
	if (stop != NULL)
		n = (size_t)(stop - input.ptr);
	memcpy(to, input.ptr, n);
	input = (struct str){input.ptr + n, input.len - n};
	return (ssize_t)n;
}

/* The next line of rest that is to be told; counts those passed over. */
static bool
expect(struct str *rest, size_t *number, size_t *refused, struct str *line)
{
	const char *newline;

	while (rest->len > 0) {
		newline = memchr(rest->ptr, '\n', rest->len);
		line->ptr = rest->ptr;
		line->len =
		    newline != NULL ? (size_t)(newline - rest->ptr) : rest->len;
		rest->ptr += line->len + (newline != NULL);
		rest->len -= line->len + (newline != NULL);
		(*number)++;
		if (line->len > LINES_MAX)
			(*refused)++;
		else if (line->len > 0)
			return true;
	}
	return false;
}

/* The whole input, without what ends its pieces. */
static void
join(const uint8_t *data, size_t size, struct buf *whole)
{
	whole->len = 0;
	buf_reserve(whole, size);
	for (size_t i = 0; i < size; i++)
		if (data[i] != 255)
			whole->ptr[whole->len++] = (char)data[i];
}

static void
check_lines(struct lines *in, struct str rest)
{
	size_t number = 0, refused = 0;
	struct str line, wanted;

	while (lines_next(in, &line))
		if (!expect(&rest, &number, &refused, &wanted) ||
		    !str_equal(line, wanted) || in->number != number ||
		    line.ptr[line.len] != '\n')
			abort();
	if (expect(&rest, &number, &refused, &wanted) ||
	    refused != in->refused || in->number != number)
		abort();
}

/* Within a block long lines are left to who splits it. */
static void
check_blocks(struct lines *in, struct str rest)
{
	size_t number = 0, refused = 0, before;
	struct str line, block, wanted;
	struct buf buf = {0};

	while (lines_take(in, &buf, &block, &before)) {
		while (block.len > 0) {
			line.ptr = block.ptr;
			line.len = (size_t)((char *)memchr(
			                        block.ptr, '\n', block.len) -
			                    block.ptr);
			block.ptr += line.len + 1;
			block.len -= line.len + 1;
			before++;
			if (line.len == 0 || line.len > LINES_MAX)
				continue;
			if (!expect(&rest, &number, &refused, &wanted) ||
			    !str_equal(line, wanted) || before != number)
				abort();
		}
		if (before != in->number)
			abort();
	}
	if (expect(&rest, &number, &refused, &wanted) || in->number != number)
		abort();
	buf_free(&buf);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char *const no_operands[] = {NULL};
	static struct buf whole;
	struct lines in;

	if (size < 1)
		return 0;
	if (stderr != NULL && fileno(stderr) == STDERR_FILENO)
		stderr = fopen("/dev/null", "w");
	input = (struct str){(const char *)data + 1, size - 1};
	join(data + 1, size - 1, &whole);
	lines_open(&in, no_operands);
	if (*data % 2 == 1)
		check_blocks(&in, buf_str(&whole));
	else
		check_lines(&in, buf_str(&whole));
	if (lines_close(&in) != (in.refused > 0 ? 1 : 0))
		abort();
	return 0;
}
