/*
 * accounts: POST /api/token, and what it answers.
 *
 * Here error is a string; on api.spotify.com it is an object.
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
#include "http.h"
#include "state.h"
#include "walk.h"

enum { BODY_MAX = 64 * 1024, TRIES = 4, TIMEOUT_SECONDS = 30, USUAL_WAIT = 30 };

enum { ACCESS_TOKEN, REFRESH_TOKEN, ERROR, EXPIRES_IN };

static const struct walk_path paths[] = {{"access_token", ACCESS_TOKEN},
    {"refresh_token", REFRESH_TOKEN}, {"error", ERROR},
    {"expires_in", EXPIRES_IN}};

void
accounts_free(struct accounts_answer *answer)
{
	buf_free(&answer->access_token);
	buf_free(&answer->refresh_token);
	buf_free(&answer->error);
}

const char *
accounts_base(const char *variable, const char *fallback)
{
	static const char *const local[] = {
	    "http://127.0.0.1:", "http://localhost:", "http://[::1]:"};
	const char *url = getenv(variable);

	if (url == NULL || *url == '\0')
		return fallback;
	if (strncmp(url, "https://", 8) == 0)
		return url;
	for (size_t i = 0; i < sizeof(local) / sizeof(local[0]); i++)
		if (strncmp(url, local[i], strlen(local[i])) == 0)
			return url;
	errx(EXIT_USAGE, "%s: neither https:// nor this machine", variable);
}

const char *
accounts_url(void)
{
	return accounts_base(
	    "SPOTIFY_ACCOUNTS_URL", "https://accounts.spotify.com");
}

void
accounts_field(struct buf *form, const char *name, struct str value)
{
	if (form->len > 0)
		buf_append(form, STR("&"));
	buf_puts(form, name);
	buf_append(form, STR("="));
	http_escape(form, value);
}

void
accounts_field_client(struct buf *form)
{
	const char *id = state_secret("SPOTIFY_CLIENT_ID");

	if (id == NULL)
		errx(EXIT_USAGE, "SPOTIFY_CLIENT_ID is not set");
	accounts_field(form, "client_id", (struct str){id, strlen(id)});
}

/* The type of a write callback of libcurl: data is not const. */
static size_t
/* NOLINTNEXTLINE(readability-non-const-parameter) */
on_body(char *data, size_t size, size_t n, void *context)
{
	struct buf *body = context;

	if (body->len + size * n > BODY_MAX)
		return 0;
	buf_append(body, (struct str){data, size * n});
	return size * n;
}

static bool
visit(void *context, const struct walk_event *event)
{
	struct accounts_answer *answer = context;
	struct buf *texts[] = {
	    &answer->access_token, &answer->refresh_token, &answer->error};
	char number[16] = "";

	if (event->id < EXPIRES_IN) {
		buf_append(texts[event->id], event->text);
	} else if (event->kind == JSON_NUMBER &&
	           event->raw.len < sizeof(number)) {
		memcpy(number, event->raw.ptr, event->raw.len);
		answer->expires_in = strtol(number, NULL, 10);
	}
	return true;
}

static bool
parse(struct str body, struct accounts_answer *answer)
{
	struct walk *walk = walk_open(paths, sizeof(paths) / sizeof(paths[0]));
	bool ok;

	answer->access_token.len = answer->refresh_token.len = 0;
	answer->error.len = 0;
	answer->expires_in = 0;
	ok = walk_document(walk, body, visit, answer);
	walk_free(walk);
	return ok;
}

static CURL *
make_post(struct str form, bool basic, struct buf *body)
{
	CURL *easy = curl_easy_init();
	struct buf url = {0};

	if (easy == NULL)
		errx(EXIT_SERVICE, "libcurl: no handle");
	buf_printf(&url, "%s/api/token", accounts_url());
	buf_append(&url, (struct str){"", 1});
	(void)curl_easy_setopt(easy, CURLOPT_URL, url.ptr);
	(void)curl_easy_setopt(easy, CURLOPT_POSTFIELDSIZE, (long)form.len);
	(void)curl_easy_setopt(easy, CURLOPT_COPYPOSTFIELDS, form.ptr);
	if (basic) {
		(void)curl_easy_setopt(
		    easy, CURLOPT_USERNAME, state_secret("SPOTIFY_CLIENT_ID"));
		(void)curl_easy_setopt(easy, CURLOPT_PASSWORD,
		    state_secret("SPOTIFY_CLIENT_SECRET"));
	}
	(void)curl_easy_setopt(easy, CURLOPT_WRITEFUNCTION, on_body);
	(void)curl_easy_setopt(easy, CURLOPT_WRITEDATA, body);
	(void)curl_easy_setopt(easy, CURLOPT_NOSIGNAL, 1L);
	(void)curl_easy_setopt(easy, CURLOPT_TIMEOUT, (long)TIMEOUT_SECONDS);
	(void)curl_easy_setopt(easy, CURLOPT_PROTOCOLS_STR, "http,https");
	/* HTTP/2 on this host has been broken at times. */
	(void)curl_easy_setopt(
	    easy, CURLOPT_HTTP_VERSION, (long)CURL_HTTP_VERSION_1_1);
	buf_free(&url);
	return easy;
}

/* Too many questions: nobody asks again before it is time. */
static _Noreturn void
stop_limited(CURL *easy)
{
	curl_off_t seconds = 0;
	char when[64];
	double until;

	(void)curl_easy_getinfo(easy, CURLINFO_RETRY_AFTER, &seconds);
	until = cooldown_now() + (double)(seconds > 0 ? seconds : USUAL_WAIT);
	cooldown_write("spotify", until);
	cooldown_format(until, when, sizeof(when));
	errx(EXIT_QUOTA, "accounts: rate limited: try again after %s", when);
}

bool
accounts_post(struct str form, bool basic, struct accounts_answer *answer)
{
	struct buf body = {0};
	CURL *easy = make_post(form, basic, &body);
	CURLcode code = CURLE_OK;
	long status = 0;
	bool parsed = false;

	for (unsigned i = 0; i < TRIES && !parsed; i++) {
		/* At once the first time, then after 1, 2 seconds. */
		if (i > 1)
			(void)sleep(i - 1);
		body.len = 0;
		code = curl_easy_perform(easy);
		(void)curl_easy_getinfo(easy, CURLINFO_RESPONSE_CODE, &status);
		if (status == 429)
			stop_limited(easy);
		parsed = code == CURLE_OK && status < 500 &&
		         parse(buf_str(&body), answer);
	}
	if (code != CURLE_OK)
		errx(EXIT_SERVICE, "accounts: %s: %s", accounts_url(),
		    curl_easy_strerror(code));
	if (!parsed)
		errx(EXIT_SERVICE, "accounts: status %ld, and no JSON object",
		    status);
	curl_easy_cleanup(easy);
	buf_free(&body);
	return status == 200 && answer->access_token.len > 0;
}

void
accounts_keep(const struct accounts_answer *answer)
{
	struct buf line = {0};

	buf_append(&line, buf_str(&answer->refresh_token));
	buf_append(&line, STR("\n"));
	state_write("refresh_token", buf_str(&line));
	buf_free(&line);
}
