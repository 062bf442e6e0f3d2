/*
 * windows: the table of lockdowns, and days before, during and after.
 */
#include <err.h>
#include <string.h>

#include "date.h"
#include "exit.h"
#include "lines.h"
#include "windows.h"

enum { AFTER_DAYS = 60, COLUMNS_MAX = 16 };

/* The bytes of sql/lockdowns.csv; made by the Makefile. */
static const unsigned char builtin[] = {
#include "lockdowns.inc"
    0};

/* The columns wanted, and where the header has them. */
enum { COUNTRY, START, END, WANTED };
static const char *const wanted[WANTED] = {
    "country", "lockdown_start", "lockdown_end"};

/* Cut the next cell off a row; quotes stay, but commas in them do not cut. */
static bool
next_cell(struct str *row, struct str *cell)
{
	bool quoted = false;
	size_t i = 0;

	if (row->ptr == NULL)
		return false;
	for (; i < row->len && (quoted || row->ptr[i] != ','); i++)
		quoted ^= row->ptr[i] == '"';
	*cell = (struct str){row->ptr, i};
	*row = i < row->len ? (struct str){row->ptr + i + 1, row->len - i - 1}
	                    : (struct str){0};
	return true;
}

static void
read_header(struct str row, int columns[WANTED])
{
	struct str cell;

	for (int w = 0; w < WANTED; w++)
		columns[w] = -1;
	for (int i = 0; next_cell(&row, &cell); i++)
		for (int w = 0; w < WANTED; w++)
			if (str_equal(cell,
			        (struct str){wanted[w], strlen(wanted[w])}))
				columns[w] = i;
}

static bool
read_row(struct str row, const int columns[WANTED],
    struct lockdown lockdowns[COUNTRIES])
{
	struct str cells[WANTED] = {{0}}, cell;
	struct lockdown lockdown = {.known = true};
	int country;

	for (int i = 0; next_cell(&row, &cell); i++)
		for (int w = 0; w < WANTED; w++)
			if (columns[w] == i)
				cells[w] = cell;
	country = countries_number(cells[COUNTRY]);
	if (country == -1 || !date_parse(cells[START], &lockdown.start) ||
	    !date_parse(cells[END], &lockdown.end) ||
	    lockdown.start > lockdown.end || lockdowns[country].known)
		return false;
	lockdowns[country] = lockdown;
	return true;
}

void
windows_read(const char *path, struct lockdown lockdowns[COUNTRIES])
{
	char *operands[] = {NULL, NULL};
	int columns[WANTED] = {-1, -1, -1};
	struct lines in;
	struct str line;

	memset(lockdowns, 0, COUNTRIES * sizeof(*lockdowns));
	if (path != NULL) {
		memcpy(&operands[0], &path, sizeof(path));
		lines_open(&in, operands);
	} else
		lines_open_block(&in,
		    (struct str){(const char *)builtin, sizeof(builtin) - 1},
		    "lockdowns.csv", 0);
	while (lines_next(&in, &line)) {
		if (line.ptr[line.len - 1] == '\r')
			line.len--;
		if (in.number > 1) {
			if (!read_row(line, columns, lockdowns))
				errx(EXIT_USAGE,
				    "%s: line %zu: no country, start and end, "
				    "or a second row of the country",
				    in.name, in.number);
			continue;
		}
		read_header(line, columns);
		for (int w = 0; w < WANTED; w++)
			if (columns[w] == -1)
				errx(EXIT_USAGE, "%s: no column %s", in.name,
				    wanted[w]);
	}
	(void)lines_close(&in);
}

enum window
windows_of(const struct lockdown *lockdown, int32_t day, bool earlier)
{
	int year, month, mday, start_year, ignored;

	date_civil(lockdown->start, &start_year, &ignored, &ignored);
	if (earlier) {
		/* Ask what the day a year later would be. */
		date_civil(day, &year, &month, &mday);
		if (month == 2 && mday == 29)
			return WINDOWS;
		day = date_day(year + 1, month, mday);
	}
	if (day < date_day(start_year, 1, 1) ||
	    day > lockdown->end + AFTER_DAYS)
		return WINDOWS;
	return day < lockdown->start  ? BEFORE
	       : day <= lockdown->end ? DURING
	                              : AFTER;
}
