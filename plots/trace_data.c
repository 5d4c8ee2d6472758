// SPDX-License-Identifier: GPL-2.0-only
#include "plots/trace_data.h"

#include <errno.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "plots/child.h"

static char *first_line(const char *text)
{
	return strndup(text, strcspn(text, "\n"));
}

json_t *trace_read_json(const char *build, const char *command, const char *option,
			const char *path, char **why)
{
	char program[PATH_MAX];
	char *argv[] = {program, (char *)command, (char *)option, (char *)path, NULL};
	struct child_output output;
	json_error_t syntax;
	json_t *json = NULL;

	snprintf(program, sizeof(program), "%s/bin/claimperf-trace", build);
	if (child_run(argv, NULL, &output)) {
		*why = strdup("claimperf-trace cannot be run");
	} else {
		/* A status of 1 says that the trace is damaged; what it still tells is there. */
		if (output.status <= 1)
			json = json_loads(output.out, 0, &syntax);
		if (!json)
			*why = *output.err ? first_line(output.err)
					   : strdup("claimperf-trace says nothing");
	}
	child_free(&output);
	return json;
}

static json_t *run_summary(const struct report *report, const char *path, char **why)
{
	json_t *summary = trace_read_json(report->build, "summary", "--json", path, why);

	if (summary && !json_is_array(json_object_get(summary, "metrics"))) {
		json_decref(summary);
		summary = NULL;
		*why = strdup("claimperf-trace gave no summary");
	}
	return summary;
}

static void read_trace(struct report *report, const struct result *result,
		       const struct result_case *test, bool after, struct traces *out)
{
	struct trace *trace = &out->traces[out->nr];
	char *path;

	if (!test || test->skipped)
		return;
	*trace = (struct trace){.test = test, .after = after};
	out->nr++;
	path = result_raw_path(result, test, "trace.xen");
	if (!path || access(path, R_OK))
		trace->why = strdup("no trace.xen");
	else
		trace->summary = run_summary(report, path, &trace->why);
	trace->path = path;
	if (!trace->summary)
		return;
	out->nr_read++;
	out->lost += (uint64_t)json_integer_value(json_object_get(trace->summary, "lost"));
	out->anomalies +=
		(uint64_t)json_integer_value(json_object_get(trace->summary, "anomaly_count"));
}

void traces_read(struct report *report, const struct topology *t, struct traces *out)
{
	size_t i, most = 0;

	*out = (struct traces){0};
	if (t->traced_before)
		most += t->traced_before->nr_cases;
	if (t->traced_after)
		most += t->traced_after->nr_cases;
	out->traces = calloc(most + 1, sizeof(*out->traces));
	for (i = 0; out->traces && t->traced_after && i < t->traced_after->nr_cases; i++) {
		const struct result_case *test = &t->traced_after->cases[i];

		if (t->traced_before)
			read_trace(report, t->traced_before,
				   result_find(t->traced_before, test->name), false, out);
		read_trace(report, t->traced_after, test, true, out);
	}
	for (i = 0; out->traces && t->traced_before && i < t->traced_before->nr_cases; i++) {
		const struct result_case *test = &t->traced_before->cases[i];

		if (!t->traced_after || !result_find(t->traced_after, test->name))
			read_trace(report, t->traced_before, test, false, out);
	}
}

void traces_free(struct traces *traces)
{
	size_t i;

	for (i = 0; i < traces->nr; i++) {
		json_decref(traces->traces[i].summary);
		free(traces->traces[i].why);
		free(traces->traces[i].path);
	}
	free(traces->traces);
	*traces = (struct traces){0};
}

static bool is_figure(const char *key)
{
	static const char *const figures[] = {"metric", "unit",	 "lossy", "pages", "share",
					      "count",	"sum",	 "min",	  "p50",   "p90",
					      "p99",	"p999", "p9999", "max",   "hist"};
	size_t i;

	for (i = 0; i < sizeof(figures) / sizeof(figures[0]); i++)
		if (!strcmp(key, figures[i]))
			return true;
	return false;
}

const char *metric_label(const json_t *metric, char *text, size_t size)
{
	const char *key;
	json_t *value;
	size_t used = 0;

	*text = 0;
	json_object_foreach((json_t *)metric, key, value) {
		const char *comma = used ? ", " : "";

		if (is_figure(key) || used >= size)
			continue;
		if (json_is_string(value))
			used += (size_t)snprintf(text + used, size - used, "%s%s", comma,
						 json_string_value(value));
		else
			used += (size_t)snprintf(text + used, size - used, "%s%s %lld", comma, key,
						 json_integer_value(value));
	}
	return text;
}

bool metric_is(const json_t *metric, const char *name)
{
	const char *own = json_string_value(json_object_get(metric, "metric"));

	return own && !strcmp(own, name);
}

static uint64_t figure(const json_t *object, const char *key)
{
	return (uint64_t)json_integer_value(json_object_get(object, key));
}

void metric_add(const json_t *metric, struct hist *h)
{
	const json_t *pair;
	uint64_t count;
	size_t i;

	json_array_foreach(json_object_get(metric, "hist"), i, pair) {
		uint64_t lower = (uint64_t)json_integer_value(json_array_get(pair, 0));

		for (count = (uint64_t)json_integer_value(json_array_get(pair, 1)); count; count--)
			hist_record(h, lower);
	}
	/* Lower edges of buckets were recorded; the true ends are known. */
	if (figure(metric, "count")) {
		if (h->max < figure(metric, "max"))
			h->max = figure(metric, "max");
		if (h->min > figure(metric, "min"))
			h->min = figure(metric, "min");
	}
}
