// SPDX-License-Identifier: GPL-2.0-only
/* bench on the Xen this runs on: all groups one after the other, in one process. */
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "bench/frontend.h"
#include "lib/msg.h"

static void add_safety_words(struct job *job, const struct safety_options *o)
{
	add_word(job, "--reserve=%" PRIu64, o->reserve);
	if (o->beside_domains)
		add_word(job, "--beside-domains");
	if (o->what_fits)
		add_word(job, "--what-fits");
	if (o->claim_all)
		add_word(job, "--claim-all");
	if (o->dry_run)
		add_word(job, "--dry-run");
}

static void add_words(const struct bench_run *run, struct job *job)
{
	const struct options *o = run->options;

	add_word(job, "%s", run->places.dombench);
	if (o->filter)
		add_word(job, "--filter=%s", o->filter);
	add_common_words(job, o);
	add_safety_words(job, &o->safety);
	if (o->trace)
		add_trace(job);
	if (o->perf)
		add_word(job, "--perf=%s", o->perf);
}

static void describe(const struct bench_run *run, struct job *job)
{
	add_words(run, job);
	add_word(job, "--out=%s", run->places.work);
	add_word(job, "--json=bench.json");
	if (asprintf(&job->log, "%s/log", run->places.work) < 0)
		die(EXIT_USAGE, "%s", strerror(ENOMEM));
	job->name = "claimperf-dombench";
}

int describe_dom0(const struct bench_run *run)
{
	struct job *job = calloc(1, sizeof(*job));
	char *text = NULL;
	int rc;

	if (!job)
		die(EXIT_USAGE, "%s", strerror(ENOMEM));
	add_words(run, job);
	rc = job_output(job->argv, &text);
	if (text)
		fputs(text, stdout);
	free(text);
	jobs_free(job, 1);
	return rc ? EXIT_USAGE : 0;
}

/* What spoils the figures, which the program found out. */
static void tell_warnings(const json_t *document)
{
	const json_t *context = json_object_get(document, "context"), *warning;
	const json_t *safety = json_object_get(json_object_get(context, "claimperf"), "safety");
	size_t i;

	json_array_foreach(json_object_get(safety, "warnings"), i, warning)
		msg("%s", json_string_value(warning));
}

int run_dom0(struct bench_run *run)
{
	struct job *job = calloc(1, sizeof(*job));
	char path[PATH_MAX + 16], error[200] = "";

	if (!job)
		die(EXIT_USAGE, "%s", strerror(ENOMEM));
	describe(run, job);
	show_progress(0, 1, "all cases");
	if (!jobs_run(job, 1, 1, NULL, NULL)) {
		snprintf(path, sizeof(path), "%s/bench.json", run->places.work);
		run->first = load_document(run, path, job, error);
		if (run->first)
			tell_warnings(run->first);
		keep_raw(run, run->places.work, ".trace.xen", "trace.xen");
		keep_raw(run, run->places.work, ".perf.txt", "perf.txt");
	}
	jobs_free(job, 1);
	if (!run->first)
		return -1;
	for (size_t i = 0; i < run->nr_groups; i++)
		run->groups[i].runs[0] = json_incref(run->first);
	json_decref(run->first); /* the groups hold it */
	return 0;
}
