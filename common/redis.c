/*
 * redis: hiredis, with its three ways to fail looked at in one place.
 */
#include <err.h>
#include <stdlib.h>
#include <string.h>

#include "exit.h"
#include "redis.h"
#include "state.h"

enum { PORT = 6379, TIMEOUT_SECONDS = 30, ARGUMENTS_MAX = 4096 };

/* What a URL says; the strings are parts of a copy of it. */
struct address {
	char *user, *password, *host, *path, *database;
	int port;
};

/* Cut s at the first of the characters; what is behind it, or NULL. */
static char *
cut(char *s, const char *characters)
{
	s = strpbrk(s, characters);
	if (s == NULL)
		return NULL;
	*s = '\0';
	return s + 1;
}

/* Cut "user:password@" off; what is behind it. */
static char *
parse_login(char *s, struct address *address)
{
	char *behind = strrchr(s, '@');

	if (behind == NULL)
		return s;
	*behind++ = '\0';
	address->user = s;
	address->password = cut(s, ":");
	return behind;
}

static void
parse(char *url, struct address *address)
{
	char *rest, *port;

	if (strncmp(url, "unix://", 7) == 0) {
		address->path = parse_login(url + 7, address);
		return;
	}
	if (strncmp(url, "redis://", 8) != 0)
		errx(EXIT_USAGE,
		    "REDIS_URL: neither redis://host:port nor unix:///path");
	rest = parse_login(url + 8, address);
	address->host = rest;
	address->database = cut(rest, "/");
	port = cut(rest, ":");
	address->port = PORT;
	if (port != NULL)
		address->port = (int)strtol(port, NULL, 10);
}

/* Send a command, and wait for its OK. */
static void
command(redisContext *redis, int n, const struct str *arguments)
{
	redis_queue(redis, n, arguments);
	freeReplyObject(redis_reply(redis, REDIS_REPLY_STATUS));
}

static void
log_in(redisContext *redis, const struct address *address)
{
	struct str auth[3] = {STR("AUTH")};
	struct str selection[2] = {STR("SELECT")};
	int n = 1;

	if (address->user != NULL && *address->user != '\0')
		auth[n++] = (struct str){address->user, strlen(address->user)};
	if (address->password != NULL) {
		auth[n++] =
		    (struct str){address->password, strlen(address->password)};
		command(redis, n, auth);
	}
	if (address->database != NULL && *address->database != '\0') {
		selection[1] =
		    (struct str){address->database, strlen(address->database)};
		command(redis, 2, selection);
	}
}

redisContext *
redis_open(void)
{
	const struct timeval timeout = {.tv_sec = TIMEOUT_SECONDS};
	const char *variable = state_secret("REDIS_URL");
	char *url = strdup(variable != NULL ? variable : "redis://127.0.0.1");
	struct address address = {0};
	redisContext *redis;

	if (url == NULL)
		err(EXIT_SERVICE, "memory");
	parse(url, &address);
	redis =
	    address.path != NULL
	        ? redisConnectUnixWithTimeout(address.path, timeout)
	        : redisConnectWithTimeout(address.host, address.port, timeout);
	if (redis == NULL || redis->err != 0)
		errx(EXIT_SERVICE,
		    "redis: %s: %s; is it running, and REDIS_URL right?",
		    address.path != NULL ? address.path : address.host,
		    redis != NULL ? redis->errstr : "no memory");
	if (redisSetTimeout(redis, timeout) != REDIS_OK)
		errx(EXIT_SERVICE, "redis: %s", redis->errstr);
	log_in(redis, &address);
	free(url);
	return redis;
}

void
redis_queue(redisContext *redis, int n, const struct str *arguments)
{
	static const char *texts[ARGUMENTS_MAX];
	static size_t lengths[ARGUMENTS_MAX];

	if (n > ARGUMENTS_MAX)
		abort();
	for (int i = 0; i < n; i++) {
		texts[i] = arguments[i].ptr;
		lengths[i] = arguments[i].len;
	}
	if (redisAppendCommandArgv(redis, n, texts, lengths) != REDIS_OK)
		errx(EXIT_SERVICE, "redis: %s", redis->errstr);
}

void
redis_send(redisContext *redis)
{
	int done = 0;

	while (!done)
		if (redisBufferWrite(redis, &done) != REDIS_OK)
			errx(EXIT_SERVICE, "redis: %s", redis->errstr);
}

/* The status to exit with after an error that Redis replied. */
static int
status_of(const char *error)
{
	return strncmp(error, "NOAUTH ", 7) == 0 ||
	               strncmp(error, "NOPERM ", 7) == 0 ||
	               strncmp(error, "WRONGPASS ", 10) == 0
	           ? EXIT_USAGE
	           : EXIT_SERVICE;
}

redisReply *
redis_reply(redisContext *redis, int type)
{
	void *got;
	redisReply *reply;

	if (redisGetReply(redis, &got) != REDIS_OK)
		errx(EXIT_SERVICE, "redis: %s", redis->errstr);
	reply = got;
	if (reply->type == REDIS_REPLY_ERROR)
		errx(status_of(reply->str), "redis: %s", reply->str);
	if (reply->type != type)
		errx(EXIT_SERVICE, "redis: a reply of type %d, not %d",
		    reply->type, type);
	return reply;
}
