// SPDX-License-Identifier: GPL-2.0-only
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "results/history_private.h"

#define PREFIX_LEAST 4

int history_find(struct history *h, const char *prefix, char id[SHA256_HEX])
{
	size_t length = strlen(prefix);
	struct db_rows *rows;
	int ret, found = 0;

	if (length < PREFIX_LEAST || length >= SHA256_HEX ||
	    strspn(prefix, "0123456789abcdef") != length)
		return history_fail(
			h, -EINVAL,
			"'%s' is not the beginning, of %d digits at least, of a run's id", prefix,
			PREFIX_LEAST);
	/* No digit is greater than 'g'. */
	ret = db_query(h->db, &rows, "SELECT id FROM runs WHERE id >= $1 AND id < $1 || 'g'", "s",
		       prefix);
	while (!ret && (ret = db_next(rows)) > 0) {
		strncpy(id, db_text(rows, 0), SHA256_HEX - 1);
		id[SHA256_HEX - 1] = '\0';
		found++;
		ret = 0;
	}
	db_end(rows);
	if (!ret && !found)
		return history_fail(h, -ENOENT, "%s: no run '%s'", h->path, prefix);
	if (!ret && found > 1)
		return history_fail(h, -EINVAL, "%s: %d runs begin with '%s'", h->path, found,
				    prefix);
	return ret;
}

/* Columns of a run, and the tables that they are in. */
#define RUN_COLUMNS                                                                                \
	"r.id, r.time, r.imported, h.name, r.target, r.variant, r.seed, r.plan, p.json, "          \
	"r.environment, r.nodes, r.night, r.role, r.pinned, r.cases, h.type"
#define RUN_TABLES " JOIN hosts h ON h.id = r.host JOIN fingerprints p ON p.sha256 = r.fingerprint"
#define NR_RUN_COLUMNS 16

/* Only what is asked for is in the statement, so that indexes serve it. */
static void put_filter(FILE *sql, const struct history_filter *f)
{
	fprintf(sql, " WHERE 1 = 1%s%s%s%s", f->id ? " AND r.id = $1" : "",
		f->host ? " AND h.name = $2" : "", f->target ? " AND r.target = $3" : "",
		f->variant ? " AND r.variant = $4" : "");
	fprintf(sql, "%s%s%s%s", f->first_time ? " AND r.time >= $5" : "",
		f->nodes ? " AND r.nodes = $6" : "", f->night ? " AND r.night = $7" : "",
		f->role ? " AND r.role = $8" : "");
}

char *filter_sql(const char *before, const struct history_filter *filter, const char *after)
{
	char *text = NULL;
	size_t size;
	FILE *sql = open_memstream(&text, &size);

	if (!sql)
		return NULL;
	fputs(before, sql);
	put_filter(sql, filter);
	fputs(after, sql);
	return fclose(sql) ? free(text), NULL : text;
}

static void read_run(struct db_rows *rows, struct history_run *run)
{
	*run = (struct history_run){
		.id = db_text(rows, 0),
		.time = db_text(rows, 1),
		.imported = db_text(rows, 2),
		.host = db_text(rows, 3),
		.target = db_text(rows, 4),
		.variant = db_text(rows, 5),
		.seed = db_text(rows, 6),
		.plan = db_text(rows, 7),
		.fingerprint = db_text(rows, 8),
		.environment = db_text(rows, 9),
		.nodes = (unsigned int)db_integer(rows, 10),
		.night = db_text(rows, 11),
		.role = db_text(rows, 12),
		.pinned = db_integer(rows, 13),
		.cases = (uint64_t)db_integer(rows, 14),
		.type = db_text(rows, 15),
	};
}

int history_each_run(struct history *h, const struct history_filter *filter,
		     int (*visit)(void *data, const struct history_run *run), void *data)
{
	char *sql = filter_sql(
		"SELECT " RUN_COLUMNS ", (SELECT count(*) FROM unmeasured u WHERE u.run = r.id),"
		" (SELECT count(*) FROM files f WHERE f.run = r.id),"
		" (SELECT COALESCE(SUM(f.bytes), 0) FROM files f WHERE f.run = r.id),"
		" row_number() OVER (PARTITION BY r.host, r.target, r.variant, r.nodes"
		"  ORDER BY r.time DESC, r.id DESC)"
		" FROM runs r" RUN_TABLES,
		filter, " ORDER BY r.time, r.id");
	struct history_run run;
	struct db_rows *rows = NULL;
	int ret = sql ? db_query(h->db, &rows, sql, FILTER_TYPES, FILTER_VALUES(filter)) : -ENOMEM;

	free(sql);
	while (!ret && (ret = db_next(rows)) > 0) {
		read_run(rows, &run);
		run.unmeasured = (uint64_t)db_integer(rows, NR_RUN_COLUMNS);
		run.files = (uint64_t)db_integer(rows, NR_RUN_COLUMNS + 1);
		run.bytes = (uint64_t)db_integer(rows, NR_RUN_COLUMNS + 2);
		run.newer = (uint64_t)db_integer(rows, NR_RUN_COLUMNS + 3) - 1;
		ret = visit(data, &run);
	}
	db_end(rows);
	return ret;
}

int history_each_unmeasured(struct history *h, const char *id,
			    int (*visit)(void *data, const char *case_name, const char *state,
					 const char *reason),
			    void *data)
{
	struct db_rows *rows;
	int ret = db_query(h->db, &rows,
			   "SELECT case_name, state, reason FROM unmeasured WHERE run = $1"
			   " ORDER BY case_name",
			   "s", id);

	while (!ret && (ret = db_next(rows)) > 0)
		ret = visit(data, db_text(rows, 0), db_text(rows, 1), db_text(rows, 2));
	db_end(rows);
	return ret;
}

/* The result's own comes last: who finds it knows that the others are there. */
int history_each_file(struct history *h, const char *id,
		      int (*visit)(void *data, const char *path, const char *sha256,
				   uint64_t bytes),
		      void *data)
{
	struct db_rows *rows;
	int ret = db_stream(h->db, &rows,
			    "SELECT path, sha256, bytes FROM files WHERE run = $1"
			    " ORDER BY CASE WHEN sha256 = run THEN 1 ELSE 0 END, path",
			    "s", id);

	while (!ret && (ret = db_next(rows)) > 0)
		ret = visit(data, db_text(rows, 0), db_text(rows, 1),
			    (uint64_t)db_integer(rows, 2));
	db_end(rows);
	return ret;
}
