/*
 * report.h: the records that etl writes.  See spot(5).
 */
#ifndef REPORT_H
#define REPORT_H

#include "tally.h"
#include "windows.h"

enum period { PERIOD_DAY, PERIOD_WEEK, PERIOD_MONTH };

/* playlist_sum and daily, what etl --merge reads; by jobs threads. */
void report_partial(const struct tally *tally, size_t jobs);

/*
 * playlist_stat, daily, mood and effect, then run, which says that the report
 * is complete and how many records it has.
 */
void report_whole(const struct tally *tally, size_t jobs, enum period period,
    const struct lockdown lockdowns[COUNTRIES]);

#endif
