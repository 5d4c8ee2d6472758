// SPDX-License-Identifier: GPL-2.0-only
/* The history in a file. */
#include "results/history_driver.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sqlite3.h>

#define APPLICATION 0x636c7066 /* "clpf": other databases are not ours to change */

struct sqlite_rows {
	struct db_rows rows;
	sqlite3_stmt *statement;
};

static sqlite3_stmt *statement_of(struct db_rows *rows)
{
	return ((struct sqlite_rows *)rows)->statement;
}

static int errno_of(int code)
{
	switch (code & 0xff) {
	case SQLITE_FULL: return -ENOSPC;
	case SQLITE_BUSY: return -EAGAIN;
	case SQLITE_CORRUPT:
	case SQLITE_NOTADB: return -EBADMSG;
	case SQLITE_READONLY:
	case SQLITE_PERM: return -EROFS;
	case SQLITE_CONSTRAINT: return -EEXIST;
	case SQLITE_NOMEM: return -ENOMEM;
	case SQLITE_CANTOPEN: return -ENOENT;
	default: return -EIO;
	}
}

static int fail(struct db *db)
{
	int code = sqlite3_extended_errcode(db->link);

	snprintf(db->error, DB_ERROR_SIZE, "%s: %s", db->path, sqlite3_errmsg(db->link));
	return errno_of(code);
}

static int sqlite_script(struct db *db, const char *sql)
{
	return sqlite3_exec(db->link, sql, NULL, NULL, NULL) ? fail(db) : 0;
}

static int pragma_number(struct db *db, const char *sql, uint32_t *out)
{
	int64_t value;
	int ret = db_find_integer(db, &value, sql, "");

	*out = ret > 0 ? (uint32_t)value : 0;
	return ret < 0 ? ret : 0;
}

/* An empty file is one that was to become a history; anything else has to say that it is one. */
static int check_ours(struct db *db)
{
	uint32_t application = 0;
	int64_t tables;
	int ret = db_find_integer(db, &tables, "SELECT count(*) FROM sqlite_master", "");

	if (ret > 0)
		ret = pragma_number(db, "PRAGMA application_id", &application);
	if (ret)
		return ret;
	if (!tables || application == APPLICATION)
		return 0;
	snprintf(db->error, DB_ERROR_SIZE, "%s: a database, but no history of claimperf", db->path);
	return -EBADMSG;
}

/*
 * EXTRA: a commit ends with its journal's removal, which has to be on the disk as well. A journal
 * that is removed, not a write-ahead log: then the history is one file, and can be read from media
 * that are read-only.
 */
static int set_up(struct db *db)
{
	sqlite3_busy_timeout(db->link, DB_WAIT_MS);
	return sqlite_script(db, "PRAGMA synchronous = EXTRA; PRAGMA foreign_keys = ON; "
				 "PRAGMA trusted_schema = OFF");
}

static int sqlite_open(struct db *db, bool create)
{
	int flags = SQLITE_OPEN_READWRITE | (create ? SQLITE_OPEN_CREATE : 0);
	sqlite3 *sqlite;
	int code = sqlite3_open_v2(db->path, &sqlite, flags, NULL);
	int ret;

	db->link = sqlite;
	ret = code ? fail(db) : set_up(db);
	return ret ? ret : check_ours(db);
}

static void sqlite_close(struct db *db)
{
	sqlite3_close(db->link);
}

static int sqlite_get_version(struct db *db, uint32_t *version)
{
	return pragma_number(db, "PRAGMA user_version", version);
}

static int sqlite_set_version(struct db *db, uint32_t version)
{
	char sql[96];

	snprintf(sql, sizeof(sql), "PRAGMA application_id = %d; PRAGMA user_version = %u",
		 APPLICATION, version);
	return sqlite_script(db, sql);
}

static int sqlite_begin(struct db *db)
{
	return sqlite_script(db, "BEGIN IMMEDIATE");
}

static int sqlite_commit(struct db *db)
{
	return sqlite_script(db, "COMMIT");
}

static void sqlite_rollback(struct db *db)
{
	if (!sqlite3_get_autocommit(db->link))
		sqlite3_exec(db->link, "ROLLBACK", NULL, NULL, NULL);
}

static int bind_one(sqlite3_stmt *statement, int index, const struct db_value *value)
{
	switch (value->type) {
	case 's': return sqlite3_bind_text(statement, index, value->text, -1, SQLITE_TRANSIENT);
	case 'i': return sqlite3_bind_int64(statement, index, value->integer);
	default: return sqlite3_bind_double(statement, index, value->real);
	}
}

/* To SQLite "$2" is a name, not a number; and the statement need not have it. */
static int bind_all(sqlite3_stmt *statement, const struct db_statement *from)
{
	char name[16];
	int index, code = SQLITE_OK;

	for (int i = 0; !code && i < from->nr_values; i++) {
		snprintf(name, sizeof(name), "$%d", i + 1);
		index = sqlite3_bind_parameter_index(statement, name);
		if (index)
			code = bind_one(statement, index, &from->values[i]);
	}
	return code;
}

static void sqlite_end(struct db_rows *rows)
{
	sqlite3_finalize(statement_of(rows));
	free(rows);
}

static int sqlite_start(struct db *db, struct db_rows **out, const struct db_statement *from)
{
	struct sqlite_rows *rows = calloc(1, sizeof(*rows));
	int code;

	if (!rows)
		return -ENOMEM;
	rows->rows.db = db;
	code = sqlite3_prepare_v2(db->link, from->sql, -1, &rows->statement, NULL);
	if (!code)
		code = bind_all(rows->statement, from);
	if (code) {
		code = fail(db);
		sqlite_end(&rows->rows);
		return code;
	}
	*out = &rows->rows;
	return 0;
}

static int sqlite_next(struct db_rows *rows)
{
	switch (sqlite3_step(statement_of(rows))) {
	case SQLITE_ROW: return 1;
	case SQLITE_DONE: return 0;
	default: return fail(rows->db);
	}
}

static const char *sqlite_text(struct db_rows *rows, int column)
{
	return (const char *)sqlite3_column_text(statement_of(rows), column);
}

static int64_t sqlite_integer(struct db_rows *rows, int column)
{
	return sqlite3_column_int64(statement_of(rows), column);
}

static double sqlite_real(struct db_rows *rows, int column)
{
	return sqlite3_column_double(statement_of(rows), column);
}

static int tell_rows(struct db *db, const char *sql, void (*tell)(void *data, const char *what),
		     void *data)
{
	struct db_rows *rows;
	int ret = db_query(db, &rows, sql, "");

	while (!ret && (ret = db_next(rows)) > 0) {
		if (strcmp(db_text(rows, 0), "ok"))
			tell(data, db_text(rows, 0));
		ret = 0;
	}
	db_end(rows);
	return ret;
}

static int sqlite_check(struct db *db, void (*tell)(void *data, const char *what), void *data)
{
	int ret = tell_rows(db, "PRAGMA integrity_check", tell, data);

	if (!ret)
		ret = tell_rows(
			db,
			"SELECT 'table ' || \"table\" || ' has a row of which ' || parent || "
			"' knows nothing' FROM pragma_foreign_key_check()",
			tell, data);
	return ret;
}

const struct db_driver db_sqlite = {
	.open = sqlite_open,
	.close = sqlite_close,
	.get_version = sqlite_get_version,
	.set_version = sqlite_set_version,
	.script = sqlite_script,
	.begin = sqlite_begin,
	.commit = sqlite_commit,
	.rollback = sqlite_rollback,
	.start = sqlite_start,
	.next = sqlite_next,
	.end = sqlite_end,
	.text = sqlite_text,
	.integer = sqlite_integer,
	.real = sqlite_real,
	.check = sqlite_check,
};
