/*
 * output: buffered, checked writing of records to standard output.
 */
#include <err.h>
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <unistd.h>

#include "exit.h"
#include "output.h"
#include "pipe.h"

enum { OUTPUT_BYTES = 256 * 1024 };

void
output_open(void)
{
	static char buffer[OUTPUT_BYTES];

	(void)signal(SIGPIPE, SIG_IGN);
	pipe_widen(STDOUT_FILENO);
	(void)setvbuf(stdout, buffer, _IOFBF, sizeof(buffer));
}

void
output_write(struct str s)
{
	if (fwrite_unlocked(s.ptr, 1, s.len, stdout) != s.len)
		err(EXIT_SERVICE, "standard output");
}

void
output_block(struct str s)
{
	ssize_t n;

	output_flush();
	for (; s.len > 0; s.ptr += n, s.len -= (size_t)n) {
		do {
			n = write(STDOUT_FILENO, s.ptr, s.len);
		} while (n == -1 && errno == EINTR);
		if (n == -1)
			err(EXIT_SERVICE, "standard output");
	}
}

void
output_line(struct str line)
{
	/* lines_next() promises the newline right behind the line. */
	output_write((struct str){line.ptr, line.len + 1});
}

void
output_flush(void)
{
	if (fflush(stdout) != 0)
		err(EXIT_SERVICE, "standard output");
}
