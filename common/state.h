/*
 * state.h: what a run leaves for the next one, in $XDG_STATE_HOME/spot.
 *
 * Files are private (0600), replaced by rename, and shared by all programs.
 */
#ifndef STATE_H
#define STATE_H

#include <stdbool.h>

#include "buf.h"

/* The contents of a state file, at most 64 KiB; false if there is none. */
bool state_read(const char *name, struct buf *contents);

/* Replace a state file; a failure is told on stderr, and is not fatal. */
void state_write(const char *name, struct str contents);

/*
 * Wait until no other program holds the lock of that name; close what is
 * returned to let it go.  -1 if there can be no lock.
 */
int state_lock(const char *name);

/*
 * The value of an environment variable, or the first line of the file that
 * NAME_FILE names; NULL if neither is set.  Valid until the program ends.  It
 * is wiped out of the environment, so that no child inherits it, and from then
 * on the program leaves no core.
 */
const char *state_secret(const char *name);

#endif
