/*
 * output.h: records to standard output.
 *
 * Write, then say output_flush() after each batch and at the end: a write that
 * does not get through ends the program with EXIT_SERVICE.
 */
#ifndef OUTPUT_H
#define OUTPUT_H

#include "buf.h"

/* Call first: a large buffer for stdout, and a closed pipe is an error. */
void output_open(void);

/* Write bytes to stdout. */
void output_write(struct str s);

/* Write many bytes, past the buffer, which is flushed. */
void output_block(struct str s);

/* Write a line that lines_next() gave, with its newline. */
void output_line(struct str line);

/* Make sure that all has been written, or exit. */
void output_flush(void);

#endif
