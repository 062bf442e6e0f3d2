/*
 * options: help, version, and option arguments checked for their range.
 */
#include <err.h>
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "exit.h"
#include "options.h"
#include "output.h"

static _Noreturn void
hint(void)
{
	fprintf(stderr, "Try '%s --help'.\n", program_invocation_short_name);
	exit(EXIT_USAGE);
}

int
options_next(int argc, char *argv[], const char *shorts,
    const struct option *longs, const char *help)
{
	int ch = getopt_long(argc, argv, shorts, longs, NULL);

	switch (ch) {
	case 'h':
		output_write((struct str){help, strlen(help)});
		output_flush();
		exit(EXIT_SUCCESS);
	case 'V':
		printf("%s (spot) %s\n", program_invocation_short_name,
		    SPOT_VERSION);
		output_flush();
		exit(EXIT_SUCCESS);
	case '?':
		hint();
	default:
		return ch;
	}
}

void
options_usage(const char *format, ...)
{
	va_list ap;

	va_start(ap, format);
	vwarnx(format, ap);
	va_end(ap);
	hint();
}

long
options_number(const char *name, const char *text, long min, long max)
{
	char *end;
	long n;

	errno = 0;
	n = strtol(text, &end, 10);
	if (errno != 0 || end == text || *end != '\0' || n < min || n > max)
		options_usage("%s: '%s' is not a number from %ld to %ld", name,
		    text, min, max);
	return n;
}

int
options_word(const char *name, const char *text, const char *const *words)
{
	struct buf list = {0};

	for (int i = 0; words[i] != NULL; i++)
		if (strcmp(words[i], text) == 0)
			return i;
	for (int i = 0; words[i] != NULL; i++)
		buf_printf(&list, "%s%s", i > 0 ? ", " : "", words[i]);
	options_usage(
	    "%s: '%s' is none of %.*s", name, text, (int)list.len, list.ptr);
}
