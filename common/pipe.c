/*
 * pipe: pipes that hold more than the usual 64 kB.
 */
#include <fcntl.h>

#include "pipe.h"

enum { PIPE_BYTES = 1024 * 1024 /* Linux's default limit */ };

void
pipe_widen(int fd)
{
	/* A user who has very many pipes is refused: it works as it is. */
	(void)fcntl(fd, F_SETPIPE_SZ, PIPE_BYTES);
}
