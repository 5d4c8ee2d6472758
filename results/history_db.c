// SPDX-License-Identifier: GPL-2.0-only
#include "results/history_driver.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const struct db_driver *find_driver(const char *path)
{
	const char *slash = strrchr(path, '/');

	return strcmp(slash ? slash + 1 : path, DB_SERVER) ? &db_sqlite : &db_postgres;
}

int db_open(const char *path, bool create, struct db **out, char error[DB_ERROR_SIZE])
{
	struct db *db = calloc(1, sizeof(*db));
	int ret = -ENOMEM;

	*out = NULL;
	snprintf(error, DB_ERROR_SIZE, "%s: %s", path, strerror(ENOMEM));
	if (!db)
		return ret;
	db->driver = find_driver(path);
	db->error = error;
	db->path = strdup(path);
	if (db->path)
		ret = db->driver->open(db, create);
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
	db->driver->close(db);
	free(db->path);
	free(db);
}

int db_get_version(struct db *db, uint32_t *version)
{
	return db->driver->get_version(db, version);
}

int db_set_version(struct db *db, uint32_t version)
{
	return db->driver->set_version(db, version);
}

int db_begin(struct db *db)
{
	return db->driver->begin(db);
}

int db_commit(struct db *db)
{
	return db->driver->commit(db);
}

void db_rollback(struct db *db)
{
	db->driver->rollback(db);
}

int db_script(struct db *db, const char *sql)
{
	return db->driver->script(db, sql);
}

static int start(struct db *db, struct db_rows **out, enum db_reading reading, const char *sql,
		 const char *types, va_list *list)
{
	struct db_statement statement = {.sql = sql, .reading = reading};

	for (; types[statement.nr_values]; statement.nr_values++) {
		struct db_value *value = &statement.values[statement.nr_values];

		value->type = types[statement.nr_values];
		switch (value->type) {
		case 's': value->text = va_arg(*list, const char *); break;
		case 'i': value->integer = va_arg(*list, int64_t); break;
		default: value->real = va_arg(*list, double); break;
		}
	}
	*out = NULL;
	return db->driver->start(db, out, &statement);
}

int db_query(struct db *db, struct db_rows **out, const char *sql, const char *types, ...)
{
	va_list list;
	int ret;

	va_start(list, types);
	ret = start(db, out, READ_AMONG_OTHERS, sql, types, &list);
	va_end(list);
	return ret;
}

int db_stream(struct db *db, struct db_rows **out, const char *sql, const char *types, ...)
{
	va_list list;
	int ret;

	va_start(list, types);
	ret = start(db, out, READ_ALONE, sql, types, &list);
	va_end(list);
	return ret;
}

int db_next(struct db_rows *rows)
{
	return rows->db->driver->next(rows);
}

void db_end(struct db_rows *rows)
{
	if (rows)
		rows->db->driver->end(rows);
}

const char *db_text(struct db_rows *rows, int column)
{
	return rows->db->driver->text(rows, column);
}

int64_t db_integer(struct db_rows *rows, int column)
{
	return rows->db->driver->integer(rows, column);
}

double db_real(struct db_rows *rows, int column)
{
	return rows->db->driver->real(rows, column);
}

/* 1 with the first number of the first row; 0 when there is no row; negative: failed. out: NULL, or
 * where it goes. */
static int first_row(struct db *db, int64_t *out, const char *sql, const char *types, va_list *list)
{
	struct db_rows *rows;
	int ret = start(db, &rows, READ_AT_ONCE, sql, types, list);

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

int db_check(struct db *db, void (*tell)(void *data, const char *what), void *data)
{
	return db->driver->check(db, tell, data);
}
