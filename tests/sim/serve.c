/*
 * serve: libmicrohttpd, told when and how to answer; and the log.
 *
 * A line of the log: when a request came (seconds since 1970), method, target,
 * status, Authorization's scheme, fault, and "early" if the service had said
 * Retry-After and that was not over; with tabs between, - for none.
 */
#include <arpa/inet.h>
#include <err.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <time.h>
#include <zlib.h>

#include "delay.h"
#include "exit.h"
#include "serve.h"
#include "sim.h"

enum {
	CONNECTIONS = 10000,
	FORM_MAX = 64 * 1024,
	STALL_SECONDS = 3600,
	DRIP_MILLISECONDS = 20,
	GZIP_LEAST = 256 /* bytes that are worth it */
};

/* How long a request may be on its way when Retry-After is told. */
static const double GRACE_SECONDS = 0.2;

struct exchange {
	struct request request;
	struct reply reply;
	char *target;
	double came;
	bool delayed, paused, stalled;
};

char sim_url[64];
static FILE *log_file;
static double not_before[2]; /* of Spotify, of ReccoBeats */

static double
now(void)
{
	struct timespec t;

	(void)clock_gettime(CLOCK_REALTIME, &t);
	return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

static void *
begin(void *context, const char *target, struct MHD_Connection *connection)
{
	struct exchange *x = xcalloc(1, sizeof(*x));

	(void)context;
	x->target = strdup(target);
	if (x->target == NULL)
		err(EXIT_SERVICE, "memory");
	x->request.connection = connection;
	x->request.target = x->target;
	x->reply.retry_after = -1;
	x->came = now();
	return x;
}

static void
end(void *context, struct MHD_Connection *connection, void **exchange,
    enum MHD_RequestTerminationCode code)
{
	struct exchange *x = *exchange;

	(void)context;
	(void)connection;
	(void)code;
	if (x == NULL)
		return;
	buf_free(&x->request.form);
	buf_free(&x->reply.body);
	free(x->target);
	free(x);
	*exchange = NULL;
}

static void
write_log(const struct exchange *x)
{
	const char *authorization = MHD_lookup_connection_value(
	    x->request.connection, MHD_HEADER_KIND, "Authorization");
	double *until =
	    &not_before[strstr(x->target, "/reccobeats/") == x->target];
	bool early = strstr(x->target, "/v1/") != NULL && x->came < *until;

	if (x->reply.retry_after >= 0)
		*until = now() + (double)x->reply.retry_after + GRACE_SECONDS;
	/* What was on its way already could not know. */
	early = early && x->came > *until - GRACE_SECONDS;
	if (log_file != NULL)
		fprintf(log_file, "%.6f\t%s\t%s\t%u\t%.*s\t%s\t%s\n", x->came,
		    x->request.method, x->target, x->reply.status,
		    authorization == NULL ? 1
		                          : (int)strcspn(authorization, " "),
		    authorization == NULL ? "-" : authorization,
		    x->reply.fault == NULL ? "-" : x->reply.fault,
		    early ? "early" : "-");
}

/* Pack the body, if the client understands that. */
static bool
compress_body(struct exchange *x)
{
	const char *accepted = MHD_lookup_connection_value(
	    x->request.connection, MHD_HEADER_KIND, "Accept-Encoding");
	struct buf *body = &x->reply.body, packed = {0};
	z_stream z = {.next_in = (unsigned char *)body->ptr,
	    .avail_in = (unsigned)body->len};

	if (body->len < GZIP_LEAST || accepted == NULL ||
	    strstr(accepted, "gzip") == NULL ||
	    deflateInit2(&z, 1, Z_DEFLATED, 15 + 16, 8, Z_DEFAULT_STRATEGY) !=
	        Z_OK)
		return false;
	buf_reserve(&packed, deflateBound(&z, body->len));
	z.next_out = (unsigned char *)packed.ptr;
	z.avail_out = (unsigned)packed.cap;
	(void)deflate(&z, Z_FINISH);
	packed.len = z.total_out;
	(void)deflateEnd(&z);
	buf_free(body);
	*body = packed;
	return true;
}

/* Give out bytes of the body: all, half of it, or a few now and then. */
static ssize_t
read_body(void *context, uint64_t at, char *out, size_t room)
{
	struct exchange *x = context;
	const struct buf *body = &x->reply.body;
	size_t len = body->len, few;

	if (x->reply.manner == MANNER_TRUNCATED) {
		len /= 2;
		if (at >= len)
			return MHD_CONTENT_READER_END_WITH_ERROR;
	}
	if (at >= len)
		return MHD_CONTENT_READER_END_OF_STREAM;
	if (x->reply.manner == MANNER_DRIP) {
		x->paused = !x->paused;
		if (x->paused) {
			delay(x->request.connection, DRIP_MILLISECONDS);
			return 0;
		}
		few = (size_t)x->reply.drip * DRIP_MILLISECONDS / 1000;
		if (room > few)
			room = few > 0 ? few : 1;
	}
	if (room > len - at)
		room = len - at;
	memcpy(out, body->ptr + at, room);
	return (ssize_t)room;
}

static struct MHD_Response *
make_response(struct exchange *x)
{
	struct reply *reply = &x->reply;
	bool packed = compress_body(x);
	size_t len = reply->body.len;
	struct MHD_Response *response;
	char seconds[24];

	if (reply->manner == MANNER_SHORT)
		len = len * 3 / 4;
	if (reply->manner == MANNER_TRUNCATED || reply->manner == MANNER_DRIP ||
	    (options.chunked && len > 0))
		response = MHD_create_response_from_callback(
		    options.chunked ? MHD_SIZE_UNKNOWN : len, 16384, read_body,
		    x, NULL);
	else
		response = MHD_create_response_from_buffer(
		    len, reply->body.ptr, MHD_RESPMEM_PERSISTENT);
	if (response == NULL)
		errx(EXIT_SERVICE, "no response");
	(void)MHD_add_response_header(response, "Content-Type", reply->type);
	(void)MHD_add_response_header(
	    response, "Cache-Control", "private, max-age=0");
	if (packed)
		(void)MHD_add_response_header(
		    response, "Content-Encoding", "gzip");
	if (reply->location != NULL)
		(void)MHD_add_response_header(
		    response, "Location", reply->location);
	if (reply->status == 401)
		(void)MHD_add_response_header(response, "WWW-Authenticate",
		    "Bearer realm=\"spotify\", error=\"invalid_token\"");
	if (reply->retry_after >= 0) {
		(void)snprintf(
		    seconds, sizeof(seconds), "%ld", reply->retry_after);
		(void)MHD_add_response_header(response, "Retry-After", seconds);
	}
	return response;
}

/* Close the connection so that the client gets a reset. */
static enum MHD_Result
reset(struct exchange *x)
{
	const union MHD_ConnectionInfo *info = MHD_get_connection_info(
	    x->request.connection, MHD_CONNECTION_INFO_CONNECTION_FD);
	const struct linger linger = {.l_onoff = 1};

	if (info != NULL)
		(void)setsockopt(info->connect_fd, SOL_SOCKET, SO_LINGER,
		    &linger, sizeof(linger));
	return MHD_NO;
}

static enum MHD_Result
answer(struct exchange *x)
{
	struct MHD_Response *response;
	enum MHD_Result result;

	if (x->stalled)
		return reset(x);
	if (!fault_before(&x->request, &x->reply)) {
		if (strstr(x->request.path, "/v1/") != NULL)
			api_answer(&x->request, &x->reply);
		else
			accounts_answer(&x->request, &x->reply);
	}
	write_log(x);
	if (x->reply.manner == MANNER_RESET)
		return reset(x);
	if (x->reply.manner == MANNER_STALL) {
		x->stalled = true;
		delay(x->request.connection, STALL_SECONDS * 1000);
		return MHD_YES;
	}
	response = make_response(x);
	result = MHD_queue_response(
	    x->request.connection, x->reply.status, response);
	MHD_destroy_response(response);
	return result;
}

static enum MHD_Result
handle(void *context, struct MHD_Connection *connection, const char *path,
    const char *method, const char *version, const char *data, size_t *len,
    void **exchange)
{
	struct exchange *x = *exchange;

	(void)context;
	(void)version;
	if (x->request.method == NULL) {
		/* The headers are there, the body is not. */
		x->request.method = method;
		x->request.path = path;
		return MHD_YES;
	}
	if (*len > 0) {
		if (x->request.form.len + *len > FORM_MAX)
			return MHD_NO;
		buf_append(&x->request.form, (struct str){data, *len});
		*len = 0;
		return MHD_YES;
	}
	if (options.latency > 0 && !x->delayed) {
		x->delayed = true;
		delay(connection, options.latency);
		return MHD_YES;
	}
	if (!x->stalled)
		buf_append(&x->request.form, (struct str){"", 1});
	return answer(x);
}

void
serve_start(void)
{
	struct rlimit files = {.rlim_cur = 0};
	struct sockaddr_in address = {.sin_family = AF_INET,
	    .sin_addr = {htonl(INADDR_LOOPBACK)},
	    .sin_port = htons((uint16_t)options.port)};
	const union MHD_DaemonInfo *info;
	struct MHD_Daemon *daemon;

	if (getrlimit(RLIMIT_NOFILE, &files) == 0) {
		files.rlim_cur = files.rlim_max;
		(void)setrlimit(RLIMIT_NOFILE, &files);
	}
	if (options.log != NULL) {
		if ((log_file = fopen(options.log, "ae")) == NULL)
			err(EXIT_SERVICE, "%s", options.log);
		(void)setvbuf(log_file, NULL, _IOLBF, 0);
	}
	daemon = MHD_start_daemon(
	    MHD_USE_EPOLL_INTERNAL_THREAD | MHD_ALLOW_SUSPEND_RESUME, 0, NULL,
	    NULL, handle, NULL, MHD_OPTION_SOCK_ADDR,
	    (struct sockaddr *)&address, MHD_OPTION_CONNECTION_LIMIT,
	    (unsigned)CONNECTIONS, MHD_OPTION_LISTEN_BACKLOG_SIZE,
	    (unsigned)SOMAXCONN, MHD_OPTION_URI_LOG_CALLBACK, begin, NULL,
	    MHD_OPTION_NOTIFY_COMPLETED, end, NULL, MHD_OPTION_END);
	if (daemon == NULL)
		err(EXIT_SERVICE, "cannot listen on port %u", options.port);
	info = MHD_get_daemon_info(daemon, MHD_DAEMON_INFO_BIND_PORT);
	if (info == NULL)
		errx(EXIT_SERVICE, "no port");
	(void)snprintf(sim_url, sizeof(sim_url), "http://127.0.0.1:%u",
	    (unsigned)info->port);
}
