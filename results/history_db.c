// SPDX-License-Identifier: GPL-2.0-only
#include "results/history_db.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sqlite3.h>

#define APPLICATION 0x636c7066 /* "clpf": other databases are not ours to change */

struct db {
	sqlite3 *sqlite;
	char *path;
	char *error;
};

struct db_rows {
	struct db *db;
	sqlite3_stmt *statement;
};

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
	int code = sqlite3_extended_errcode(db->sqlite);

	snprintf(db->error, DB_ERROR_SIZE, "%s: %s", db->path, sqlite3_errmsg(db->sqlite));
	return errno_of(code);
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
	sqlite3_busy_timeout(db->sqlite, DB_WAIT_MS);
	return db_script(db, "PRAGMA synchronous = EXTRA; PRAGMA foreign_keys = ON; "
			     "PRAGMA trusted_schema = OFF");
}

int db_open(const char *path, bool create, struct db **out, char error[DB_ERROR_SIZE])
{
	int flags = SQLITE_OPEN_READWRITE | (create ? SQLITE_OPEN_CREATE : 0);
	struct db *db = calloc(1, sizeof(*db));
	int ret = -ENOMEM;

	*out = NULL;
	snprintf(error, DB_ERROR_SIZE, "%s: %s", path, strerror(ENOMEM));
	if (!db)
		return ret;
	db->error = error;
	db->path = strdup(path);
	if (db->path)
		ret = sqlite3_open_v2(path, &db->sqlite, flags, NULL) ? fail(db) : set_up(db);
	if (!ret)
		ret = check_ours(db);
	if (ret)
		db_close(db);
	else
		*out = db;
	return ret;
}

void db_close(struct db *db)
{
	if (!db)
		return;
	sqlite3_close(db->sqlite);
	free(db->path);
	free(db);
}

int db_get_version(struct db *db, uint32_t *version)
{
	return pragma_number(db, "PRAGMA user_version", version);
}

int db_set_version(struct db *db, uint32_t version)
{
	char sql[96];

	snprintf(sql, sizeof(sql), "PRAGMA application_id = %d; PRAGMA user_version = %u",
		 APPLICATION, version);
	return db_script(db, sql);
}

int db_script(struct db *db, const char *sql)
{
	return sqlite3_exec(db->sqlite, sql, NULL, NULL, NULL) ? fail(db) : 0;
}

int db_begin(struct db *db)
{
	return db_script(db, "BEGIN IMMEDIATE");
}

int db_commit(struct db *db)
{
	return db_script(db, "COMMIT");
}

void db_rollback(struct db *db)
{
	if (!sqlite3_get_autocommit(db->sqlite))
		sqlite3_exec(db->sqlite, "ROLLBACK", NULL, NULL, NULL);
}

static int bind_one(sqlite3_stmt *statement, int index, char type, va_list *list)
{
	switch (type) {
	case 's':
		return sqlite3_bind_text(statement, index, va_arg(*list, const char *), -1,
					 SQLITE_TRANSIENT);
	case 'i': return sqlite3_bind_int64(statement, index, va_arg(*list, int64_t));
	default: return sqlite3_bind_double(statement, index, va_arg(*list, double));
	}
}

static int start(struct db *db, struct db_rows **out, const char *sql, const char *types,
		 va_list *list)
{
	struct db_rows *rows = calloc(1, sizeof(*rows));
	int code = SQLITE_NOMEM;

	*out = NULL;
	if (!rows)
		return -ENOMEM;
	rows->db = db;
	code = sqlite3_prepare_v2(db->sqlite, sql, -1, &rows->statement, NULL);
	for (int i = 0; !code && types[i]; i++)
		code = bind_one(rows->statement, i + 1, types[i], list);
	if (code) {
		code = fail(db);
		db_end(rows);
		return code;
	}
	*out = rows;
	return 0;
}

int db_query(struct db *db, struct db_rows **out, const char *sql, const char *types, ...)
{
	va_list list;
	int ret;

	va_start(list, types);
	ret = start(db, out, sql, types, &list);
	va_end(list);
	return ret;
}

int db_next(struct db_rows *rows)
{
	switch (sqlite3_step(rows->statement)) {
	case SQLITE_ROW: return 1;
	case SQLITE_DONE: return 0;
	default: return fail(rows->db);
	}
}

void db_end(struct db_rows *rows)
{
	if (rows)
		sqlite3_finalize(rows->statement);
	free(rows);
}

const char *db_text(struct db_rows *rows, int column)
{
	return (const char *)sqlite3_column_text(rows->statement, column);
}

int64_t db_integer(struct db_rows *rows, int column)
{
	return sqlite3_column_int64(rows->statement, column);
}

double db_real(struct db_rows *rows, int column)
{
	return sqlite3_column_double(rows->statement, column);
}

/* 1 with the first number of the first row; 0 when there is no row; negative: failed. out: NULL, or
 * where it goes. */
static int first_row(struct db *db, int64_t *out, const char *sql, const char *types, va_list *list)
{
	struct db_rows *rows;
	int ret = start(db, &rows, sql, types, list);

	if (!ret)
		ret = db_next(rows);
	if (ret > 0 && out)
		*out = db_integer(rows, 0);
	db_end(rows);
	return ret;
}

int db_do(struct db *db, const char *sql, const char *types, ...)
{
	va_list list;
	int ret;

	va_start(list, types);
	ret = first_row(db, NULL, sql, types, &list);
	va_end(list);
	return ret < 0 ? ret : 0;
}

int db_find_integer(struct db *db, int64_t *out, const char *sql, const char *types, ...)
{
	va_list list;
	int ret;

	va_start(list, types);
	ret = first_row(db, out, sql, types, &list);
	va_end(list);
	return ret;
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

int db_check(struct db *db, void (*tell)(void *data, const char *what), void *data)
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
