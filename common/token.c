/*
 * token: grants of the Spotify accounts service (RFC 6749).
 *
 * Secrets travel in the body and the Authorization header only.
 */
#include <curl/curl.h>
#include <err.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "accounts.h"
#include "cooldown.h"
#include "exit.h"
#include "state.h"
#include "token.h"

enum { EARLY_SECONDS = 60 }; /* so long before it expires it is renewed */

struct token {
	struct accounts_answer answer;
	struct curl_slist **headers; /* with each token so far */
	size_t nheaders;
	double expires; /* 0: there is none yet, or it was rejected */
};

struct token *
token_open(void)
{
	return xcalloc(1, sizeof(struct token));
}

void
token_free(struct token *token)
{
	if (token == NULL)
		return;
	accounts_free(&token->answer);
	for (size_t i = 0; i < token->nheaders; i++)
		curl_slist_free_all(token->headers[i]);
	free(token->headers);
	free(token);
}

/* The refresh token that spot-search --login left; false if there is none. */
static bool
user_token(struct buf *refresh)
{
	return state_read("refresh_token", refresh) && refresh->len > 1;
}

bool
token_possible(void)
{
	struct buf refresh = {0};
	bool possible = user_token(&refresh) ||
	                (state_secret("SPOTIFY_CLIENT_ID") != NULL &&
	                    state_secret("SPOTIFY_CLIENT_SECRET") != NULL);

	buf_free(&refresh);
	return possible;
}

/* Ask for an access token by the user's refresh token. */
static void
ask_user(struct token *token, struct buf *refresh)
{
	struct buf form = {0};

	refresh->len = strcspn(refresh->ptr, "\n");
	accounts_field(&form, "grant_type", STR("refresh_token"));
	accounts_field(&form, "refresh_token", buf_str(refresh));
	accounts_field_client(&form);
	if (!accounts_post(buf_str(&form), false, &token->answer)) {
		if (str_equal(
		        buf_str(&token->answer.error), STR("invalid_grant")))
			state_write("refresh_token", (struct str){"", 0});
		errx(EXIT_USAGE,
		    "accounts: %.*s: the login is no longer valid; run "
		    "'spot-search --login' again",
		    (int)token->answer.error.len, token->answer.error.ptr);
	}
	if (token->answer.refresh_token.len > 0)
		accounts_keep(&token->answer);
	buf_free(&form);
}

/* Ask for the token of a user who has logged in; false if there is none. */
static bool
refresh_user(struct token *token)
{
	struct buf refresh = {0};
	bool found = user_token(&refresh);
	int lock;

	if (found) {
		/* It may be good for once only: one program at a time. */
		lock = state_lock("refresh_token.lock");
		found = user_token(&refresh);
		if (found)
			ask_user(token, &refresh);
		if (lock != -1)
			(void)close(lock);
	}
	buf_free(&refresh);
	return found;
}

/* Ask for an access token of the client's own. */
static void
ask_client(struct token *token)
{
	if (state_secret("SPOTIFY_CLIENT_ID") == NULL ||
	    state_secret("SPOTIFY_CLIENT_SECRET") == NULL)
		errx(EXIT_USAGE,
		    "no credentials: set SPOTIFY_CLIENT_ID and "
		    "SPOTIFY_CLIENT_SECRET, or the same with _FILE");
	if (!accounts_post(
	        STR("grant_type=client_credentials"), true, &token->answer))
		errx(EXIT_USAGE,
		    "accounts: %.*s: check SPOTIFY_CLIENT_ID and "
		    "SPOTIFY_CLIENT_SECRET",
		    (int)token->answer.error.len, token->answer.error.ptr);
}

/* Keep the header of the token that was answered with. */
static void
add_headers(struct token *token)
{
	struct buf header = {0};
	struct curl_slist *list;

	buf_printf(&header, "Authorization: Bearer %.*s",
	    (int)token->answer.access_token.len,
	    token->answer.access_token.ptr);
	buf_append(&header, (struct str){"", 1});
	list = curl_slist_append(NULL, header.ptr);
	if (list == NULL)
		err(EXIT_SERVICE, "memory");
	buf_free(&header);
	token->headers = xreallocarray(
	    token->headers, token->nheaders + 1, sizeof(*token->headers));
	token->headers[token->nheaders++] = list;
}

struct curl_slist *
token_headers(struct token *token)
{
	double now = cooldown_now();

	if (now < token->expires)
		return token->headers[token->nheaders - 1];
	if (!refresh_user(token))
		ask_client(token);
	token->expires = now + (double)token->answer.expires_in - EARLY_SECONDS;
	add_headers(token);
	return token->headers[token->nheaders - 1];
}

size_t
token_number(const struct token *token)
{
	return token->nheaders;
}

void
token_reject(struct token *token)
{
	token->expires = 0;
}
