/*
 * date.h: days, ISO 8601 weeks and months.
 *
 * A day is its number since 1970-01-01, in the proleptic Gregorian calendar.
 */
#ifndef DATE_H
#define DATE_H

#include <stdbool.h>
#include <stdint.h>

#include "buf.h"

enum { DATE_TEXT = 16 }; /* room for a date, a week or a month as text */

/* The day of a year, a month from 1 and a day of the month from 1. */
int32_t date_day(int year, int month, int mday);

/* The year, month and day of the month of a day. */
void date_civil(int32_t day, int *year, int *month, int *mday);

/*
 * The UTC day of "2020-03-16" or of the RFC 3339 time "2020-03-16T08:30:00Z"
 * (a fraction or an offset too).  False if it is neither.
 */
bool date_parse(struct str text, int32_t *day);

/* "2020-03-16", "2020-W12" and "2020-03" into text. */
void date_format(int32_t day, char text[DATE_TEXT]);
void date_format_week(int32_t day, char text[DATE_TEXT]);
void date_format_month(int32_t day, char text[DATE_TEXT]);

/* The Monday of the day's week; the first day of its month. */
int32_t date_week_start(int32_t day);
int32_t date_month_start(int32_t day);

#endif
