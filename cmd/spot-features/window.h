/*
 * window.h: the lines that wait until the features of their items are there.
 */
#ifndef WINDOW_H
#define WINDOW_H

#include <stdbool.h>
#include <stdint.h>

#include "chain.h"
#include "lines.h"

struct window;

struct window *window_open(struct chain *chain);
void window_free(struct window *window);

/*
 * Wait for input.  If none comes, soon or (when there is nothing to ask a
 * service for) at once, window_settle() first.  False if the run has to end.
 */
bool window_wait(struct window *window, struct lines *in);

/*
 * Take the line that in has read: write it, or let it wait.  False if the run
 * has to end, because a service does not answer.
 */
bool window_add(struct window *window, struct lines *in, struct str line);

/*
 * Ask for what is needed and write all lines that wait, and flush.  False if
 * the run has to end: then all lines in front of the first one that lacks an
 * answer have been written.
 */
bool window_settle(struct window *window);

/* How many lines have been written. */
uint64_t window_written(const struct window *window);

#endif
