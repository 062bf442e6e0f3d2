/*
 * windows.h: each country's first lockdown, and the days to compare it with.
 */
#ifndef WINDOWS_H
#define WINDOWS_H

#include <stdbool.h>
#include <stdint.h>

#include "countries.h"
#include "lines.h"

enum window { BEFORE, DURING, AFTER, WINDOWS };

struct lockdown {
	bool known;
	int32_t start, end; /* its first and last day */
};

/*
 * The lockdowns of a CSV file, or of the table built in if path is NULL.  A
 * file that is no such table ends the program with EXIT_USAGE.
 */
void windows_read(const char *path, struct lockdown lockdowns[COUNTRIES]);

/* The same from lines; false, and it has been told to in, if they are bad. */
bool windows_read_table(struct lines *in, struct lockdown lockdowns[COUNTRIES]);

/*
 * The window of a day: from 1 January of the lockdown's year to its eve, the
 * lockdown, the 60 days that follow; or WINDOWS if it is in none.  With
 * earlier, the same days of the year before: by date, 29 February is left out.
 */
enum window windows_of(
    const struct lockdown *lockdown, int32_t day, bool earlier);

#endif
