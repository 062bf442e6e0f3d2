/*
 * spot-search: words in, the playlists found for them out.
 *
 * See spot-search(1).
 */
#include <ctype.h>
#include <err.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "client.h"
#include "lines.h"
#include "login.h"
#include "options.h"
#include "output.h"
#include "search.h"

enum { TERMS_MAX = 256, MARKETS_MAX = 256 };

static const char help[] =
    "usage: spot-search [-1inv] [-J jobs] [-l limit] [-m market]...\n"
    "                   [-M requests] [-q term]... [-R rate] [-T seconds]\n"
    "                   [-w seconds] [term ...]\n"
    "       spot-search --login\n"
    "\n"
    "Write a playlist record for each playlist that Spotify's search finds, "
    "once\n"
    "each, in the order of the terms.  Terms are options, operands, or else "
    "the\n"
    "lines of standard input.\n"
    "\n" CLIENT_HELP "  -h, --help             show this help\n"
    "  -i, --login            log a user in, for playlists of their own\n"
    "  -l, --limit N          playlists of a term and market at most (1000)\n"
    "  -m, --market CODE      search as in this country, and say so in the\n"
    "                         records; may be repeated\n"
    "  -n, --dry-run          say how many requests it would take, and ask "
    "none\n"
    "  -q, --query TERM       what to search for; may be repeated\n"
    "      --version          show the version\n"
    "\n"
    "Credentials: SPOTIFY_CLIENT_ID and SPOTIFY_CLIENT_SECRET, or the names "
    "of\n"
    "files that hold them in the same with _FILE.\n"
    "\n"
    "  spot-search -q covid -q quarantena -m IT | spot-tracks > it.ndjson\n";

static const struct option longs[] = {CLIENT_LONGS,
    {"dry-run", no_argument, NULL, 'n'},
    {"limit", required_argument, NULL, 'l'}, {"login", no_argument, NULL, 'i'},
    {"market", required_argument, NULL, 'm'},
    {"query", required_argument, NULL, 'q'}, OPTIONS_COMMON, {0}};

static struct {
	struct http_options http;
	const char *terms[TERMS_MAX], *markets[MARKETS_MAX];
	size_t nterms, nmarkets, limit;
	bool dry_run, login;
} options = {.limit = SEARCH_CEILING};

static struct search *search; /* NULL in a dry run */
static uint64_t searches;

static void
add_term(const char *term)
{
	if (*term == '\0')
		options_usage("--query: an empty term");
	if (options.nterms == TERMS_MAX)
		options_usage("more than %d terms: give them on standard input",
		    TERMS_MAX);
	options.terms[options.nterms++] = term;
}

static void
add_market(const char *market)
{
	if (strlen(market) != 2 || !isupper((unsigned char)market[0]) ||
	    !isupper((unsigned char)market[1]))
		options_usage(
		    "--market: '%s' is no country code such as IT", market);
	if (options.nmarkets == MARKETS_MAX)
		options_usage("more than %d markets", MARKETS_MAX);
	options.markets[options.nmarkets++] = market;
}

static void
parse_options(int argc, char *argv[])
{
	int ch;

	options.http = client_options();
	while ((ch = options_next(argc, argv, CLIENT_SHORTS "hil:m:nq:", longs,
	            help)) != -1) {
		if (client_option(&options.http, ch))
			continue;
		switch (ch) {
		case 'i':
			options.login = true;
			break;
		case 'l':
			options.limit = (size_t)options_number(
			    "--limit", optarg, 1, SEARCH_CEILING);
			break;
		case 'm':
			add_market(optarg);
			break;
		case 'n':
			options.dry_run = true;
			break;
		case 'q':
			add_term(optarg);
			break;
		}
	}
	for (; optind < argc; optind++)
		add_term(argv[optind]);
}

/* Search for a term in every market, or without one. */
static void
search_markets(struct str term)
{
	size_t n = options.nmarkets > 0 ? options.nmarkets : 1;
	struct str market = {0};

	searches += n;
	for (size_t i = 0; search != NULL && i < n; i++) {
		if (options.nmarkets > 0)
			market = (struct str){options.markets[i], 2};
		search_term(search, term, market);
	}
}

static int
read_terms(void)
{
	char *none[] = {NULL};
	struct lines in;
	struct str line;

	lines_open(&in, none);
	while ((search == NULL || lines_ready(&in) ||
	           search_wait(search, in.fd)) &&
	       lines_next(&in, &line))
		search_markets(line);
	return lines_close(&in);
}

static void
print_cost(void)
{
	uint64_t old = (options.limit + SEARCH_PAGE - 1) / SEARCH_PAGE;
	uint64_t new =
	    (options.limit + SEARCH_PAGE_2026 - 1) / SEARCH_PAGE_2026;

	printf("%" PRIu64 " searches: at most %" PRIu64
	       " requests (extended quota), %" PRIu64 " (2026 apps)\n",
	    searches, searches * old, searches * new);
}

int
main(int argc, char *argv[])
{
	int status = 0, refused = 0;

	parse_options(argc, argv);
	output_open();
	if (options.login) {
		login_user();
		return 0;
	}
	if (!options.dry_run)
		search = search_open(&options.http, options.limit);
	for (size_t i = 0; i < options.nterms; i++)
		search_markets(
		    (struct str){options.terms[i], strlen(options.terms[i])});
	if (options.nterms == 0)
		refused = read_terms();
	if (options.dry_run) {
		print_cost();
	} else {
		status = search_finish(search);
		search_summary(search);
		search_free(search);
	}
	output_flush();
	return status != 0 ? status : refused;
}
