/*
 * search.h: all pages of searches for playlists, several at a time, given out
 * in the order of the terms.
 */
#ifndef SEARCH_H
#define SEARCH_H

#include <stdint.h>

#include "http.h"

enum {
	SEARCH_CEILING = 1000, /* offset + limit cannot go beyond */
	SEARCH_PAGE = 50,
	SEARCH_PAGE_2026 = 10
};

struct search;

/* Take at most limit playlists of each term and market, up to the ceiling. */
struct search *search_open(const struct http_options *options, size_t limit);

/* Search for a text, in a market or (empty) without one. */
void search_term(struct search *search, struct str text, struct str market);

/* Write what comes until fd has input; false if the run is to stop. */
bool search_wait(struct search *search, int fd);

/* Write what is still to come; the status to exit with. */
int search_finish(struct search *search);

/* Say on stderr how many were found and asked for, if anything was. */
void search_summary(const struct search *search);

void search_free(struct search *search);

#endif
