/*
 * postgres.h: a session with PostgreSQL.
 *
 * Text is UTF-8, times are in UTC.  What fails ends the program: EXIT_USAGE if
 * the server says that the connection is wrong, EXIT_SERVICE otherwise.
 */
#ifndef POSTGRES_H
#define POSTGRES_H

#include <stdbool.h>

#include <libpq-fe.h>

#include "buf.h"

/*
 * Connect.  conninfo is a connection string or address, see libpq; what it does
 * not say is taken from the environment.  One with a password is refused, as
 * everybody can read command lines.
 */
PGconn *postgres_open(const char *conninfo);

/* Connect again, trying for so many seconds; false if it was in vain. */
bool postgres_reopen(PGconn *conn, long seconds);

/* Has the connection ended, or is the server about to end it? */
bool postgres_lost(const PGconn *conn, const PGresult *result);

/* Run a statement that returns no rows. */
void postgres_run(PGconn *conn, const char *sql);

/* The rows of a query with n parameters $1, $2, ...; free with PQclear(). */
PGresult *postgres_rows(
    PGconn *conn, const char *sql, int n, const char *const *parameters);

/* What went wrong, on one line; result may be NULL.  Valid until the next. */
const char *postgres_error(const PGconn *conn, const PGresult *result);

/*
 * Say it, and exit: with EXIT_USAGE if it is for a value, a missing table or a
 * missing privilege, which do not come by trying again.
 */
_Noreturn void postgres_fail(const PGconn *conn, const PGresult *result);

#endif
