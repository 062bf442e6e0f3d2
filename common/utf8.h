/*
 * utf8.h: is it UTF-8?
 */
#ifndef UTF8_H
#define UTF8_H

#include <stdbool.h>
#include <stddef.h>

#include "buf.h"

/*
 * The length of the UTF-8 sequence at p, which ends before end, or 0 if it is
 * malformed: overlong, a surrogate or above U+10FFFF too (Unicode, table 3-7).
 */
size_t utf8_sequence(const char *p, const char *end);

/* Is all of s well-formed? */
bool utf8_valid(struct str s);

#endif
