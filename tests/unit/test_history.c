// SPDX-License-Identifier: GPL-2.0-only
#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include <cmocka.h>
#include <sqlite3.h>

#include "results/history_private.h"
#include "results/history_schema.h"

#define SAMPLES "tests/data/history/"
#define CLAIMS_ID "03c7bbb99d460b7eacda6df08bac4664b3de92a8572c179e358bd747a8c8388b"

static char folder[] = "/tmp/claimperf-test.XXXXXX", store[64], error[HISTORY_ERROR_SIZE];

static int remove_one(const char *path, const struct stat *st, int type, struct FTW *ftw)
{
	(void)st;
	(void)type;
	(void)ftw;
	return remove(path);
}

/* Where it is set, tests are about a server: its database "unit", and a schema of their own. */
static const char *server;

static int name_server(const char *in, const char *options)
{
	char path[128];
	FILE *f;

	snprintf(path, sizeof(path), "%s/" DB_SERVER, in);
	f = fopen(path, "we");
	if (!f)
		return -1;
	fprintf(f, "%s dbname=unit %s\n", server, options);
	return fclose(f);
}

static int reset_server(void)
{
	char path[128];
	struct db *db = NULL;
	int ret = mkdir(store, 0777) || name_server(store, "options='-c search_path=t'") ||
		  name_server(folder, "");

	snprintf(path, sizeof(path), "%s/" DB_SERVER, folder);
	if (!ret)
		ret = db_open(path, true, &db, error);
	if (!ret)
		ret = db_script(db, "DROP SCHEMA IF EXISTS t CASCADE; CREATE SCHEMA t");
	db_close(db);
	return ret;
}

static int make_folder(void **state)
{
	(void)state;
	server = getenv("STORE_SERVER");
	strcpy(folder + strlen(folder) - 6, "XXXXXX");
	if (!mkdtemp(folder))
		return -1;
	snprintf(store, sizeof(store), "%s/store", folder);
	return server ? reset_server() : 0;
}

static int remove_folder(void **state)
{
	(void)state;
	return nftw(folder, remove_one, 16, FTW_DEPTH | FTW_PHYS);
}

static void write_file(const char *name, const char *text)
{
	char path[256];
	FILE *f;

	snprintf(path, sizeof(path), "%s/%s", folder, name);
	f = fopen(path, "we");
	assert_non_null(f);
	fputs(text, f);
	assert_int_equal(fclose(f), 0);
}

static struct history *open_store(enum history_mode mode)
{
	struct history *h;

	assert_int_equal(history_open(store, mode, &h, error), 0);
	return h;
}

static int import(struct history *h, const char *path, enum history_imported *outcome, char *id)
{
	const struct history_import what = {.path = path, .raw = true};

	return history_import(h, &what, id, outcome);
}

static void import_fine(struct history *h, const char *path, enum history_imported expected)
{
	enum history_imported outcome;
	char id[SHA256_HEX];

	if (import(h, path, &outcome, id))
		fail_msg("%s", error);
	assert_int_equal(outcome, expected);
}

/* A result of one case; %s stands for its context's rest. */
#define RESULT                                                                                     \
	"{\"context\": {\"date\": \"%s\", \"host_name\": \"den\", \"claimperf\": {\"target\": "    \
	"\"host\", %s}},\n"                                                                        \
	"\"benchmarks\": [{\"name\": \"a\", \"claimperf\": {\"kind\": \"noisy\", \"unit\": "       \
	"\"ns\", \"per\": \"call\","                                                               \
	" \"value\": 2, \"min_sample\": 20, \"ops\": 10,"                                          \
	" \"samples\": [30, 20, 50, 40, 60, 70, 80, 90, 100, 110, 1000]}},"                        \
	" {\"name\": \"b\", \"error_occurred\": true, \"error_message\": \"no\", \"claimperf\": "  \
	"{\"skipped\": false}}]}"

static const char *make_result(const char *name, const char *date, const char *rest)
{
	static char path[256];
	char text[2048];

	snprintf(text, sizeof(text), RESULT, date, rest);
	write_file(name, text);
	snprintf(path, sizeof(path), "%s/%s", folder, name);
	return path;
}

struct seen {
	unsigned int runs, figures, unmeasured;
	struct history_figure figure;
	char text[512];
};

static int see_run(void *data, const struct history_run *run)
{
	struct seen *seen = data;

	snprintf(seen->text, sizeof(seen->text), "%s %s %s %s %u %s %s %d", run->time, run->host,
		 run->target, run->variant, run->nodes, run->seed ? run->seed : "-",
		 run->plan ? run->plan : "-", (int)run->files);
	seen->runs++;
	return 0;
}

static int see_figure(void *data, const struct history_run *run,
		      const struct history_metric *metric, const struct history_figure *figure)
{
	struct seen *seen = data;

	(void)run;
	snprintf(seen->text, sizeof(seen->text), "%s %s %s %s", metric->case_name, metric->name,
		 metric->unit, metric->per);
	seen->figure = *figure;
	seen->figures++;
	return 0;
}

static int see_unmeasured(void *data, const char *case_name, const char *state, const char *reason)
{
	struct seen *seen = data;

	snprintf(seen->text, sizeof(seen->text), "%s %s %s", case_name, state, reason);
	seen->unmeasured++;
	return 0;
}

static const struct history_filter any = {0};

static unsigned int count_runs(struct history *h, const struct history_filter *filter)
{
	struct seen seen = {0};

	assert_int_equal(history_each_run(h, filter, see_run, &seen), 0);
	return seen.runs;
}

static void says_what_a_result_says(void **state)
{
	struct history *h = open_store(HISTORY_WRITE);
	struct seen seen = {0};
	char id[SHA256_HEX];

	(void)state;
	import_fine(h,
		    make_result("r.json", "2026-01-01T01:30:00+02:00",
				"\"nodes\": 4, \"plan\": {\"seed\": \"7\", \"a\": 1}, "
				"\"hypervisor\": {\"variant\": \"v\"}"),
		    HISTORY_NEW);
	assert_int_equal(history_each_run(h, &any, see_run, &seen), 0);
	assert_string_equal(seen.text,
			    "2025-12-31T23:30:00Z den host v 4 7 {\"a\":1,\"seed\":\"7\"} 1");
	assert_int_equal(history_each_figure(h, &any, "a", see_figure, &seen), 0);
	assert_int_equal(seen.figures, 1);
	assert_string_equal(seen.text, "a value ns call");
	assert_int_equal(seen.figure.kind, KIND_NOISY);
	assert_int_equal(seen.figure.ops, 10);
	assert_int_equal(seen.figure.samples, 11);
	assert_int_equal(seen.figure.least, 20);
	assert_int_equal(seen.figure.p90, 110);
	assert_int_equal(seen.figure.p99, 1000);
	assert_int_equal(seen.figure.greatest, 1000);
	assert_true(seen.figure.median >= 70 && seen.figure.median <= 70);
	assert_true(seen.figure.mean >= 150 && seen.figure.mean <= 150);
	assert_int_equal(history_each_figure(h, &any, "b", see_figure, &seen), 0);
	assert_int_equal(seen.figures, 1);
	assert_int_equal(history_find(h, "0000", id), -ENOENT);
	assert_int_equal(
		history_each_run(h, &(struct history_filter){.host = "other"}, see_run, &seen), 0);
	assert_int_equal(seen.runs, 1);
	history_close(h);
}

static void import_of_host(struct history *h, const char *path, const char *host)
{
	const struct history_import what = {.path = path, .host = host, .raw = true};
	enum history_imported outcome;
	char id[SHA256_HEX];

	if (history_import(h, &what, id, &outcome))
		fail_msg("%s", error);
}

struct metrics {
	const struct history_runs *runs;
	unsigned int metrics;
	char text[256];
};

/* The hosts that have it, and when it was measured. */
static int see_metric(void *data, const struct history_metric *metric,
		      const struct history_figure *figures)
{
	struct metrics *seen = data;

	seen->metrics++;
	strcpy(seen->text, metric->case_name);
	for (size_t i = 0; i < history_count_runs(seen->runs); i++) {
		const struct history_run run = history_listed_run(seen->runs, i);

		if (figures[i].samples)
			snprintf(seen->text + strlen(seen->text), 64, " %s %.10s", run.host,
				 run.time);
	}
	return 0;
}

static void has_the_runs_of_a_host_side_by_side(void **state)
{
	struct history *h = open_store(HISTORY_WRITE);
	struct history_runs *runs;
	struct metrics seen = {0};

	(void)state;
	import_of_host(h, make_result("1", "2026-01-03T00:00:00Z", "\"nodes\": 1"), "east");
	import_of_host(h, make_result("2", "2026-01-02T00:00:00Z", "\"nodes\": 1"), "west");
	import_of_host(h, make_result("3", "2026-01-01T00:00:00Z", "\"nodes\": 1"), "east");
	import_of_host(h, make_result("4", "2026-01-04T00:00:00Z", "\"nodes\": 2"), "east");
	import_fine(h, SAMPLES "claims.json", HISTORY_NEW);
	assert_int_equal(history_list_runs(h, &any, &runs), 0);
	assert_int_equal(history_count_runs(runs), 5);
	seen.runs = runs;
	assert_int_equal(history_each_metric(h, runs, "a", see_metric, &seen), 0);
	assert_int_equal(seen.metrics, 1);
	assert_string_equal(seen.text,
			    "a east 2026-01-01 east 2026-01-03 east 2026-01-04 west 2026-01-02");
	history_free_runs(runs);
	assert_int_equal(
		history_list_runs(h, &(struct history_filter){.host = "east", .nodes = 1}, &runs),
		0);
	seen.runs = runs;
	assert_int_equal(history_each_metric(h, runs, "a", see_metric, &seen), 0);
	assert_string_equal(seen.text, "a east 2026-01-01 east 2026-01-03");
	history_free_runs(runs);
	history_close(h);
}

static int see_file(void *data, const char *path, const char *sha256, uint64_t bytes)
{
	unsigned int *left = data;

	(void)path;
	(void)sha256;
	(void)bytes;
	return !--*left;
}

/* Who has seen enough is in nobody's way. */
static void a_walk_may_end_early(void **state)
{
	struct history *h = open_store(HISTORY_WRITE);
	unsigned int left = 1;

	(void)state;
	import_fine(h, SAMPLES "claims.json", HISTORY_NEW);
	assert_int_equal(history_each_file(h, CLAIMS_ID, see_file, &left), 1);
	left = 100;
	assert_int_equal(history_each_file(h, CLAIMS_ID, see_file, &left), 0);
	assert_int_equal(left, 97);
	history_close(h);
}

static void knows_what_it_has(void **state)
{
	struct history *h = open_store(HISTORY_WRITE);
	struct history_import what = {.raw = true, .night = "2026-01-02", .role = history_roles[1]};
	enum history_imported outcome;
	struct seen seen = {0};
	char id[SHA256_HEX];

	(void)state;
	what.path = make_result("r.json", "2026-01-01T00:00:00+00:00", "\"nodes\": 1");
	import_fine(h, what.path, HISTORY_NEW);
	import_fine(h, what.path, HISTORY_KNOWN);
	/* the same under another name */
	import_fine(h, make_result("copy.json", "2026-01-01T00:00:00+00:00", "\"nodes\": 1"),
		    HISTORY_KNOWN);
	assert_int_equal(history_import(h, &what, id, &outcome), 0);
	assert_int_equal(outcome, HISTORY_COMPLETED);
	assert_int_equal(history_import(h, &what, id, &outcome), 0);
	assert_int_equal(outcome, HISTORY_KNOWN);
	what.night = "2026-01-03";
	assert_int_equal(history_import(h, &what, id, &outcome), -EINVAL);
	assert_non_null(strstr(error, "night '2026-01-02', not '2026-01-03'"));
	assert_int_equal(
		count_runs(h, &(struct history_filter){.night = "2026-01-02", .role = "tonight"}),
		1);
	assert_int_equal(count_runs(h, &(struct history_filter){.role = "before"}), 0);
	assert_int_equal(count_runs(h, &any), 1);
	assert_int_equal(history_each_unmeasured(h, id, see_unmeasured, &seen), 0);
	assert_string_equal(seen.text, "b failed no");
	history_close(h);
}

/* Raw data of one result cannot be two things. */
static void refuses_other_raw_data(void **state)
{
	struct history *h = open_store(HISTORY_WRITE);
	enum history_imported outcome;
	char id[SHA256_HEX], path[128];
	const char *result;

	(void)state;
	snprintf(path, sizeof(path), "%s/r.d", folder);
	assert_int_equal(mkdir(path, 0777), 0);
	write_file("r.d/log", "one");
	result = make_result("r.json", "2026-01-01T00:00:00+00:00", "\"nodes\": 1");
	import_fine(h, result, HISTORY_NEW);
	write_file("r.d/more", "more");
	import_fine(h, result, HISTORY_COMPLETED);
	write_file("r.d/log", "two");
	assert_int_equal(import(h, result, &outcome, id), -EINVAL);
	assert_non_null(strstr(error, "r.d/log is another one"));
	write_file("r.d/log", "one");
	strcat(path, "/link");
	assert_int_equal(symlink("log", path), 0);
	assert_int_equal(import(h, result, &outcome, id), -EINVAL);
	assert_non_null(strstr(error, "r.d/link: neither a file nor a folder"));
	history_close(h);
}

static int see_environment(void *data, const struct history_run *run)
{
	strcpy(data, run->environment);
	return 0;
}

/* Hypervisors and seeds may differ, all else may not. */
static void tells_environments_apart(void **state)
{
	static const struct {
		const char *variant, *rest;
	} runs[] = {
		{"u", "\"plan\": {\"seed\": \"7\"}, \"hypervisor\": {\"variant\": \"u\", "
		      "\"compiler\": \"gcc\"}"},
		{"v", "\"plan\": {\"seed\": \"8\"}, \"hypervisor\": {\"variant\": \"v\", "
		      "\"compiler\": \"gcc\"}"},
		{"w", "\"plan\": {\"seed\": \"8\"}, \"hypervisor\": {\"variant\": \"w\", "
		      "\"compiler\": \"cc\"}"},
	};
	struct history *h = open_store(HISTORY_WRITE);
	char environments[3][SHA256_HEX];

	(void)state;
	for (unsigned int i = 0; i < 3; i++) {
		import_fine(h, make_result("r.json", "2026-01-01T00:00:00+00:00", runs[i].rest),
			    HISTORY_NEW);
		assert_int_equal(
			history_each_run(h, &(struct history_filter){.variant = runs[i].variant},
					 see_environment, environments[i]),
			0);
	}
	assert_string_equal(environments[0], environments[1]);
	assert_string_not_equal(environments[1], environments[2]);
	history_close(h);
}

static int see_cases(void *data, const struct history_run *run)
{
	struct seen *seen = data;

	snprintf(seen->text, sizeof(seen->text), "%d cases%s", (int)run->cases,
		 run->pinned ? ", pinned" : "");
	return 0;
}

static void run_server_sql(const char *sql)
{
	char path[128];
	struct db *db;

	snprintf(path, sizeof(path), "%s/" DB_SERVER, store);
	assert_int_equal(db_open(path, true, &db, error), 0);
	if (db_script(db, sql))
		fail_msg("%s", error);
	db_close(db);
}

static void run_sql(const char *sql)
{
	char path[128];
	sqlite3 *db;

	if (server) {
		run_server_sql(sql);
		return;
	}
	snprintf(path, sizeof(path), "%s/history.db", store);
	assert_int_equal(sqlite3_open(path, &db), SQLITE_OK);
	if (sqlite3_exec(db, sql, NULL, NULL, NULL))
		fail_msg("%s", sqlite3_errmsg(db));
	sqlite3_close(db);
}

static void load_old(const char *path)
{
	static char sql[1 << 18];
	FILE *f = fopen(path, "re");

	assert_non_null(f);
	sql[fread(sql, 1, sizeof(sql) - 1, f)] = '\0';
	fclose(f);
	assert_int_equal(mkdir(store, 0777), 0);
	run_sql(sql);
}

static void migrates(const char *path)
{
	struct history_state found;
	struct seen seen = {0};
	struct history *h;
	uint32_t version;

	load_old(path);
	h = open_store(HISTORY_WRITE);
	assert_int_equal(db_get_version(h->db, &version), 0);
	assert_int_equal(version, schema_version());
	assert_int_equal(count_runs(h, &any), 4);
	assert_int_equal(history_each_figure(h, &any, NULL, see_figure, &seen), 0);
	assert_int_equal(seen.figures, 8);
	import_fine(h, SAMPLES "claims.json", HISTORY_KNOWN);
	import_fine(h, SAMPLES "baseline.json", HISTORY_KNOWN);
	import_fine(h, SAMPLES "claims-scenario.json", HISTORY_KNOWN);
	import_fine(h, SAMPLES "baseline-scenario.json", HISTORY_KNOWN);
	assert_int_equal(history_pin(h, CLAIMS_ID, true), 0);
	assert_int_equal(history_check(h, (void (*)(void *, const char *))abort, NULL, &found), 0);
	assert_int_equal(found.runs, 4);
	assert_int_equal(found.files, 7);
	history_close(h);
}

/* Each version that was ever released has a file; those before 3 were of SQLite only. */
static void migrates_version_1(void **state)
{
	(void)state;
	if (server)
		skip();
	migrates(SAMPLES "v1.sql");
}

static void migrates_version_2(void **state)
{
	struct history *h;
	struct seen seen = {0};

	(void)state;
	if (server)
		skip();
	migrates(SAMPLES "v2.sql");
	h = open_store(HISTORY_READ);
	assert_int_equal(count_runs(h, &(struct history_filter){.role = "tonight"}), 1);
	assert_int_equal(
		history_each_run(h, &(struct history_filter){.id = CLAIMS_ID}, see_cases, &seen),
		0);
	assert_string_equal(seen.text, "2 cases, pinned");
	history_close(h);
}

static int open_with(const char *sql)
{
	struct history *h;

	run_sql(sql);
	return history_open(store, HISTORY_WRITE, &h, error);
}

static void refuses_what_is_no_history_on_a_server(void **state)
{
	struct history *h;

	(void)state;
	if (!server)
		skip();
	assert_int_equal(history_open(store, HISTORY_READ, &h, error), -ENOENT);
	history_close(open_store(HISTORY_WRITE));
	assert_int_equal(open_with("UPDATE claimperf SET version = 99"), -ENOTSUP);
	assert_non_null(strstr(
		error, "store/database: a newer claimperf wrote it: its schema is version 99"));
	assert_int_equal(open_with("DROP TABLE claimperf"), -EBADMSG);
	assert_non_null(strstr(error, "no history of claimperf"));
}

/* What a server says of a transaction that failed: that it was committed, and that it was not. */
static void a_failed_transaction_is_not_committed(void **state)
{
	struct history *h = open_store(HISTORY_WRITE);

	(void)state;
	assert_int_equal(db_begin(h->db), 0);
	assert_int_equal(db_do(h->db, "INSERT INTO hosts (id, name) VALUES (1, $1)", "s", "a"), 0);
	assert_int_equal(db_do(h->db, "INSERT INTO hosts (id, name) VALUES (1, $1)", "s", "b"),
			 -EEXIST);
	if (server)
		assert_int_equal(db_commit(h->db), -EIO);
	db_rollback(h->db);
	assert_int_equal(db_find_integer(h->db, &(int64_t){0}, "SELECT 1 FROM hosts", ""), 0);
	history_close(h);
}

static void refuses_what_is_no_history(void **state)
{
	struct history *h;

	(void)state;
	if (server)
		skip();
	assert_int_equal(history_open(store, HISTORY_READ, &h, error), -ENOENT);
	history_close(open_store(HISTORY_WRITE));
	run_sql("PRAGMA user_version = 99");
	assert_int_equal(history_open(store, HISTORY_READ, &h, error), -ENOTSUP);
	assert_non_null(strstr(
		error, "store/history.db: a newer claimperf wrote it: its schema is version 99"));
	assert_int_equal(history_open(store, HISTORY_WRITE, &h, error), -ENOTSUP);
	run_sql("PRAGMA application_id = 1");
	assert_int_equal(history_open(store, HISTORY_WRITE, &h, error), -EBADMSG);
	assert_non_null(strstr(error, "no history of claimperf"));
	write_file("store/history.db",
		   "This is text, and long enough to be no database at all. It says so. "
		   "More than a hundred bytes are needed for that, it seems.");
	assert_int_equal(history_open(store, HISTORY_WRITE, &h, error), -EBADMSG);
	assert_non_null(strstr(error, "store/history.db: file is not a database"));
}

struct faults {
	unsigned int nr;
	char last[1024];
};

static void count_fault(void *data, const char *fault)
{
	struct faults *faults = data;

	snprintf(faults->last, sizeof(faults->last), "%s", fault);
	faults->nr++;
}

static void expect_fault(const char *text)
{
	struct history *h = open_store(HISTORY_READ);
	struct faults faults = {0};
	struct history_state found;

	assert_int_equal(history_check(h, count_fault, &faults, &found), 0);
	assert_int_equal(found.faults, text ? 1 : 0);
	assert_int_equal(faults.nr, text ? 1 : 0);
	if (text && !strstr(faults.last, text))
		fail_msg("'%s' is not '%s'", faults.last, text);
	history_close(h);
}

static void check_finds_damage(void **state)
{
	static const char profile[] =
		"store/raw/59/59c503f8abf73d6cd0a5380467434753974d0ec3b3204b16d6f7e3e431ec7d58.zst";
	struct history *h = open_store(HISTORY_WRITE);
	char path[256];

	(void)state;
	import_fine(h, SAMPLES "claims.json", HISTORY_NEW);
	expect_fault(NULL);
	snprintf(path, sizeof(path), "%s/%s", folder, profile);
	assert_int_equal(unlink(path), 0);
	expect_fault("profile.txt: ");
	import_fine(h, SAMPLES "claims.json", HISTORY_KNOWN);
	expect_fault(NULL);
	chmod(path, 0600);
	write_file(profile, "\x28\xb5\x2f\xfd no more");
	expect_fault("the zstd stream is ");
	import_fine(h, SAMPLES "claims.json", HISTORY_KNOWN);
	expect_fault(NULL);
	history_close(h);
	run_sql("UPDATE figures SET p90 = p90 + 1 WHERE samples = 725");
	expect_fault("claim:node, time: the figures are not those of the stored result");
	run_sql("UPDATE figures SET p90 = p90 - 1 WHERE samples = 725; DELETE FROM figures WHERE "
		"samples = 725");
	expect_fault("3 figures, but 4 in the stored result");
}

static int see_kept(void *data, const struct history_run *run, const char *kept)
{
	char *text = data;

	sprintf(text + strlen(text), "%.10s %s; ", run->time, kept ? kept : "-");
	return 0;
}

static void keeps_what_it_is_told(void **state)
{
	struct history_keep keep = {.from = "2026-01-05T00:00:00Z", .newest = 1};
	struct history *h = open_store(HISTORY_WRITE);
	struct history_import what = {0};
	enum history_imported outcome;
	char id[SHA256_HEX], text[512] = "", date[40];
	struct seen seen = {0};

	(void)state;
	for (unsigned int i = 1; i <= 5; i++) {
		snprintf(date, sizeof(date), "2026-01-0%uT00:00:00+00:00", i);
		what.path = make_result("r.json", date, i == 4 ? "\"nodes\": 4" : "\"nodes\": 1");
		what.night = i == 3 ? "2026-01-03" : NULL;
		what.role = i == 3 ? history_roles[0] : NULL;
		assert_int_equal(history_import(h, &what, id, &outcome), 0);
		if (i == 2)
			assert_int_equal(history_pin(h, id, true), 0);
	}
	assert_int_equal(history_plan_prune(h, &keep, false, see_kept, text), 0);
	assert_string_equal(text, "2026-01-01 -; 2026-01-02 pinned; 2026-01-03 a reference; "
				  "2026-01-04 among the newest; 2026-01-05 young enough; ");
	assert_int_equal(history_prune(h, id, false), 0);
	assert_int_equal(
		history_each_figure(h, &(struct history_filter){.id = id}, NULL, see_figure, &seen),
		0);
	assert_int_equal(seen.figures, 1);
	assert_int_equal(history_write_result(h, id, -1), -ENOENT);
	assert_int_equal(history_prune(h, id, true), 0);
	assert_int_equal(count_runs(h, &any), 4);
	history_close(h);
}

static void stays_inside_of_folders(void **state)
{
	static const char *const good[] = {"a", "a/b", "..a/b", "a../..b", "a/.../b"};
	static const char *const bad[] = {"", "/a", "..", "../a", "a/..", "a/../b", "a/b/.."};

	(void)state;
	for (size_t i = 0; i < sizeof(good) / sizeof(*good); i++)
		assert_true(path_is_inside(good[i]));
	for (size_t i = 0; i < sizeof(bad) / sizeof(*bad); i++)
		assert_false(path_is_inside(bad[i]));
}

#define TEST(function) cmocka_unit_test_setup_teardown(function, make_folder, remove_folder)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(says_what_a_result_says),
		TEST(knows_what_it_has),
		TEST(refuses_other_raw_data),
		TEST(tells_environments_apart),
		TEST(has_the_runs_of_a_host_side_by_side),
		TEST(a_walk_may_end_early),
		TEST(migrates_version_1),
		TEST(migrates_version_2),
		TEST(refuses_what_is_no_history_on_a_server),
		TEST(a_failed_transaction_is_not_committed),
		TEST(refuses_what_is_no_history),
		TEST(check_finds_damage),
		TEST(keeps_what_it_is_told),
		cmocka_unit_test(stays_inside_of_folders),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
