/*
 * client.h: the options that all programs which ask a service share, and the
 * summary they end with.
 */
#ifndef CLIENT_H
#define CLIENT_H

#include <stdbool.h>
#include <stdint.h>

#include "http.h"

/* Their letters, for getopt, and their long names. */
#define CLIENT_SHORTS "1J:M:R:T:vw:"
#define CLIENT_LONGS                                                           \
	{"http1", no_argument, NULL, '1'},                                     \
	    {"jobs", required_argument, NULL, 'J'},                            \
	    {"max-requests", required_argument, NULL, 'M'},                    \
	    {"rate", required_argument, NULL, 'R'},                            \
	    {"timeout", required_argument, NULL, 'T'},                         \
	    {"verbose", no_argument, NULL, 'v'},                               \
	{                                                                      \
		"max-wait", required_argument, NULL, 'w'                       \
	}

/* What --help says of them. */
#define CLIENT_HELP                                                            \
	"  -1, --http1            do not use HTTP/2\n"                         \
	"  -J, --jobs N           requests in flight (1)\n"                    \
	"  -M, --max-requests N   stop after so many requests, with status "   \
	"4\n"                                                                  \
	"  -R, --rate N           requests a second at most (10; 0: no "       \
	"limit)\n"                                                             \
	"  -T, --timeout SECONDS  give up a request that stalls so long "      \
	"(30)\n"                                                               \
	"  -v, --verbose          a line on stderr for each request\n"         \
	"  -w, --max-wait SECONDS obey a Retry-After up to this, else stop "   \
	"(120)\n"

/* The defaults.  The credentials are taken out of the environment. */
struct http_options client_options(void);

/* Take an option that getopt has returned; false if it is none of these. */
bool client_option(struct http_options *options, int ch);

/* The services. */
struct http_service client_spotify(void);
struct http_service client_reccobeats(void);

/* Say on stderr what was asked and how often: the end of a summary. */
void client_summary(const struct http *http);

/* The time now as a JSON string, "2026-03-01T12:00:00Z" with its quotes. */
struct str client_now(char text[32]);

#endif
