/*
 * other.h: records that pass, told from playlists without a walk.
 */
#ifndef OTHER_H
#define OTHER_H

#include <stdbool.h>

#include "buf.h"

/*
 * Is it surely a record of another type, that playlist_read() would let pass?
 * False says nothing.  The line is one of lines_next().
 */
bool other_is(struct str line);

#endif
