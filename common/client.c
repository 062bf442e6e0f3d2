/*
 * client: options, services and summary of the programs that collect.
 */
#include <inttypes.h>
#include <stdio.h>
#include <time.h>

#include "accounts.h"
#include "client.h"
#include "options.h"
#include "state.h"

enum { JOBS_MAX = 512, WAIT_MAX = 7 * 24 * 3600 };

struct http_options
client_options(void)
{
	/* Before there is a child that would inherit them. */
	(void)state_secret("SPOTIFY_CLIENT_ID");
	(void)state_secret("SPOTIFY_CLIENT_SECRET");
	return (struct http_options){
	    .jobs = 1, .rate = 10, .max_wait = 120, .timeout = 30};
}

bool
client_option(struct http_options *options, int ch)
{
	switch (ch) {
	case '1':
		options->http1 = true;
		return true;
	case 'J':
		options->jobs =
		    (size_t)options_number("--jobs", optarg, 1, JOBS_MAX);
		return true;
	case 'M':
		options->max_requests = (uint64_t)options_number(
		    "--max-requests", optarg, 1, INT32_MAX);
		return true;
	case 'R':
		options->rate =
		    (double)options_number("--rate", optarg, 0, 1000000);
		return true;
	case 'T':
		options->timeout =
		    (double)options_number("--timeout", optarg, 1, 3600);
		return true;
	case 'v':
		options->verbose = true;
		return true;
	case 'w':
		options->max_wait =
		    (double)options_number("--max-wait", optarg, 0, WAIT_MAX);
		return true;
	default:
		return false;
	}
}

struct http_service
client_spotify(void)
{
	return (struct http_service){.name = "spotify",
	    .base =
	        accounts_base("SPOTIFY_API_URL", "https://api.spotify.com/v1"),
	    .bearer = true};
}

struct http_service
client_reccobeats(void)
{
	return (struct http_service){.name = "reccobeats",
	    .base = accounts_base(
	        "RECCOBEATS_URL", "https://api.reccobeats.com/v1")};
}

void
client_summary(const struct http *http)
{
	struct http_counts counts = http_counts(http);

	fprintf(stderr,
	    "; %" PRIu64 " requests, %" PRIu64 " retries, %.0f s waited\n",
	    counts.requests, counts.retries, counts.waited);
}

struct str
client_now(char text[32])
{
	time_t now = time(NULL);
	struct tm tm;

	if (gmtime_r(&now, &tm) == NULL)
		return (struct str){0};
	return (struct str){
	    text, strftime(text, 32, "\"%Y-%m-%dT%H:%M:%SZ\"", &tm)};
}
