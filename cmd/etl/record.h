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

/* A key with all that stands around it, or how many records begin. */
struct record_key {
	char text[48];
	size_t len;
};

/* ,"name": */
struct record_key record_key(const char *name);

/* The keys ,"F_suffix": of all features. */
void record_keys(struct record_key keys[FEATURES], const char *suffix);

/* {"type":"type" */
struct record_key record_head(const char *type);

/* The same with a country, and by what it is told. */
struct record_key record_country(const char *type, enum by by, int country);

/* Begin a record; then put its fields; then end it. */
void record_begin(struct record *record, const struct record_key *head);
void record_end(struct record *record);

void record_count(struct record *record, const char *key, uint64_t n);
void record_text(struct record *record, const char *key, struct str text);

/* A short text that needs no escapes. */
void record_word(struct record *record, const char *key, const char *word);
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
