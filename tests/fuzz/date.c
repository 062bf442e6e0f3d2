/*
 * date: what is taken comes out again, and weeks and months hold their days.
 */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "date.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct str text = {(const char *)data, size};
	char again[DATE_TEXT];
	int year, month, mday;
	int32_t day, same;

	if (!date_parse(text, &day))
		return 0;
	date_format(day, again);
	if (day >= date_day(0, 1, 1) && day <= date_day(9999, 12, 31) &&
	    (!date_parse((struct str){again, strlen(again)}, &same) ||
	        same != day))
		abort();
	date_civil(day, &year, &month, &mday);
	if (date_day(year, month, mday) != day || month < 1 || month > 12 ||
	    mday < 1 || mday > 31)
		abort();
	if (day - date_week_start(day) > 6 || date_week_start(day) > day ||
	    day - date_month_start(day) != mday - 1)
		abort();
	date_format_week(day, again);
	date_format_month(day, again);
	return 0;
}
