/*
 * ask.h: audio features from the services that speak HTTP.
 */
#ifndef ASK_H
#define ASK_H

#include <stdbool.h>

#include "chain.h"
#include "table.h"

struct ask;

/* How a service answers. */
struct ask_shape {
	enum table_source source;
	size_t batch;     /* ids of one request, at most */
	const char *list; /* where the objects are */
	const char *id;   /* their key that holds the id, or ends in it */
};

extern const struct ask_shape ask_spotify, ask_reccobeats;

struct ask *ask_open(
    const struct ask_shape *shape, struct http_service service, size_t jobs);
void ask_free(struct ask *ask);

enum ask_outcome {
	ASK_ANSWERED,
	ASK_RESTRICTED, /* the service is not for this app: it says 403 */
	ASK_FAILED      /* not now; the reason has been told */
};

/* Put what the service knows of n ids into a table. */
enum ask_outcome ask_ids(struct ask *ask, struct http *http,
    const struct track_id *ids, size_t n, struct table *table);

#endif
