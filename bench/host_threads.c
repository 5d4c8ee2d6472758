// SPDX-License-Identifier: GPL-2.0-only
/* Contention on the host target: alone on the machine, after all that is measured there. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "bench/contend_cases.h"
#include "bench/frontend.h"
#include "bench/unfinished.h"
#include "lib/msg.h"

size_t count_contention(const struct options *o)
{
	struct contend_case *cases;
	regex_t filter;
	int count;

	if (!o->threads)
		return 0;
	if (o->filter && regcomp(&filter, o->filter, REG_EXTENDED | REG_NOSUB))
		die(EXIT_USAGE, "%s", strerror(ENOMEM));
	count = contend_list(o->threads, 0, o->filter ? &filter : NULL, &cases);
	if (count < 0)
		die(EXIT_USAGE, "%s", strerror(-count));
	for (int i = 0; o->list && i < count; i++)
		puts(cases[i].name);
	free(cases);
	if (o->filter)
		regfree(&filter);
	return (size_t)count;
}

static const char threads_unit[] = "threads";

static void describe(const struct bench_run *run, struct job *job, const char *library)
{
	char folder[PATH_MAX];

	name_folder(run, threads_unit, folder);
	add_host_words(run, job, run->places.contend, library, folder);
	add_word(job, "--threads=%u", run->options->threads);
	add_flags(job, run->options);
	if (asprintf(&job->log, "%s/log", folder) < 0)
		die(EXIT_USAGE, "%s", strerror(ENOMEM));
	job->name = "threads on one heap";
}

static void take(struct bench_run *run, json_t *document)
{
	char folder[PATH_MAX];
	json_t *entry;
	size_t i;

	unfinished_folder(run, threads_unit, folder);
	run->contention = json_incref(json_object_get(document, "benchmarks"));
	json_array_foreach(run->contention, i, entry)
	{
		const char *name = json_string_value(json_object_get(entry, "name"));

		keep_raw_case(run, folder, name, ".trace.xen", "trace.xen");
		keep_raw_case(run, folder, name, ".runs.txt", "runs.txt");
		if (json_object_get(entry, "error_occurred"))
			run->failures++;
	}
	/* Without other cases, this tells what the host is. */
	if (!run->first) {
		run->first = document;
		run->groups[0] = (struct merge_group){.name = "contend", .machines = 1};
		run->groups[0].runs[0] = json_incref(document);
		run->nr_groups = 1;
	}
}

int run_contention(struct bench_run *run, const char *library)
{
	struct job *job = NULL;
	json_t *document;

	if (!unfinished_has(run, threads_unit)) {
		job = calloc(1, sizeof(*job));
		if (!job)
			die(EXIT_USAGE, "%s", strerror(ENOMEM));
		describe(run, job, library);
	}
	document = run_unit(run, threads_unit, job, run->nr_contended);
	if (!document)
		return -1;
	take(run, document);
	json_decref(document); /* the group holds it, if it is wanted */
	return 0;
}
