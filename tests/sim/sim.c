/*
 * spot-sim: dumps of playlists and features, served as Spotify and ReccoBeats
 * would; for tests and demonstrations.
 */
#include <err.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "options.h"
#include "output.h"
#include "serve.h"
#include "sim.h"
#include "store.h"

static const char help[] =
    "usage: spot-sim [-crU] [-C id:secret] [-D dialect] [-E seconds]\n"
    "                [-f fault]... [-F features] [-H n] [-l ms] [-L log]\n"
    "                [-N url] [-p port] [-P playlists] [-s seed] [-u user]\n"
    "\n"
    "Serve dumps on 127.0.0.1 as accounts.spotify.com, api.spotify.com and\n"
    "api.reccobeats.com would.  When it listens it prints its address, URL.\n"
    "Point the programs at it with\n"
    "\n"
    "  SPOTIFY_ACCOUNTS_URL=URL SPOTIFY_API_URL=URL/v1\n"
    "  RECCOBEATS_URL=URL/reccobeats/v1\n"
    "  SPOTIFY_CLIENT_ID=sim SPOTIFY_CLIENT_SECRET=sim-secret\n"
    "\n"
    "  -c, --chunked          answer in chunks, without Content-Length\n"
    "  -C, --client ID:SECRET the app's credentials (sim:sim-secret)\n"
    "  -D, --dialect NAME     extended or dev2026 (extended)\n"
    "  -E, --expires SECONDS  how long an access token lives (3600)\n"
    "  -f, --fault FAULT      NAME[=ARGUMENT][~PATH][@WHEN], see below\n"
    "  -F, --features FILE    audio-features objects, one a line\n"
    "  -h, --help             show this help\n"
    "  -H, --holes N          every Nth search result is null\n"
    "  -l, --latency MS       wait before each answer\n"
    "  -L, --log FILE         append a line for each request\n"
    "  -N, --next URL         say that the next page is at URL/...\n"
    "  -p, --port PORT        listen there (0: any)\n"
    "  -P, --playlists FILE   playlists in the API's shape, one a line\n"
    "  -r, --rotate           a refresh token is good for once\n"
    "  -s, --seed N           of the lots that faults are drawn by\n"
    "  -u, --user NAME        who logs in (the owner of all playlists)\n"
    "  -U, --unstable         totals move, next is null too early\n"
    "      --version          show the version\n"
    "\n"
    "A fault is done to the requests with PATH in their target that WHEN\n"
    "names: N, N-M, N- or P%.  ARGUMENT is a number of seconds, bytes a second "
    "of\n"
    "drip, or the address of a redirect.  There are:\n";

static const struct option longs[] = {{"chunked", no_argument, NULL, 'c'},
    {"client", required_argument, NULL, 'C'},
    {"dialect", required_argument, NULL, 'D'},
    {"expires", required_argument, NULL, 'E'},
    {"fault", required_argument, NULL, 'f'},
    {"features", required_argument, NULL, 'F'},
    {"holes", required_argument, NULL, 'H'},
    {"latency", required_argument, NULL, 'l'},
    {"log", required_argument, NULL, 'L'},
    {"next", required_argument, NULL, 'N'},
    {"port", required_argument, NULL, 'p'},
    {"playlists", required_argument, NULL, 'P'},
    {"rotate", no_argument, NULL, 'r'}, {"seed", required_argument, NULL, 's'},
    {"user", required_argument, NULL, 'u'},
    {"unstable", no_argument, NULL, 'U'}, OPTIONS_COMMON, {0}};

struct sim_options options = {.client_id = "sim",
    .client_secret = "sim-secret",
    .expires = 3600,
    .seed = 1};

static void
set_client(char *text)
{
	options.client_id = strsep(&text, ":");
	options.client_secret = text;
	if (text == NULL)
		options_usage("--client: no colon");
}

static bool
set_text(int ch, char *text)
{
	switch (ch) {
	case 'C':
		set_client(text);
		return true;
	case 'F':
		options.features = text;
		return true;
	case 'L':
		options.log = text;
		return true;
	case 'N':
		options.next = text;
		return true;
	case 'P':
		options.playlists = text;
		return true;
	case 'u':
		options.user = text;
		return true;
	case 'f':
		if (!fault_add(text))
			options_usage("--fault: '%s' is none", text);
		return true;
	default:
		return false;
	}
}

static void
set_option(int ch)
{
	static const char *const dialects[] = {"extended", "dev2026", NULL};

	switch (ch) {
	case 'c':
		options.chunked = true;
		break;
	case 'D':
		options.is_2026 =
		    options_word("--dialect", optarg, dialects) == 1;
		break;
	case 'E':
		options.expires =
		    options_number("--expires", optarg, 1, 1000000);
		break;
	case 'H':
		options.holes =
		    (unsigned)options_number("--holes", optarg, 1, 1000);
		break;
	case 'l':
		options.latency =
		    (unsigned)options_number("--latency", optarg, 0, 60000);
		break;
	case 'p':
		options.port =
		    (unsigned)options_number("--port", optarg, 0, 65535);
		break;
	case 'r':
		options.rotates = true;
		break;
	case 's':
		options.seed =
		    (unsigned)options_number("--seed", optarg, 0, 1000000);
		break;
	case 'U':
		options.unstable = true;
		break;
	}
}

/* The help, with the names of the faults at its end. */
static const char *
make_help(void)
{
	struct buf text = {0}, names = {0};
	size_t column = 0, len;

	buf_puts(&text, help);
	fault_names(&names);
	buf_append(&names, (struct str){"", 1});
	for (const char *p = names.ptr; *p != '\0';
	     p += len + (p[len] == ' ')) {
		len = strcspn(p, " ");
		if (column == 0 || column + 1 + len > 76) {
			buf_puts(&text, column == 0 ? " " : "\n ");
			column = 1;
		}
		buf_printf(&text, " %.*s", (int)len, p);
		column += 1 + len;
	}
	buf_append(&text, (struct str){"\n", 2});
	return text.ptr;
}

static void
stop(int signal)
{
	(void)signal;
	_exit(EXIT_SUCCESS);
}

int
main(int argc, char *argv[])
{
	const char *text = make_help();
	int ch;

	output_open();
	while ((ch = options_next(argc, argv, "cC:D:E:f:F:hH:l:L:N:p:P:rs:u:U",
	            longs, text)) != -1)
		if (!set_text(ch, optarg))
			set_option(ch);
	if (optind < argc)
		options_usage("no operands are taken");
	store_read(options.playlists, options.features, options.is_2026);

	(void)signal(SIGINT, stop);
	(void)signal(SIGTERM, stop);
	serve_open();
	if (options.next == NULL)
		options.next = sim_url;
	printf("%s\n", sim_url);
	output_flush();
	serve_run();
}
