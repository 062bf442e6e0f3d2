/*
 * windows: the table of lockdowns, and days before, during and after.
 */
#include <stdlib.h>
#include <string.h>

#include "date.h"
#include "exit.h"
#include "windows.h"

enum { AFTER_DAYS = 60 };

/* The bytes of sql/lockdowns.csv; made by the Makefile. */
static const unsigned char builtin[] = {
#include "lockdowns.inc"
    0};

/* The columns wanted, and where the header has them. */
enum { COUNTRY, START, END, WANTED };
static const char *const wanted[WANTED] = {
    "country", "lockdown_start", "lockdown_end"};

/* Cut the next cell off a row, which keeps quotes around it to itself. */
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
	if (i >= 2 && row->ptr[0] == '"' && row->ptr[i - 1] == '"')
		*cell = (struct str){row->ptr + 1, i - 2};
	*row = i < row->len ? (struct str){row->ptr + i + 1, row->len - i - 1}
	                    : (struct str){0};
	return true;
}

static void
read_header(struct str row, int columns[WANTED])
{
	static const char mark[] = "\xef\xbb\xbf"; /* a byte order mark */
	struct str cell;

	if (row.len >= 3 && memcmp(row.ptr, mark, 3) == 0)
		row = (struct str){row.ptr + 3, row.len - 3};
	for (int i = 0; next_cell(&row, &cell); i++)
		for (int w = 0; w < WANTED; w++)
			if (str_equal(cell,
			        (struct str){wanted[w], strlen(wanted[w])}))
				columns[w] = i;
}

/* Read a row; what is wrong with it, or NULL. */
static const char *
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
	if (country == -1)
		return "country is no code of two capital letters";
	if (lockdowns[country].known)
		return "a second row of the same country";
	if (!date_parse(cells[START], &lockdown.start))
		return "lockdown_start is no day";
	if (!date_parse(cells[END], &lockdown.end))
		return "lockdown_end is no day";
	if (lockdown.start > lockdown.end)
		return "lockdown_end is before lockdown_start";
	lockdowns[country] = lockdown;
	return NULL;
}

/* The name of a column that is missing, or NULL. */
static const char *
find_columns(struct str header, int columns[WANTED])
{
	read_header(header, columns);
	for (int w = 0; w < WANTED; w++)
		if (columns[w] == -1)
			return wanted[w];
	return NULL;
}

bool
windows_read_table(struct lines *in, struct lockdown lockdowns[COUNTRIES])
{
	int columns[WANTED] = {-1, -1, -1};
	const char *wrong;
	struct str line;
	bool any = false;

	memset(lockdowns, 0, COUNTRIES * sizeof(*lockdowns));
	while (lines_next(in, &line) && in->refused == 0) {
		if (line.ptr[line.len - 1] == '\r')
			line.len--;
		if (!any) {
			any = true;
			if ((wrong = find_columns(line, columns)) != NULL)
				lines_refuse(in, "no column %s", wrong);
		} else if ((wrong = read_row(line, columns, lockdowns)) != NULL)
			lines_refuse(in, "%s", wrong);
	}
	if (!any)
		lines_refuse(in, "no header");
	return in->refused == 0;
}

void
windows_read(const char *path, struct lockdown lockdowns[COUNTRIES])
{
	char *operands[] = {NULL, NULL};
	struct lines in;

	if (path != NULL) {
		memcpy(&operands[0], &path, sizeof(path));
		lines_open(&in, operands);
	} else
		lines_open_block(&in,
		    (struct str){(const char *)builtin, sizeof(builtin) - 1},
		    "lockdowns.csv", 0);
	if (!windows_read_table(&in, lockdowns))
		exit(EXIT_USAGE);
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
