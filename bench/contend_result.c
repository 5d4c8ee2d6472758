// SPDX-License-Identifier: GPL-2.0-only
#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "bench/contend_result.h"
#include "bench/result.h"
#include "lib/msg.h"
#include "tracepoints/summary_json.h"

void contend_path(const char *folder, const struct contend_case *c, const char *suffix,
		  char path[PATH_MAX])
{
	char slug[BENCH_NAME];

	result_slug(c->name, slug);
	if (snprintf(path, PATH_MAX, "%s/%s%s", folder, slug, suffix) >= PATH_MAX)
		die(EXIT_USAGE, "%s: %s", folder, strerror(ENAMETOOLONG));
}

/* While it looks for how many pairs to run, the library runs ever more; then it repeats that. */
static const struct contend_run *first_repetition(const struct contend *w)
{
	const struct contend_run *run = &w->runs[w->nr_runs - 1];

	while (run > w->runs && run[-1].pairs == run->pairs)
		run--;
	return run;
}

static int compare_times(const void *a, const void *b)
{
	const uint64_t *left = a, *right = b;

	return (*left > *right) - (*left < *right);
}

/* Pairs of all threads per second, by the median: the least of two-humped times says little. */
static double throughput(const struct contend *w)
{
	const struct contend_run *run = first_repetition(w), *end = w->runs + w->nr_runs;
	size_t count = (size_t)(end - run);
	uint64_t *times = calloc(count, sizeof(*times));
	double median;

	if (!times)
		die(EXIT_USAGE, "%s", strerror(ENOMEM));
	for (size_t i = 0; i < count; i++)
		times[i] = run[i].ns;
	qsort(times, count, sizeof(*times), compare_times);
	median = ((double)times[(count - 1) / 2] + (double)times[count / 2]) / 2;
	free(times);
	return (double)(run->pairs * w->c->threads) * 1e9 / median;
}

/* As many times the throughput of one thread, in this run; NULL when that was not measured. */
static json_t *ideal(const struct contend_report *report, const struct contend *w)
{
	for (size_t i = 0; i < report->nr; i++) {
		const struct contend *one = &report->cases[i];

		if (one->c->family == w->c->family && one->c->threads == 1 && one->nr_runs)
			return json_real(throughput(one) * w->c->threads);
	}
	return json_null();
}

static void add_samples(json_t *entry, json_t *own, const struct contend *w)
{
	const struct contend_run *run = first_repetition(w), *end = w->runs + w->nr_runs;
	uint64_t ops = run->pairs * w->c->threads, least = UINT64_MAX;
	json_t *samples = json_array(), *installs = json_array();
	double value;

	for (; run < end; run++) {
		least = run->ns < least ? run->ns : least;
		json_array_append_new(samples, json_count(run->ns));
		json_array_append_new(installs, json_count(run->installs));
	}
	value = (double)least / (double)ops;
	json_object_update_new(entry, json_pack("{s:o, s:f, s:f}", "iterations", json_count(ops),
						"real_time", value, "cpu_time", value));
	json_object_update_new(own, json_pack("{s:f, s:o, s:o, s:o}", "value", value, "min_sample",
					      json_count(least), "ops", json_count(ops), "samples",
					      samples));
	if (w->c->installer)
		json_object_set(own, "installs", installs);
	json_decref(installs);
}

/* Distributions come from the decoder alone, which says when records are missing. */
static json_t *describe_trace(const struct contend_report *report, const struct contend *w)
{
	struct trace_reader *reader;
	struct summary *s;
	char path[PATH_MAX];
	json_t *metrics = json_array(), *trace;

	contend_path(report->folder, w->c, ".trace.xen", path);
	if (trace_open(path, &reader))
		die(EXIT_USAGE, "%s: not the trace written a moment ago", path);
	if (summary_read(reader, SUMMARY_BY | SECTION_THINK, &s))
		die(EXIT_USAGE, "%s", strerror(ENOMEM));
	for (unsigned int i = 0; i < s->metrics.nr; i++) {
		const struct metric *metric = &s->metrics.metrics[i];

		if (metric->id == METRIC_WAIT || metric->id == METRIC_HOLD ||
		    metric->id == METRIC_THINK)
			json_array_append_new(metrics, summary_metric_json(metric, s));
	}
	if (s->lost)
		msg("%s: %lu of %lu trace records lost", w->c->name, (unsigned long)s->lost,
		    (unsigned long)(s->lost + s->records));
	trace = json_pack("{s:o, s:f, s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o}", "pairs",
			  json_count(w->traced.done), "ran", w->traced.ran, "installs", json_count(w->traced.installs),
			  "records", json_count(s->records), "lost", json_count(s->lost),
			  "anomalies", json_count(s->anomalies.count), "tsc_khz",
			  json_count(report->tsc_khz), "metrics", metrics, "waited",
			  summary_waited_json(s), "handover",
			  summary_handover_json(s, SECTION_HEAP));
	summary_free(s);
	trace_close(reader);
	return trace;
}

static void add_error(json_t *entry, json_t *own, const char *why)
{
	json_object_update_new(entry, json_pack("{s:b, s:s, s:i, s:i, s:i}", "error_occurred", 1,
						"error_message", why, "iterations", 0, "real_time",
						0, "cpu_time", 0));
	json_object_set_new(own, "skipped", json_false());
}

static json_t *describe_case(const struct contend_report *report, const struct contend_case *c)
{
	return json_pack("{s:s, s:s, s:s, s:s, s:i, s:s, s:b, s:i, s:b}", "unit", "ns", "per",
			 "pair", "kind", "noisy", "group", "contend", "order", (int)c->order,
			 "domain", c->shared ? "shared" : "own", "installer", c->installer,
			 "threads", (int)c->threads, "oversubscribed",
			 c->threads + c->installer > report->cpus);
}

/* Raw data: what the library threw away is among it. */
static void write_runs(const struct contend_report *report, const struct contend *w)
{
	const struct contend_run *kept = first_repetition(w);
	char path[PATH_MAX];
	FILE *f;

	contend_path(report->folder, w->c, ".runs.txt", path);
	f = fopen(path, "we");
	if (!f)
		die(EXIT_USAGE, "%s: %s", path, strerror(errno));
	fprintf(f, "# pairs asked of each thread, pairs done by all, ns for what was asked (in "
		   "proportion, if less was done), claim calls meanwhile, kept\n");
	for (const struct contend_run *run = w->runs; run < w->runs + w->nr_runs; run++)
		fprintf(f, "%lu %lu %lu %lu %s\n", (unsigned long)run->pairs,
			(unsigned long)run->done, (unsigned long)run->ns,
			(unsigned long)run->installs, run < kept ? "no" : "yes");
	if (fclose(f))
		die(EXIT_USAGE, "%s: %s", path, strerror(errno));
}

json_t *contend_to_json(const struct contend_report *report, const struct contend *w)
{
	const struct contend_case *c = w->c;
	json_t *own = describe_case(report, c);
	json_t *entry = json_pack(
		"{s:s, s:I, s:I, s:s, s:s, s:i, s:i, s:i, s:s}", "name", c->name, "family_index",
		(json_int_t)c->family, "per_family_instance_index", (json_int_t)c->index,
		"run_name", c->name, "run_type", "iteration", "repetitions", 1, "repetition_index",
		0, "threads", (int)c->threads, "time_unit", "ns");

	if (w->error[0]) {
		add_error(entry, own, w->error);
	} else {
		add_samples(entry, own, w);
		json_object_set_new(own, "throughput", json_real(throughput(w)));
		json_object_set_new(own, "ideal", ideal(report, w));
		if (w->has_trace)
			json_object_set_new(own, "trace", describe_trace(report, w));
	}
	write_runs(report, w);
	json_object_set_new(entry, "claimperf", own);
	return entry;
}
