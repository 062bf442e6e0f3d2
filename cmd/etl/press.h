/*
 * press.h: text made by several threads, written in order.
 */
#ifndef PRESS_H
#define PRESS_H

#include <stddef.h>

#include "record.h"

/*
 * Call make for each piece from 0 to n - 1, which puts records into the buffer,
 * and write what it made in the order of the pieces.  jobs threads do so; each
 * holds no more than a piece.  How many records were made.
 */
uint64_t press(size_t jobs, size_t n,
    void (*make)(const void *context, size_t piece, struct record *record),
    const void *context);

#endif
