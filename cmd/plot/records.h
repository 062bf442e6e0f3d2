/*
 * records.h: what plot takes from the stream.
 *
 * Of moods and effects that come twice, the last counts.  Memory grows with the
 * periods of the countries that are wanted, 280 bytes each, up to PERIODS_MAX
 * of them; of playlists only sums a month are kept.
 */
#ifndef RECORDS_H
#define RECORDS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "audio.h"
#include "names.h"

enum {
	COUNTRIES_MAX = 26 * 26,
	PERIODS_MAX = 200000, /* of all countries together */
	MONTHS_MAX = 2400,
	LENGTHS = 6 /* classes of playlists by their items */
};

enum phase { BEFORE, DURING, AFTER, PHASES };

enum span { SPAN_NONE, SPAN_DAY, SPAN_WEEK, SPAN_MONTH };

/* A value and its 95 % interval; NaN where unknown. */
struct interval {
	double value, lo, hi;
};

struct period {
	int32_t start;
	double n; /* items */
	struct interval of[FEATURES];
};

struct effect {
	bool known;
	double n[PHASES], mean[PHASES];
	struct interval diff, did;
	double q;
};

struct country {
	const struct name *name;
	struct period *periods; /* by start, each start once */
	size_t n, cap;
	bool locked; /* it had a lockdown, known from an effect: */
	int32_t lockdown_start, lockdown_end;
	struct effect effects[FEATURES];
};

/* Playlists of a month, the means and deviations of each feature added up. */
struct month {
	int32_t start;
	double playlists;
	struct {
		double n, mean, sd; /* playlists that have the feature; sums */
	} of[FEATURES];
};

struct records {
	struct country *countries[COUNTRIES_MAX];
	enum span span; /* of the periods */
	size_t periods;
	struct month *months; /* by start */
	size_t nmonths, capmonths;
	double lengths[LENGTHS]; /* playlists in each class */
	double items;            /* of all playlists */
	char by[16];
};

/* The most items of each class of length; the last has no end. */
extern const int records_lengths[LENGTHS - 1];

/* The place of a code of two capital letters in records.countries, or -1. */
int records_place(struct str code);

/* The country at a place, which has that code; made if need be. */
struct country *records_country(
    struct records *records, int place, struct str code);

/* Put a period into its place; false if there are too many. */
bool records_add_period(struct records *records, struct country *country,
    const struct period *period);

/* The month that begins with a day; NULL if there are too many. */
struct month *records_month(struct records *records, int32_t start);

/* The day behind a period. */
int32_t records_period_end(const struct records *records, int32_t start);

void records_free(struct records *records);

#endif
