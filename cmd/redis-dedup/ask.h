/*
 * ask.h: lines that wait, in their order, for what Redis says about them.
 *
 * Redis holds a hash: the field is a playlist's id, the value when it was
 * marked, in seconds since 1970, a space, and its snapshot_id.
 */
#ifndef ASK_H
#define ASK_H

#include <stdbool.h>
#include <stdint.h>

#include "json.h"

struct ask;

/*
 * Ask about the hash at key or, with mark, write to it.  What was marked
 * max_age seconds ago or longer is not known any more; 0 sets no limit.
 */
struct ask *ask_open(const char *key, bool mark, int64_t max_age);
void ask_free(struct ask *ask);

/*
 * Ask about a playlist at a snapshot: its line is dropped if Redis knows it.
 * With mark, make it known, and then pass its line.  The line is one of
 * lines_next(), as below.
 */
void ask_line(struct ask *ask, struct str line, struct json *json,
    const struct json_field *id, const struct json_field *snapshot);

/* Pass a line behind those that wait. */
void ask_pass(struct ask *ask, struct str line);

/* Wait for the answers to all lines, and write those that pass. */
void ask_settle(struct ask *ask);

/* Say on stderr how many were asked about: the end of the run. */
void ask_summary(const struct ask *ask);

#endif
