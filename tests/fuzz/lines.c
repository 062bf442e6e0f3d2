/*
 * lines: whatever the pieces in which the input comes, the lines are those of
 * a plain split.  The longest line is made short here, to be met.
 *
 * A byte 255 ends a piece; a socket that keeps the borders of what is written
 * gives each read(2) one piece.
 */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "lines.h"
#define LINES_MAX 40
#include "../../common/lines.c" /* NOLINT(bugprone-suspicious-include) */

enum { PIECES_MAX = 64, SIZE_MAX_HERE = 4096 };

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* Send the pieces to standard input; whole becomes all of them. */
static void
send_pieces(const uint8_t *data, size_t size, struct buf *whole)
{
	const uint8_t *end = data + size, *stop;
	int sockets[2];

	if (socketpair(AF_UNIX, SOCK_SEQPACKET, 0, sockets) != 0)
		abort();
	for (int i = 0; data < end && i < PIECES_MAX; i++, data = stop + 1) {
		stop = memchr(data, 255, (size_t)(end - data));
		if (stop == NULL)
			stop = end;
		if (stop == data)
			continue;
		buf_append(whole,
		    (struct str){(const char *)data, (size_t)(stop - data)});
		if (write(sockets[0], data, (size_t)(stop - data)) !=
		    stop - data)
			abort();
	}
	(void)close(sockets[0]);
	if (dup2(sockets[1], STDIN_FILENO) == -1)
		abort();
	(void)close(sockets[1]);
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

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char *const no_operands[] = {NULL};
	size_t number = 0, refused = 0, before, last;
	struct str line, block, wanted, rest;
	struct buf whole = {0};
	struct lines in;
	bool blocks;

	if (size < 1 || size > SIZE_MAX_HERE)
		return 0;
	if (stderr != NULL && fileno(stderr) == STDERR_FILENO)
		stderr = fopen("/dev/null", "w");
	blocks = *data % 2 == 1;
	send_pieces(data + 1, size - 1, &whole);
	rest = buf_str(&whole);
	lines_open(&in, no_operands);
	while (blocks ? lines_block(&in, &block, &before)
	              : lines_next(&in, &line)) {
		if (!blocks) {
			if (!expect(&rest, &number, &refused, &wanted) ||
			    !str_equal(line, wanted) || in.number != number ||
			    line.ptr[line.len] != '\n')
				abort();
			continue;
		}
		/* Within a block long lines are left to who splits it. */
		last = in.number;
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
		if (before != last)
			abort();
	}
	if (expect(&rest, &number, &refused, &wanted))
		abort();
	if (!blocks &&
	    (refused != in.refused || lines_close(&in) != (refused > 0)))
		abort();
	if (blocks)
		(void)lines_close(&in);
	buf_free(&whole);
	return 0;
}
