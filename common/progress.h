/*
 * progress.h: the meter that --progress draws on stderr.
 *
 * On a terminal one line is redrawn; elsewhere a line is written now and then.
 */
#ifndef PROGRESS_H
#define PROGRESS_H

struct lines;

/* Seconds since some moment, never going back. */
double progress_clock(void);

/* Draw the meter of in if it is time to. */
void progress_draw(struct lines *in);

/* Draw it a last time, and end its line. */
void progress_end(struct lines *in);

#endif
