/*
 * postgres: connect, run, and say what went wrong.
 */
#include <err.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "exit.h"
#include "options.h"
#include "postgres.h"
#include "progress.h"

enum {
	RETRY_MS_MIN = 50, /* between two attempts to connect, ... */
	RETRY_MS_MAX = 1000
};

/* A connection string that is malformed or holds a password. */
static void
check(const char *conninfo)
{
	PQconninfoOption *options, *o;
	char *error = NULL;

	if (strchr(conninfo, '=') == NULL && strstr(conninfo, "://") == NULL)
		return; /* the name of a database */
	options = PQconninfoParse(conninfo, &error);
	if (options == NULL)
		options_usage("connection: %.*s",
		    error != NULL ? (int)strcspn(error, "\n") : 0, error);
	for (o = options; o != NULL && o->keyword != NULL; o++)
		if (o->val != NULL &&
		    (strcmp(o->keyword, "password") == 0 ||
		        strcmp(o->keyword, "sslpassword") == 0))
			options_usage(
			    "connection: a password on the command line can be "
			    "read by all: put it in PGPASSFILE");
	PQconninfoFree(options);
}

const char *
postgres_error(const PGconn *conn, const PGresult *result)
{
	static char text[1000];
	const char *primary = NULL, *detail = NULL;
	size_t len;

	if (result != NULL) {
		primary = PQresultErrorField(result, PG_DIAG_MESSAGE_PRIMARY);
		detail = PQresultErrorField(result, PG_DIAG_MESSAGE_DETAIL);
	}
	if (primary == NULL)
		primary = PQerrorMessage(conn);
	(void)snprintf(text, sizeof(text), "%s%s%s", primary,
	    detail != NULL ? ": " : "", detail != NULL ? detail : "");
	len = strlen(text);
	while (len > 0 && text[len - 1] == '\n')
		text[--len] = '\0';
	/* It may quote the data: nothing in it is to move the cursor. */
	for (char *p = text; *p != '\0'; p++)
		if ((unsigned char)*p < ' ' || *p == 0x7f)
			*p = ' ';
	return text;
}

void
postgres_fail(const PGconn *conn, const PGresult *result)
{
	const char *state = PQresultErrorField(result, PG_DIAG_SQLSTATE);
	bool wrong = state != NULL && (strncmp(state, "22", 2) == 0 ||
	                                  strncmp(state, "42", 2) == 0);

	errx(wrong ? EXIT_USAGE : EXIT_SERVICE, "postgres: %s",
	    postgres_error(conn, result));
}

/* Messages of the server that are no errors. */
static void
notice(void *context, const PGresult *result)
{
	(void)context;
	warnx("postgres: %s", postgres_error(NULL, result));
}

static void
prepare(PGconn *conn)
{
	(void)PQsetNoticeReceiver(conn, notice, NULL);
	/* Our statements are many or simple: compiling them does not pay. */
	postgres_run(conn, "SET client_min_messages = warning; SET jit = off;"
	                   "SET timezone = 'UTC'; SET datestyle = 'ISO';"
	                   "SET extra_float_digits = 1");
}

PGconn *
postgres_open(const char *conninfo)
{
	const char *const keywords[] = {"fallback_application_name",
	    "client_encoding", "connect_timeout", "dbname", NULL};
	const char *const values[] = {
	    program_invocation_short_name, "UTF8", "10", conninfo, NULL};
	PGconn *conn;
	PGPing ping;

	check(conninfo);
	conn = PQconnectdbParams(keywords, values, 1);
	if (PQstatus(conn) != CONNECTION_OK) {
		ping = PQpingParams(keywords, values, 1);
		errx(ping == PQPING_OK || ping == PQPING_NO_ATTEMPT
		         ? EXIT_USAGE
		         : EXIT_SERVICE,
		    "postgres: %s; are -d and PGSERVICEFILE right?",
		    postgres_error(conn, NULL));
	}
	prepare(conn);
	return conn;
}

bool
postgres_reopen(PGconn *conn, long seconds)
{
	double deadline = progress_clock() + (double)seconds;
	long wait = RETRY_MS_MIN;

	warnx("postgres: %s: connecting again", postgres_error(conn, NULL));
	for (;;) {
		PQreset(conn);
		if (PQstatus(conn) == CONNECTION_OK) {
			prepare(conn);
			return true;
		}
		if (progress_clock() >= deadline)
			return false;
		(void)nanosleep(
		    &(struct timespec){wait / 1000, wait % 1000 * 1000000},
		    NULL);
		wait = wait * 2 < RETRY_MS_MAX ? wait * 2 : RETRY_MS_MAX;
	}
}

bool
postgres_lost(const PGconn *conn, const PGresult *result)
{
	/*
	 * Classes of SQLSTATE, and codes in them: connection exception, the
	 * server is short of something, shuts down or starts up; rolled back
	 * because of others; a read-only server, as after a fail-over.
	 */
	static const char *const states[] = {"08", "53", "57P", "40", "25006"};
	const char *state = PQresultErrorField(result, PG_DIAG_SQLSTATE);

	if (PQstatus(conn) != CONNECTION_OK || state == NULL)
		return true;
	for (size_t i = 0; i < sizeof(states) / sizeof(states[0]); i++)
		if (strncmp(state, states[i], strlen(states[i])) == 0)
			return true;
	return false;
}

void
postgres_run(PGconn *conn, const char *sql)
{
	PGresult *result = PQexec(conn, sql);

	if (PQresultStatus(result) != PGRES_COMMAND_OK)
		postgres_fail(conn, result);
	PQclear(result);
}

PGresult *
postgres_rows(
    PGconn *conn, const char *sql, int n, const char *const *parameters)
{
	PGresult *result =
	    PQexecParams(conn, sql, n, NULL, parameters, NULL, NULL, 0);

	if (PQresultStatus(result) != PGRES_TUPLES_OK)
		postgres_fail(conn, result);
	return result;
}
