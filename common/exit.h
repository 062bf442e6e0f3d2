/*
 * exit.h: the exit statuses of every program, so that a script knows whether
 * to go on, to correct something, or to try again later.
 */
#ifndef EXIT_H
#define EXIT_H

enum {
	EXIT_DATA = 1,    /* done, but some input was refused */
	EXIT_USAGE = 2,   /* command line, configuration, credentials */
	EXIT_SERVICE = 3, /* a service or the system failed: retry */
	EXIT_QUOTA = 4    /* stopped by a quota: retry after the time printed */
};

#endif
