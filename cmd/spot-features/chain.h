/*
 * chain.h: the providers of audio features, one behind the other.
 *
 * What one does not know goes to the next.  What a service has said about an id
 * is remembered: it is asked once a run.
 */
#ifndef CHAIN_H
#define CHAIN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "http.h"
#include "table.h"

struct chain;

/*
 * The chain of a list such as redis,spotify,reccobeats,file:PATH; NULL stands
 * for what the environment has credentials for.  Files are read now; refused
 * counts their bad lines.
 */
struct chain *chain_open(
    const char *list, const struct http_options *options, size_t *refused);
void chain_free(struct chain *chain);

/*
 * How many ids it is worth to ask for at once, 0 if there is nobody to ask, and
 * how many bytes of lines may wait for that.
 */
struct chain_batch {
	size_t ids, bytes;
};
struct chain_batch chain_batch(const struct chain *chain);

/* What the chain says of a track, for good: nothing, if it has no table. */
struct chain_answer {
	const struct table *table;
	uint32_t place;
};

/* The answer about an id; false if it must be asked for. */
bool chain_find(const struct chain *chain, const struct track_id *id,
    struct chain_answer *answer);

/*
 * Begin to ask for n distinct ids, all of which must be asked for.  True if the
 * answers are under way: then it is worth to do other things before
 * chain_ask(), which is called for all that is begun, in the same order.
 */
bool chain_begin(struct chain *chain, const struct track_id *ids, size_t n);

/*
 * Ask for those ids; they change their places.  False if a service does not
 * answer now: then some of them still must be asked for.
 */
bool chain_ask(struct chain *chain, struct track_id *ids, size_t n);

/* Wait a little for input, if a service may have to be asked: has some come? */
bool chain_linger(const struct chain *chain, int fd);

/* Wait for input; false if the run is to stop. */
bool chain_wait(struct chain *chain, int fd);

/* Append the features with their source, or why there are none. */
void chain_append(struct chain_answer answer, struct buf *out);

/* Ids that will be wanted soon, as table_hint() and table_hint_more(). */
void chain_hint(const struct chain *chain, const struct track_id *id);
void chain_hint_more(const struct chain *chain, const struct track_id *id);

/* An answer that will be wanted soon. */
void chain_fetch(struct chain_answer answer);

/* Why chain_ask() failed: the status to exit with. */
int chain_status(const struct chain *chain);

/*
 * Say on stderr how much was asked, if anybody was, for so many lines read and
 * written.
 */
void chain_summary(const struct chain *chain, uint64_t read, uint64_t written);

#endif
