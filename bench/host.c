// SPDX-License-Identifier: GPL-2.0-only
/*
 * bench on Xen's allocator compiled for Linux: twice under callgrind, which counts instructions
 * exactly, then once for the time, alone.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "bench/frontend.h"
#include "bench/result.h"
#include "lib/msg.h"

#define MIN_TIME_S 0.01

static const char *const count_folders[MERGE_MAX_RUNS] = {"count.0", "count.1"};
static const char time_folder[] = "time";

static bool wants(const struct options *o, const char *what)
{
	return !o->measure || !strcmp(o->measure, what);
}

void add_heap_words(struct job *job, const struct options *o)
{
	add_word(job, "--nodes=%u", o->nodes);
	if (o->memory)
		add_word(job, "--memory=%s", o->memory);
	if (o->cpus)
		add_word(job, "--cpus=%u", o->cpus);
	if (o->history)
		add_word(job, "--history=%s", o->history);
	if (o->filter)
		add_word(job, "--filter=%s", o->filter);
}

void add_flags(struct job *job, const struct options *o)
{
	for (unsigned int i = 0; i < o->nr_flags; i++)
		add_word(job, "%s", o->flags[i]);
}

void add_host_words(const struct bench_run *run, struct job *job, const char *program,
		    const char *library, const char *folder)
{
	add_word(job, "%s", program);
	add_word(job, "--heap=%s", library);
	add_heap_words(job, run->options);
	add_common_words(job, run->options);
	add_word(job, "--out=%s", folder);
	add_word(job, "--json=bench.json");
}

void name_folder(const struct bench_run *run, const char *name, char folder[PATH_MAX])
{
	if (snprintf(folder, PATH_MAX, "%s/%s", run->places.work, name) >= PATH_MAX - 32 ||
	    make_folder(folder))
		die(EXIT_USAGE, "%s: cannot be made", folder);
}

/* In valgrind's names of files, a % begins a variable, unless it is two. */
static void add_dump_name(struct job *job, const char *folder)
{
	char name[2 * PATH_MAX], *to = name;

	for (const char *from = folder; *from; from++) {
		if (*from == '%')
			*to++ = '%';
		*to++ = *from;
	}
	*to = '\0';
	add_word(job, "--callgrind-out-file=%s/callgrind.%%p", name);
}

static void describe(const struct bench_run *run, struct job *job, const char *library,
		     const char *name, bool count)
{
	char folder[PATH_MAX];

	name_folder(run, name, folder);
	if (count) {
		add_word(job, "valgrind");
		add_word(job, "-q");
		add_word(job, "--tool=callgrind");
		add_word(job, "--instr-atstart=no");
		add_word(job, "--collect-atstart=no");
		add_word(job, "--dump-line=no");
		add_word(job, "--compress-strings=no");
		add_word(job, "--compress-pos=no");
		add_dump_name(job, folder);
	}
	add_host_words(run, job, run->places.hostbench, library, folder);
	if (count)
		add_word(job, "--count=%s/callgrind", folder);
	if (asprintf(&job->log, "%s/log", folder) < 0)
		die(EXIT_USAGE, "%s", strerror(ENOMEM));
	job->name = count ? "counting instructions" : "taking times";
}

static json_t *collect(const struct bench_run *run, const char *name, const struct job *job,
		       char error[200])
{
	char path[PATH_MAX];

	name_folder(run, name, path);
	strcat(path, "/bench.json");
	return load_document(run, path, job, error);
}

void pass_on(const char *log, bool all)
{
	FILE *in = fopen(log, "r");
	char line[512];

	while (in && fgets(line, sizeof(line), in)) {
		if (!strncmp(line, "claimperf", 9))
			fputs(line, stderr);
		else if (all)
			fputs(line, stdout);
	}
	if (in)
		fclose(in);
}

static void on_done(void *data, const struct job *job, size_t over)
{
	show_progress(over, *(const size_t *)data, job->name);
}

/* All cases are in one document per process. */
static int count(struct bench_run *run, const char *library, size_t *total)
{
	unsigned int machines = run->options->machines;
	struct job *jobs = calloc(machines, sizeof(*jobs));
	char error[200] = "";
	json_t *document;

	if (!jobs)
		die(EXIT_USAGE, "%s", strerror(ENOMEM));
	for (unsigned int i = 0; i < machines; i++)
		describe(run, &jobs[i], library, count_folders[i], true);
	jobs_run(jobs, machines, run->options->jobs, on_done, total);
	for (unsigned int i = 0; !jobs_stopped && i < machines; i++) {
		document = collect(run, count_folders[i], &jobs[i], error);
		for (size_t g = 0; document && g < run->nr_groups; g++)
			run->groups[g].runs[i] = json_incref(document);
		if (!i) {
			run->first = document;
			pass_on(jobs[i].log, false);
		}
		json_decref(document); /* the groups hold it */
	}
	jobs_free(jobs, machines);
	return error[0] || jobs_stopped ? -1 : 0;
}

/* What the other document has measured, as the time of these entries. */
static void add_times(json_t *entries, const json_t *timed)
{
	json_t *entry;
	size_t i;

	json_array_foreach(entries, i, entry) {
		json_t *time = merge_find(timed, json_string_value(json_object_get(entry, "name")));
		json_t *own = json_object_get(entry, "claimperf");
		json_t *from = json_object_get(time, "claimperf");

		if (!json_object_get(from, "value"))
			continue;
		json_object_set(entry, "iterations", json_object_get(time, "iterations"));
		json_object_set(entry, "real_time", json_object_get(time, "real_time"));
		json_object_set(entry, "cpu_time", json_object_get(time, "cpu_time"));
		json_object_set_new(own, "time",
				    json_pack("{s:O, s:O, s:O}", "unit",
					      json_object_get(from, "unit"), "min_sample",
					      json_object_get(from, "min_sample"), "samples",
					      json_object_get(from, "samples")));
		if (json_object_get(from, "counters"))
			json_object_set(own, "counters", json_object_get(from, "counters"));
	}
}

static int take_times(struct bench_run *run, const char *library, size_t *total)
{
	struct job *job = calloc(1, sizeof(*job));
	char error[200] = "";
	json_t *timed = NULL;

	if (!job)
		die(EXIT_USAGE, "%s", strerror(ENOMEM));
	describe(run, job, library, time_folder, false);
	if (run->options->perf)
		add_word(job, "--perf");
	if (run->options->trace)
		add_word(job, "--trace");
	/* The library's half a second per case adds nothing to samples that are kept one by one. */
	add_word(job, "--benchmark_min_time=%g", MIN_TIME_S);
	add_flags(job, run->options);
	show_progress(*total - 1, *total, job->name);
	jobs_run(job, 1, 1, NULL, NULL);
	if (!jobs_stopped)
		timed = collect(run, time_folder, job, error);
	if (timed)
		pass_on(job->log, run->options->nr_flags);
	jobs_free(job, 1);
	if (!timed)
		return -1;
	run->start = json_incref(json_object_get(json_object_get(timed, "context"), "start"));
	if (!run->first) {
		run->first = timed;
		for (size_t g = 0; g < run->nr_groups; g++) {
			run->groups[g].machines = 1;
			run->groups[g].runs[0] = json_incref(timed);
		}
	}
	for (unsigned int i = 0; run->first != timed && i < run->options->machines; i++)
		add_times(json_object_get(run->groups[0].runs[i], "benchmarks"), timed);
	json_decref(timed); /* the groups hold it, if it is wanted */
	return 0;
}

static void keep_all_raw(const struct bench_run *run)
{
	char folder[PATH_MAX];

	name_folder(run, count_folders[0], folder);
	keep_raw(run, folder, ".profile", "profile.txt");
	name_folder(run, time_folder, folder);
	keep_raw(run, folder, ".trace.xen", "trace.xen");
}

static void read_identity(struct bench_run *run, const char *library)
{
	char path[PATH_MAX];
	json_t *hypervisor;

	snprintf(path, sizeof(path), "%.*s/fingerprint.json",
		 (int)(strrchr(library, '/') - library), library);
	hypervisor = json_load_file(path, 0, NULL);
	run->identity = json_pack("{s:o}", "hypervisor", hypervisor ? hypervisor : json_object());
}

int run_host(struct bench_run *run)
{
	const struct options *o = run->options;
	bool any = run->plan.count, counts = any && wants(o, "count"), times = any && wants(o, "time");
	size_t total = (counts ? o->machines : 0) + times;
	char *library = build_variant(run, "scripts/host/build", run->options->variant);
	int rc = 0;

	if (!library) {
		msg("%s: no such hypervisor, or it does not build", o->variant);
		return -1;
	}
	if (counts)
		rc = count(run, library, &total);
	if (!rc && times)
		rc = take_times(run, library, &total);
	if (!rc && run->nr_contended)
		rc = run_contention(run, library);
	if (!rc) {
		keep_all_raw(run);
		read_identity(run, library);
	}
	free(library);
	return rc;
}
