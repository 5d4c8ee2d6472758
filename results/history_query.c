// SPDX-License-Identifier: GPL-2.0-only
#include <errno.h>
#include <fnmatch.h>
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
	ret = db_query(h->db, &rows, "SELECT id FROM runs WHERE substr(id, 1, $1) = $2", "is",
		       (int64_t)length, prefix);
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

/* What both queries have: columns of a run, and those that the filter lets through. */
#define RUN_COLUMNS                                                                                \
	"r.id, r.time, r.imported, h.name, r.target, r.variant, r.seed, r.plan, p.json, "          \
	"r.environment, r.nodes, r.night, r.role, r.pinned"
#define RUN_TABLES " JOIN hosts h ON h.id = r.host JOIN fingerprints p ON p.sha256 = r.fingerprint"
#define RUN_FILTER                                                                                 \
	" WHERE r.id = COALESCE($1, r.id) AND h.name = COALESCE($2, h.name)"                       \
	" AND r.target = COALESCE($3, r.target) AND r.variant = COALESCE($4, r.variant)"           \
	" AND r.time >= COALESCE($5, r.time) AND (r.nodes = $6 OR $6 = 0)"                         \
	" AND COALESCE(r.night, '') = COALESCE($7, r.night, '')"                                   \
	" AND COALESCE(r.role, '') = COALESCE($8, r.role, '')"
#define FILTER_TYPES "sssssiss"
#define FILTER_VALUES(f)                                                                           \
	(f)->id, (f)->host, (f)->target, (f)->variant, (f)->first_time, (int64_t)(f)->nodes,       \
		(f)->night, (f)->role
#define NR_RUN_COLUMNS 14

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
	};
}

int history_each_run(struct history *h, const struct history_filter *filter,
		     int (*visit)(void *data, const struct history_run *run), void *data)
{
	struct history_run run;
	struct db_rows *rows;
	int ret = db_query(h->db, &rows,
			   "SELECT " RUN_COLUMNS ","
			   " (SELECT count(DISTINCT m.case_name) FROM figures f JOIN metrics m ON "
			   "m.id = f.metric"
			   "  WHERE f.run = r.id),"
			   " (SELECT count(*) FROM unmeasured u WHERE u.run = r.id),"
			   " (SELECT count(*) FROM files f WHERE f.run = r.id),"
			   " (SELECT COALESCE(SUM(f.bytes), 0) FROM files f WHERE f.run = r.id),"
			   " row_number() OVER (PARTITION BY r.host, r.target, r.variant, r.nodes"
			   "  ORDER BY r.time DESC, r.id DESC)"
			   " FROM runs r" RUN_TABLES RUN_FILTER " ORDER BY r.time, r.id",
			   FILTER_TYPES, FILTER_VALUES(filter));

	while (!ret && (ret = db_next(rows)) > 0) {
		read_run(rows, &run);
		run.cases = (uint64_t)db_integer(rows, NR_RUN_COLUMNS);
		run.unmeasured = (uint64_t)db_integer(rows, NR_RUN_COLUMNS + 1);
		run.files = (uint64_t)db_integer(rows, NR_RUN_COLUMNS + 2);
		run.bytes = (uint64_t)db_integer(rows, NR_RUN_COLUMNS + 3);
		run.newer = (uint64_t)db_integer(rows, NR_RUN_COLUMNS + 4) - 1;
		ret = visit(data, &run);
	}
	db_end(rows);
	return ret;
}

static void read_figure(struct db_rows *rows, int c, struct history_metric *metric,
			struct history_figure *figure)
{
	const char *kind = db_text(rows, c + 4);

	*metric = (struct history_metric){db_text(rows, c), db_text(rows, c + 1),
					  db_text(rows, c + 2), db_text(rows, c + 3)};
	*figure = (struct history_figure){
		.kind = strcmp(kind, "exact") ? KIND_NOISY : KIND_EXACT,
		.ops = (uint64_t)db_integer(rows, c + 5),
		.samples = (uint64_t)db_integer(rows, c + 6),
		.least = (uint64_t)db_integer(rows, c + 7),
		.p90 = (uint64_t)db_integer(rows, c + 8),
		.p99 = (uint64_t)db_integer(rows, c + 9),
		.greatest = (uint64_t)db_integer(rows, c + 10),
		.median = db_real(rows, c + 11),
		.mean = db_real(rows, c + 12),
	};
}

int history_each_figure(struct history *h, const struct history_filter *filter, const char *glob,
			int (*visit)(void *data, const struct history_run *run,
				     const struct history_metric *metric,
				     const struct history_figure *figure),
			void *data)
{
	struct history_run run;
	struct history_metric metric;
	struct history_figure figure;
	struct db_rows *rows;
	int ret = db_query(h->db, &rows,
			   "SELECT " RUN_COLUMNS
			   ", m.case_name, m.name, m.unit, m.per, f.kind, f.ops,"
			   " f.samples, f.least, f.p90, f.p99, f.greatest, f.median, f.mean"
			   " FROM figures f JOIN metrics m ON m.id = f.metric"
			   " JOIN runs r ON r.id = f.run" RUN_TABLES RUN_FILTER
			   " ORDER BY m.case_name, m.name, m.unit, m.per, r.time, r.id",
			   FILTER_TYPES, FILTER_VALUES(filter));

	while (!ret && (ret = db_next(rows)) > 0) {
		read_run(rows, &run);
		read_figure(rows, NR_RUN_COLUMNS, &metric, &figure);
		ret = glob && fnmatch(glob, metric.case_name, 0)
			      ? 0
			      : visit(data, &run, &metric, &figure);
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
	int ret = db_query(h->db, &rows,
			   "SELECT path, sha256, bytes FROM files WHERE run = $1"
			   " ORDER BY CASE WHEN sha256 = run THEN 1 ELSE 0 END, path",
			   "s", id);

	while (!ret && (ret = db_next(rows)) > 0)
		ret = visit(data, db_text(rows, 0), db_text(rows, 1),
			    (uint64_t)db_integer(rows, 2));
	db_end(rows);
	return ret;
}
