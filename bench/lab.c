// SPDX-License-Identifier: GPL-2.0-only
/* bench in the lab: fresh machines for each group of cases, a few at a time. */
#include <errno.h>
#include <glob.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "bench/frontend.h"
#include "bench/result.h"
#include "lib/msg.h"

#define MACHINE_TIMEOUT_S 180
#define PERF_TIMEOUT_S 300
/* Groups that may fail before the hypervisor is given up. */
#define FIRST_TRIES 2

static const char lab_build[] = "scripts/lab/build";

static char *build_image(const struct bench_run *run)
{
	const struct options *o = run->options;

	if (o->image)
		return access(o->image, R_OK) ? NULL : realpath(o->image, NULL);
	return build_variant(run, lab_build, o->variant);
}

/* Trace points of its own, or the same with trace points; else nothing is proven, and why was said. */
static char *build_proof_image(const struct bench_run *run, const char *image)
{
	const struct options *o = run->options;
	size_t base = strcspn(o->variant, "+");
	char *variant, *built;

	if (o->unproven)
		return NULL;
	if (o->image || strstr(o->variant, "+trace"))
		return strdup(image);
	if (asprintf(&variant, "%.*s+trace%s", (int)base, o->variant, o->variant + base) < 0)
		die(EXIT_USAGE, "%s", strerror(ENOMEM));
	built = build_variant(run, lab_build, variant);
	if (!built && !jobs_stopped)
		msg("nothing is proven: %s does not build", variant);
	free(variant);
	return built;
}

/* The program itself: the one in the path is a script that reads files of the host. */
static char *find_xentrace(void)
{
	char *path = NULL;
	glob_t found;

	if (!glob("/usr/lib/xen-*/bin/xentrace", 0, NULL, &found)) {
		path = strdup(found.gl_pathv[0]);
		globfree(&found);
	}
	return path;
}

/* Told by its path, for looking for it would read a folder of the host. */
void add_trace(struct job *job)
{
	char *path = find_xentrace();

	add_word(job, "--trace%s%s", path ? "=" : "", path ? path : "");
	free(path);
}

/* In every machine, used or not, so that all measure with the same initramfs. */
static void stage_xentrace(struct job *job)
{
	char *path = find_xentrace();

	if (path)
		add_word(job, "--stage=%s", path);
	free(path);
}

static void start_words(const struct bench_run *run, struct job *job, const char *image,
			const char *name)
{
	add_word(job, "%s", run->places.lab_exec);
	add_word(job, "--image=%s", image);
	add_word(job, "--nodes=%u", run->options->nodes);
	add_word(job, "--out=%s/%s", run->places.work, name);
	stage_xentrace(job);
	if (asprintf(&job->log, "%s/%s.log", run->places.work, name) < 0)
		die(EXIT_USAGE, "%s", strerror(ENOMEM));
}

/* Counters of functions and the probe leave no trace in the guest: they may watch the second machine of two. */
static bool watched(const struct options *o, unsigned int machine)
{
	return machine + 1 == o->machines;
}

/* Whole groups, whatever the filter: what runs before a case is then always the same. */
static void describe_machine(const struct bench_run *run, struct job *job, const char *image,
			     const char *group, unsigned int machine)
{
	bool proof = machine == MERGE_PROOF;
	const struct options *o = run->options;
	char name[64];

	snprintf(name, sizeof(name), "%s.%u", group, machine);
	start_words(run, job, proof ? run->proof_image : image, name);
	add_word(job, "--timeout=%d", MACHINE_TIMEOUT_S);
	if (o->functions && watched(o, machine))
		add_word(job, "--profile=%s/%s.profile", run->places.work, name);
	if (o->probe && watched(o, machine))
		add_word(job, "--probe=%s", o->probe);
	add_word(job, "--");
	add_word(job, "%s", run->places.dombench);
	add_word(job, "--disposable");
	add_word(job, "--instructions");
	add_word(job, "--group=%s", group);
	add_word(job, "--json=bench.json");
	add_common_words(job, o);
	if (proof)
		add_word(job, "--prove");
	else if (o->trace)
		add_trace(job);
	job->name = group;
}

/* The guest's progress does not matter here, only that perf's figures exist: real time will do. */
static void describe_perf(const struct bench_run *run, struct job *job, const char *image)
{
	start_words(run, job, image, "perf");
	add_word(job, "--timeout=%d", PERF_TIMEOUT_S);
	add_word(job, "--parallel");
	add_word(job, "--");
	add_word(job, "%s", run->places.dombench);
	add_word(job, "--once");
	add_word(job, "--perf=%s", run->options->perf);
	add_word(job, "--json=bench.json");
	add_word(job, "--filter=%s",
		 run->options->filter ? run->options->filter : run->options->perf);
	job->name = "perf stat";
}

static bool all_skipped(const struct bench_run *run, const char *group)
{
	for (size_t i = 0; i < run->plan.count; i++) {
		const struct plan_case *c = &run->plan.cases[i];
		json_t *entry = merge_find(run->first, c->name);
		json_t *own = json_object_get(entry, "claimperf");

		if (!strcmp(c->group, group) && !json_is_true(json_object_get(own, "skipped")))
			return false;
	}
	return true;
}

/*
 * The profile has one block per case that ran in the machine, in their order, each starting with
 * "# section=N". They become SLUG/profile.txt.
 */
static void split_profile(const struct bench_run *run, const char *path, const json_t *document)
{
	FILE *in = fopen(path, "r"), *out = NULL;
	json_t *entries = json_object_get(document, "benchmarks");
	size_t next = 0;
	char line[512];

	while (in && fgets(line, sizeof(line), in)) {
		char slug[BENCH_NAME], to[PATH_MAX];

		if (!strncmp(line, "# section=", 10)) {
			while (json_object_get(json_array_get(entries, next), "error_occurred"))
				next++;
			if (out)
				fclose(out);
			out = NULL;
			if (next == json_array_size(entries))
				break;
			result_slug(json_string_value(json_object_get(
					    json_array_get(entries, next++), "name")),
				    slug);
			if (snprintf(to, sizeof(to), "%s/%s.profile", run->places.work, slug) <
			    PATH_MAX)
				out = fopen(to, "w");
		}
		if (out)
			fputs(line, out);
	}
	if (out)
		fclose(out);
	if (in)
		fclose(in);
	keep_raw(run, run->places.work, ".profile", "profile.txt");
}

static void collect(struct bench_run *run, struct merge_group *group, unsigned int machine,
		    const struct job *job)
{
	json_t **document = machine == MERGE_PROOF ? &group->proof : &group->runs[machine];
	char path[PATH_MAX], folder[PATH_MAX];

	if (snprintf(folder, sizeof(folder), "%s/%s.%u", run->places.work, group->name, machine) >=
		    PATH_MAX ||
	    snprintf(path, sizeof(path), "%s/bench.json", folder) >= PATH_MAX)
		die(EXIT_USAGE, "%s: %s", run->places.work, strerror(ENAMETOOLONG));
	*document = load_document(run, path, job,
				  machine == MERGE_PROOF ? group->proof_error : group->error);
	if (!*document)
		run->failures++;
	if (!*document || machine == MERGE_PROOF)
		return;
	if (!machine)
		keep_raw(run, folder, ".trace.xen", "trace.xen");
	if (run->options->probe && watched(run->options, machine))
		collect_probe(run, folder, group->runs[machine]);
	if (run->options->functions && watched(run->options, machine)) {
		strcat(folder, ".profile");
		split_profile(run, folder, group->runs[machine]);
	}
}

static void read_identity(struct bench_run *run, const char *group)
{
	char path[PATH_MAX];
	json_t *lab;

	if (snprintf(path, sizeof(path), "%s/%s.0/fingerprint.json", run->places.work, group) >=
	    PATH_MAX)
		return;
	lab = json_load_file(path, 0, NULL);
	run->identity = merge_fingerprint(lab);
	json_decref(lab);
}

struct progress {
	size_t before, total;
};

static void on_done(void *data, const struct job *job, size_t over)
{
	const struct progress *p = data;

	show_progress(p->before + over, p->total, job->name);
}

/* One machine ahead of all: it makes the snapshot and learns what this host skips. */
static int run_first(struct bench_run *run, const char *image, size_t *which)
{
	for (size_t i = 0; i < run->nr_groups && i < FIRST_TRIES; i++) {
		struct job *job = calloc(1, sizeof(*job));

		if (!job)
			die(EXIT_USAGE, "%s", strerror(ENOMEM));
		describe_machine(run, job, image, run->groups[i].name, 0);
		jobs_run(job, 1, 1, NULL, NULL);
		if (!jobs_stopped)
			collect(run, &run->groups[i], 0, job);
		jobs_free(job, 1);
		if (jobs_stopped)
			return -1;
		run->first = run->groups[i].runs[0];
		if (run->first) {
			read_identity(run, run->groups[i].name);
			*which = i;
			return 0;
		}
	}
	msg("no machine came up: nothing was measured");
	return -1;
}

struct slot {
	struct merge_group *group;
	unsigned int machine;
};

/* Every machine that is still to run, perf's first because it takes longest. */
static size_t describe_rest(struct bench_run *run, const char *image, size_t first,
			    struct job *jobs, struct slot *slots)
{
	size_t count = 0;

	if (run->options->perf)
		describe_perf(run, &jobs[count++], image);
	for (size_t i = 0; i < run->nr_groups; i++) {
		struct merge_group *g = &run->groups[i];

		if (g->error[0] || all_skipped(run, g->name))
			continue;
		for (unsigned int m = i == first; m < g->machines; m++) {
			slots[count] = (struct slot){g, m};
			describe_machine(run, &jobs[count++], image, g->name, m);
		}
		if (run->proof_image) {
			slots[count] = (struct slot){g, MERGE_PROOF};
			describe_machine(run, &jobs[count++], image, g->name, MERGE_PROOF);
		}
	}
	return count;
}

static void collect_perf(struct bench_run *run, const struct job *job)
{
	char folder[PATH_MAX + 8], line[200];
	json_t *document;

	snprintf(folder, sizeof(folder), "%s/perf", run->places.work);
	keep_raw(run, folder, ".perf.txt", "perf.txt");
	strcat(folder, "/bench.json");
	/* Figures of a machine that runs in real time are not the result; perf's files are. */
	document = load_document(run, folder, job, line);
	json_decref(document);
}

static int run_rest(struct bench_run *run, const char *image, size_t first)
{
	size_t max = run->nr_groups * (MERGE_MAX_RUNS + 1) + 1, count;
	struct job *jobs = calloc(max, sizeof(*jobs));
	struct slot *slots = calloc(max, sizeof(*slots));
	struct progress progress = {.before = 1};
	int rc;

	if (!jobs || !slots)
		die(EXIT_USAGE, "%s", strerror(ENOMEM));
	count = describe_rest(run, image, first, jobs, slots);
	progress.total = count + 1;
	show_progress(1, progress.total, run->groups[first].name);
	rc = jobs_run(jobs, count, run->options->jobs, on_done, &progress);
	for (size_t i = 0; !rc && i < count; i++) {
		if (slots[i].group)
			collect(run, slots[i].group, slots[i].machine, &jobs[i]);
		else
			collect_perf(run, &jobs[i]);
	}
	jobs_free(jobs, count);
	free(slots);
	return rc;
}

int run_lab(struct bench_run *run)
{
	char *image = build_image(run);
	size_t first = 0;
	int rc;

	if (!image) {
		msg("%s: no such hypervisor",
		    run->options->image ? run->options->image : run->options->variant);
		return -1;
	}
	if (run->options->probe && check_probe(image, run->options->probe)) {
		free(image);
		return -1;
	}
	run->proof_image = build_proof_image(run, image);
	rc = jobs_stopped ? -1 : run_first(run, image, &first);
	if (!rc)
		rc = run_rest(run, image, first);
	free(run->proof_image);
	free(image);
	return rc;
}
