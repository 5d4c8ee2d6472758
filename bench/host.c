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
#include "bench/progress.h"
#include "bench/result.h"
#include "bench/unfinished.h"
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
	unfinished_folder(run, name, folder);
	if (make_folder(folder))
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

/* What a process of the run left; job: NULL when it was an earlier run's. */
static json_t *load_unit(const struct bench_run *run, const char *unit, const struct job *job)
{
	char path[PATH_MAX], error[200];

	unfinished_file(run, unit, "bench.json", path);
	return load_document(run, path, job, error);
}

static void pass_on(const struct bench_run *run, const char *unit, bool all)
{
	char line[512], path[PATH_MAX];
	FILE *in;

	unfinished_file(run, unit, "log", path);
	in = fopen(path, "r");
	while (in && fgets(line, sizeof(line), in)) {
		if (!strncmp(line, "claimperf", 9))
			fputs(line, stderr);
		else if (all)
			fputs(line, stdout);
	}
	if (in)
		fclose(in);
}

struct counting {
	const struct bench_run *run;
	const struct job *of[MERGE_MAX_RUNS]; /* by process; NULL: an earlier run did it */
};

static void on_counted(void *data, const struct job *job)
{
	const struct counting *counting = data;
	const struct bench_run *run = counting->run;

	for (unsigned int i = 0; i < run->options->machines; i++)
		if (counting->of[i] == job)
			unfinished_keep(run, count_folders[i], job);
	if (!jobs_stopped)
		progress_over(job->name, run->plan.count);
}

/* Those processes that are still to run. */
static void run_counts(const struct bench_run *run, const char *library, struct job *jobs,
		       struct counting *counting)
{
	size_t nr = 0;

	for (unsigned int i = 0; i < run->options->machines; i++) {
		if (unfinished_has(run, count_folders[i])) {
			progress_found(1, run->plan.count);
			continue;
		}
		describe(run, &jobs[nr], library, count_folders[i], true);
		counting->of[i] = &jobs[nr++];
	}
	if (nr)
		progress_start(jobs[0].name);
	jobs_run(jobs, nr, run->options->jobs, on_counted, counting);
}

/* All cases are in one document per process. */
static int count(struct bench_run *run, const char *library)
{
	unsigned int machines = run->options->machines;
	struct counting counting = {.run = run};
	struct job *jobs = calloc(machines, sizeof(*jobs));
	json_t *document;
	int rc = 0;

	if (!jobs)
		die(EXIT_USAGE, "%s", strerror(ENOMEM));
	run_counts(run, library, jobs, &counting);
	for (unsigned int i = 0; !jobs_stopped && i < machines; i++) {
		document = load_unit(run, count_folders[i], counting.of[i]);
		if (!document)
			rc = -1;
		for (size_t g = 0; document && g < run->nr_groups; g++)
			run->groups[g].runs[i] = json_incref(document);
		if (!i) {
			run->first = document;
			pass_on(run, count_folders[i], false);
		}
		json_decref(document); /* the groups hold it */
	}
	jobs_free(jobs, machines);
	return jobs_stopped ? -1 : rc;
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

static void describe_times(const struct bench_run *run, struct job *job, const char *library)
{
	describe(run, job, library, time_folder, false);
	if (run->options->perf)
		add_word(job, "--perf");
	if (run->options->trace)
		add_word(job, "--trace");
	/* The library's half a second per case adds nothing to samples that are kept one by one. */
	add_word(job, "--benchmark_min_time=%g", MIN_TIME_S);
	add_flags(job, run->options);
}

json_t *run_unit(const struct bench_run *run, const char *unit, struct job *job, size_t cases)
{
	json_t *document = NULL;

	if (job) {
		progress_start(job->name);
		jobs_run(job, 1, 1, NULL, NULL);
		unfinished_keep(run, unit, job);
		progress_over(job->name, cases);
	} else {
		progress_found(1, cases);
	}
	if (!jobs_stopped)
		document = load_unit(run, unit, job);
	if (document)
		pass_on(run, unit, run->options->nr_flags);
	if (job)
		jobs_free(job, 1);
	return document;
}

static json_t *time_all(const struct bench_run *run, const char *library)
{
	struct job *job = NULL;

	if (!unfinished_has(run, time_folder)) {
		job = calloc(1, sizeof(*job));
		if (!job)
			die(EXIT_USAGE, "%s", strerror(ENOMEM));
		describe_times(run, job, library);
	}
	return run_unit(run, time_folder, job, run->plan.count);
}

static int take_times(struct bench_run *run, const char *library)
{
	json_t *timed = time_all(run, library);

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

	unfinished_folder(run, count_folders[0], folder);
	keep_raw(run, folder, ".profile", "profile.txt");
	unfinished_folder(run, time_folder, folder);
	keep_raw(run, folder, ".trace.xen", "trace.xen");
}

static int begin(struct bench_run *run, const char *library)
{
	char path[PATH_MAX];
	json_t *hypervisor;

	snprintf(path, sizeof(path), "%.*s/fingerprint.json",
		 (int)(strrchr(library, '/') - library), library);
	hypervisor = json_load_file(path, 0, NULL);
	run->identity = json_pack("{s:o}", "hypervisor", hypervisor ? hypervisor : json_object());
	return unfinished_begin(run, json_incref(run->identity), library);
}

static int run_library(struct bench_run *run, const char *library)
{
	const struct options *o = run->options;
	bool any = run->plan.count, counts = any && wants(o, "count"), times = any && wants(o, "time");
	size_t passes = (counts ? o->machines : 0) + times;
	int rc = begin(run, library);

	progress_begin(passes + !!run->nr_contended, passes * run->plan.count + run->nr_contended, 1);
	if (!rc && counts)
		rc = count(run, library);
	if (!rc && times)
		rc = take_times(run, library);
	if (!rc && run->nr_contended)
		rc = run_contention(run, library);
	if (!rc)
		keep_all_raw(run);
	return rc;
}

int run_host(struct bench_run *run)
{
	char *library = build_variant(run, "scripts/host/build", run->options->variant);
	int rc = -1;

	if (library)
		rc = run_library(run, library);
	else if (!jobs_stopped)
		msg("%s: no such hypervisor, or it does not build", run->options->variant);
	free(library);
	return rc;
}
