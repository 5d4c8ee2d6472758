// SPDX-License-Identifier: GPL-2.0-only
/* bench on the Xen this runs on: all groups one after the other, in one process. */
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/utsname.h>

#include "bench/frontend.h"
#include "bench/progress.h"
#include "bench/unfinished.h"
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
static struct job *new_job(const struct bench_run *run, const char *folder, const char *name)
{
	struct job *job = calloc(1, sizeof(*job));

	if (!job)
		die(EXIT_USAGE, "%s", strerror(ENOMEM));
	add_word(job, "%s", run->places.dombench);
	add_word(job, "--out=%s", folder);
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
static json_t *run_job(const struct bench_run *run, struct job *job, const char *folder,
		       const char *name, char error[200])
{
	char path[PATH_MAX], file[64];
	json_t *document = NULL;

	if (!jobs_run(job, 1, 1, NULL, NULL)) {
		snprintf(file, sizeof(file), "%s.json", name);
		join_path(path, folder, file);
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

/* Do they take the branches they are about? */
static void prove(struct bench_run *run, const char *folder)
{
	struct job *job = new_job(run, folder, "proof");
	char error[200] = "";
	json_t *document;

	add_word(job, "--prove");
	document = run_job(run, job, folder, "proof", error);
	run->failures += !document;
	for (size_t i = 0; i < run->nr_groups; i++) {
		run->groups[i].proof = json_incref(document);
		strcpy(run->groups[i].proof_error, error);
	}
	json_decref(document); /* the groups hold it */
}

static void add_perf_word(const struct bench_run *run, struct job *job)
{
	if (run->options->perf)
		add_word(job, "--perf=%s", run->options->perf);
}

int describe_dom0(const struct bench_run *run)
{
	struct job *job = new_job(run, run->places.work, "bench");
	char *text = NULL;
	int rc;

	if (run->options->trace)
		add_trace(run, job);
	add_perf_word(run, job);
	rc = job_output(job->argv, &text);
	if (text)
		fputs(text, stdout);
	free(text);
	jobs_free(job, 1);
	return rc ? EXIT_USAGE : 0;
}

static void add_file(json_t *identity, const char *name, const char *path)
{
	FILE *f = fopen(path, "r");
	char line[200] = "";

	if (f && fgets(line, sizeof(line), f))
		json_object_set_new(identity, name, json_stringn(line, strcspn(line, "\n")));
	if (f)
		fclose(f);
}

/* Which hypervisor and kernel; another boot of them is no other. */
static json_t *identify(void)
{
	json_t *identity = json_object();
	struct utsname kernel;

	add_file(identity, "build", "/sys/hypervisor/properties/buildid");
	add_file(identity, "compiled", "/sys/hypervisor/compilation/compile_date");
	add_file(identity, "version", "/sys/hypervisor/version/extra");
	if (!uname(&kernel))
		json_object_set_new(identity, "kernel", json_string(kernel.release));
	return identity;
}

static char journal[PATH_MAX];

/* A line each, after the first; so are those that were watched, which are no news. */
static void show_cases(void)
{
	static const char begins[] = "{\"case\"";
	FILE *f = fopen(journal, "r");
	char *line = NULL;
	size_t size, cases = 0;

	while (f && getline(&line, &size, f) > 0)
		cases += !strncmp(line, begins, sizeof(begins) - 1);
	free(line);
	if (f)
		fclose(f);
	progress_cases(cases);
}

static json_t *measure(struct bench_run *run, const char *folder)
{
	struct job *job = new_job(run, folder, "bench");
	char error[200] = "";

	join_path(journal, folder, "journal");
	add_word(job, "--journal=%s", journal);
	if (run->options->trace)
		add_trace(run, job);
	add_perf_word(run, job);
	progress_begin(1, run->plan.count, 1);
	progress_start("all cases");
	jobs_tick = show_cases;
	return run_job(run, job, folder, "bench", error);
}

int run_dom0(struct bench_run *run)
{
	char folder[PATH_MAX];
	int rc;

	/* Its unit is a case: the program keeps a journal of them. */
	join_path(folder, run->places.done, "dom0");
	rc = unfinished_begin(run, identify(), NULL);
	if (!rc)
		rc = make_folder(folder);
	if (rc)
		return -1;
	run->first = measure(run, folder);
	if (!run->first)
		return -1;
	tell_warnings(run->first);
	keep_raw(run, folder, ".trace.xen", "trace.xen");
	keep_perf(run, folder);
	for (size_t i = 0; i < run->nr_groups; i++)
		run->groups[i].runs[0] = json_incref(run->first);
	json_decref(run->first); /* the groups hold it */
	if (!run->options->unproven && !jobs_stopped)
		prove(run, folder);
	return 0;
}
