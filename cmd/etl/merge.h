/*
 * merge.h: read back what etl --partial wrote.
 */
#ifndef MERGE_H
#define MERGE_H

#include "tally.h"

struct merge;

struct merge *merge_open(void);
void merge_free(struct merge *merge);

/*
 * Add the daily or playlist_sum that a line of in is to a tally; the first
 * daily tells what its countries were told by, and others are refused.
 */
void merge_line(struct merge *merge, struct tally *tally, struct lines *in,
    struct str line);

#endif
