/*
 * load: a batch is copied to the session's stage tables, and load_batch() moves
 * it, in one transaction.
 *
 * If the server refuses data, the batch is loaded in halves, and those in
 * halves, until the row is alone that it refuses.  If the connection is lost,
 * all that was not known to be committed is sent again: to load something twice
 * does not change anything.
 */
#include <err.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>

#include "exit.h"
#include "load.h"
#include "output.h"

enum { CHUNK_BYTES = 64 * 1024 };

enum outcome {
	LOADED,
	REFUSED, /* because of the data */
	LOST     /* the connection, or the server would not do it now */
};

struct load {
	PGconn *conn;
	long patience_seconds;
	char name[33]; /* of this run, in the database */
	struct tables *tables;
	struct batch *filling, *flying; /* the latter is with the server */
	struct buf done;                /* records that load_batch() returned */
	char *refusal;                  /* what the server said */
};

/* Prepare the session, and name the run to it. */
static void
open_session(struct load *load)
{
	const char *const parameters[] = {load->name};

	PQclear(
	    postgres_rows(load->conn, "SELECT open_batch($1)", 1, parameters));
}

struct load *
load_open(const char *conninfo, long patience_seconds)
{
	struct load *load = xcalloc(1, sizeof(*load));
	unsigned char random[16];

	load->patience_seconds = patience_seconds;
	if (getrandom(random, sizeof(random), 0) != sizeof(random))
		err(EXIT_SERVICE, "getrandom");
	for (size_t i = 0; i < sizeof(random); i++)
		(void)snprintf(load->name + 2 * i, 3, "%02x", random[i]);
	load->conn = postgres_open(conninfo);
	load->tables = tables_open(load->conn);
	load->filling = batch_open(load->tables);
	load->flying = batch_open(load->tables);
	open_session(load);
	return load;
}

void
load_free(struct load *load)
{
	PQfinish(load->conn);
	batch_free(load->filling);
	batch_free(load->flying);
	tables_free(load->tables);
	buf_free(&load->done);
	free(load->refusal);
	free(load);
}

const struct tables *
load_tables(const struct load *load)
{
	return load->tables;
}

struct batch *
load_filling(struct load *load)
{
	return load->filling;
}

/*
 * What a failure means.  The data is to blame for data exceptions, violated
 * constraints, keys that are too long, and what the schema itself raises.
 */
static enum outcome
judge(struct load *load, const PGresult *result)
{
	static const char *const data[] = {"22", "23", "54", "P0001"};
	const char *state;

	if (postgres_lost(load->conn, result))
		return LOST;
	state = PQresultErrorField(result, PG_DIAG_SQLSTATE);
	for (size_t i = 0; i < sizeof(data) / sizeof(data[0]); i++) {
		if (strncmp(state, data[i], strlen(data[i])) != 0)
			continue;
		free(load->refusal);
		load->refusal = strdup(postgres_error(load->conn, result));
		return REFUSED;
	}
	postgres_fail(load->conn, result);
}

/* Keep the records that load_batch() returned. */
static void
keep_done(struct load *load, const PGresult *result)
{
	for (int i = 0; i < PQntuples(result); i++) {
		buf_puts(&load->done, PQgetvalue(result, i, 0));
		buf_append(&load->done, STR("\n"));
	}
}

/* The results of all that was sent, up to the last or the first failure. */
static enum outcome
collect(struct load *load)
{
	enum outcome outcome = LOADED;
	PGresult *result;

	while ((result = PQgetResult(load->conn)) != NULL) {
		switch (PQresultStatus(result)) {
		case PGRES_COMMAND_OK:
			break;
		case PGRES_TUPLES_OK:
			keep_done(load, result);
			break;
		default:
			if (outcome == LOADED)
				outcome = judge(load, result);
		}
		PQclear(result);
		if (PQstatus(load->conn) != CONNECTION_OK)
			return LOST;
	}
	return outcome;
}

static enum outcome
run(struct load *load, const char *sql)
{
	return PQsendQuery(load->conn, sql) ? collect(load) : LOST;
}

static enum outcome
copy(struct load *load, const struct table *table, struct str rows)
{
	PGresult *result = PQexec(load->conn, table->copy);
	enum outcome outcome = LOADED;
	size_t n;

	if (PQresultStatus(result) != PGRES_COPY_IN)
		outcome = judge(load, result);
	PQclear(result);
	if (outcome != LOADED)
		return outcome;
	for (; rows.len > 0; rows.ptr += n, rows.len -= n) {
		n = rows.len < CHUNK_BYTES ? rows.len : CHUNK_BYTES;
		if (PQputCopyData(load->conn, rows.ptr, (int)n) != 1)
			break;
	}
	(void)PQputCopyEnd(load->conn, NULL);
	return collect(load);
}

/* Send a piece; LOADED means that the answer is still to come. */
static enum outcome
send_piece(struct load *load, const struct batch *batch, struct piece piece)
{
	enum outcome outcome = run(load, "BEGIN");
	struct str rows;
	size_t first, n;

	load->done.len = 0;
	for (size_t i = 0; i < load->tables->n && outcome == LOADED; i++) {
		rows = batch_rows(batch, i, piece, &first, &n);
		if (n > 0)
			outcome = copy(load, &load->tables->list[i], rows);
	}
	if (outcome == LOADED &&
	    !PQsendQuery(load->conn, "SELECT load_batch(); COMMIT"))
		outcome = LOST;
	return outcome;
}

static void
reconnect(struct load *load)
{
	if (!postgres_reopen(load->conn, load->patience_seconds))
		errx(EXIT_SERVICE, "postgres: not in %ld seconds: %s",
		    load->patience_seconds, postgres_error(load->conn, NULL));
	open_session(load);
}

/* Load a piece and write what is done, or name the rows that are refused. */
static void
load_piece(struct load *load, const struct batch *batch, struct piece piece,
    struct lines *in)
{
	const struct table *table = NULL;
	const struct origin *origin = NULL;
	size_t n = batch_count(batch, piece, &table, &origin);
	uint64_t middle = piece.first + (piece.end - piece.first) / 2;
	enum outcome outcome = LOADED;

	if (n == 0)
		return;
	while ((outcome = send_piece(load, batch, piece)) == LOST ||
	       (outcome == LOADED && (outcome = collect(load)) == LOST))
		reconnect(load);
	if (outcome == LOADED) {
		output_write(buf_str(&load->done));
		return;
	}
	postgres_run(load->conn, "ROLLBACK");
	if (n > 1) {
		load_piece(
		    load, batch, (struct piece){piece.first, middle}, in);
		load_piece(load, batch, (struct piece){middle, piece.end}, in);
		return;
	}
	lines_refuse_at(in, origin->file, origin->number, "%s: %s", table->type,
	    load->refusal);
}

/* Wait for the batch that is with the server. */
static void
finish(struct load *load, struct lines *in, enum outcome outcome)
{
	struct batch *batch = load->flying;

	if (batch->n > 0 && outcome == LOADED)
		outcome = collect(load);
	if (batch->n > 0 && outcome == LOADED) {
		output_write(buf_str(&load->done));
	} else if (batch->n > 0) {
		if (outcome == REFUSED)
			postgres_run(load->conn, "ROLLBACK");
		else
			reconnect(load);
		load_piece(load, batch, batch_whole(batch), in);
	}
	output_write(buf_str(&batch->passed));
	batch_clear(batch);
}

void
load_start(struct load *load, struct lines *in)
{
	struct batch *batch = load->filling;
	enum outcome outcome;

	finish(load, in, LOADED);
	load->filling = load->flying;
	load->flying = batch;
	if (batch->n == 0)
		return;
	outcome = send_piece(load, batch, batch_whole(batch));
	if (outcome != LOADED)
		finish(load, in, outcome);
}

/* Wait for input, or for the server's answer; true if it was the latter. */
static bool
wait_for_answer(const struct load *load, const struct lines *in)
{
	struct pollfd waits[] = {{.fd = in->fd, .events = POLLIN},
	    {.fd = PQsocket(load->conn), .events = POLLIN}};

	(void)poll(waits, 2, -1);
	return waits[1].revents != 0;
}

void
load_pause(struct load *load, struct lines *in)
{
	for (;;) {
		if (load->flying->n == 0)
			load_start(load, in);
		if (load->flying->n == 0)
			break;
		output_flush();
		if (!wait_for_answer(load, in))
			return;
		finish(load, in, LOADED);
	}
	finish(load, in, LOADED);
	output_flush();
}

void
load_close(struct load *load, struct lines *in)
{
	PGresult *rows;

	load_start(load, in);
	finish(load, in, LOADED);
	output_flush();
	rows = postgres_rows(load->conn, "SELECT close_batch()", 0, NULL);
	for (int i = 0; i < PQntuples(rows); i++) {
		warnx("%s", PQgetvalue(rows, i, 0));
		in->refused++;
	}
	PQclear(rows);
}
