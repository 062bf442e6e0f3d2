/*
 * text.h: what a JSON string stands for.
 */
#ifndef TEXT_H
#define TEXT_H

#include "buf.h"

/*
 * Append the text of a valid JSON string, which is given without its quotes.
 * Half a surrogate pair, which stands for nothing, becomes U+FFFD.
 */
void text_decode(struct buf *out, struct str string);

#endif
