/*
 * records: the countries, periods and months that have been read.
 */
#include <stdlib.h>
#include <string.h>

#include "date.h"
#include "records.h"

const int records_lengths[LENGTHS - 1] = {10, 25, 50, 100, 250};

int
records_place(struct str code)
{
	if (code.len != 2 || code.ptr[0] < 'A' || code.ptr[0] > 'Z' ||
	    code.ptr[1] < 'A' || code.ptr[1] > 'Z')
		return -1;
	return (code.ptr[0] - 'A') * 26 + code.ptr[1] - 'A';
}

struct country *
records_country(struct records *records, int place, struct str code)
{
	struct country **country = &records->countries[place];

	if (*country == NULL) {
		*country = xcalloc(1, sizeof(**country));
		(*country)->name = names_find(code);
	}
	return *country;
}

bool
records_add_period(
    struct records *records, struct country *c, const struct period *period)
{
	size_t i = c->n;

	while (i > 0 && c->periods[i - 1].start > period->start)
		i--;
	if (i > 0 && c->periods[i - 1].start == period->start) {
		c->periods[i - 1] = *period;
		return true;
	}
	if (records->periods == PERIODS_MAX)
		return false;
	records->periods++;
	if (c->n == c->cap) {
		c->cap = c->cap == 0 ? 64 : 2 * c->cap;
		c->periods =
		    xreallocarray(c->periods, c->cap, sizeof(*c->periods));
	}
	memmove(&c->periods[i + 1], &c->periods[i],
	    (c->n - i) * sizeof(*c->periods));
	c->periods[i] = *period;
	c->n++;
	return true;
}

struct month *
records_month(struct records *records, int32_t start)
{
	size_t i = records->nmonths;
	struct month *month;

	while (i > 0 && records->months[i - 1].start > start)
		i--;
	if (i > 0 && records->months[i - 1].start == start)
		return &records->months[i - 1];
	if (records->nmonths == MONTHS_MAX)
		return NULL;
	if (records->nmonths == records->capmonths) {
		records->capmonths =
		    records->capmonths == 0 ? 64 : 2 * records->capmonths;
		records->months = xreallocarray(records->months,
		    records->capmonths, sizeof(*records->months));
	}
	month = &records->months[i];
	memmove(month + 1, month,
	    (records->nmonths - i) * sizeof(*records->months));
	*month = (struct month){.start = start};
	records->nmonths++;
	return month;
}

int32_t
records_period_end(const struct records *records, int32_t start)
{
	switch (records->span) {
	case SPAN_WEEK:
		return start + 7;
	case SPAN_MONTH:
		return date_month_start(start + 31);
	default:
		return start + 1;
	}
}

void
records_free(struct records *records)
{
	for (int i = 0; i < COUNTRIES_MAX; i++) {
		if (records->countries[i] != NULL)
			free(records->countries[i]->periods);
		free(records->countries[i]);
	}
	free(records->months);
}
