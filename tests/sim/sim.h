/*
 * sim.h: what the parts of the replay server have in common.
 */
#ifndef SIM_H
#define SIM_H

#include <stdbool.h>
#include <stddef.h>

#include "buf.h"

struct sim_options {
	const char *playlists, *features, *log;
	const char *client_id, *client_secret;
	const char *next; /* where next pages are said to be */
	const char *user; /* whose playlists the user may read; NULL: all */
	unsigned port, latency; /* milliseconds */
	long expires;           /* seconds that a token lives */
	unsigned holes;         /* each n-th search result is null; 0: none */
	unsigned seed;
	bool is_2026, chunked, rotates, unstable;
};

extern struct sim_options options;
extern char sim_url[64]; /* http://127.0.0.1:PORT */

/* How an answer goes wrong on its way. */
enum manner {
	MANNER_PLAIN,
	MANNER_TRUNCATED, /* the connection is closed in the middle */
	MANNER_SHORT,     /* Content-Length is less than there is */
	MANNER_DRIP,      /* a few bytes at a time */
	MANNER_RESET,
	MANNER_STALL /* nothing comes for a very long time */
};

struct reply {
	unsigned status;
	struct buf body;
	const char *type;     /* Content-Type */
	const char *location; /* or NULL */
	long retry_after;     /* seconds, or -1 */
	enum manner manner;
	bool packed;       /* by gzip */
	long drip;         /* bytes a second */
	size_t dripped;    /* bytes so far */
	const char *fault; /* which was done to it, or NULL */
};

enum { SIM_ARGUMENTS = 16 };

/* Texts end in a NUL; path and arguments are decoded. */
struct request {
	const char *method, *target, *path; /* target: with the query */
	struct argument {
		const char *name, *value;
	} arguments[SIM_ARGUMENTS]; /* of the form, or else the query */
	size_t narguments;
	const char *authorization; /* or NULL */
	bool gzip;                 /* would be understood */
	bool close;                /* the connection, after the answer */
	size_t length;             /* of the form */
	struct buf head, parts;    /* which the others are in */
};

/* The value of an argument; fallback if there is none. */
const char *request_text(
    const struct request *request, const char *name, const char *fallback);
size_t request_number(
    const struct request *request, const char *name, size_t fallback);

/* Answer with a status and a text. */
void reply_with(struct reply *reply, unsigned status, const char *json);

/* The accounts service; it answers requests for /api/token and /authorize. */
void accounts_answer(const struct request *request, struct reply *reply);

enum access { ACCESS_NONE, ACCESS_CLIENT, ACCESS_USER };

/* What a request's token allows; without any the reply tells why. */
enum access accounts_access(const struct request *request, struct reply *reply);

/* No token that has been given out so far is valid any longer. */
void accounts_expire(void);

/* The Web API under /v1/, and ReccoBeats under /reccobeats/v1/. */
void api_answer(const struct request *request, struct reply *reply);

/* Add a fault of a command line; false if it is malformed. */
bool fault_add(const char *text);

/* The names of all faults, with blanks between. */
void fault_names(struct buf *out);

/*
 * Let the faults whose turn it is do their work: true if the reply is then
 * complete, false if it is still to be made.
 */
bool fault_before(const struct request *request, struct reply *reply);

#endif
