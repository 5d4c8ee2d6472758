// SPDX-License-Identifier: GPL-2.0-only
/* bench in the lab: fresh machines for each group of cases, a few at a time. */
#include <errno.h>
#include <glob.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "bench/frontend.h"
#include "bench/progress.h"
#include "bench/result.h"
#include "bench/unfinished.h"
#include "lib/msg.h"

#define MACHINE_TIMEOUT_S 180
/* perf starts twice for each case, which takes two seconds and more. */
#define PERF_TIMEOUT_S 120
#define PERF_CASE_TIMEOUT_S 10
/* Groups that may fail before the hypervisor is given up. */
#define FIRST_TRIES 2
#define USUAL_GIB 4

static const char lab_build[] = "scripts/lab/build";

static const char perf_unit[] = "perf";

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
static char *find_xentrace(const struct places *places)
{
	char *path = NULL;
	glob_t found;

	if (places->xentrace[0])
		return strdup(places->xentrace);
	if (!glob("/usr/lib/xen-*/bin/xentrace", 0, NULL, &found)) {
		path = strdup(found.gl_pathv[0]);
		globfree(&found);
	}
	return path;
}

/* Told by its path, for looking for it would read a folder of the host. */
void add_trace(const struct bench_run *run, struct job *job)
{
	char *path = find_xentrace(&run->places);

	add_word(job, "--trace%s%s", path ? "=" : "", path ? path : "");
	free(path);
}

/* In every machine, used or not, so that all measure with the same initramfs. */
static void stage_xentrace(const struct bench_run *run, struct job *job)
{
	char *path = find_xentrace(&run->places);

	if (path)
		add_word(job, "--stage=%s", path);
	free(path);
}

/* The usual, or a gibibyte of each node, or what a case needs of each. */
static void add_memory(const struct bench_run *run, struct job *job, unsigned int node_gib)
{
	unsigned int gib = run->options->nodes * (node_gib ? node_gib : 1);

	if (gib > USUAL_GIB)
		add_word(job, "--memory=%uG", gib);
}

static void start_words(const struct bench_run *run, struct job *job, const char *image,
			unsigned int node_gib)
{
	add_word(job, "%s", run->places.lab_exec);
	add_word(job, "--image=%s", image);
	add_word(job, "--nodes=%u", run->options->nodes);
	add_memory(run, job, node_gib);
	stage_xentrace(run, job);
}

/* What it leaves: a unit of an unfinished run. */
static void name_output(const struct bench_run *run, struct job *job, const char *unit)
{
	add_word(job, "--out=%s/%s", run->places.work, unit);
	if (asprintf(&job->log, "%s/%s.log", run->places.work, unit) < 0)
		die(EXIT_USAGE, "%s", strerror(ENOMEM));
}

/* "GROUP.0" */
static void name_unit(const char *group, unsigned int machine, char unit[64])
{
	snprintf(unit, 64, "%s.%u", group, machine);
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
	char unit[64];

	name_unit(group, machine, unit);
	start_words(run, job, proof ? run->proof_image : image, plan_node_gib(&run->plan, group));
	name_output(run, job, unit);
	add_word(job, "--timeout=%d", MACHINE_TIMEOUT_S);
	if (o->functions && watched(o, machine))
		add_word(job, "--profile=%s/%s/machine.profile", run->places.work, unit);
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
		add_trace(run, job);
	job->name = group;
}

/* The guest's progress does not matter here, only that perf's figures exist: real time will do. */
static void describe_perf(const struct bench_run *run, struct job *job, const char *image)
{
	start_words(run, job, image, 0);
	name_output(run, job, perf_unit);
	add_word(job, "--timeout=%zu", PERF_TIMEOUT_S + PERF_CASE_TIMEOUT_S * run->plan.count);
	add_word(job, "--parallel");
	add_word(job, "--");
	add_word(job, "%s", run->places.dombench);
	add_word(job, "--once");
	add_word(job, "--claim-all");
	add_word(job, "--perf=%s", run->options->perf);
	add_word(job, "--json=bench.json");
	add_word(job, "--filter=%s",
		 run->options->filter ? run->options->filter : run->options->perf);
	job->name = "perf";
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
static void split_profile(const struct bench_run *run, const char *unit, const json_t *document)
{
	FILE *in, *out = NULL;
	json_t *entries = json_object_get(document, "benchmarks");
	char line[512], path[PATH_MAX];
	size_t next = 0;

	unfinished_file(run, unit, "machine.profile", path);
	in = fopen(path, "r");
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

/* job: NULL when an earlier run did it. */
static void collect(struct bench_run *run, struct merge_group *group, unsigned int machine,
		    const struct job *job)
{
	json_t **document = machine == MERGE_PROOF ? &group->proof : &group->runs[machine];
	char path[PATH_MAX], folder[PATH_MAX], unit[64];

	name_unit(group->name, machine, unit);
	unfinished_folder(run, unit, folder);
	unfinished_file(run, unit, "bench.json", path);
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
	if (run->options->functions && watched(run->options, machine))
		split_profile(run, unit, group->runs[machine]);
}

static size_t cases_of(const struct bench_run *run, const char *group)
{
	size_t count = 0;

	for (size_t i = 0; i < run->plan.count; i++)
		count += !strcmp(run->plan.cases[i].group, group);
	return count;
}

/* One machine ahead of all: it makes the snapshot and learns what this host skips. */
static int run_ahead(struct bench_run *run, const char *image, struct merge_group *group)
{
	struct job *job = NULL;
	char unit[64];

	name_unit(group->name, 0, unit);
	if (!unfinished_has(run, unit)) {
		job = calloc(1, sizeof(*job));
		if (!job)
			die(EXIT_USAGE, "%s", strerror(ENOMEM));
		describe_machine(run, job, image, group->name, 0);
		progress_begin(run->nr_groups * group->machines, run->plan.count * group->machines, 1);
		progress_start(group->name);
		jobs_run(job, 1, 1, NULL, NULL);
		unfinished_keep(run, unit, job);
	}
	if (!jobs_stopped)
		collect(run, group, 0, job);
	if (job)
		jobs_free(job, 1);
	return group->runs[0] ? 0 : -1;
}

static int run_first(struct bench_run *run, const char *image, size_t *which)
{
	for (size_t i = 0; i < run->nr_groups && i < FIRST_TRIES && !jobs_stopped; i++) {
		if (run_ahead(run, image, &run->groups[i]))
			continue;
		run->first = run->groups[i].runs[0];
		*which = i;
		return 0;
	}
	if (!jobs_stopped)
		msg("no machine came up: nothing was measured");
	return -1;
}

struct slot {
	struct merge_group *group; /* NULL: perf's machine */
	unsigned int machine;
	struct job *job; /* NULL: an earlier run did it */
	size_t cases;
	char unit[64];
};

struct rest {
	struct bench_run *run;
	struct slot *slots; /* in the order in which they are collected */
	struct job *jobs;   /* in that order too */
	size_t nr_slots, nr_jobs;
};

/* The next slot, and its job if it is still to run. */
static struct job *add_slot(struct rest *rest, struct merge_group *group, unsigned int machine)
{
	struct slot *slot = &rest->slots[rest->nr_slots++];

	*slot = (struct slot){.group = group, .machine = machine};
	if (group) {
		name_unit(group->name, machine, slot->unit);
		slot->cases = cases_of(rest->run, group->name);
	} else {
		strcpy(slot->unit, perf_unit);
	}
	if (!unfinished_has(rest->run, slot->unit))
		slot->job = &rest->jobs[rest->nr_jobs++];
	return slot->job;
}

/* Every machine of the run but the first; perf's first because it takes longest. */
static void describe_rest(struct rest *rest, const char *image, size_t first)
{
	struct bench_run *run = rest->run;
	struct job *job;

	if (run->options->perf && (job = add_slot(rest, NULL, 0)))
		describe_perf(run, job, image);
	for (size_t i = 0; i < run->nr_groups; i++) {
		struct merge_group *g = &run->groups[i];

		if (g->error[0] || all_skipped(run, g->name))
			continue;
		for (unsigned int m = i == first; m < g->machines; m++)
			if ((job = add_slot(rest, g, m)))
				describe_machine(run, job, image, g->name, m);
		if (run->proof_image && (job = add_slot(rest, g, MERGE_PROOF)))
			describe_machine(run, job, image, g->name, MERGE_PROOF);
	}
}

static void begin_progress(const struct rest *rest, size_t first)
{
	const struct bench_run *run = rest->run;
	size_t cases = cases_of(run, run->groups[first].name);

	for (size_t i = 0; i < rest->nr_slots; i++)
		cases += rest->slots[i].cases;
	progress_begin(rest->nr_slots + 1, cases, run->options->jobs);
	progress_found(1, cases_of(run, run->groups[first].name));
	for (size_t i = 0; i < rest->nr_slots; i++)
		if (!rest->slots[i].job)
			progress_found(1, rest->slots[i].cases);
	progress_start(run->groups[first].name);
}

static void on_done(void *data, const struct job *job)
{
	const struct rest *rest = data;
	const struct slot *slot = rest->slots;

	while (slot->job != job)
		slot++;
	unfinished_keep(rest->run, slot->unit, job);
	if (!jobs_stopped)
		progress_over(job->name, slot->cases);
}

static void collect_perf(struct bench_run *run, const struct job *job)
{
	char path[PATH_MAX], line[200];
	json_t *document;

	unfinished_folder(run, perf_unit, path);
	keep_perf(run, path);
	unfinished_file(run, perf_unit, "bench.json", path);
	/* Figures of a machine that runs in real time are not the result; perf's files are. */
	document = load_document(run, path, job, line);
	json_decref(document);
}

static int run_rest(struct bench_run *run, const char *image, size_t first)
{
	size_t max = run->nr_groups * (MERGE_MAX_RUNS + 1) + 1;
	struct rest rest = {.run = run, .slots = calloc(max, sizeof(struct slot)),
			    .jobs = calloc(max, sizeof(struct job))};
	int rc;

	if (!rest.slots || !rest.jobs)
		die(EXIT_USAGE, "%s", strerror(ENOMEM));
	describe_rest(&rest, image, first);
	begin_progress(&rest, first);
	rc = jobs_run(rest.jobs, rest.nr_jobs, run->options->jobs, on_done, &rest);
	for (size_t i = 0; !rc && i < rest.nr_slots; i++) {
		const struct slot *slot = &rest.slots[i];

		if (slot->group)
			collect(run, slot->group, slot->machine, slot->job);
		else
			collect_perf(run, slot->job);
	}
	jobs_free(rest.jobs, rest.nr_jobs);
	free(rest.slots);
	return rc;
}

/* What its machines are made of: all that decides what they measure. */
static json_t *describe_lab(const struct bench_run *run, const char *image)
{
	struct job job = {0};
	char *text = NULL;
	json_t *lab = NULL, *identity;

	start_words(run, &job, image, 0);
	add_word(&job, "--describe");
	add_word(&job, "--");
	add_word(&job, "%s", run->places.dombench);
	/* What it does not like, it says. */
	if (!job_ask(&job, &text))
		lab = json_loads(text, 0, NULL);
	free(text);
	identity = lab ? merge_fingerprint(lab) : NULL;
	json_decref(lab);
	return identity;
}

static int run_image(struct bench_run *run, const char *image)
{
	size_t first = 0;
	int rc;

	if (run->options->probe && check_probe(image, run->options->probe))
		return -1;
	run->identity = describe_lab(run, image);
	if (!run->identity)
		return -1;
	run->proof_image = build_proof_image(run, image);
	if (jobs_stopped)
		return -1;
	rc = unfinished_begin(run, json_incref(run->identity), run->proof_image);
	if (!rc)
		rc = run_first(run, image, &first);
	return rc ? rc : run_rest(run, image, first);
}

int run_lab(struct bench_run *run)
{
	char *image;
	int rc = -1;

	if (run->options->tree && find_tree_programs(run))
		return -1;
	image = build_image(run);
	if (image)
		rc = run_image(run, image);
	else if (!jobs_stopped)
		msg("%s: no such hypervisor",
		    run->options->image ? run->options->image : run->options->variant);
	free(run->proof_image);
	free(image);
	return rc;
}
