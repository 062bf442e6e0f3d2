/*
 * libpq: the library of PostgreSQL, loaded when it is first called.
 *
 * It needs the libraries of TLS, Kerberos and LDAP, and loading these takes
 * longer than all else that our programs do before they begin.
 */
#include <libpq-fe.h>

#include "forward.h"

static void *
find(const char *name)
{
	static void *library;

	return forward_find(&library, "libpq.so.5", name);
}

FORWARD(find, PGconn *, return, PQconnectdbParams,
    (const char *const *keywords, const char *const *values, int expand_dbname),
    (keywords, values, expand_dbname))
FORWARD(find, PGPing, return, PQpingParams,
    (const char *const *keywords, const char *const *values, int expand_dbname),
    (keywords, values, expand_dbname))
FORWARD(find, PQconninfoOption *, return, PQconninfoParse,
    (const char *conninfo, char **errmsg), (conninfo, errmsg))
FORWARD(find, void, , PQconninfoFree, (PQconninfoOption * connOptions),
    (connOptions))
FORWARD(find, void, , PQfinish, (PGconn * conn), (conn))
FORWARD(find, void, , PQreset, (PGconn * conn), (conn))
FORWARD(find, ConnStatusType, return, PQstatus, (const PGconn *conn), (conn))
FORWARD(find, int, return, PQsocket, (const PGconn *conn), (conn))
FORWARD(find, char *, return, PQdb, (const PGconn *conn), (conn))
FORWARD(find, char *, return, PQerrorMessage, (const PGconn *conn), (conn))
FORWARD(find, PQnoticeReceiver, return, PQsetNoticeReceiver,
    (PGconn * conn, PQnoticeReceiver proc, void *arg), (conn, proc, arg))
FORWARD(find, PGresult *, return, PQexec, (PGconn * conn, const char *query),
    (conn, query))
FORWARD(find, PGresult *, return, PQexecParams,
    (PGconn * conn, const char *command, int nParams, const Oid *paramTypes,
        const char *const *paramValues, const int *paramLengths,
        const int *paramFormats, int resultFormat),
    (conn, command, nParams, paramTypes, paramValues, paramLengths,
        paramFormats, resultFormat))
FORWARD(find, int, return, PQsendQuery, (PGconn * conn, const char *query),
    (conn, query))
FORWARD(find, PGresult *, return, PQgetResult, (PGconn * conn), (conn))
FORWARD(find, int, return, PQputCopyData,
    (PGconn * conn, const char *buffer, int nbytes), (conn, buffer, nbytes))
FORWARD(find, int, return, PQputCopyEnd, (PGconn * conn, const char *errormsg),
    (conn, errormsg))
FORWARD(find, int, return, PQgetCopyData,
    (PGconn * conn, char **buffer, int async), (conn, buffer, async))
FORWARD(
    find, ExecStatusType, return, PQresultStatus, (const PGresult *res), (res))
FORWARD(find, char *, return, PQresultErrorField,
    (const PGresult *res, int fieldcode), (res, fieldcode))
FORWARD(find, int, return, PQntuples, (const PGresult *res), (res))
FORWARD(find, char *, return, PQgetvalue,
    (const PGresult *res, int tup_num, int field_num),
    (res, tup_num, field_num))
FORWARD(find, void, , PQclear, (PGresult * res), (res))
FORWARD(find, void, , PQfreemem, (void *ptr), (ptr))
