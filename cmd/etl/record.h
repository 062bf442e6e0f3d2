/*
 * record.h: write records field by field, fast.
 *
 * Records are written one behind the other into a buffer, which has room for
 * RECORD_MAX bytes more when a record begins.
 */
#ifndef RECORD_H
#define RECORD_H

#include <stdint.h>

#include "fixed.h"
#include "tally.h"

enum { RECORD_MAX = 16 * 1024 };

struct record {
	struct buf out;
	uint64_t written; /* how many records */
};

/* A key with all that stands around it: ,"valence_mean": */
struct record_key {
	char text[40];
	size_t len;
};

/* The keys ,"F_suffix": of all features. */
void record_keys(struct record_key keys[FEATURES], const char *suffix);

/* Begin a record of a type; then put its fields; then end it. */
void record_begin(struct record *record, const char *type);
void record_end(struct record *record);

/* Begin a record of a country, and put it and by what it is told. */
void record_country(
    struct record *record, const char *type, enum by by, int country);

void record_count(struct record *record, const char *key, uint64_t n);
void record_text(struct record *record, const char *key, struct str text);
void record_date(struct record *record, const char *key, int32_t day);

/* A number of any size to 15 digits, or null if it is not a number. */
void record_number(struct record *record, const char *key, long double x);

/* A number rounded to 12 decimals. */
void record_real(struct record *record, const char *key, long double x);

/* The same with keys of record_keys(). */
void record_key_count(
    struct record *record, const struct record_key *key, uint64_t n);
void record_key_real(
    struct record *record, const struct record_key *key, long double x);

/* An exact sum as a string, value / 10^digits. */
void record_key_sum(struct record *record, const struct record_key *key,
    int128 value, int digits);

/* Write the buffer to standard output, and free it. */
void record_close(struct record *record);

#endif
