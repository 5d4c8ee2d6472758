// SPDX-License-Identifier: GPL-2.0-only
#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "bench/frontend.h"
#include "bench/result.h"
#include "bench/unfinished.h"
#include "lib/msg.h"
#include "lib/replace.h"

/* What was killed a moment ago may still be ending. */
#define LOCK_TRIES 20
#define LOCK_WAIT_US 100000
#define MAX_DIFFERENCES 8

bool unfinished_is_begun(const struct places *p)
{
	char path[PATH_MAX];

	join_path(path, p->unfinished, "run.json");
	return !access(path, F_OK);
}

static json_t *load_run(const struct places *p)
{
	char path[PATH_MAX];
	json_error_t why;
	json_t *run;

	join_path(path, p->unfinished, "run.json");
	run = json_load_file(path, 0, &why);
	if (!run)
		die(EXIT_USAGE, "%s: %s", path, why.text);
	return run;
}

json_t *unfinished_words(const struct places *p)
{
	json_t *run, *words;
	const char *folder;

	if (!unfinished_is_begun(p))
		die(EXIT_USAGE, "--resume: there is no unfinished run in %s", p->raw);
	run = load_run(p);
	words = json_incref(json_object_get(run, "words"));
	folder = json_string_value(json_object_get(run, "folder"));
	/* Paths among the words are relative to it. */
	if (!folder || chdir(folder))
		die(EXIT_USAGE, "--resume: %s, where the run began: %s", folder ? folder : "?",
		    strerror(errno));
	json_decref(run);
	return words;
}

/* 0 when the folder is there and ours; the lock lasts as long as this process and its children. */
static int lock_folder(const char *path)
{
	struct stat st;
	int rc = make_folder(path), fd;

	if (rc)
		return rc;
	fd = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (fd < 0)
		return errno == ENOENT ? -EWOULDBLOCK : -errno;
	rc = flock(fd, LOCK_EX | LOCK_NB) ? -errno : 0;
	/* Whoever had it may have removed it meanwhile. */
	if (!rc && !fstat(fd, &st) && !st.st_nlink)
		rc = -EWOULDBLOCK;
	if (rc)
		close(fd);
	return rc;
}

static void lock(const struct places *p)
{
	int rc = -EWOULDBLOCK;

	for (int i = 0; rc == -EWOULDBLOCK && i < LOCK_TRIES; i++) {
		rc = lock_folder(p->unfinished);
		if (rc == -EWOULDBLOCK)
			usleep(LOCK_WAIT_US);
	}
	if (rc)
		die(EXIT_USAGE, "%s: %s", p->unfinished,
		    rc == -EWOULDBLOCK ? "another claimperf bench is at work there" : strerror(-rc));
}

/* run.json first: without it, the rest is nothing. */
static void discard(const struct places *p, bool all)
{
	char path[PATH_MAX];

	join_path(path, p->unfinished, "run.json");
	if (all) {
		unlink(path);
		remove_tree(p->done);
	}
	remove_tree(p->work);
}

void unfinished_open(const struct bench_run *run)
{
	const struct places *p = &run->places;
	const struct options *o = run->options;
	int rc;

	lock(p);
	if (unfinished_is_begun(p) && !o->resume && !o->restart)
		die(EXIT_USAGE, "%s has a run that did not end: --resume goes on with it, --restart "
				"discards what it measured", p->unfinished);
	discard(p, !o->resume);
	rc = make_folder(p->done);
	if (!rc)
		rc = make_folder(p->kept);
	if (rc)
		die(EXIT_USAGE, "%s: %s", p->unfinished, strerror(-rc));
}

static int sync_path(const char *path)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC), rc = fd < 0 || fsync(fd) ? -errno : 0;

	if (fd >= 0)
		close(fd);
	return rc;
}

static int sync_one(const char *path, const struct stat *st, int type, struct FTW *ftw)
{
	(void)ftw;
	return type == FTW_DP || (type == FTW_F && S_ISREG(st->st_mode)) ? sync_path(path) : 0;
}

static int sync_tree(const char *path)
{
	return nftw(path, sync_one, 16, FTW_DEPTH | FTW_PHYS);
}

static void show_value(const json_t *value, char text[80])
{
	char *dump = value ? json_dumps(value, JSON_ENCODE_ANY | JSON_COMPACT) : NULL;

	snprintf(text, 80, "%s", dump ? dump : "nothing");
	free(dump);
}

/* Says which members differ, down to the innermost. */
static void compare(const char *name, json_t *then, json_t *now, unsigned int *found)
{
	char inner[200], old_text[80], new_text[80];
	json_t *both, *value;
	const char *key;

	if (json_is_object(then) && json_is_object(now)) {
		both = json_copy(then);
		json_object_update(both, now);
		json_object_foreach(both, key, value) {
			snprintf(inner, sizeof(inner), "%s%s%s", name, *name ? "." : "", key);
			compare(inner, json_object_get(then, key), json_object_get(now, key), found);
		}
		json_decref(both);
		return;
	}
	if (json_equal(then, now))
		return;
	show_value(then, old_text);
	show_value(now, new_text);
	if ((*found)++ < MAX_DIFFERENCES)
		msg("%s was %s when the run began, and is %s", name, old_text, new_text);
}

/* Not the suite's version: a change of it that matters shows in the programs. */
static int check_same(struct bench_run *run, json_t *identity)
{
	json_t *stored = load_run(&run->places);
	unsigned int found = 0;

	compare("", json_object_get(stored, "identity"), identity, &found);
	free(run->suite);
	run->suite = strdup(json_string_value(json_object_get(stored, "suite")));
	json_decref(stored);
	if (found)
		msg("%s: not the same run any more: --resume is for what is, --restart begins anew",
		    run->places.unfinished);
	return found ? -1 : 0;
}

/* sha256sum's lines: 64 digits, two spaces, the path. */
static void add_digests(json_t *programs, char *lines)
{
	char *line;

	while ((line = strsep(&lines, "\n")))
		if (strlen(line) > 66)
			json_object_set_new(programs, basename(line + 66), json_stringn(line, 64));
}

/* Of the programs that measure on that target, and of this one, which asks them to. */
static json_t *digest_programs(const struct bench_run *run, const char *file)
{
	const struct places *p = &run->places;
	const char *measuring = run->options->target == TARGET_HOST ? p->hostbench : p->dombench;
	char *argv[] = {"sha256sum", "--", NULL, (char *)measuring, NULL, NULL, NULL}, **next = argv + 4;
	json_t *programs = json_object();
	char self[PATH_MAX] = "", *lines = NULL;

	if (readlink("/proc/self/exe", self, sizeof(self) - 1) < 0)
		die(EXIT_USAGE, "/proc/self/exe: %s", strerror(errno));
	argv[2] = self;
	if (run->nr_contended)
		*next++ = (char *)p->contend;
	*next = (char *)file;
	if (job_output(argv, &lines))
		die(EXIT_USAGE, "%s: no digest", measuring);
	add_digests(programs, lines);
	free(lines);
	return programs;
}

static json_t *list_cases(const struct plan *plan)
{
	json_t *cases = json_object();

	for (size_t i = 0; i < plan->count; i++)
		json_object_set_new(cases, plan->cases[i].name, json_string(plan->cases[i].group));
	return cases;
}

static int write_run(const struct bench_run *run, json_t *identity)
{
	char path[PATH_MAX], folder[PATH_MAX];
	json_t *document;
	int rc;

	join_path(path, run->places.unfinished, "run.json");
	document = json_pack("{s:s, s:s, s:O, s:O}", "suite", run->suite, "folder",
			     getcwd(folder, sizeof(folder)), "words", run->options->words,
			     "identity", identity);
	rc = document ? result_write(document, path) : -ENOMEM;
	if (!rc)
		rc = sync_path(path);
	if (!rc)
		rc = sync_path(run->places.unfinished);
	json_decref(document);
	if (rc)
		msg("%s: %s", path, replace_error(rc));
	return rc;
}

int unfinished_begin(struct bench_run *run, json_t *identity, const char *file)
{
	json_t *all;
	int rc;

	if (jobs_stopped) {
		json_decref(identity);
		return -1;
	}
	all = json_pack("{s:o, s:o, s:o}", "programs", digest_programs(run, file), "cases",
			list_cases(&run->plan), "target", identity);
	if (!all)
		die(EXIT_USAGE, "%s", strerror(ENOMEM));
	rc = run->options->resume ? check_same(run, all) : write_run(run, all);
	json_decref(all);
	return rc;
}

bool unfinished_has(const struct bench_run *run, const char *unit)
{
	char path[PATH_MAX];

	join_path(path, run->places.done, unit);
	return !access(path, F_OK);
}

void unfinished_folder(const struct bench_run *run, const char *unit, char folder[PATH_MAX])
{
	const char *above = unfinished_has(run, unit) ? run->places.done : run->places.work;

	join_path(folder, above, unit);
}

void unfinished_file(const struct bench_run *run, const char *unit, const char *name, char path[PATH_MAX])
{
	char folder[PATH_MAX];

	unfinished_folder(run, unit, folder);
	join_path(path, folder, name);
}

void unfinished_keep(const struct bench_run *run, const char *unit, const struct job *job)
{
	char from[PATH_MAX], to[PATH_MAX], document[PATH_MAX];
	int rc;

	unfinished_folder(run, unit, from);
	join_path(document, from, "bench.json");
	/* Status 1 is a document with invalid cases in it, or none. */
	if ((job->status != 0 && job->status != 1) || access(document, F_OK))
		return;
	join_path(to, run->places.done, unit);
	rc = sync_tree(from);
	if (!rc && rename(from, to))
		rc = -errno;
	if (!rc)
		rc = sync_path(run->places.done);
	if (rc)
		msg("%s: %s", to, strerror(-rc));
}

void unfinished_end(const struct bench_run *run)
{
	const struct places *p = &run->places;
	char folder[PATH_MAX];
	int rc;

	join_path(folder, p->raw, "..");
	rc = sync_tree(p->raw);
	if (!rc)
		rc = sync_path(run->options->out);
	if (!rc)
		rc = sync_path(folder);
	if (rc) {
		msg("%s: %s; %s stays", run->options->out, strerror(-rc), p->unfinished);
		return;
	}
	unfinished_discard(p);
}

void unfinished_discard(const struct places *p)
{
	discard(p, true);
	rmdir(p->unfinished);
	rmdir(p->raw);
}
