/*
 * keep.h: bodies that have been made once, so that the server costs little.
 */
#ifndef KEEP_H
#define KEEP_H

#include <stdbool.h>

#include "buf.h"

/* Append the body that is kept under a key; false if there is none. */
bool keep_find(struct str key, struct buf *body);

/* Keep a body, unless very many are kept. */
void keep_add(struct str key, struct str body);

#endif
