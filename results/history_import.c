// SPDX-License-Identifier: GPL-2.0-only
#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "results/history_private.h"

const char *const history_roles[] = {"reference", "tonight", "before", "after", NULL};
const char *const history_metrics[] = {"value", "time", NULL};

struct import {
	struct history *h;
	const struct history_import *what;
	struct result *result;
	struct digest digest;
	struct file_list files;
	struct raw_file *stored; /* of each of files */
	const char *id;
	bool known;
	bool added; /* a file that the run did not have */
};

/* The result was read between the two times that its bytes were: they must be the same. */
static int store_files(struct import *im)
{
	const char *path = im->what->path;
	char file[PATH_MAX];
	int ret = 0;

	im->stored = calloc(im->files.nr, sizeof(*im->stored));
	if (!im->stored)
		return history_fail(im->h, -ENOMEM, "%s: %s", path, strerror(ENOMEM));
	for (size_t i = 0; !ret && i < im->files.nr; i++) {
		snprintf(file, sizeof(file), "%.*s%s", im->files.folder, path, im->files.paths[i]);
		ret = raw_put(im->h->raw, file, &im->stored[i], im->h->error);
	}
	if (!ret && strcmp(im->stored[0].sha256, im->id))
		ret = history_fail(im->h, -EINVAL, "%s: changed while it was read", path);
	return ret;
}

/* The type of a host is what was last said of it. */
static int insert_host(struct import *im, const char *host)
{
	int ret =
		db_do(im->h->db,
		      "INSERT INTO hosts (id, name) VALUES ((SELECT COALESCE(MAX(id), 0) + 1 FROM "
		      "hosts), $1)"
		      " ON CONFLICT (name) DO NOTHING",
		      "s", host);

	if (ret || !im->what->type)
		return ret;
	return db_do(im->h->db, "UPDATE hosts SET type = $1 WHERE name = $2", "ss", im->what->type,
		     host);
}

static size_t count_measured(const struct result *result)
{
	size_t nr = 0;

	for (size_t i = 0; i < result->nr_cases; i++)
		nr += !result->cases[i].skipped;
	return nr;
}

static int insert_run(struct import *im)
{
	const struct digest *d = &im->digest;
	const char *host = im->what->host ? im->what->host : d->host ? d->host : "unknown";
	time_t now = time(NULL);
	char imported[32];
	struct tm tm;
	int ret = insert_host(im, host);

	strftime(imported, sizeof(imported), "%Y-%m-%dT%H:%M:%SZ", gmtime_r(&now, &tm));
	if (!ret)
		ret = db_do(im->h->db,
			    "INSERT INTO fingerprints (sha256, json) VALUES ($1, $2)"
			    " ON CONFLICT (sha256) DO NOTHING",
			    "ss", d->fingerprint_sha256, d->fingerprint);
	if (ret)
		return ret;
	return db_do(
		im->h->db,
		"INSERT INTO runs (id, time, imported, host, target, variant, nodes, seed, plan,"
		" fingerprint, environment, night, role, cases, number) VALUES ($1, $2, $3,"
		" (SELECT id FROM hosts WHERE name = $4), $5, $6, $7, $8, $9, $10, $11,"
		" $12, $13, $14, (SELECT COALESCE(MAX(number), 0) + 1 FROM runs))",
		"ssssssissssssi", im->id, d->time, imported, host, d->target, d->variant,
		(int64_t)d->nodes, d->seed, d->plan, d->fingerprint_sha256, d->environment,
		im->what->night, im->what->role, (int64_t)count_measured(im->result));
}

static int insert_figure(struct import *im, const struct history_metric *m,
			 const struct history_figure *f)
{
	int ret = db_do(im->h->db,
			"INSERT INTO metrics (id, case_name, name, unit, per) VALUES"
			" ((SELECT COALESCE(MAX(id), 0) + 1 FROM metrics), $1, $2, $3, $4)"
			" ON CONFLICT (case_name, name, unit, per) DO NOTHING",
			"ssss", m->case_name, m->name, m->unit, m->per);

	if (ret)
		return ret;
	return db_do(
		im->h->db,
		"INSERT INTO figures (run, metric, kind, ops, samples, least, median, p90, p99,"
		" greatest, mean) VALUES ((SELECT number FROM runs WHERE id = $1), (SELECT id FROM "
		"metrics WHERE case_name = $2"
		" AND name = $3 AND unit = $4 AND per = $5), $6, $7, $8, $9, $10, $11, $12, $13, "
		"$14)",
		"ssssssiiidiiid", im->id, m->case_name, m->name, m->unit, m->per,
		f->kind == KIND_EXACT ? "exact" : "noisy", (int64_t)f->ops, (int64_t)f->samples,
		(int64_t)f->least, f->median, (int64_t)f->p90, (int64_t)f->p99,
		(int64_t)f->greatest, f->mean);
}

static int insert_case(struct import *im, const struct result_case *test)
{
	struct history_metric metric;
	struct history_figure figure;
	int ret = 0;

	if (test->skipped)
		return db_do(im->h->db,
			     "INSERT INTO unmeasured (run, case_name, state, reason)"
			     " VALUES ($1, $2, $3, $4)",
			     "ssss", im->id, test->name, test->failed ? "failed" : "skipped",
			     test->skipped);
	for (unsigned int i = 0; ret >= 0 && i < DIGEST_METRICS; i++) {
		ret = digest_figure(im->result, test, i, &metric, &figure, im->h->error);
		if (!ret)
			ret = insert_figure(im, &metric, &figure);
	}
	return ret < 0 ? ret : 0;
}

/*
 * A file that the run has is the same, or somebody changed it. The result itself, number 0, may
 * have had another name when it was imported.
 */
static int insert_file(struct import *im, size_t index)
{
	const struct raw_file *file = &im->stored[index];
	const char *path = im->files.paths[index];
	struct db *db = im->h->db;
	int64_t same;
	int ret = db_find_integer(db, &same,
				  "SELECT CASE WHEN sha256 = $1 THEN 1 ELSE 0 END FROM files"
				  " WHERE run = $2 AND (path = $3 OR (sha256 = run AND $4 = 0))",
				  "sssi", file->sha256, im->id, path, (int64_t)index);

	if (ret > 0 && !same)
		return history_fail(
			im->h, -EINVAL,
			"%s: %s is another one than that which was imported with this result",
			im->what->path, path);
	if (ret)
		return ret < 0 ? ret : 0;
	im->added = true;
	return db_do(db, "INSERT INTO files (run, path, sha256, bytes) VALUES ($1, $2, $3, $4)",
		     "sssi", im->id, path, file->sha256, (int64_t)file->bytes);
}

/* What is given must not contradict what is stored; what is stored and not given stays. */
static int check_same(struct import *im, const char *stored, const char *given, const char *what)
{
	if (!stored || !given || !strcmp(stored, given))
		return 0;
	return history_fail(im->h, -EINVAL, "%s: is stored already, with %s '%s', not '%s'",
			    im->what->path, what, stored, given);
}

static int update_run(struct import *im)
{
	const struct history_import *what = im->what;
	struct db_rows *rows;
	int ret =
		db_query(im->h->db, &rows,
			 "SELECT h.name, r.night, r.role FROM runs r JOIN hosts h ON h.id = r.host"
			 " WHERE r.id = $1",
			 "s", im->id);

	if (!ret)
		ret = db_next(rows);
	if (ret == 1)
		ret = check_same(im, db_text(rows, 0), what->host, "host");
	if (!ret)
		ret = check_same(im, db_text(rows, 1), what->night, "night");
	if (!ret)
		ret = check_same(im, db_text(rows, 2), what->role, "role");
	if (!ret && ((what->night && !db_text(rows, 1)) || (what->role && !db_text(rows, 2))))
		im->added = true;
	db_end(rows);
	if (ret || !im->added)
		return ret;
	return db_do(im->h->db,
		     "UPDATE runs SET night = COALESCE($1, night), role = COALESCE($2, role) WHERE "
		     "id = $3",
		     "sss", what->night, what->role, im->id);
}

static int insert_all(struct import *im)
{
	int64_t count = 0;
	int ret = db_find_integer(im->h->db, &count, "SELECT count(*) FROM runs WHERE id = $1", "s",
				  im->id);

	im->known = count;
	if (ret < 0)
		return ret;
	ret = im->known ? update_run(im) : insert_run(im);
	for (size_t i = 0; !ret && !im->known && i < im->result->nr_cases; i++)
		ret = insert_case(im, &im->result->cases[i]);
	for (size_t i = 0; !ret && i < im->files.nr; i++)
		ret = insert_file(im, i);
	return ret;
}

static int transact(struct import *im)
{
	int ret = db_begin(im->h->db);

	if (!ret)
		ret = insert_all(im);
	if (!ret)
		ret = db_commit(im->h->db);
	if (ret)
		db_rollback(im->h->db);
	return ret;
}

int history_import(struct history *h, const struct history_import *what, char id[SHA256_HEX],
		   enum history_imported *outcome)
{
	struct import im = {.h = h, .what = what, .id = id};
	struct raw_file sum;
	int ret = raw_sum(what->path, &sum, h->error);

	if (!ret) {
		memcpy(id, sum.sha256, SHA256_HEX);
		ret = result_read(what->path, &im.result, h->error);
	}
	if (!ret)
		ret = digest_run(im.result, &im.digest, h->error);
	if (!ret)
		ret = list_files(im.result, what->raw, &im.files, h->error);
	if (!ret)
		ret = store_files(&im);
	if (!ret)
		ret = transact(&im);
	*outcome = !im.known ? HISTORY_NEW : im.added ? HISTORY_COMPLETED : HISTORY_KNOWN;
	free(im.stored);
	free_list(&im.files);
	digest_free(&im.digest);
	result_free(im.result);
	return ret;
}
