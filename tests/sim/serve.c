/*
 * serve: connections, when each is answered and how; and the log.
 *
 * One thread and epoll, so that thousands of connections cost little and
 * nothing is done to two requests at once.
 *
 * A line of the log: when a request came (seconds since 1970), method, target,
 * status, Authorization's scheme, fault, "early" if the service had said
 * Retry-After and that was not over, and "gzip" if the answer is packed; with
 * tabs between, - for none.
 */
#include <arpa/inet.h>
#include <err.h>
#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include "delay.h"
#include "exit.h"
#include "serve.h"
#include "sim.h"
#include "wire.h"

enum {
	EVENTS = 256,
	READ = 16 * 1024,
	STALL_SECONDS = 3600,
	DRIP_MILLISECONDS = 20
};

/* How long a request may be on its way when Retry-After is told. */
static const double GRACE_SECONDS = 0.2;

struct connection {
	struct delay delay; /* the first member: one is the other */
	int fd;
	struct buf in, out;
	size_t sent; /* of out */
	struct request request;
	struct reply reply;
	double came;
	bool busy; /* with the request */
	bool full; /* more can be written only later */
};

char sim_url[64];
static FILE *log_file;
static int listener = -1, events = -1;
static double not_before[2]; /* of Spotify, of ReccoBeats */

static double
now(void)
{
	struct timespec t;

	(void)clock_gettime(CLOCK_REALTIME, &t);
	return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

static void
drop(struct connection *c)
{
	delay_remove(&c->delay);
	(void)close(c->fd);
	wire_free(&c->request);
	buf_free(&c->reply.body);
	buf_free(&c->in);
	buf_free(&c->out);
	free(c);
}

/* Drop a connection so that the client gets a reset. */
static void
reset(struct connection *c)
{
	const struct linger linger = {.l_onoff = 1};

	(void)setsockopt(c->fd, SOL_SOCKET, SO_LINGER, &linger, sizeof(linger));
	drop(c);
}

static void
write_log(const struct connection *c)
{
	const char *target = c->request.target;
	const char *authorization = c->request.authorization;
	double *until = &not_before[strstr(target, "/reccobeats/") == target];
	bool early = strstr(target, "/v1/") != NULL && c->came < *until;

	if (c->reply.retry_after >= 0)
		*until = now() + (double)c->reply.retry_after + GRACE_SECONDS;
	/* What was on its way already could not know. */
	early = early && c->came > *until - GRACE_SECONDS;
	if (log_file != NULL)
		fprintf(log_file, "%.6f\t%s\t%s\t%u\t%.*s\t%s\t%s\t%s\n",
		    c->came, c->request.method, target, c->reply.status,
		    authorization == NULL ? 1
		                          : (int)strcspn(authorization, " "),
		    authorization == NULL ? "-" : authorization,
		    c->reply.fault == NULL ? "-" : c->reply.fault,
		    early ? "early" : "-", c->reply.packed ? "gzip" : "-");
}

/* Ask to be told when more can be written, or no longer. */
static void
watch(struct connection *c, bool full)
{
	struct epoll_event event = {.events = EPOLLIN, .data.ptr = c};

	if (full)
		event.events |= EPOLLOUT;
	if (c->full != full && epoll_ctl(events, EPOLL_CTL_MOD, c->fd, &event))
		err(EXIT_SERVICE, "epoll");
	c->full = full;
}

/* Append the next few bytes of a body; false if there are no more. */
static bool
drip(struct connection *c)
{
	const struct buf *body = &c->reply.body;
	size_t few = (size_t)c->reply.drip * DRIP_MILLISECONDS / 1000;

	if (few == 0)
		few = 1;
	if (few > body->len - c->reply.dripped)
		few = body->len - c->reply.dripped;
	buf_append(&c->out, (struct str){body->ptr + c->reply.dripped, few});
	c->reply.dripped += few;
	return few > 0;
}

/*
 * Write what there is of the answer.  True if the connection is ready for
 * another request; false if it is not yet, or is gone.
 */
static bool
give(struct connection *c)
{
	ssize_t n = 1;

	while (c->sent < c->out.len && n > 0) {
		n = send(c->fd, c->out.ptr + c->sent, c->out.len - c->sent,
		    MSG_NOSIGNAL);
		c->sent += n > 0 ? (size_t)n : 0;
	}
	if (n == -1 && errno != EAGAIN) {
		drop(c);
		return false;
	}
	watch(c, n == -1);
	if (n == -1)
		return false;
	c->sent = c->out.len = 0;
	if (c->reply.manner == MANNER_DRIP && drip(c)) {
		delay_add(&c->delay, DRIP_MILLISECONDS);
		return false;
	}
	c->busy = false;
	if (c->request.close || c->reply.manner == MANNER_TRUNCATED) {
		drop(c);
		return false;
	}
	return true;
}

/* Answer the request; what is returned is that of give(). */
static bool
answer(struct connection *c)
{
	struct reply *reply = &c->reply;

	if (!fault_before(&c->request, reply)) {
		if (strstr(c->request.path, "/v1/") != NULL)
			api_answer(&c->request, reply);
		else
			accounts_answer(&c->request, reply);
	}
	write_log(c);
	if (reply->manner == MANNER_RESET) {
		reset(c);
		return false;
	}
	if (reply->manner == MANNER_STALL) {
		delay_add(&c->delay, STALL_SECONDS * 1000);
		return false;
	}
	wire_give(reply, &c->out);
	return give(c);
}

/* Take up what has been asked, one request after the other. */
static void
serve(struct connection *c)
{
	while (!c->busy) {
		switch (wire_take(&c->in, &c->request)) {
		case WIRE_PART:
			return;
		case WIRE_BAD:
			drop(c);
			return;
		case WIRE_WHOLE:
			break;
		}
		c->busy = true;
		c->came = now();
		c->reply.body.len = 0;
		c->reply =
		    (struct reply){.body = c->reply.body, .retry_after = -1};
		if (options.latency > 0)
			delay_add(&c->delay, options.latency);
		else if (!answer(c))
			return;
	}
}

/* The time that a connection has waited for has come. */
static void
go_on(struct connection *c)
{
	if (c->reply.manner == MANNER_STALL)
		reset(c);
	else if (c->reply.manner == MANNER_DRIP ? give(c) : answer(c))
		serve(c);
}

static void
take_input(struct connection *c)
{
	ssize_t n;

	buf_reserve(&c->in, READ);
	n = recv(c->fd, c->in.ptr + c->in.len, READ, 0);
	if (n == -1 && errno == EAGAIN)
		return;
	if (n <= 0 || (c->in.len += (size_t)n) > WIRE_MAX)
		drop(c);
	else
		serve(c);
}

static void
accept_all(void)
{
	struct epoll_event event = {.events = EPOLLIN};
	struct connection *c;
	int fd;

	while ((fd = accept4(listener, NULL, NULL,
	            SOCK_NONBLOCK | SOCK_CLOEXEC)) != -1) {
		c = xcalloc(1, sizeof(*c));
		c->fd = fd;
		event.data.ptr = c;
		if (epoll_ctl(events, EPOLL_CTL_ADD, fd, &event) == -1)
			err(EXIT_SERVICE, "epoll");
	}
}

/* Wait until something is to be done, to the microsecond. */
static void
wait_for_events(void)
{
	struct pollfd pollfd = {.fd = events, .events = POLLIN};
	int64_t left = delay_left();
	struct timespec time = {left / 1000000000, left % 1000000000};

	(void)ppoll(&pollfd, 1, left == -1 ? NULL : &time, NULL);
}

void
serve_run(void)
{
	struct epoll_event found[EVENTS];
	struct connection *c;
	struct delay *delay;
	int n;

	for (;;) {
		wait_for_events();
		n = epoll_wait(events, found, EVENTS, 0);
		for (int i = 0; i < n; i++) {
			c = found[i].data.ptr;
			if (c == NULL)
				accept_all();
			else if ((found[i].events & EPOLLOUT) == 0)
				take_input(c);
			else if (give(c))
				serve(c);
		}
		while ((delay = delay_take()) != NULL)
			go_on((struct connection *)delay);
	}
}

void
serve_open(void)
{
	struct rlimit files = {.rlim_cur = 0};
	struct sockaddr_in address = {.sin_family = AF_INET,
	    .sin_addr = {htonl(INADDR_LOOPBACK)},
	    .sin_port = htons((uint16_t)options.port)};
	socklen_t len = sizeof(address);
	struct epoll_event event = {.events = EPOLLIN};
	const int yes = 1;

	if (getrlimit(RLIMIT_NOFILE, &files) == 0) {
		files.rlim_cur = files.rlim_max;
		(void)setrlimit(RLIMIT_NOFILE, &files);
	}
	if (options.log != NULL) {
		if ((log_file = fopen(options.log, "ae")) == NULL)
			err(EXIT_SERVICE, "%s", options.log);
		(void)setvbuf(log_file, NULL, _IOLBF, 0);
	}
	listener =
	    socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
	events = epoll_create1(EPOLL_CLOEXEC);
	if (listener == -1 || events == -1 ||
	    setsockopt(listener, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof(yes)) ==
	        -1 ||
	    bind(listener, (struct sockaddr *)&address, sizeof(address)) ==
	        -1 ||
	    listen(listener, SOMAXCONN) == -1 ||
	    getsockname(listener, (struct sockaddr *)&address, &len) == -1 ||
	    epoll_ctl(events, EPOLL_CTL_ADD, listener, &event) == -1)
		err(EXIT_SERVICE, "cannot listen on port %u", options.port);
	(void)snprintf(sim_url, sizeof(sim_url), "http://127.0.0.1:%u",
	    (unsigned)ntohs(address.sin_port));
}
