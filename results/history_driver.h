/* SPDX-License-Identifier: GPL-2.0-only */
/* What a database has to do for history_db.c: SQLite and PostgreSQL each have a driver. */
#ifndef CLAIMPERF_RESULTS_HISTORY_DRIVER_H
#define CLAIMPERF_RESULTS_HISTORY_DRIVER_H

#include "results/history_db.h"

#define DB_MOST_VALUES 16

struct db {
	const struct db_driver *driver;
	char *path;
	char *error;
	void *link; /* the driver's */
};

/* Drivers have their own after it. */
struct db_rows {
	struct db *db;
};

struct db_value {
	char type; /* s, i, d as in db_do() */
	union {
		const char *text;
		int64_t integer;
		double real;
	};
};

enum db_reading {
	READ_AMONG_OTHERS, /* other statements may come before its end */
	READ_ALONE,	   /* none does */
	READ_AT_ONCE,	   /* few rows, or none */
};

struct db_statement {
	const char *sql;
	struct db_value values[DB_MOST_VALUES]; /* $1 is the first */
	int nr_values;
	enum db_reading reading;
};

struct db_driver {
	/* These return 0 or -errno with a message; open() leaves to close() what it has begun. */
	int (*open)(struct db *db, bool create);
	void (*close)(struct db *db);
	int (*get_version)(struct db *db, uint32_t *version);
	int (*set_version)(struct db *db, uint32_t version);
	int (*script)(struct db *db, const char *sql);
	int (*begin)(struct db *db);
	int (*commit)(struct db *db);
	void (*rollback)(struct db *db);
	int (*start)(struct db *db, struct db_rows **out, const struct db_statement *statement);
	int (*next)(struct db_rows *rows); /* 1, 0 at the end, or -errno */
	void (*end)(struct db_rows *rows); /* not NULL */
	const char *(*text)(struct db_rows *rows, int column);
	int64_t (*integer)(struct db_rows *rows, int column);
	double (*real)(struct db_rows *rows, int column);
	int (*check)(struct db *db, void (*tell)(void *data, const char *what), void *data);
};

extern const struct db_driver db_sqlite, db_postgres;

#endif
