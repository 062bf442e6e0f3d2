/*
 * options.h: what every command line has in common.
 *
 * --help prints the help text and --version the version, both to stdout; a
 * wrong option ends the program with EXIT_USAGE and a hint at --help.
 */
#ifndef OPTIONS_H
#define OPTIONS_H

#include <getopt.h>

#include "buf.h"

/* The entries of --help and --version, to stand in every long option list. */
#define OPTIONS_COMMON                                                         \
	{"help", no_argument, NULL, 'h'},                                      \
	{                                                                      \
		"version", no_argument, NULL, 'V'                              \
	}

/*
 * The next option as getopt_long(3) returns it, or -1.  shorts must hold "h";
 * help and version never return.
 */
int options_next(int argc, char *argv[], const char *shorts,
    const struct option *longs, const char *help);

/* Say what is wrong with the command line, and exit. */
_Noreturn __attribute__((format(printf, 1, 2))) void options_usage(
    const char *format, ...);

/* The number that text is, from min to max, or options_usage(). */
long options_number(const char *name, const char *text, long min, long max);

/* The index of text in a NULL-terminated list of words, or options_usage(). */
int options_word(const char *name, const char *text, const char *const *words);

#endif
