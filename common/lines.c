/*
 * lines: one reader of lines for all programs.
 */
#include <err.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <spawn.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "exit.h"
#include "lines.h"
#include "pipe.h"
#include "progress.h"

static const char *
source(const struct lines *in)
{
	return in->name != NULL ? in->name : "standard input";
}

/* Read fd through a decompressing program; the new descriptor. */
static int
decompress(struct lines *in, const char *program, int fd)
{
	char *argv[] = {NULL, (char[]){"-dcq"}, NULL};
	posix_spawn_file_actions_t actions;
	int pipes[2], error;

	if (pipe(pipes) == -1)
		err(EXIT_SERVICE, "%s: pipe", source(in));
	(void)fcntl(pipes[0], F_SETFD, FD_CLOEXEC);
	if ((argv[0] = strdup(program)) == NULL ||
	    posix_spawn_file_actions_init(&actions) != 0 ||
	    posix_spawn_file_actions_adddup2(&actions, fd, 0) != 0 ||
	    posix_spawn_file_actions_adddup2(&actions, pipes[1], 1) != 0 ||
	    posix_spawn_file_actions_addclose(&actions, pipes[1]) != 0)
		err(EXIT_SERVICE, "%s: %s", source(in), program);
	error =
	    posix_spawnp(&in->child, program, &actions, NULL, argv, environ);
	if (error != 0) {
		errno = error;
		err(EXIT_SERVICE, "%s: %s", source(in), program);
	}
	(void)posix_spawn_file_actions_destroy(&actions);
	free(argv[0]);
	(void)close(pipes[1]);
	(void)close(fd);
	pipe_widen(pipes[0]);
	return pipes[0];
}

/* Open the file in->name, compressed or not. */
static void
open_file(struct lines *in)
{
	static const unsigned char gzip[] = {0x1f, 0x8b};
	static const unsigned char zstd[] = {0x28, 0xb5, 0x2f, 0xfd};
	unsigned char magic[4];
	struct stat st;
	ssize_t n;
	int fd;

	fd = open(in->name, O_RDONLY | O_CLOEXEC);
	if (fd == -1 || fstat(fd, &st) == -1)
		err(EXIT_SERVICE, "%s", in->name);
	if (S_ISDIR(st.st_mode))
		errx(EXIT_SERVICE, "%s: is a directory", in->name);
	in->size = in->bytes = 0;
	if (S_ISREG(st.st_mode)) {
		n = pread(fd, magic, sizeof(magic), 0);
		if (n >= 2 && memcmp(magic, gzip, sizeof(gzip)) == 0)
			fd = decompress(in, "gzip", fd);
		else if (n >= 4 && memcmp(magic, zstd, sizeof(zstd)) == 0)
			fd = decompress(in, "zstd", fd);
		else
			in->size = (uint64_t)st.st_size;
	}
	in->fd = fd;
}

/* Close the file read to its end; a failed decompressor ends the program. */
static void
close_file(struct lines *in)
{
	int status = 0;

	if (in->name != NULL)
		(void)close(in->fd);
	if (in->child > 0) {
		if (waitpid(in->child, &status, 0) == -1)
			err(EXIT_SERVICE, "%s: wait", source(in));
		/* A zstd of several frames may end on a warning: still 0. */
		if (status != 0)
			errx(EXIT_SERVICE,
			    "%s: cannot be decompressed: "
			    "damaged or cut short",
			    source(in));
		in->child = 0;
	}
}

void
lines_open(struct lines *in, char *const *operands)
{
	*in = (struct lines){.fd = STDIN_FILENO, .files = operands};
	in->started = progress_clock();
	if (*operands != NULL) {
		in->name = *in->files++;
		open_file(in);
	} else
		pipe_widen(in->fd);
	in->cap = (size_t)LINES_READ * 2;
	in->ptr = xcalloc(1, in->cap + LINES_SLACK);
}

void
lines_open_block(
    struct lines *in, struct str block, const char *name, size_t before)
{
	*in = (struct lines){
	    .fd = -1, .name = name, .number = before, .eof = true};
	/* Never written to: there is nothing to read and nothing to move. */
	memcpy(&in->ptr, &block.ptr, sizeof(in->ptr));
	in->end = block.len;
}

/* Take up the next operand, if there is one. */
static bool
next_file(struct lines *in)
{
	if (in->fd == -1)
		return false;
	close_file(in);
	in->fd = -1;
	if (in->name == NULL || *in->files == NULL)
		return false;
	in->name = *in->files++;
	in->number = 0;
	in->start = in->scanned = in->end = 0;
	in->eof = in->skipping = false;
	open_file(in);
	return true;
}

/* Move what is unread to the front of the buffer, and grow it if need be. */
static void
make_room(struct lines *in)
{
	size_t len = in->end - in->start;

	if (in->start > 0) {
		memmove(in->ptr, in->ptr + in->start, len);
		in->scanned -= in->start;
		in->start = 0;
		in->end = len;
	}
	if (in->cap - len < LINES_READ) {
		in->cap *= 2;
		in->ptr = xreallocarray(in->ptr, in->cap + LINES_SLACK, 1);
	}
}

/* Read some more bytes; at the end of the file give it a last newline. */
static void
fill(struct lines *in)
{
	ssize_t n;

	make_room(in);
	do {
		n = read(in->fd, in->ptr + in->end, in->cap - in->end);
	} while (n == -1 && errno == EINTR);
	if (n == -1)
		err(EXIT_SERVICE, "%s", source(in));
	in->end += (size_t)n;
	in->bytes += (uint64_t)n;
	if (n == 0) {
		in->eof = true;
		if (in->end > in->start)
			in->ptr[in->end++] = '\n';
	}
	if (in->progress)
		progress_draw(in);
}

/* Search what has been read for a newline, up to which scanned then goes. */
static bool
see_newline(struct lines *in)
{
	const char *found =
	    in->end > in->scanned
	        ? memchr(in->ptr + in->scanned, '\n', in->end - in->scanned)
	        : NULL;

	in->scanned = found != NULL ? (size_t)(found - in->ptr) : in->end;
	return found != NULL;
}

/* Find the end of the next line, whole or too long, reading as needed. */
static bool
find_line(struct lines *in, size_t *newline)
{
	for (;;) {
		if (see_newline(in)) {
			*newline = in->scanned++;
			return true;
		}
		if (in->skipping || in->end - in->start > LINES_MAX) {
			in->skipping = true;
			in->start = in->end;
		}
		if (!in->eof)
			fill(in);
		else if (in->skipping) {
			*newline = in->end;
			return true;
		} else if (!next_file(in))
			return false;
	}
}

bool
lines_next(struct lines *in, struct str *line)
{
	size_t newline;

	while (find_line(in, &newline)) {
		line->ptr = in->ptr + in->start;
		line->len = newline - in->start;
		in->start = in->scanned;
		in->number++;
		in->total++;
		if (in->skipping || line->len > LINES_MAX) {
			in->skipping = false;
			lines_refuse(
			    in, "longer than %d MiB", LINES_MAX / 1024 / 1024);
		} else if (line->len > 0)
			return true;
	}
	return false;
}

/* Give away the buffer for another one, which gets what is unread. */
static void
swap_buffer(struct lines *in, struct buf *other)
{
	const struct buf mine = {in->ptr, in->start, in->cap + LINES_SLACK};
	const size_t len = in->end - in->start;

	other->len = 0;
	buf_reserve(other, len + LINES_READ + LINES_SLACK);
	if (len > 0)
		memcpy(other->ptr, in->ptr + in->start, len);
	in->ptr = other->ptr;
	in->cap = other->cap - LINES_SLACK;
	in->start = in->scanned = 0;
	in->end = len;
	*other = mine;
}

/* The newlines from p to end, in a way that the compiler makes vectors of. */
static size_t
count_newlines(const char *p, const char *end)
{
	const char *stop;
	size_t total = 0;
	uint8_t some;

	for (; p < end; total += some) {
		stop = end - p > UINT8_MAX ? p + UINT8_MAX : end;
		for (some = 0; p < stop; p++)
			some = (uint8_t)(some + (*p == '\n'));
	}
	return total;
}

bool
lines_take(struct lines *in, struct buf *buf, struct str *block, size_t *before)
{
	const char *rest, *last;
	size_t lines;

	if (!lines_next(in, block))
		return false;
	*before = in->number - 1;
	rest = in->ptr + in->start;
	last = in->end > in->start ? memrchr(rest, '\n', in->end - in->start)
	                           : NULL;
	if (last != NULL) {
		lines = count_newlines(rest, last + 1);
		in->number += lines;
		in->total += lines;
		in->start = (size_t)(last + 1 - in->ptr);
	}
	block->len = (size_t)(in->ptr + in->start - block->ptr);
	swap_buffer(in, buf);
	return true;
}

struct str
lines_str(struct buf *b)
{
	buf_reserve(b, LINES_SLACK);
	memset(b->ptr + b->len, '\n', LINES_SLACK);
	return buf_str(b);
}

bool
lines_wait(struct lines *in, int milliseconds)
{
	struct pollfd pollfd = {.fd = in->fd, .events = POLLIN};

	if (in->fd == -1 || see_newline(in))
		return true;
	return poll(&pollfd, 1, milliseconds) != 0;
}

bool
lines_ready(struct lines *in)
{
	return lines_wait(in, 0);
}

/* Name a line with what is wrong with it, and count it. */
__attribute__((format(printf, 4, 0))) static void
refuse(struct lines *in, const char *file, size_t number, const char *format,
    va_list ap)
{
	char message[512];

	(void)vsnprintf(message, sizeof(message), format, ap);
	flockfile(stderr); /* warnx writes in parts, and there may be threads */
	warnx("%s%sline %zu: %s", file != NULL ? file : "",
	    file != NULL ? ": " : "", number, message);
	funlockfile(stderr);
	in->refused++;
}

void
lines_refuse(struct lines *in, const char *format, ...)
{
	va_list ap;

	va_start(ap, format);
	refuse(in, in->name, in->number, format, ap);
	va_end(ap);
}

void
lines_refuse_at(
    struct lines *in, const char *file, size_t number, const char *format, ...)
{
	va_list ap;

	va_start(ap, format);
	refuse(in, file, number, format, ap);
	va_end(ap);
}

int
lines_close(struct lines *in)
{
	if (in->progress)
		progress_end(in);
	if (in->cap > 0)
		free(in->ptr);
	in->ptr = NULL;
	return in->refused > 0 ? EXIT_DATA : EXIT_SUCCESS;
}
