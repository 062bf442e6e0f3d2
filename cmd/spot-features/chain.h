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

enum { CHAIN_ID = 22 }; /* the length of a Spotify id */

/*
 * The chain of a list such as redis,spotify,reccobeats,file:PATH; NULL stands
 * for what the environment has credentials for.  Files are read now; refused
 * counts their bad lines.
 */
struct chain *chain_open(
    const char *list, const struct http_options *options, size_t *refused);
void chain_free(struct chain *chain);

/* How many ids it is worth to ask for at once; 0: there is nobody to ask. */
size_t chain_batch(const struct chain *chain);

/* Would the answer about this id have to be asked for? */
bool chain_must_ask(const struct chain *chain, struct str id);

/*
 * Ask for n distinct ids, all of which must be asked for.  False if a service
 * does not answer now: then some of them still must.
 */
bool chain_ask(struct chain *chain, char (*ids)[CHAIN_ID], size_t n);

/* Wait a little for input, if a service may have to be asked: has some come? */
bool chain_linger(const struct chain *chain, int fd);

/* Wait for input; false if the run is to stop. */
bool chain_wait(struct chain *chain, int fd);

/*
 * Append the features of a track, with their source, or why there are none; id
 * is NULL if it is none of Spotify's.
 */
void chain_append(
    const struct chain *chain, const struct table_id *id, struct buf *out);

/* Ids that will be wanted soon, as table_hint() and table_hint_more(). */
void chain_hint(const struct chain *chain, const struct table_id *id);
void chain_hint_more(const struct chain *chain, const struct table_id *id);

/* Why chain_ask() failed: the status to exit with. */
int chain_status(const struct chain *chain);

/*
 * Say on stderr how much was asked, if anybody was, for so many lines read and
 * written.
 */
void chain_summary(const struct chain *chain, uint64_t read, uint64_t written);

#endif
