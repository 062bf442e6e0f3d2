/*
 * accounts: tokens, as accounts.spotify.com gives them out.
 *
 * They can be told by their beginnings, so that tests can look for leaks:
 * sim-access-, sim-refresh- and sim-code-.
 */
#include <openssl/evp.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "sim.h"

enum { SHA256_BYTES = 32, TEXT = 128 };

struct token {
	time_t expires;
	enum access access;
};

static struct token *tokens; /* sim-access-N is tokens[N] */
static size_t ntokens;
static unsigned refresh; /* sim-refresh-N is valid for this N only */
static unsigned ncodes;
static char challenge[TEXT], redirect_uri[512]; /* of the last code */

/* Is an argument there, with this value? */
static bool
says(const struct request *request, const char *name, const char *wanted)
{
	const char *value = request_text(request, name, NULL);

	return value != NULL && strcmp(value, wanted) == 0;
}

static void
grant(struct reply *reply, enum access access, bool with_refresh)
{
	tokens = xreallocarray(tokens, ntokens + 1, sizeof(*tokens));
	tokens[ntokens] = (struct token){time(NULL) + options.expires, access};
	reply_with(reply, 200, "");
	buf_printf(&reply->body,
	    "{\"access_token\":\"sim-access-%zu\",\"token_type\":\"Bearer\","
	    "\"expires_in\":%ld",
	    ntokens++, options.expires);
	if (with_refresh)
		buf_printf(&reply->body,
		    ",\"refresh_token\":\"sim-refresh-%u\"", ++refresh);
	buf_append(&reply->body, STR("}"));
}

static void
refuse(struct reply *reply, const char *error, const char *description)
{
	reply_with(reply, 400, "");
	buf_printf(&reply->body,
	    "{\"error\":\"%s\",\"error_description\":\"%s\"}", error,
	    description);
}

static bool
is_client(const struct request *request)
{
	char plain[TEXT], expected[2 * TEXT] = "Basic ";
	int len = snprintf(plain, sizeof(plain), "%s:%s", options.client_id,
	    options.client_secret);

	(void)EVP_EncodeBlock((unsigned char *)expected + strlen(expected),
	    (unsigned char *)plain, len < TEXT ? len : TEXT - 1);
	return request->authorization != NULL &&
	       strcmp(request->authorization, expected) == 0;
}

/* Does the verifier belong to the challenge of the last code? (RFC 7636) */
static bool
verifies(const struct request *request)
{
	unsigned char digest[EVP_MAX_MD_SIZE];
	const char *verifier = request_text(request, "code_verifier", "");
	char text[TEXT];
	size_t len;

	if (strlen(verifier) < 43 ||
	    !EVP_Q_digest(
	        NULL, "SHA256", NULL, verifier, strlen(verifier), digest, &len))
		return false;
	(void)EVP_EncodeBlock((unsigned char *)text, digest, SHA256_BYTES);
	for (char *p = text; *p != '\0'; p++)
		*p = (char)(*p == '+' ? '-' : *p == '/' ? '_' : *p);
	text[strcspn(text, "=")] = '\0';
	return strcmp(text, challenge) == 0;
}

static void
answer_token(const struct request *request, struct reply *reply)
{
	char expected[TEXT];

	if (says(request, "grant_type", "client_credentials")) {
		if (is_client(request))
			grant(reply, ACCESS_CLIENT, false);
		else
			refuse(reply, "invalid_client", "Invalid client");
		return;
	}
	if (!says(request, "client_id", options.client_id)) {
		refuse(reply, "invalid_client", "Invalid client");
		return;
	}
	if (says(request, "grant_type", "refresh_token")) {
		(void)snprintf(
		    expected, sizeof(expected), "sim-refresh-%u", refresh);
		if (says(request, "refresh_token", expected))
			grant(reply, ACCESS_USER, options.rotates);
		else
			refuse(reply, "invalid_grant", "Refresh token revoked");
		return;
	}
	(void)snprintf(expected, sizeof(expected), "sim-code-%u", ncodes);
	if (!says(request, "grant_type", "authorization_code"))
		refuse(reply, "unsupported_grant_type", "");
	else if (!says(request, "code", expected) || !verifies(request) ||
	         !says(request, "redirect_uri", redirect_uri))
		refuse(reply, "invalid_grant", "Invalid authorization code");
	else {
		ncodes++; /* a code is good for once */
		grant(reply, ACCESS_USER, true);
	}
}

/* The user agrees at once: back to the app, with a code. */
static void
answer_authorize(const struct request *request, struct reply *reply)
{
	static char location[1024];

	if (!says(request, "client_id", options.client_id) ||
	    !says(request, "code_challenge_method", "S256")) {
		reply_with(reply, 400, "INVALID_CLIENT");
		return;
	}
	(void)snprintf(challenge, sizeof(challenge), "%s",
	    request_text(request, "code_challenge", ""));
	(void)snprintf(redirect_uri, sizeof(redirect_uri), "%s",
	    request_text(request, "redirect_uri", ""));
	(void)snprintf(location, sizeof(location),
	    "%s?code=sim-code-%u&state=%s", redirect_uri, ++ncodes,
	    request_text(request, "state", ""));
	reply_with(reply, 302, "");
	reply->location = location;
}

void
accounts_answer(const struct request *request, struct reply *reply)
{
	if (strcmp(request->path, "/api/token") == 0 &&
	    strcmp(request->method, "POST") == 0)
		answer_token(request, reply);
	else if (strcmp(request->path, "/authorize") == 0)
		answer_authorize(request, reply);
	else
		reply_with(reply, 404, "");
}

enum access
accounts_access(const struct request *request, struct reply *reply)
{
	static const char bearer[] = "Bearer sim-access-";
	const char *header = request->authorization;
	size_t n = SIZE_MAX;
	char *end = NULL;

	if (header == NULL) {
		reply_with(reply, 401,
		    "{\"error\":{\"status\":401,"
		    "\"message\":\"No token provided\"}}");
		return ACCESS_NONE;
	}
	if (strncmp(header, bearer, sizeof(bearer) - 1) == 0)
		n = strtoul(header + sizeof(bearer) - 1, &end, 10);
	if (n >= ntokens || *end != '\0') {
		reply_with(reply, 401,
		    "{\"error\":{\"status\":401,"
		    "\"message\":\"Invalid access token\"}}");
		return ACCESS_NONE;
	}
	if (time(NULL) >= tokens[n].expires) {
		reply_with(reply, 401,
		    "{\"error\":{\"status\":401,"
		    "\"message\":\"The access token expired\"}}");
		return ACCESS_NONE;
	}
	return tokens[n].access;
}

void
accounts_expire(void)
{
	for (size_t i = 0; i < ntokens; i++)
		tokens[i].expires = 0;
}
