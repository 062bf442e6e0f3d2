/*
 * hmget: ask Redis about ids, as fast as a bare client can: what redis-dedup is
 * measured against.
 *
 *	hmget SOCKET KEY WINDOW < ids
 *
 * Ids are lines of less than 64 bytes.  They are read before the clock starts;
 * it prints how many are known, and the seconds it took to ask.
 */
#include <err.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <hiredis/hiredis.h>

enum { ID = 64, WINDOW_MAX = 1000 };

static size_t
read_ids(char (**ids)[ID])
{
	size_t n = 0, cap = 0;

	do {
		if (n == cap) {
			cap = cap * 2 + 1024;
			*ids = reallocarray(*ids, cap, ID);
			if (*ids == NULL)
				err(3, "memory");
		}
	} while (fgets((*ids)[n], ID, stdin) != NULL && ++n);
	for (size_t i = 0; i < n; i++)
		(*ids)[i][strcspn((*ids)[i], "\n")] = '\0';
	return n;
}

/* Ask about n ids by one command; how many are known. */
static size_t
ask(redisContext *redis, const char *key, char (*ids)[ID], size_t n)
{
	const char *arguments[WINDOW_MAX + 2] = {"HMGET", key};
	size_t known = 0;
	redisReply *reply;

	for (size_t i = 0; i < n; i++)
		arguments[i + 2] = ids[i];
	reply = redisCommandArgv(redis, (int)n + 2, arguments, NULL);
	if (reply == NULL || reply->type != REDIS_REPLY_ARRAY)
		errx(3, "redis: %s", redis->errstr);
	for (size_t i = 0; i < reply->elements; i++)
		known += reply->element[i]->type == REDIS_REPLY_STRING;
	freeReplyObject(reply);
	return known;
}

int
main(int argc, char *argv[])
{
	char(*ids)[ID] = NULL;
	size_t n = read_ids(&ids), known = 0, window, left;
	struct timespec begin, end;
	redisContext *redis;

	if (argc != 4 || (window = strtoul(argv[3], NULL, 10)) < 1 ||
	    window > WINDOW_MAX)
		errx(2, "usage: hmget socket key window < ids");
	redis = redisConnectUnix(argv[1]);
	if (redis == NULL || redis->err != 0)
		errx(3, "redis: %s", argv[1]);
	(void)clock_gettime(CLOCK_MONOTONIC, &begin);
	for (size_t i = 0; i < n; i += window) {
		left = n - i;
		known +=
		    ask(redis, argv[2], ids + i, left < window ? left : window);
	}
	(void)clock_gettime(CLOCK_MONOTONIC, &end);
	printf("%zu %.6f\n", known,
	    (double)(end.tv_sec - begin.tv_sec) +
	        (double)(end.tv_nsec - begin.tv_nsec) / 1e9);
	redisFree(redis);
	free(ids);
	return 0;
}
