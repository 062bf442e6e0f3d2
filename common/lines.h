/*
 * lines.h: the lines of standard input or of the file operands.
 *
 * Operands compressed by gzip or zstd are read as they are, through those
 * programs.  A line longer than LINES_MAX is named and skipped; blank lines are
 * passed over.  A file that cannot be read ends the program with EXIT_SERVICE.
 */
#ifndef LINES_H
#define LINES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include "buf.h"

enum {
	LINES_MAX = 16 * 1024 * 1024, /* the longest line, bytes */
	LINES_READ = 256 * 1024,      /* the fewest bytes asked for at once */
	LINES_SLACK = 64 /* readable bytes behind every line, newline first */
};

struct lines {
	const char *name;   /* the file being read; NULL is standard input */
	size_t number;      /* of the line last returned, from 1 in each file */
	size_t refused;     /* lines refused so far */
	bool progress;      /* draw a meter on stderr: set after opening */
	char *const *files; /* the operands still to be read */
	int fd;
	pid_t child; /* the decompressor of fd, or 0 */
	char *ptr;   /* the buffer, and in it ... */
	size_t cap;
	size_t start, scanned, end; /* ... what is unread, unsearched, read */
	bool eof, skipping;
	uint64_t bytes, size, total; /* for the meter: read, of, lines */
	double started, drawn;
};

/* Read the operands, a NULL-terminated list; standard input if it is empty. */
void lines_open(struct lines *in, char *const *operands);

/* Read lines from memory: whole lines and LINES_SLACK more readable bytes. */
void lines_open_block(
    struct lines *in, struct str block, const char *name, size_t before);

/*
 * The next line, without its newline, which stands right behind it, at least
 * LINES_SLACK readable bytes with it.  Valid until the next call.
 */
bool lines_next(struct lines *in, struct str *line);

/*
 * All whole lines that have been read, newlines and blank lines included;
 * before is how many stand in front of them in the file.  They lie in buf,
 * which is exchanged for the reader's own; LINES_SLACK bytes behind them can be
 * read.
 */
bool lines_take(
    struct lines *in, struct buf *buf, struct str *block, size_t *before);

/*
 * The bytes of b as a line: a newline stands behind them, and LINES_SLACK
 * readable bytes.  Valid until b changes.
 */
struct str lines_str(struct buf *b);

/* Would lines_next() return without waiting for input? */
bool lines_ready(struct lines *in);

/* The same, after waiting for it so long at most. */
bool lines_wait(struct lines *in, int milliseconds);

/* Say on stderr what is wrong with the current line, and count it. */
__attribute__((format(printf, 2, 3))) void lines_refuse(
    struct lines *in, const char *format, ...);

/* The same of another line; file is NULL for standard input. */
__attribute__((format(printf, 4, 5))) void lines_refuse_at(
    struct lines *in, const char *file, size_t number, const char *format, ...);

/* Finish the meter, free everything; EXIT_DATA if lines were refused, or 0. */
int lines_close(struct lines *in);

#endif
