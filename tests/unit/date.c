/*
 * date: days, weeks and months, against the C library.
 */
#include <string.h>
#include <time.h>

#include "date.h"
#include "tap.h"

/* Every day of four centuries agrees with gmtime(3) and strftime(3). */
static void
test_formats(void)
{
	char date[32], week[32], month[32], ours[DATE_TEXT];
	bool dates = true, weeks = true, months = true;
	struct tm tm;
	time_t t;

	for (int32_t day = date_day(1800, 1, 1); day < date_day(2200, 1, 1);
	     day++) {
		t = (time_t)day * 24 * 60 * 60;
		(void)gmtime_r(&t, &tm);
		(void)strftime(date, sizeof(date), "%Y-%m-%d", &tm);
		(void)strftime(week, sizeof(week), "%G-W%V", &tm);
		(void)strftime(month, sizeof(month), "%Y-%m", &tm);
		date_format(day, ours);
		dates &= strcmp(ours, date) == 0;
		date_format_week(day, ours);
		weeks &= strcmp(ours, week) == 0;
		date_format_month(day, ours);
		months &= strcmp(ours, month) == 0;
	}
	tap_ok(dates, "dates of four centuries");
	tap_ok(weeks, "ISO weeks");
	tap_ok(months, "months");
}

static void
test_starts(void)
{
	bool weeks = true, months = true;
	int year, month, mday;

	for (int32_t day = date_day(1960, 1, 1); day < date_day(2100, 1, 1);
	     day++) {
		/* 1970-01-05 was a Monday. */
		weeks &= (date_week_start(day) - 4) % 7 == 0 &&
		         day - date_week_start(day) < 7 &&
		         day >= date_week_start(day);
		date_civil(day, &year, &month, &mday);
		months &= date_month_start(day) == date_day(year, month, 1);
	}
	tap_ok(weeks, "weeks begin on Mondays");
	tap_ok(months, "months begin on their first day");
}

static bool
parses(const char *text, int32_t want)
{
	int32_t day;

	return date_parse((struct str){text, strlen(text)}, &day) &&
	       day == want;
}

static void
test_parse(void)
{
	static const char *const bad[] = {"", "2020", "2020-03", "2020-3-16",
	    "2020-00-10", "2020-13-10", "2020-02-30", "2019-02-29",
	    "1900-02-29", "2020-03-16T", "2020-03-16T08:30:00",
	    "2020-03-16T24:00:00Z", "2020-03-16T08:60:00Z",
	    "2020-03-16T08:30:00.Z", "2020-03-16T08:30:00Zx",
	    "2020-03-16T08:30:00+2:00", "2020-03-16T08:30:00+24:00",
	    "-020-03-16", " 2020-03-16"};
	const int32_t day = date_day(2020, 3, 16);
	int32_t ignored;
	bool refused = true;

	tap_ok(date_day(1970, 1, 1) == 0 && day == 18337, "known days");
	tap_ok(parses("2020-03-16", day) &&
	           parses("2020-03-16T08:30:00Z", day) &&
	           parses("2020-03-16t23:59:60.999z", day) &&
	           parses("2020-03-16 08:30:00Z", day),
	    "days and times");
	tap_ok(parses("2020-03-17T01:59:59+02:00", day) &&
	           parses("2020-03-15T23:30:00-00:30", day) &&
	           parses("2020-02-29T23:00:00-01:00", date_day(2020, 3, 1)),
	    "offsets move the day");
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		if (date_parse((struct str){bad[i], strlen(bad[i])}, &ignored))
			refused = tap_ok(false, bad[i]);
	tap_ok(refused, "what is no day is refused");
}

int
main(void)
{
	test_formats();
	test_starts();
	test_parse();
	return tap_done();
}
