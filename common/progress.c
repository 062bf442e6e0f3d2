/*
 * progress: how many lines and bytes have been read, and how fast.
 */
#include <errno.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <time.h>
#include <unistd.h>

#include "lines.h"
#include "progress.h"

static const double TERMINAL_SECONDS = 0.2; /* between drawings */
static const double LOG_SECONDS = 10.0;

double
progress_clock(void)
{
	struct timespec now;

	(void)clock_gettime(CLOCK_MONOTONIC, &now);
	return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

static void
draw(const struct lines *in, double now)
{
	double seconds = now - in->started;
	char percent[16] = "";

	if (in->size > 0)
		(void)snprintf(percent, sizeof(percent), ", %.0f %%",
		    100.0 * (double)in->bytes / (double)in->size);
	fprintf(stderr, "%s: %ju lines, %.1f MB%s, %.0f lines/s, %.1f s",
	    program_invocation_short_name, (uintmax_t)in->total,
	    (double)in->bytes / 1e6, percent,
	    seconds > 0 ? (double)in->total / seconds : 0.0, seconds);
}

void
progress_draw(struct lines *in)
{
	bool terminal = isatty(STDERR_FILENO) == 1;
	double now = progress_clock();

	if (now - (in->drawn > 0 ? in->drawn : in->started) <
	    (terminal ? TERMINAL_SECONDS : LOG_SECONDS))
		return;
	in->drawn = now;
	if (terminal)
		fputs("\r\033[K", stderr);
	draw(in, now);
	if (!terminal)
		fputc('\n', stderr);
}

void
progress_end(struct lines *in)
{
	if (isatty(STDERR_FILENO) == 1)
		fputs("\r\033[K", stderr);
	draw(in, progress_clock());
	fputc('\n', stderr);
}
