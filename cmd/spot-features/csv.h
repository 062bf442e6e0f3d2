/*
 * csv.h: rows of audio features as comma-separated values.
 *
 * They are those of RFC 4180 but for quoted line breaks: a row is a line.
 */
#ifndef CSV_H
#define CSV_H

#include <stdbool.h>
#include <stddef.h>

#include "audio.h"
#include "buf.h"

enum { CSV_MAX = 256 /* the most columns */ };

/* What each column of a file holds. */
struct csv {
	int columns[CSV_MAX];
	size_t n;
};

/*
 * Read the names of the columns.  False if they are not those of tracks with
 * audio features.
 */
bool csv_header(struct csv *csv, struct str row);

/*
 * Read a row: the id of its track, and the texts of its features, empty if
 * unknown; borrowed from the row.  False if it has not the header's columns.
 */
bool csv_row(const struct csv *csv, struct str row, struct str *id,
    struct str features[FEATURE_KEYS]);

#endif
