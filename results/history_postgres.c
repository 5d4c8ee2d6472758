// SPDX-License-Identifier: GPL-2.0-only
/*
 * The history on a PostgreSQL server, which the first line of the file DB_SERVER names.
 *
 * Of queries there may be millions of rows. They are read as they come; where other statements come
 * in between, through cursors, some at a time, which takes the server twice as long.
 */
#include "results/history_driver.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <postgresql/libpq-fe.h>

#define FETCHED 5000 /* rows at a time */
#define TEXT_OID 25
#define INTEGER_OID 20
#define REAL_OID 701
#define TEXT_OF(number) #number
#define NUMBER_TEXT(number) TEXT_OF(number)

struct postgres {
	PGconn *connection;
	unsigned int cursors, made; /* open ones; those that ever were, for their names */
	bool reading;		    /* in a transaction that goes with the last cursor */
};

struct postgres_rows {
	struct db_rows rows;
	PGresult *result;
	int row;
	unsigned int cursor; /* 0: none, the result is all, or */
	bool streams;	     /* each row is a result */
};

static struct postgres *link_of(struct db *db)
{
	return db->link;
}

/* The server's classes of errors: https://www.postgresql.org/docs/15/errcodes-appendix.html */
static int errno_of(const char *state)
{
	static const struct {
		const char *state;
		int ret;
	} known[] = {
		{"55P03", -EAGAIN}, {"40", -EAGAIN}, {"53100", -ENOSPC}, {"53200", -ENOMEM},
		{"XX", -EBADMSG},   {"23", -EEXIST}, {"25006", -EROFS},	 {"42501", -EROFS},
	};

	for (size_t i = 0; state && i < sizeof(known) / sizeof(*known); i++)
		if (!strncmp(state, known[i].state, strlen(known[i].state)))
			return known[i].ret;
	return -EIO;
}

/* A message of libpq has several lines, and an end. */
static int fail(struct db *db, const PGresult *result)
{
	const char *said = result ? PQresultErrorMessage(result) : "";
	size_t length;

	if (!*said)
		said = PQerrorMessage(link_of(db)->connection);
	length = strlen(said);
	while (length && said[length - 1] == '\n')
		length--;
	snprintf(db->error, DB_ERROR_SIZE, "%s: %.*s", db->path, (int)length, said);
	for (char *end = db->error; (end = strpbrk(end, "\n\t"));)
		*end = ' ';
	return errno_of(result ? PQresultErrorField(result, PG_DIAG_SQLSTATE) : NULL);
}

static int check(struct db *db, PGresult *result)
{
	ExecStatusType status = PQresultStatus(result);

	return status == PGRES_COMMAND_OK || status == PGRES_TUPLES_OK ||
			       status == PGRES_EMPTY_QUERY
		       ? 0
		       : fail(db, result);
}

static int postgres_script(struct db *db, const char *sql)
{
	PGresult *result = PQexec(link_of(db)->connection, sql);
	int ret = check(db, result);

	PQclear(result);
	return ret;
}

static int complain(struct db *db, int ret, const char *text)
{
	snprintf(db->error, DB_ERROR_SIZE, "%s: %s", db->path, text);
	return ret;
}

static int read_line(struct db *db, char line[1024])
{
	FILE *file = fopen(db->path, "re");
	bool any = file && fgets(line, 1024, file);
	int ret = any	 ? 0
		  : file ? complain(db, -EINVAL, "is empty, not postgresql://…")
			 : complain(db, -errno, strerror(errno));

	if (file)
		fclose(file);
	if (any)
		line[strcspn(line, "\r\n")] = '\0';
	return ret;
}

/* What matters comes as an error, too. */
static void ignore_notice(void *data, const char *text)
{
	(void)data;
	(void)text;
}

/* A server that is gone, or cannot be reached, is an error within a minute or so. */
static int dial(struct db *db)
{
	static const char *const names[] = {"connect_timeout",
					    "keepalives_idle",
					    "keepalives_interval",
					    "keepalives_count",
					    "fallback_application_name",
					    "dbname",
					    NULL};
	char line[1024];
	const char *values[] = {"60", "20", "10", "4", "claimperf", line, NULL};
	int ret = read_line(db, line);

	if (ret)
		return ret;
	link_of(db)->connection = PQconnectdbParams(names, values, 1);
	PQsetNoticeProcessor(link_of(db)->connection, ignore_notice, NULL);
	return PQstatus(link_of(db)->connection) == CONNECTION_OK ? 0 : fail(db, NULL);
}

/* What is committed is on the server's disk, and nobody waits for a lock for ever. */
static int set_up(struct db *db)
{
	return postgres_script(db,
			       "SELECT set_config('synchronous_commit', 'on', false)"
			       "  WHERE current_setting('synchronous_commit') IN ('off', 'local');"
			       "SET lock_timeout = " NUMBER_TEXT(DB_WAIT_MS) "; SET client_encoding = 'UTF8';"
			       "SET client_min_messages = warning; SET cursor_tuple_fraction = 1; "
			       "SET work_mem = '128MB'; SET random_page_cost = 1.1;"
			       "SET extra_float_digits = 1; SET jit = off");
}

enum content { EMPTY, FOREIGN, OURS };

/*
 * Asked of the tables' own table, as of now: names are looked up in a cache, which knows nothing of
 * what another writer made while this one waited for it. And asked once, for one may be at it.
 */
static int find_content(struct db *db, enum content *out)
{
	int64_t content = EMPTY;
	int ret = db_find_integer(
		db, &content,
		"SELECT COALESCE(MAX(CASE WHEN relname = 'claimperf' THEN 2 ELSE 1 END), 0) FROM "
		"pg_class WHERE relkind = 'r' AND relnamespace = to_regnamespace(current_schema())",
		"");

	*out = (enum content)content;
	return ret < 0 ? ret : 0;
}

/* Text is to be in the same order everywhere: by bytes. */
static int check_ours(struct db *db, bool create)
{
	enum content content;
	int64_t bytes;
	int ret = find_content(db, &content);

	if (ret)
		return ret;
	if (content == FOREIGN)
		return complain(db, -EBADMSG, "a database, but no history of claimperf");
	if (content == EMPTY && !create)
		return complain(db, -ENOENT, "no history: the database is empty");
	ret = db_find_integer(
		db, &bytes,
		"SELECT CASE WHEN 'B' < 'a' AND 'a/b' < 'aA' AND getdatabaseencoding() "
		"= 'UTF8' THEN 1 ELSE 0 END",
		"");
	if (ret > 0 && !bytes)
		return complain(db, -EINVAL,
				"the database sorts text in a way of its own; createdb --template "
				"template0 --encoding UTF8 --locale C makes one that does not");
	return ret < 0 ? ret : 0;
}

static int postgres_open(struct db *db, bool create)
{
	int ret;

	db->link = calloc(1, sizeof(struct postgres));
	if (!db->link)
		return -ENOMEM;
	ret = dial(db);
	if (!ret)
		ret = set_up(db);
	return ret ? ret : check_ours(db, create);
}

static void postgres_close(struct db *db)
{
	if (db->link)
		PQfinish(link_of(db)->connection);
	free(db->link);
}

static int postgres_get_version(struct db *db, uint32_t *version)
{
	enum content content;
	int64_t value = 0;
	int ret = find_content(db, &content);

	if (!ret && content == OURS)
		ret = db_find_integer(db, &value, "SELECT version FROM claimperf", "");
	*version = (uint32_t)value;
	return ret < 0 ? ret : 0;
}

static int postgres_set_version(struct db *db, uint32_t version)
{
	char sql[160];

	snprintf(sql, sizeof(sql),
		 "CREATE TABLE IF NOT EXISTS claimperf (version BIGINT NOT NULL);"
		 "DELETE FROM claimperf; INSERT INTO claimperf VALUES (%u)",
		 version);
	return postgres_script(db, sql);
}

/*
 * One writer at a time, as there is of a file; who waited for another sees what that one wrote. One
 * whose host is lost is in nobody's way for longer than they wait.
 */
static int postgres_begin(struct db *db)
{
	return postgres_script(db, "BEGIN ISOLATION LEVEL READ COMMITTED;"
				   "SET LOCAL idle_in_transaction_session_timeout = 45000;"
				   "SELECT pg_advisory_xact_lock(x'636c7066'::int)");
}

/* To a transaction that has failed the server says, without an error, that it was rolled back. */
static int postgres_commit(struct db *db)
{
	PGresult *result = PQexec(link_of(db)->connection, "COMMIT");
	int ret = check(db, result);

	if (!ret && strcmp(PQcmdStatus(result), "COMMIT"))
		ret = complain(db, -EIO, "the transaction had failed");
	PQclear(result);
	return ret;
}

static void postgres_rollback(struct db *db)
{
	if (PQtransactionStatus(link_of(db)->connection) != PQTRANS_IDLE)
		PQclear(PQexec(link_of(db)->connection, "ROLLBACK"));
}

struct parameters {
	char numbers[DB_MOST_VALUES][32];
	const char *values[DB_MOST_VALUES];
	Oid types[DB_MOST_VALUES];
};

static void fill(struct parameters *p, const struct db_statement *from)
{
	for (int i = 0; i < from->nr_values; i++) {
		const struct db_value *value = &from->values[i];

		p->types[i] = value->type == 's'   ? TEXT_OID
			      : value->type == 'i' ? INTEGER_OID
						   : REAL_OID;
		p->values[i] = value->type == 's' ? value->text : p->numbers[i];
		if (value->type == 'i')
			snprintf(p->numbers[i], sizeof(p->numbers[i]), "%lld",
				 (long long)value->integer);
		else if (value->type == 'd')
			snprintf(p->numbers[i], sizeof(p->numbers[i]), "%.17g", value->real);
	}
}

static int stream(struct db *db, struct postgres_rows *rows, const struct db_statement *from)
{
	PGconn *connection = link_of(db)->connection;
	struct parameters p;

	fill(&p, from);
	rows->streams = PQsendQueryParams(connection, from->sql, from->nr_values, p.types, p.values,
					  NULL, NULL, 0);
	return rows->streams && PQsetSingleRowMode(connection) ? 0 : fail(db, NULL);
}

static int execute(struct db *db, PGresult **out, const char *sql, const struct db_statement *from)
{
	struct parameters p;

	fill(&p, from);
	*out = PQexecParams(link_of(db)->connection, sql, from->nr_values, p.types, p.values, NULL,
			    NULL, 0);
	return check(db, *out);
}

/* In the transaction that there is, or one of its own. */
static int open_cursor(struct db *db, struct postgres_rows *rows, const struct db_statement *from)
{
	struct postgres *link = link_of(db);
	PGresult *result = NULL;
	char *sql;
	int ret = 0;

	if (PQtransactionStatus(link->connection) == PQTRANS_IDLE) {
		ret = postgres_script(db, "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY");
		link->reading = !ret;
	}
	if (ret)
		return ret;
	rows->cursor = ++link->made;
	link->cursors++;
	if (asprintf(&sql, "DECLARE c%u NO SCROLL CURSOR FOR %s", rows->cursor, from->sql) < 0)
		return -ENOMEM;
	ret = execute(db, &result, sql, from);
	PQclear(result);
	free(sql);
	return ret;
}

static int fetch(struct postgres_rows *rows)
{
	struct db *db = rows->rows.db;
	char sql[64];

	snprintf(sql, sizeof(sql), "FETCH %d FROM c%u", FETCHED, rows->cursor);
	PQclear(rows->result);
	rows->result = PQexec(link_of(db)->connection, sql);
	rows->row = -1;
	return check(db, rows->result);
}

static void close_cursor(struct db *db, unsigned int cursor)
{
	struct postgres *link = link_of(db);
	char sql[64];

	link->cursors--;
	if (link->reading && !link->cursors) {
		postgres_rollback(db);
		link->reading = false;
	} else if (PQtransactionStatus(link->connection) == PQTRANS_INTRANS) {
		snprintf(sql, sizeof(sql), "CLOSE c%u", cursor);
		PQclear(PQexec(link->connection, sql));
	}
}

static void postgres_end(struct db_rows *base)
{
	struct postgres_rows *rows = (struct postgres_rows *)base;

	if (rows->cursor)
		close_cursor(base->db, rows->cursor);
	do
		PQclear(rows->result);
	while (rows->streams && (rows->result = PQgetResult(link_of(base->db)->connection)));
	free(rows);
}

static int postgres_start(struct db *db, struct db_rows **out, const struct db_statement *from)
{
	struct postgres_rows *rows = calloc(1, sizeof(*rows));
	int ret;

	if (!rows)
		return -ENOMEM;
	rows->rows.db = db;
	rows->row = -1;
	if (from->reading == READ_AT_ONCE) {
		ret = execute(db, &rows->result, from->sql, from);
	} else if (from->reading == READ_ALONE) {
		ret = stream(db, rows, from);
	} else {
		ret = open_cursor(db, rows, from);
		if (!ret)
			ret = fetch(rows);
	}
	if (ret)
		postgres_end(&rows->rows);
	else
		*out = &rows->rows;
	return ret;
}

/* The last result has no row. */
static int next_of_stream(struct postgres_rows *rows)
{
	struct db *db = rows->rows.db;

	PQclear(rows->result);
	rows->result = PQgetResult(link_of(db)->connection);
	rows->row = 0;
	return PQresultStatus(rows->result) == PGRES_SINGLE_TUPLE ? 1 : check(db, rows->result);
}

static int postgres_next(struct db_rows *base)
{
	struct postgres_rows *rows = (struct postgres_rows *)base;
	int nr = PQntuples(rows->result), ret = 0;

	if (rows->streams)
		return next_of_stream(rows);
	if (rows->row + 1 >= nr && rows->cursor && nr == FETCHED) {
		ret = fetch(rows);
		nr = PQntuples(rows->result);
	}
	return ret ? ret : ++rows->row < nr;
}

static const char *postgres_text(struct db_rows *base, int column)
{
	struct postgres_rows *rows = (struct postgres_rows *)base;

	return PQgetisnull(rows->result, rows->row, column)
		       ? NULL
		       : PQgetvalue(rows->result, rows->row, column);
}

static int64_t postgres_integer(struct db_rows *rows, int column)
{
	const char *text = postgres_text(rows, column);

	return text ? strtoll(text, NULL, 10) : 0;
}

static double postgres_real(struct db_rows *rows, int column)
{
	const char *text = postgres_text(rows, column);

	return text ? strtod(text, NULL) : 0;
}

/* The server keeps to its own constraints. A page that is damaged is told when it is read. */
static int postgres_check(struct db *db, void (*tell)(void *data, const char *what), void *data)
{
	(void)db;
	(void)tell;
	(void)data;
	return 0;
}

const struct db_driver db_postgres = {
	.open = postgres_open,
	.close = postgres_close,
	.get_version = postgres_get_version,
	.set_version = postgres_set_version,
	.script = postgres_script,
	.begin = postgres_begin,
	.commit = postgres_commit,
	.rollback = postgres_rollback,
	.start = postgres_start,
	.next = postgres_next,
	.end = postgres_end,
	.text = postgres_text,
	.integer = postgres_integer,
	.real = postgres_real,
	.check = postgres_check,
};
