/*
 * wire.h: requests out of bytes, and replies into bytes (RFC 9112).
 */
#ifndef WIRE_H
#define WIRE_H

#include "sim.h"

enum { WIRE_MAX = 128 * 1024 }; /* bytes that a client may be ahead */

enum wire { WIRE_PART, WIRE_WHOLE, WIRE_BAD };

/*
 * Take a request from the front of what a client has sent; its texts are valid
 * until the next one is taken.
 */
enum wire wire_take(struct buf *in, struct request *request);

void wire_free(struct request *request);

/* Pack the body of a reply by gzip. */
void wire_pack(struct reply *reply);

/* Append a reply, or as much of it as its manner lets through at once. */
void wire_give(const struct reply *reply, struct buf *out);

#endif
