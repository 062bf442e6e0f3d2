/*
 * stroll.h: walk a line without yajl.
 */
#ifndef STROLL_H
#define STROLL_H

#include "steps.h"

/*
 * Take the steps of a line, which has LINES_SLACK readable bytes behind it,
 * newline first.  False if visit stopped it, or at anything unusual, malformed
 * or not: then some values have been told.
 */
bool stroll_line(struct steps *steps, struct str line);

#endif
