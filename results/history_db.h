/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The database of the history: SQLite or PostgreSQL, and nothing but the two drivers knows which
 * (history_driver.h). All else keeps to SQL that both have: parameters are $1, $2 …, times are text,
 * ids are given, not generated.
 *
 * All return 0 or -errno with "FILE: what is wrong" in the buffer given to db_open().
 */
#ifndef CLAIMPERF_RESULTS_HISTORY_DB_H
#define CLAIMPERF_RESULTS_HISTORY_DB_H

#include <stdbool.h>
#include <stdint.h>

#define DB_ERROR_SIZE 512
#define DB_WAIT_MS 60000 /* for others, before it is an error */

/* A path that ends so names a server, in its first line, as libpq wants it; else it is SQLite's. */
#define DB_SERVER "database"

struct db;
struct db_rows;

/*
 * -ENOENT when there is none and create is false, -EBADMSG when it is damaged or no history. What
 * is committed is on the disk. Who finds it locked by another process waits for a minute, then
 * -EAGAIN.
 */
int db_open(const char *path, bool create, struct db **out, char error[DB_ERROR_SIZE]);
void db_close(struct db *db);

/* The version of the schema; 0 when nothing is in it. */
int db_get_version(struct db *db, uint32_t *version);
int db_set_version(struct db *db, uint32_t version);

/* Until db_commit() nobody else writes; other processes read what was before. */
int db_begin(struct db *db);
int db_commit(struct db *db);
void db_rollback(struct db *db); /* fine without one, too */

/* Statements without parameters, several at once. */
int db_script(struct db *db, const char *sql);

/*
 * One statement. A letter of types for each parameter: s const char * (may be NULL), i int64_t, d
 * double. The statement need not use all of them.
 */
int db_do(struct db *db, const char *sql, const char *types, ...);

/* Rows: db_query(), then db_next() until it is not 1 (0 at the end), then db_end(). */
int db_query(struct db *db, struct db_rows **out, const char *sql, const char *types, ...);

/* The same, where no other statement comes before db_end(): sooner, when there are many rows. */
int db_stream(struct db *db, struct db_rows **out, const char *sql, const char *types, ...);

int db_next(struct db_rows *rows);
void db_end(struct db_rows *rows);

/* Column from 0 of the row, valid until the next db_next(). Text is NULL where there is none. */
const char *db_text(struct db_rows *rows, int column);
int64_t db_integer(struct db_rows *rows, int column);
double db_real(struct db_rows *rows, int column);

/* The integer that a query finds: 1, or 0 when it finds no row, or -errno. */
int db_find_integer(struct db *db, int64_t *out, const char *sql, const char *types, ...);

/* Call tell() with each thing that is wrong with the file or between its tables, of SQLite only:
 * a server looks after its own. */
int db_check(struct db *db, void (*tell)(void *data, const char *what), void *data);

#endif
