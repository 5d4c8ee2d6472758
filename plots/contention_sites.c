// SPDX-License-Identifier: GPL-2.0-only
/* How long heap_lock was waited for and held, by site, while threads contend. */
#include <stdlib.h>
#include <string.h>

#include "lib/msg.h"
#include "plots/contention.h"
#include "plots/ridges.h"
#include "plots/trace_data.h"
#include "plots/trace_table.h"

bool read_contend(const struct result_case *test, struct contend *out)
{
	*out = (struct contend){0};
	if (sscanf(test->name, "contend/order:%u/domain:%7[a-z]/installer:%3[a-z]/threads:%u",
		   &out->order, out->domain, out->installer, &out->threads) != 4)
		return false;
	out->throughput = json_number_value(json_object_get(test->details, "throughput"));
	out->ideal = json_number_value(json_object_get(test->details, "ideal"));
	out->oversubscribed = json_is_true(json_object_get(test->details, "oversubscribed"));
	return !test->skipped;
}

/* The distributions of a traced case, as the result has them. */
static void add_trace(struct traces *traces, const struct result_case *test, bool after)
{
	json_t *summary = test ? json_object_get(test->details, "trace") : NULL;

	if (!json_is_array(json_object_get(summary, "metrics")))
		return;
	traces->traces[traces->nr++] =
		(struct trace){.test = test, .after = after, .summary = json_incref(summary)};
	traces->nr_read++;
	traces->lost += (uint64_t)json_integer_value(json_object_get(summary, "lost"));
	traces->anomalies += (uint64_t)json_integer_value(json_object_get(summary, "anomalies"));
}

static void collect_traces(const struct topology *t, struct traces *traces)
{
	const struct result *before = t->traced_before, *after = t->traced_after;
	const struct result *either = after ? after : before;
	size_t i;

	*traces = (struct traces){0};
	if (!either)
		return;
	traces->traces = calloc(2 * either->nr_cases + 1, sizeof(*traces->traces));
	if (!traces->traces)
		die(EXIT_USAGE, "out of memory");
	for (i = 0; i < either->nr_cases; i++) {
		const char *name = either->cases[i].name;

		add_trace(traces, before ? result_find(before, name) : NULL, false);
		add_trace(traces, after ? result_find(after, name) : NULL, true);
	}
}

/* The most threads, installer included, that all had a CPU; one when none had. */
static unsigned int most_threads(const struct traces *traces, const char *domain,
				 const char *installer)
{
	unsigned int most = 1;
	struct contend c;
	size_t i;

	for (i = 0; i < traces->nr; i++)
		if (read_contend(traces->traces[i].test, &c) && !c.oversubscribed &&
		    !strcmp(c.domain, domain) && !strcmp(c.installer, installer) &&
		    c.threads > most)
			most = c.threads;
	return most;
}

static void plot_sites(struct report *report, const struct topology *t, const struct traces *traces,
		       const char *name, const char *domain, const char *installer)
{
	unsigned int threads = most_threads(traces, domain, installer);
	struct ridges ridges = {0};
	char label[64], heading[128];
	const json_t *metric;
	struct contend c;
	size_t i, j;

	for (i = 0; i < traces->nr; i++) {
		const struct trace *trace = &traces->traces[i];

		if (!read_contend(trace->test, &c) || strcmp(c.domain, domain) ||
		    strcmp(c.installer, installer) || c.threads != threads)
			continue;
		json_array_foreach(json_object_get(trace->summary, "metrics"), j, metric) {
			struct ridge *ridge;

			if (!metric_is(metric, name))
				continue;
			ridge = ridges_get(&ridges, metric_label(metric, label, sizeof(label)),
					   trace->after);
			if (ridge)
				metric_add(metric, ridge->hist);
		}
	}
	ridges_sort(&ridges);
	snprintf(heading, sizeof(heading), "heap_lock: %s, %u thread%s, %s%s", name, threads,
		 threads == 1 ? "" : "s",
		 strcmp(domain, "own") ? "one domain" : "domains of their own",
		 strcmp(installer, "yes") ? "" : ", and one that claims");
	if (ridges.nr)
		ridges_plot(report, t, &ridges, heading,
			    "By site and order. Noisy. Each row scaled to its highest bar",
			    "TSC ticks");
	ridges_free(&ridges);
}

void put_contention_sites(struct report *report, const struct topology *t)
{
	static const char *const domains[] = {"own", "shared"}, *const installers[] = {"no", "yes"};
	struct traces traces;
	unsigned int i;

	collect_traces(t, &traces);
	fputs("<h3>Waiting for heap_lock, and holding it</h3>\n", report->out);
	if (traces.nr) {
		fprintf(report->out,
			"<p>From libraries with trace points, recording; %zu traces, %llu records lost, "
			"%llu anomalies. A thread that the machine's own scheduler takes away while it "
			"holds the lock makes a long hold, and a long wait of all others.</p>\n"
			"<div class=\"plots\">\n",
			traces.nr, (unsigned long long)traces.lost,
			(unsigned long long)traces.anomalies);
		for (i = 0; i < 4; i++) {
			plot_sites(report, t, &traces, "wait", domains[i / 2], installers[i % 2]);
			plot_sites(report, t, &traces, "hold", domains[i / 2], installers[i % 2]);
		}
		fputs("</div>\n", report->out);
		put_contention_waits(report->out, &traces);
		traces_put_table(report->out, &traces, true);
	} else {
		fputs("<p class=\"missing\">host/contend/ has no traces.</p>\n", report->out);
	}
	traces_free(&traces);
}
