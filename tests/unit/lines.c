/*
 * lines: through real pipes and files, in pieces of any size, up to the longest
 * line and beyond.
 */
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include "lines.h"
#include "tap.h"

static char *const no_operands[] = {NULL};

/* Let standard input be a pipe in which bytes come in pieces of a size. */
static pid_t
feed(struct str bytes, size_t piece)
{
	int ends[2];
	size_t n;
	pid_t child;

	(void)fflush(stdout);
	if (pipe(ends) == -1 || (child = fork()) == -1)
		abort();
	if (child == 0) {
		(void)close(ends[0]);
		for (; bytes.len > 0; bytes.ptr += n, bytes.len -= n) {
			n = piece < bytes.len ? piece : bytes.len;
			if (write(ends[1], bytes.ptr, n) != (ssize_t)n)
				_exit(1);
		}
		_exit(0);
	}
	if (dup2(ends[0], STDIN_FILENO) == -1)
		abort();
	(void)close(ends[0]);
	(void)close(ends[1]);
	return child;
}

/* The numbers of lines, and as many x, which are the lines of test_pieces(). */
static void
make_lines(struct buf *out, size_t n)
{
	for (size_t i = 1; i <= n; i++) {
		buf_printf(out, "%zu ", i);
		for (size_t j = 0; j < i * 7 % 501; j++)
			buf_puts(out, "x");
		buf_puts(out, "\n");
	}
}

static bool
is_line(struct str line, size_t i)
{
	char *end;

	return line.ptr[line.len] == '\n' && strtoul(line.ptr, &end, 10) == i &&
	       *end == ' ' &&
	       line.len == (size_t)(end - line.ptr) + 1 + i * 7 % 501 &&
	       strspn(end + 1, "x") == i * 7 % 501;
}

static void
test_pieces(void)
{
	static const size_t pieces[] = {1, 7, 509, 4096, 65537, 1 << 20};
	enum { MANY = 3000 };
	struct buf text = {0}, held = {0};
	struct str line, block;
	struct lines in, inner;
	size_t before, count;
	bool each = true, blocks = true;
	pid_t child;

	make_lines(&text, MANY);
	for (size_t i = 0; i < sizeof(pieces) / sizeof(pieces[0]); i++) {
		child = feed(buf_str(&text), pieces[i]);
		lines_open(&in, no_operands);
		for (count = 0; lines_next(&in, &line);)
			each &= is_line(line, ++count) && in.number == count;
		each &= count == MANY && lines_close(&in) == 0;
		each &= waitpid(child, NULL, 0) == child;
		child = feed(buf_str(&text), pieces[i]);
		lines_open(&in, no_operands);
		for (count = 0; lines_take(&in, &held, &block, &before);) {
			lines_open_block(&inner, block, NULL, before);
			while (lines_next(&inner, &line))
				blocks &= is_line(line, ++count) &&
				          inner.number == count;
			blocks &= in.number == count;
		}
		blocks &= count == MANY && lines_close(&in) == 0;
		blocks &= waitpid(child, NULL, 0) == child;
	}
	tap_ok(each, "lines in pieces of 1 to 2^20 bytes");
	tap_ok(blocks, "blocks of them");
	buf_free(&text);
	buf_free(&held);
}

/* Let standard input be a file of these bytes. */
static void
give(struct str bytes)
{
	int fd = memfd_create("lines", 0);

	if (fd == -1 || write(fd, bytes.ptr, bytes.len) != (ssize_t)bytes.len ||
	    lseek(fd, 0, SEEK_SET) == -1 || dup2(fd, STDIN_FILENO) == -1)
		abort();
	(void)close(fd);
}

/* Are these the lines of the bytes? */
static bool
gives(struct str bytes, const char *const *want)
{
	struct lines in;
	struct str line;
	bool same = true;

	give(bytes);
	lines_open(&in, no_operands);
	while (lines_next(&in, &line)) {
		same &= *want != NULL &&
		        str_equal(line, (struct str){*want, strlen(*want)}) &&
		        line.ptr[line.len] == '\n';
		want += *want != NULL;
	}
	return lines_close(&in) == 0 && same && *want == NULL;
}

static void
test_ends(void)
{
	const char *const none[] = {NULL}, *const two[] = {"a", "b", NULL},
	                  *const cr[] = {"a\r", "b", NULL};

	tap_ok(gives(STR(""), none) && gives(STR("\n\n"), none),
	    "nothing, and blank lines alone");
	tap_ok(gives(STR("a\nb\n"), two) && gives(STR("a\nb"), two) &&
	           gives(STR("\na\n\n\nb"), two),
	    "a last line without newline; blank lines are passed over");
	tap_ok(gives(STR("a\r\nb"), cr), "a carriage return is the line's");
}

/* A line of so many bytes, then "next"; without a newline behind it if last. */
static bool
long_line(size_t len, bool last, bool taken)
{
	struct buf text = {0};
	struct str line;
	struct lines in;
	bool good = true;

	buf_reserve(&text, len);
	memset(text.ptr, 'x', len);
	text.len = len;
	if (!last)
		buf_puts(&text, "\nnext\n");
	give(buf_str(&text));
	lines_open(&in, no_operands);
	if (taken)
		good = lines_next(&in, &line) && line.len == len &&
		       line.ptr[0] == 'x' && line.ptr[len - 1] == 'x' &&
		       line.ptr[len] == '\n' && in.number == 1;
	if (!last)
		good = lines_next(&in, &line) && good &&
		       str_equal(line, STR("next")) && in.number == 2;
	good = !lines_next(&in, &line) && good && in.refused == !taken;
	(void)lines_close(&in);
	buf_free(&text);
	return good;
}

static void
test_longest(void)
{
	stderr = fopen("/dev/null", "w");
	tap_ok(long_line(LINES_MAX, false, true) &&
	           long_line(LINES_MAX, true, true),
	    "the longest line");
	tap_ok(long_line(LINES_MAX + 1, false, false) &&
	           long_line(LINES_MAX + 1, true, false),
	    "a byte more is refused, and the next line is intact");
	tap_ok(long_line((size_t)3 * LINES_MAX, false, false) &&
	           long_line((size_t)3 * LINES_MAX + 7, true, false),
	    "and much more");
}

/* A pipe without anything in it: there is nothing to be had, until there is. */
static void
test_ready(void)
{
	struct lines in;
	struct str line;
	int ends[2];
	bool empty, full, held;

	if (pipe(ends) == -1 || dup2(ends[0], STDIN_FILENO) == -1)
		abort();
	lines_open(&in, no_operands);
	empty = !lines_ready(&in) && !lines_wait(&in, 1);
	if (write(ends[1], "a\nb\nc", 5) != 5)
		abort();
	full = lines_ready(&in) && lines_next(&in, &line);
	held = lines_ready(&in) && lines_next(&in, &line) && !lines_ready(&in);
	tap_ok(empty, "an empty pipe is not ready");
	tap_ok(full && held, "a line that was read is, half a line is not");
	(void)close(ends[1]);
	tap_ok(lines_ready(&in) && lines_next(&in, &line) &&
	           str_equal(line, STR("c")) && !lines_next(&in, &line),
	    "half a line is one at the end");
	(void)lines_close(&in);
	(void)close(ends[0]);
}

int
main(void)
{
	test_pieces();
	test_ends();
	test_ready();
	test_longest();
	return tap_done();
}
