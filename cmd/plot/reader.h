/*
 * reader.h: read the records that plot draws.
 */
#ifndef READER_H
#define READER_H

#include "lines.h"
#include "records.h"

/*
 * Take what all lines of in tell of the countries wanted.  A record that makes
 * no sense is refused.
 */
void reader_read(struct records *records, struct lines *in,
    const bool wanted[COUNTRIES_MAX]);

#endif
