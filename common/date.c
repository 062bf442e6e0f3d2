/*
 * date: days since 1970, and the weeks and months they belong to.
 *
 * date_day() and date_civil() are Howard Hinnant's days_from_civil and
 * civil_from_days ("chrono-Compatible Low-Level Date Algorithms", 2014).
 */
#include <stdio.h>

#include "date.h"

enum {
	DAYS_PER_ERA = 146097, /* 400 years */
	EPOCH = 719468         /* 1970-01-01 counted from 0000-03-01 */
};

int32_t
date_day(int year, int month, int mday)
{
	int era, yoe, doy;

	year -= month <= 2;
	era = (year >= 0 ? year : year - 399) / 400;
	yoe = year - era * 400;
	doy = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + mday - 1;
	return era * DAYS_PER_ERA + yoe * 365 + yoe / 4 - yoe / 100 + doy -
	       EPOCH;
}

void
date_civil(int32_t day, int *year, int *month, int *mday)
{
	int era, doe, yoe, doy, mp;

	day += EPOCH;
	era = (day >= 0 ? day : day - DAYS_PER_ERA + 1) / DAYS_PER_ERA;
	doe = day - era * DAYS_PER_ERA;
	yoe = (doe - doe / 1460 + doe / 36524 - doe / 146096) / 365;
	doy = doe - (365 * yoe + yoe / 4 - yoe / 100);
	mp = (5 * doy + 2) / 153;
	*mday = doy - (153 * mp + 2) / 5 + 1;
	*month = mp < 10 ? mp + 3 : mp - 9;
	*year = yoe + era * 400 + (*month <= 2);
}

/* The number of n digits at *p, which moves behind them; -1 if others. */
static int
digits(const char **p, const char *end, int n)
{
	int value = 0;

	for (; n > 0; n--, (*p)++) {
		if (*p == end || **p < '0' || **p > '9')
			return -1;
		value = value * 10 + (**p - '0');
	}
	return value;
}

static bool
skip(const char **p, const char *end, char c)
{
	if (*p == end || **p != c)
		return false;
	(*p)++;
	return true;
}

/* The minutes of "Z" or of an offset like "+02:00"; false if neither. */
static bool
parse_offset(const char **p, const char *end, int *minutes)
{
	int hours, rest, sign;

	*minutes = 0;
	if (skip(p, end, 'Z') || skip(p, end, 'z'))
		return true;
	sign = skip(p, end, '-') ? -1 : 1;
	if (sign == 1 && !skip(p, end, '+'))
		return false;
	hours = digits(p, end, 2);
	if (!skip(p, end, ':'))
		return false;
	rest = digits(p, end, 2);
	*minutes = sign * (hours * 60 + rest);
	return hours >= 0 && hours <= 23 && rest >= 0 && rest <= 59;
}

/* The time behind a date: how many days its offset moves it by. */
static bool
parse_time(const char *p, const char *end, int *days)
{
	int hour, minute, second, offset, total;

	if (!skip(&p, end, 'T') && !skip(&p, end, 't') && !skip(&p, end, ' '))
		return false;
	hour = digits(&p, end, 2);
	if (!skip(&p, end, ':'))
		return false;
	minute = digits(&p, end, 2);
	if (!skip(&p, end, ':'))
		return false;
	second = digits(&p, end, 2);
	if (skip(&p, end, '.')) {
		if (digits(&p, end, 1) < 0)
			return false;
		while (digits(&p, end, 1) >= 0)
			;
	}
	if (hour < 0 || hour > 23 || minute < 0 || minute > 59 || second < 0 ||
	    second > 60 || !parse_offset(&p, end, &offset) || p != end)
		return false;
	total = hour * 60 + minute - offset;
	*days = total < 0 ? -1 : total >= 24 * 60 ? 1 : 0;
	return true;
}

bool
date_parse(struct str text, int32_t *day)
{
	static const int lengths[] = {
	    31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
	const char *p = text.len > 0 ? text.ptr : "", *end = p + text.len;
	int year, month, mday, days = 0;

	year = digits(&p, end, 4);
	if (!skip(&p, end, '-'))
		return false;
	month = digits(&p, end, 2);
	if (!skip(&p, end, '-'))
		return false;
	mday = digits(&p, end, 2);
	if (year < 0 || month < 1 || month > 12 || mday < 1 ||
	    mday > lengths[month - 1] ||
	    (month == 2 && mday == 29 &&
	        (year % 4 != 0 || (year % 100 == 0 && year % 400 != 0))))
		return false;
	if (p != end && !parse_time(p, end, &days))
		return false;
	*day = date_day(year, month, mday) + days;
	return true;
}

/* Write n digits; the years of days are taken to have four. */
static void
put_digits(char *p, int value, int n)
{
	for (; n > 0; value /= 10)
		p[--n] = (char)('0' + value % 10);
}

void
date_format(int32_t day, char text[DATE_TEXT])
{
	int year, month, mday;

	date_civil(day, &year, &month, &mday);
	put_digits(text, year, 4);
	text[4] = text[7] = '-';
	put_digits(text + 5, month, 2);
	put_digits(text + 8, mday, 2);
	text[10] = '\0';
}

void
date_format_week(int32_t day, char text[DATE_TEXT])
{
	int32_t thursday = date_week_start(day) + 3;
	int year, month, mday;

	/* A week belongs to the year of its Thursday (ISO 8601). */
	date_civil(thursday, &year, &month, &mday);
	(void)snprintf(text, DATE_TEXT, "%04d-W%02u", year,
	    (unsigned)((thursday - date_day(year, 1, 1)) / 7 + 1) % 100);
}

void
date_format_month(int32_t day, char text[DATE_TEXT])
{
	int year, month, mday;

	date_civil(day, &year, &month, &mday);
	(void)snprintf(
	    text, DATE_TEXT, "%04d-%02u", year, (unsigned)month % 100);
}

int32_t
date_week_start(int32_t day)
{
	int weekday = (day + 3) % 7; /* 1970-01-01 was a Thursday */

	return day - (weekday < 0 ? weekday + 7 : weekday);
}

int32_t
date_month_start(int32_t day)
{
	int year, month, mday;

	date_civil(day, &year, &month, &mday);
	return day - (mday - 1);
}
