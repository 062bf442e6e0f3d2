/*
 * token.h: access tokens of the Spotify accounts service.
 *
 * A user's token, if spot-search --login has left one, or else the client's own
 * (client credentials).  Tokens are held in memory; a user's refresh token in a
 * private state file.
 */
#ifndef TOKEN_H
#define TOKEN_H

#include <curl/curl.h>
#include <stdbool.h>

struct token;

struct token *token_open(void);
void token_free(struct token *token);

/* Are there credentials or a user's token? */
bool token_possible(void);

/*
 * The Authorization header, fetched when there is none yet or it is about to
 * expire.  Wrong credentials end the program with EXIT_USAGE, an accounts
 * service that does not answer with EXIT_SERVICE.  It stays valid, for requests
 * in flight, when it is replaced.
 */
struct curl_slist *token_headers(struct token *token);

/* Which token it is, counted from 1. */
size_t token_number(const struct token *token);

/* The service rejected the token: fetch another at the next token_headers(). */
void token_reject(struct token *token);

#endif
