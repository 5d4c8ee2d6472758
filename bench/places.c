// SPDX-License-Identifier: GPL-2.0-only
/* Where things are: our programs, scratch, and the raw data beside a result. */
#include <errno.h>
#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "bench/frontend.h"
#include "bench/result.h"
#include "lib/msg.h"
#include "lib/replace.h"

void join_path(char path[PATH_MAX], const char *folder, const char *name)
{
	if (snprintf(path, PATH_MAX, "%s/%s", folder, name) >= PATH_MAX)
		die(EXIT_USAGE, "%s/%s: %s", folder, name, strerror(ENAMETOOLONG));
}

void find_programs(struct places *p)
{
	const char *root = getenv("CLAIMPERF_ROOT"), *build = getenv("CLAIMPERF_BUILD");
	char self[PATH_MAX];
	ssize_t length = readlink("/proc/self/exe", self, sizeof(self) - 1);

	if (length < 0)
		die(EXIT_USAGE, "/proc/self/exe: %s", strerror(errno));
	self[length] = '\0';
	for (int i = 0; i < 2; i++)
		*strrchr(self, '/') = '\0';
	if (build)
		snprintf(self, sizeof(self), "%s", build);
	join_path(p->dombench, self, "bin/claimperf-dombench");
	join_path(p->hostbench, self, "bin/claimperf-hostbench");
	join_path(p->contend, self, "bin/claimperf-contend");
	join_path(p->lab_exec, self, "bin/claimperf-lab-exec");
	*strrchr(self, '/') = '\0';
	snprintf(p->root, sizeof(p->root), "%s", root ? root : self);
	join_path(p->claimperf, p->root, "scripts/claimperf");
}

/* With the folders above it. */
int make_folder(const char *path)
{
	char part[PATH_MAX];

	snprintf(part, sizeof(part), "%s", path);
	for (char *p = part + 1; *p; p++) {
		if (*p != '/')
			continue;
		*p = '\0';
		if (mkdir(part, 0777) && errno != EEXIST)
			return -errno;
		*p = '/';
	}
	return mkdir(part, 0777) && errno != EEXIST ? -errno : 0;
}

static int remove_one(const char *path, const struct stat *st, int type, struct FTW *ftw)
{
	(void)st;
	(void)type;
	(void)ftw;
	return remove(path);
}

int remove_tree(const char *path)
{
	return nftw(path, remove_one, 16, FTW_DEPTH | FTW_PHYS);
}

void name_places(struct places *p, const char *out)
{
	const char *slash = strrchr(out, '/'), *name = slash ? slash + 1 : out;
	size_t length = strlen(name);
	struct replacement r;
	/* Better now than when everything is measured. */
	int rc = length ? replace_begin(out, &r) : -EISDIR;

	if (rc)
		die(EXIT_USAGE, "--out %s: %s", out, replace_error(rc));
	if (length > 5 && !strcmp(name + length - 5, ".json"))
		length -= 5;
	snprintf(p->raw_name, sizeof(p->raw_name), "%.*s.d", (int)length, name);
	if (snprintf(p->raw, sizeof(p->raw), "%.*s%s", slash ? (int)(slash + 1 - out) : 0, out,
		     p->raw_name) >= PATH_MAX)
		die(EXIT_USAGE, "--out %s: %s", out, strerror(ENAMETOOLONG));
	join_path(p->unfinished, p->raw, "unfinished");
	join_path(p->done, p->unfinished, "done");
	join_path(p->work, p->unfinished, "work");
	join_path(p->kept, p->work, "kept");
}

void keep_raw_case(const struct bench_run *run, const char *dir, const char *test,
		   const char *suffix, const char *name)
{
	char slug[BENCH_NAME], from[PATH_MAX], to[PATH_MAX];

	result_slug(test, slug);
	if (snprintf(from, sizeof(from), "%s/%s%s", dir, slug, suffix) >= PATH_MAX ||
	    access(from, F_OK))
		return;
	if (snprintf(to, sizeof(to), "%s/%s", run->places.kept, slug) >= PATH_MAX)
		return;
	mkdir(to, 0777);
	if (snprintf(to, sizeof(to), "%s/%s/%s", run->places.kept, slug, name) >= PATH_MAX)
		return;
	/* It stays where it is too, for a run that is killed from here on. */
	if (link(from, to) && rename(from, to))
		msg("%s: %s", to, strerror(errno));
}

void keep_raw(const struct bench_run *run, const char *dir, const char *suffix, const char *name)
{
	for (size_t i = 0; i < run->plan.count; i++)
		keep_raw_case(run, dir, run->plan.cases[i].name, suffix, name);
}

void link_raw(const struct bench_run *run, json_t *benchmarks)
{
	json_t *entry;
	size_t i;

	json_array_foreach(benchmarks, i, entry) {
		char slug[BENCH_NAME], path[2 * PATH_MAX];

		result_slug(json_string_value(json_object_get(entry, "name")), slug);
		snprintf(path, sizeof(path), "%s/%s", run->places.kept, slug);
		if (access(path, F_OK))
			continue;
		snprintf(path, sizeof(path), "%s/%s", run->places.raw_name, slug);
		json_object_set_new(json_object_get(entry, "claimperf"), "raw", json_string(path));
	}
}

/* What an older result of that name left for the same cases would pass for this one's. */
void publish_raw(const struct bench_run *run, const json_t *benchmarks)
{
	const json_t *entry;
	size_t i;

	json_array_foreach(benchmarks, i, entry) {
		char slug[BENCH_NAME], kept[2 * PATH_MAX], raw[2 * PATH_MAX];

		result_slug(json_string_value(json_object_get(entry, "name")), slug);
		snprintf(kept, sizeof(kept), "%s/%s", run->places.kept, slug);
		snprintf(raw, sizeof(raw), "%s/%s", run->places.raw, slug);
		remove_tree(raw);
		if (rename(kept, raw) && errno != ENOENT)
			msg("%s: %s", raw, strerror(errno));
	}
}
