/*
 * fastwalk.h: walk a line without yajl.
 */
#ifndef FASTWALK_H
#define FASTWALK_H

#include "matcher.h"

/*
 * Match the values of a line, which has LINES_SLACK readable bytes behind it,
 * newline first.  False if visit stopped it, or at anything unusual, malformed
 * or not: then some values have been told.
 */
bool fastwalk_line(struct matcher *matcher, struct str line);

#endif
