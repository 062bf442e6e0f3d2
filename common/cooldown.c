/*
 * cooldown: one small state file a service.
 */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "cooldown.h"
#include "state.h"

double
cooldown_now(void)
{
	struct timespec now;

	(void)clock_gettime(CLOCK_REALTIME, &now);
	return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

static void
file_name(const char *service, char name[64])
{
	(void)snprintf(name, 64, "cooldown.%s", service);
}

double
cooldown_read(const char *service)
{
	struct buf contents = {0};
	char name[64];
	double until = 0;

	file_name(service, name);
	if (state_read(name, &contents)) {
		buf_append(&contents, (struct str){"", 1});
		until = strtod(contents.ptr, NULL);
	}
	buf_free(&contents);
	return isfinite(until) ? until : 0;
}

void
cooldown_write(const char *service, double until)
{
	struct buf contents = {0};
	char name[64];

	if (cooldown_read(service) >= until)
		return;
	file_name(service, name);
	buf_printf(&contents, "%.0f\n", ceil(until));
	state_write(name, buf_str(&contents));
	buf_free(&contents);
}

void
cooldown_format(double when, char *text, size_t size)
{
	time_t seconds = (time_t)ceil(when);
	struct tm tm;

	if (localtime_r(&seconds, &tm) == NULL ||
	    strftime(text, size, "%Y-%m-%dT%H:%M:%S%z", &tm) == 0)
		(void)snprintf(text, size, "%.0f", when);
}
