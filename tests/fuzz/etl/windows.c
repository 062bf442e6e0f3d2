/*
 * windows: a table of lockdowns is taken whole or not at all, and its windows
 * are where they should be.
 *
 * The header is given, if the first byte is odd.
 */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "../edit.h"
#include "date.h"
#include "windows.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void
check(const struct lockdown *lockdown)
{
	const int32_t start = lockdown->start, end = lockdown->end;
	int year, month, mday;

	date_civil(start, &year, &month, &mday);
	if (start > end ||
	    windows_of(lockdown, date_day(year, 1, 1) - 1, false) != WINDOWS ||
	    windows_of(lockdown, start - 1, false) !=
	        (month + mday > 2 ? BEFORE : WINDOWS) ||
	    windows_of(lockdown, start, false) != DURING ||
	    windows_of(lockdown, end, false) != DURING ||
	    windows_of(lockdown, end + 60, false) != AFTER ||
	    windows_of(lockdown, end + 61, false) != WINDOWS ||
	    (month * 100 + mday != 229 &&
	        windows_of(lockdown, date_day(year - 1, month, mday), true) !=
	            DURING))
		abort();
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const char slack[LINES_SLACK];
	static struct lockdown lockdowns[COUNTRIES];
	static struct buf file;
	struct lines in;
	struct str text;
	bool taken;

	if (size < 1)
		return 0;
	edit_hush();
	file.len = 0;
	if (*data % 2 == 1)
		buf_puts(&file, "country,lockdown_start,lockdown_end\n");
	buf_append(&file, (struct str){(const char *)data + 1, size - 1});
	buf_puts(&file, "\n");
	text = buf_str(&file);
	buf_append(&file, (struct str){slack, sizeof(slack)});
	text.ptr = file.ptr;
	lines_open_block(&in, text, "lockdowns.csv", 0);
	taken = windows_read_table(&in, lockdowns);
	if (taken == (in.refused > 0))
		abort();
	for (int i = 0; taken && i < COUNTRIES; i++)
		if (lockdowns[i].known)
			check(&lockdowns[i]);
	(void)lines_close(&in);
	return 0;
}
