/*
 * fault: what goes wrong, and when.
 *
 * A fault is NAME[=ARGUMENT][~PATH][@WHEN].  It counts the requests whose
 * target has PATH in it ("/v1/" if it is not given, so that no token is meant)
 * and is done to those that WHEN names: N, N-M, N- (from 1), or P% of them, by
 * lot; all if it is not given.
 */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "sim.h"

enum { FAULTS_MAX = 64 };

static const char json[] = "application/json; charset=utf-8";
static const char text[] = "text/plain", html[] = "text/html";

#define ERROR(status, message)                                                 \
	"{\"error\":{\"status\":" #status ",\"message\":\"" message "\"}}"

/* What each of them answers; a status of 0 spoils the true answer. */
static const struct kind {
	const char *name;
	long status;
	const char *type, *body;
	long retry_after; /* if no argument says otherwise; -1: none */
	enum manner manner;
} kinds[] = {
    {"400", 400, json, ERROR(400, "Bad request"), -1, 0},
    {"401", 401, json, ERROR(401, "The access token expired"), -1, 0},
    {"403", 403, json, "{\"error\":{\"status\":403}}", -1, 0},
    {"403-owner", 403, json, ERROR(403, "Forbidden"), -1, 0},
    {"403-premium", 403, text,
        "Active premium subscription required for the owner of the app. When "
        "the subscription status changes, it can take a few hours before "
        "requests are allowed again.",
        -1, 0},
    {"403-scope", 403, json, ERROR(403, "Insufficient client scope"), -1, 0},
    {"403-user", 403, text,
        "Check settings on developer.spotify.com/dashboard, the user may not "
        "be registered.",
        -1, 0},
    {"404", 404, json, ERROR(404, "Resource not found"), -1, 0},
    {"429", 429, text, "Too many requests", 1, 0},
    {"429-bare", 429, json, ERROR(429, "API rate limit exceeded"), -1, 0},
    {"429-quota", 429, json,
        "{\"error\":{\"status\":429,\"message\":\"Too many requests\","
        "\"reason\":\"QUOTA_EXCEEDED\"}}",
        48925, 0},
    {"500", 500, json, ERROR(500, "Server error."), -1, 0},
    {"502", 502, json, ERROR(502, "Bad gateway."), -1, 0},
    {"502-empty", 502, text, "", -1, 0},
    {"502-html", 502, html, "<html><body>502 Bad Gateway</body></html>", -1, 0},
    {"503", 503, text, "upstream connect error", -1, 0},
    {"503-wait", 503, text, "upstream connect error", 1, 0},
    {"drip", 0, NULL, NULL, -1, MANNER_DRIP},
    {"empty", 200, json, "", -1, 0},
    {"html", 200, html, "<html><body>Hello</body></html>", -1, 0},
    {"length", 0, NULL, NULL, -1, MANNER_SHORT},
    {"null", 200, json, "null", -1, 0},
    {"null-items", 200, json,
        "{\"playlists\":{\"items\":null,\"total\":0,\"next\":null}}", -1, 0},
    {"redirect", 302, text, "", -1, 0},
    {"reset", 0, NULL, NULL, -1, MANNER_RESET},
    {"stall", 0, NULL, NULL, -1, MANNER_STALL},
    {"truncated", 0, NULL, NULL, -1, MANNER_TRUNCATED},
};

static struct fault {
	const struct kind *kind;
	char *text;                  /* which the others are from */
	const char *argument, *path; /* if not given NULL; "/v1/" */
	size_t first, last, seen;    /* of requests, from 1 */
	double percent;
} faults[FAULTS_MAX];
static size_t nfaults;

void
fault_names(struct buf *out)
{
	for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++)
		buf_printf(out, "%s%s", i > 0 ? " " : "", kinds[i].name);
}

static const struct kind *
find_kind(const char *name)
{
	for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++)
		if (strcmp(kinds[i].name, name) == 0)
			return &kinds[i];
	return NULL;
}

static bool
parse_when(struct fault *fault, const char *when)
{
	char *end;

	fault->first = 1;
	fault->last = SIZE_MAX;
	if (when == NULL)
		return true;
	if (strchr(when, '%') != NULL) {
		fault->percent = strtod(when, &end);
		return strcmp(end, "%") == 0;
	}
	fault->first = fault->last = strtoul(when, &end, 10);
	if (*end == '-')
		fault->last =
		    end[1] == '\0' ? SIZE_MAX : strtoul(end + 1, &end, 10);
	return end != when;
}

/* Cut text at a sign: what is behind it, or NULL. */
static char *
cut(char *spec, char sign)
{
	char *at = strchr(spec, sign);

	if (at != NULL)
		*at++ = '\0';
	return at;
}

bool
fault_add(const char *spec)
{
	struct fault *fault = &faults[nfaults];
	char *when;

	if (nfaults == FAULTS_MAX || (fault->text = strdup(spec)) == NULL)
		return false;
	when = cut(fault->text, '@');
	fault->path = cut(fault->text, '~');
	if (fault->path == NULL)
		fault->path = "/v1/";
	fault->argument = cut(fault->text, '=');
	fault->kind = find_kind(fault->text);
	if (fault->kind == NULL || !parse_when(fault, when))
		return false;
	nfaults++;
	return true;
}

/* A number from 0 to 100 by lot, the same ones for the same seed. */
static double
lot(void)
{
	static unsigned long state;

	if (state == 0)
		state = options.seed * 2654435769UL + 1;
	state ^= state << 13;
	state ^= state >> 7;
	state ^= state << 17;
	return (double)(state >> 11) / (double)(1UL << 53) * 100;
}

static bool
is_due(struct fault *fault, const struct request *request)
{
	if (strstr(request->target, fault->path) == NULL)
		return false;
	fault->seen++;
	if (fault->percent > 0)
		return lot() < fault->percent;
	return fault->seen >= fault->first && fault->seen <= fault->last;
}

static void
apply(const struct fault *fault, struct reply *reply)
{
	const struct kind *kind = fault->kind;
	const char *argument = fault->argument;

	reply->fault = kind->name;
	reply->manner = kind->manner;
	if (kind->manner == MANNER_DRIP)
		reply->drip =
		    argument == NULL ? 20000 : strtol(argument, NULL, 10);
	if (kind->status == 0)
		return;
	reply_with(reply, (unsigned)kind->status, kind->body);
	reply->type = kind->type;
	reply->retry_after = kind->retry_after;
	if (kind->status == 302)
		reply->location = argument;
	else if (argument != NULL)
		reply->retry_after = strtol(argument, NULL, 10);
	if (kind->status == 401)
		accounts_expire();
}

bool
fault_before(const struct request *request, struct reply *reply)
{
	const struct fault *due = NULL;

	/* All count the request, whichever is first. */
	for (size_t i = 0; i < nfaults; i++)
		if (is_due(&faults[i], request) && due == NULL)
			due = &faults[i];
	if (due == NULL)
		return false;
	apply(due, reply);
	return due->kind->status != 0 || due->kind->manner == MANNER_RESET ||
	       due->kind->manner == MANNER_STALL;
}
