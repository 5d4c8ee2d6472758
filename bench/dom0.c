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

/* Of the cases that were asked for; name: of the document it leaves. */
static struct job *new_job(const struct bench_run *run, const char *name)
{
	struct job *job = calloc(1, sizeof(*job));

	if (!job)
		die(EXIT_USAGE, "%s", strerror(ENOMEM));
	add_word(job, "%s", run->places.dombench);
	add_word(job, "--out=%s", run->places.work);
	add_word(job, "--json=%s.json", name);
	if (run->options->filter)
		add_word(job, "--filter=%s", run->options->filter);
	add_common_words(job, run->options);
	add_safety_words(job, &run->options->safety);
	if (asprintf(&job->log, "%s/%s.log", run->places.work, name) < 0)
		die(EXIT_USAGE, "%s", strerror(ENOMEM));
	job->name = "claimperf-dombench";
	return job;
}

/* Run it; its document, or NULL after a message, which is in error too. */
static json_t *run_job(const struct bench_run *run, struct job *job, const char *name,
		       char error[200])
{
	char path[PATH_MAX + 16];
	json_t *document = NULL;

	if (!jobs_run(job, 1, 1, NULL, NULL)) {
		snprintf(path, sizeof(path), "%s/%s.json", run->places.work, name);
		document = load_document(run, path, job, error);
	}
	jobs_free(job, 1);
	return document;
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

static json_t *measure(struct bench_run *run)
{
	struct job *job = new_job(run, "bench");
	char error[200] = "";
	json_t *document;

	if (run->options->trace)
		add_trace(job);
	if (run->options->perf)
		add_word(job, "--perf=%s", run->options->perf);
	show_progress(0, 1, "all cases");
	document = run_job(run, job, "bench", error);
	tell_warnings(document);
	keep_raw(run, run->places.work, ".trace.xen", "trace.xen");
	keep_raw(run, run->places.work, ".perf.txt", "perf.txt");
	return document;
}

/* Do they take the branches they are about? */
static void prove(struct bench_run *run)
{
	struct job *job = new_job(run, "proof");
	char error[200] = "";
	json_t *document;

	add_word(job, "--prove");
	document = run_job(run, job, "proof", error);
	run->failures += !document;
	for (size_t i = 0; i < run->nr_groups; i++) {
		run->groups[i].proof = json_incref(document);
		strcpy(run->groups[i].proof_error, error);
	}
	json_decref(document); /* the groups hold it */
}

int describe_dom0(const struct bench_run *run)
{
	struct job *job = new_job(run, "bench");
	char *text = NULL;
	int rc;

	if (run->options->trace)
		add_trace(job);
	rc = job_output(job->argv, &text);
	if (text)
		fputs(text, stdout);
	free(text);
	jobs_free(job, 1);
	return rc ? EXIT_USAGE : 0;
}

int run_dom0(struct bench_run *run)
{
	run->first = measure(run);
	if (!run->first)
		return -1;
	for (size_t i = 0; i < run->nr_groups; i++)
		run->groups[i].runs[0] = json_incref(run->first);
	json_decref(run->first); /* the groups hold it */
	if (!run->options->unproven && !jobs_stopped)
		prove(run);
	return 0;
}
