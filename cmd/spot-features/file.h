/*
 * file.h: audio features from a file.
 */
#ifndef FILE_H
#define FILE_H

#include "lines.h"
#include "table.h"

/*
 * Read audio-features objects, one a line, or a CSV file with Spotify's column
 * names (id or track_id, danceability, ...), compressed or not.  A line that is
 * neither is named on stderr; refused counts them.
 */
struct table *file_read(const char *path, size_t *refused);

/* The same from lines into a table; false if they are neither. */
bool file_read_lines(struct table *table, struct lines *in);

#endif
