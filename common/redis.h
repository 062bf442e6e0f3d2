/*
 * redis.h: a connection to Redis, with commands in pipelines.
 *
 * Everything that fails ends the program with EXIT_SERVICE, a bad address or
 * password with EXIT_USAGE.  Arguments are given with their lengths: data is
 * never a format.
 */
#ifndef REDIS_H
#define REDIS_H

#include <stddef.h>
#include <stdint.h>

#include <hiredis/hiredis.h>

#include "buf.h"

/*
 * Connect to REDIS_URL: redis://[[user]:password@]host[:port][/database] or
 * unix://[[user]:password@]/path; by default redis://127.0.0.1:6379.
 */
redisContext *redis_open(void);

/* Add a command of n arguments to the pipeline. */
void redis_queue(redisContext *redis, int n, const struct str *arguments);

/* Send the pipeline, without waiting for replies. */
void redis_send(redisContext *redis);

/*
 * The reply to the oldest command without one, of the type REDIS_REPLY_...; the
 * first call sends the pipeline.  Free it with freeReplyObject().
 */
redisReply *redis_reply(redisContext *redis, int type);

#endif
