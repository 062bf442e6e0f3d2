/*
 * gnuplot: a child that reads a program and writes a picture.
 *
 * The program goes through a file in memory and not through a pipe, so that
 * gnuplot may write while it still reads.  The picture is kept until gnuplot
 * has ended well: nobody gets half a picture.
 */
#include <err.h>
#include <errno.h>
#include <fcntl.h>
#include <spawn.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include "exit.h"
#include "gnuplot.h"

enum { CHUNK = 65536, PICTURE_MAX = 256 * 1024 * 1024 };

/* A file that holds the program, to be read from its beginning. */
static int
program_file(struct str program)
{
	int fd = memfd_create("gnuplot", MFD_CLOEXEC);
	ssize_t n;

	if (fd == -1)
		err(EXIT_SERVICE, "memfd_create");
	for (; program.len > 0; program.ptr += n, program.len -= (size_t)n)
		if ((n = write(fd, program.ptr, program.len)) == -1)
			err(EXIT_SERVICE, "memfd");
	if (lseek(fd, 0, SEEK_SET) == -1)
		err(EXIT_SERVICE, "memfd");
	return fd;
}

/*
 * Start gnuplot between two descriptors; neither settings nor the locale are
 * the user's: in that of POSIX gnuplot complains of the degree sign.
 */
static pid_t
start(int in, int out)
{
	char name[] = "gnuplot", settings[] = "--default-settings";
	char *argv[] = {name, settings, NULL};
	posix_spawn_file_actions_t actions;
	pid_t pid;
	int error;

	if (setenv("LC_ALL", "C.UTF-8", 1) == -1)
		err(EXIT_SERVICE, "gnuplot");
	if ((error = posix_spawn_file_actions_init(&actions)) != 0 ||
	    (error = posix_spawn_file_actions_adddup2(
	         &actions, in, STDIN_FILENO)) != 0 ||
	    (error = posix_spawn_file_actions_adddup2(
	         &actions, out, STDOUT_FILENO)) != 0 ||
	    (error = posix_spawnp(&pid, name, &actions, NULL, argv, environ)) !=
	        0) {
		errno = error;
		err(EXIT_SERVICE, "gnuplot");
	}
	(void)posix_spawn_file_actions_destroy(&actions);
	return pid;
}

static void
read_all(int fd, struct buf *out)
{
	ssize_t n;

	do {
		buf_reserve(out, CHUNK);
		n = read(fd, out->ptr + out->len, CHUNK);
		if (n == -1 && errno != EINTR)
			err(EXIT_SERVICE, "gnuplot");
		if (n > 0)
			out->len += (size_t)n;
		if (out->len > PICTURE_MAX)
			errx(EXIT_SERVICE, "gnuplot: the picture is too large");
	} while (n != 0);
}

void
gnuplot_draw(struct str program, struct buf *out)
{
	size_t before = out->len;
	int ends[2], in = program_file(program), status;
	pid_t pid;

	if (pipe2(ends, O_CLOEXEC) == -1)
		err(EXIT_SERVICE, "pipe");
	pid = start(in, ends[1]);
	(void)close(in);
	(void)close(ends[1]);
	read_all(ends[0], out);
	(void)close(ends[0]);
	while (waitpid(pid, &status, 0) == -1)
		if (errno != EINTR)
			err(EXIT_SERVICE, "gnuplot");
	if (WIFSIGNALED(status))
		errx(EXIT_SERVICE, "gnuplot: ended by signal %d",
		    WTERMSIG(status));
	if (WEXITSTATUS(status) != 0)
		errx(EXIT_SERVICE, "gnuplot: status %d", WEXITSTATUS(status));
	if (out->len == before)
		errx(EXIT_SERVICE, "gnuplot: drew nothing");
}
