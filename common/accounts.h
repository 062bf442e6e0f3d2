/*
 * accounts.h: one question to the Spotify accounts service.
 */
#ifndef ACCOUNTS_H
#define ACCOUNTS_H

#include <stdbool.h>

#include "buf.h"

struct accounts_answer {
	struct buf access_token, refresh_token, error;
	long expires_in; /* seconds */
};

void accounts_free(struct accounts_answer *answer);

/* The service's address: SPOTIFY_ACCOUNTS_URL, or the real one. */
const char *accounts_url(void);

/*
 * The value of an environment variable as a service's address, or fallback.
 * Without TLS only this machine is allowed, because tokens are sent there.
 */
const char *accounts_base(const char *variable, const char *fallback);

/* Append name=value to a form, encoded; or the client's id. */
void accounts_field(struct buf *form, const char *name, struct str value);
void accounts_field_client(struct buf *form);

/*
 * Ask for a token; with basic, the client's secret is sent along.  False if the
 * service refuses: error tells why.  A service that does not answer, after
 * retries, ends the program with EXIT_SERVICE.
 */
bool accounts_post(struct str form, bool basic, struct accounts_answer *answer);

/* Keep the refresh token for later runs. */
void accounts_keep(const struct accounts_answer *answer);

#endif
