/*
 * file: what the table gives out is JSON, whatever the file held.
 *
 * The first byte chooses audio-features objects or CSV; the beginning of either
 * is given, for a file that begins otherwise ends the program.
 */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "file.h"
#include "walk.h"

static const char *const heads[] = {"{\"id\":\"0000000000000000000001\",",
    "id,energy,valence\n0000000000000000000001,"};

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static bool
ignore(void *context, const struct walk_event *event)
{
	(void)context;
	(void)event;
	return true;
}

/* Is what the table says of this id a run of members? */
static void
check(const struct table *table, struct str id)
{
	static const struct walk_path path = {"energy", 0};
	static struct walk *walk;
	struct buf out = {0};

	if (walk == NULL)
		walk = walk_open(&path, 1);
	buf_puts(&out, "{\"a\":1");
	if (table_get(table, id, &out)) {
		buf_puts(&out, "}");
		if (!walk_document(walk, buf_str(&out), ignore, NULL))
			abort();
	}
	buf_free(&out);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const char *head;
	char path[64];
	struct table *table;
	size_t refused = 0;
	int fd;

	if (size < 1)
		return 0;
	if (stderr != NULL && fileno(stderr) == STDERR_FILENO)
		stderr = fopen("/dev/null", "w");
	head = heads[data[0] % 2];
	fd = memfd_create("file", 0);
	if (fd == -1 || write(fd, head, strlen(head)) < 0 ||
	    write(fd, data + 1, size - 1) < 0)
		abort();
	(void)snprintf(path, sizeof(path), "/proc/self/fd/%d", fd);
	table = file_read(path, &refused);
	check(table, STR("0000000000000000000001"));
	check(table, STR("0000000000000000000002"));
	table_free(table);
	(void)close(fd);
	return 0;
}
