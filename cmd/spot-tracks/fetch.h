/*
 * fetch.h: playlists that may have to be asked for, several at a time, written
 * in the order they came.
 */
#ifndef FETCH_H
#define FETCH_H

#include "http.h"
#include "lines.h"

struct fetch;

/*
 * Playlists without items are asked for; with options NULL their items are
 * taken as withheld.  If it is strict, a skip makes the status EXIT_DATA.
 */
struct fetch *fetch_open(const struct http_options *options, bool strict);

/*
 * Write the records of all lines of in to standard output.  The status to exit
 * with, unless in has a say.
 */
int fetch_lines(struct fetch *fetch, struct lines *in);

/*
 * Say on stderr how much has been read, written, skipped and asked: if anything
 * was asked, or if there is a meter.
 */
void fetch_summary(const struct fetch *fetch, const struct lines *in);

void fetch_free(struct fetch *fetch);

#endif
