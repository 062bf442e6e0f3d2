/*
 * pace: the cool-down of a service, and care for a while after it.
 */
#include <sys/random.h>

#include "cooldown.h"
#include "pace.h"

enum {
	CAREFUL_SECONDS = 30, /* the window of Spotify's rate limit */
	LOOK_SECONDS = 1      /* how often the cool-down is looked up */
};

static const double FIRST_DELAY = 0.5; /* seconds, then doubled */

static void
pause_until(struct http_service *service, double until)
{
	if (until > service->pause)
		service->pause = until;
	service->careful = service->pause + CAREFUL_SECONDS;
}

double
pace_when(struct http_service *service, double now)
{
	double until;

	if (now - service->looked >= LOOK_SECONDS) {
		service->looked = now;
		until = cooldown_read(service->name);
		if (until > now && until > service->pause)
			pause_until(service, until);
	}
	return service->pause;
}

bool
pace_careful(const struct http_service *service, double now)
{
	return service->careful > now;
}

void
pace_limit(struct http_service *service, double now, double seconds)
{
	/* A second more, because clocks and rounding differ. */
	double until = now + seconds + 1;

	if (until > service->pause)
		service->limited +=
		    until - (service->pause > now ? service->pause : now);
	pause_until(service, until);
	cooldown_write(service->name, service->pause);
}

double
pace_delay(unsigned tries)
{
	unsigned short random = 0;

	/* Spotify advises to try again at once. */
	if (tries <= 1)
		return 0;
	(void)!getrandom(&random, sizeof(random), GRND_NONBLOCK);
	return FIRST_DELAY * (double)(1U << (tries - 2)) *
	       (0.5 + random / 65535.0);
}

void
pace_relax(struct http_service *service)
{
	service->limited = 0;
}
