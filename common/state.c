/*
 * state: small private files, and secrets from the environment or from files.
 */
#include <err.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include "exit.h"
#include "state.h"

enum { CONTENTS_MAX = 64 * 1024, SECRETS_MAX = 8 };

/* The path of a state file; make its folders if asked to. */
static bool
state_path(const char *name, bool make, char path[PATH_MAX])
{
	const char *home = getenv("HOME");
	const char *state = getenv("XDG_STATE_HOME");
	int n;

	if (state != NULL && *state != '\0')
		n = snprintf(path, PATH_MAX, "%s/spot/%s", state, name);
	else if (home != NULL && *home != '\0')
		n = snprintf(
		    path, PATH_MAX, "%s/.local/state/spot/%s", home, name);
	else
		return false;
	if (n < 0 || n >= PATH_MAX)
		return false;
	for (char *p = path + 1; make && (p = strchr(p, '/')) != NULL; p++) {
		*p = '\0';
		if (mkdir(path, 0700) == -1 && errno != EEXIST)
			warn("%s", path);
		*p = '/';
	}
	return true;
}

static bool
read_file(const char *path, struct buf *contents)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	ssize_t n;

	if (fd == -1)
		return false;
	contents->len = 0;
	buf_reserve(contents, CONTENTS_MAX);
	n = read(fd, contents->ptr, CONTENTS_MAX);
	(void)close(fd);
	contents->len = n > 0 ? (size_t)n : 0;
	return n >= 0;
}

bool
state_read(const char *name, struct buf *contents)
{
	char path[PATH_MAX];

	return state_path(name, false, path) && read_file(path, contents);
}

void
state_write(const char *name, struct str contents)
{
	char path[PATH_MAX], temporary[PATH_MAX + 16];
	int fd;

	if (!state_path(name, true, path)) {
		warnx("neither XDG_STATE_HOME nor HOME is set: %s is not kept",
		    name);
		return;
	}
	(void)snprintf(
	    temporary, sizeof(temporary), "%s.%ld", path, (long)getpid());
	fd = open(temporary, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
	if (fd == -1) {
		warn("%s", temporary);
		return;
	}
	if (write(fd, contents.ptr, contents.len) != (ssize_t)contents.len ||
	    fsync(fd) == -1 || rename(temporary, path) == -1) {
		warn("%s", path);
		(void)unlink(temporary);
	}
	(void)close(fd);
}

int
state_lock(const char *name)
{
	char path[PATH_MAX];
	int fd;

	if (!state_path(name, true, path))
		return -1;
	fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
	if (fd == -1 || flock(fd, LOCK_EX) == -1)
		warn("%s", path);
	return fd;
}

/* The first line of a file that holds a secret. */
static char *
read_secret(const char *variable, const char *path)
{
	struct buf contents = {0};

	if (!read_file(path, &contents))
		err(EXIT_USAGE, "%s: %s", variable, path);
	buf_append(&contents, (struct str){"", 1});
	contents.ptr[strcspn(contents.ptr, "\r\n")] = '\0';
	if (*contents.ptr == '\0')
		errx(EXIT_USAGE, "%s: %s is empty", variable, path);
	return contents.ptr;
}

/* Move a variable's value out of the environment. */
static char *
take_variable(const char *name)
{
	char *value = getenv(name), *copy;

	if (value == NULL || *value == '\0')
		return NULL;
	if ((copy = strdup(value)) == NULL)
		err(EXIT_SERVICE, "memory");
	explicit_bzero(value, strlen(value));
	(void)unsetenv(name);
	return copy;
}

const char *
state_secret(const char *name)
{
	/* 1, not 0: cores that go to a program are then left out too. */
	static const struct rlimit no_core = {1, 1};
	static struct {
		const char *name, *value;
	} known[SECRETS_MAX];
	char variable[64], *path;
	size_t i = 0;

	while (known[i].name != NULL && strcmp(known[i].name, name) != 0)
		if (++i == SECRETS_MAX)
			errx(EXIT_SERVICE, "too many secrets");
	if (known[i].value != NULL)
		return known[i].value;
	known[i].name = name;
	known[i].value = take_variable(name);
	(void)snprintf(variable, sizeof(variable), "%s_FILE", name);
	path = getenv(variable);
	if (known[i].value == NULL && path != NULL && *path != '\0')
		known[i].value = read_secret(variable, path);
	if (known[i].value != NULL)
		(void)setrlimit(RLIMIT_CORE, &no_core);
	return known[i].value;
}
