// SPDX-License-Identifier: GPL-2.0-only
/* heap_lock, claim checks and redeems, from the traces of the traced hypervisors. */
#include <stdlib.h>
#include <string.h>

#include "plots/html.h"
#include "plots/ridges.h"
#include "plots/trace_data.h"
#include "plots/trace_table.h"
#include "plots/traces_over_time.h"

/* Hold times of one allocation, by what is claimed. */
static void plot_holds(struct report *report, const struct topology *t, const struct traces *traces,
		       unsigned int order)
{
	struct ridges ridges = {0};
	char prefix[48], heading[96];
	const json_t *metric;
	size_t i, j;

	snprintf(prefix, sizeof(prefix), "populate/order:%u/node:any/", order);
	for (i = 0; i < traces->nr; i++) {
		const struct trace *trace = &traces->traces[i];

		if (!trace->summary || strncmp(trace->test->name, prefix, strlen(prefix)))
			continue;
		json_array_foreach(json_object_get(trace->summary, "metrics"), j, metric) {
			const char *site = json_string_value(json_object_get(metric, "site"));
			struct ridge *ridge;

			if (!metric_is(metric, "hold") || !site || strcmp(site, "alloc") ||
			    json_integer_value(json_object_get(metric, "order")) != order)
				continue;
			ridge = ridges_get(&ridges, last_part(trace->test->name), trace->after);
			if (ridge)
				metric_add(metric, ridge->hist);
		}
	}
	snprintf(heading, sizeof(heading), "heap_lock held by an allocation of order %u, %u node%s",
		 order, t->nodes, t->nodes == 1 ? "" : "s");
	if (ridges.nr)
		ridges_plot(report, t, &ridges, heading,
			    "By what is claimed; node any. Each row scaled to its highest bar",
			    "cycles held (exact mode: instructions)");
	ridges_free(&ridges);
}

/* All cases added up, by the metric's own labels. */
static void plot_metric(struct report *report, const struct topology *t,
			const struct traces *traces, const char *name, const char *what,
			const char *subtitle, const char *axis)
{
	struct ridges ridges = {0};
	char label[64], heading[96];
	const json_t *metric;
	size_t i, j;

	for (i = 0; i < traces->nr; i++) {
		json_array_foreach(json_object_get(traces->traces[i].summary, "metrics"), j, metric) {
			struct ridge *ridge;

			if (!metric_is(metric, name))
				continue;
			ridge = ridges_get(&ridges, metric_label(metric, label, sizeof(label)),
					   traces->traces[i].after);
			if (ridge)
				metric_add(metric, ridge->hist);
		}
	}
	ridges_sort(&ridges);
	snprintf(heading, sizeof(heading), "%s, %u node%s", what, t->nodes,
		 t->nodes == 1 ? "" : "s");
	if (ridges.nr)
		ridges_plot(report, t, &ridges, heading, subtitle, axis);
	ridges_free(&ridges);
}

/*
 * What tracing costs while nobody records: the same case with and without the trace points.
 * A minimum over fewer samples is no fair comparison.
 */
static void put_probe_effect(FILE *out, const struct result *plain, const struct result *traced,
			     const char *name)
{
	static const char probe[] = "populate/order:0/node:any/claim:none";
	const struct result_case *without = result_find(plain, probe);
	const struct result_case *with = traced ? result_find(traced, probe) : NULL;
	char text[FRACTION_TEXT_SIZE];

	if (!without || without->skipped || !with || with->skipped ||
	    strcmp(with->unit, without->unit) || with->nr_samples != without->nr_samples)
		return;
	fprintf(out, " Built in but not recording, the trace points cost ");
	html_number(out, fraction_format_short(fraction_subtract(with->min_sample, with->ops,
								 without->min_sample, without->ops),
					       true, text));
	fprintf(out, " instructions per order-0 extent in %s.", name);
}

static void put_topology(struct report *report, const struct topology *t)
{
	FILE *out = report->out;
	struct traces traces;
	char name[24];

	traces_read(report, t, &traces);
	fprintf(out, "<h3>On %s</h3>\n", topology_name(t, name));
	if (!traces.nr_read) {
		fprintf(out, "<p class=\"missing\">No trace%s.</p>\n",
			traces.nr ? " of any case can be read" : "s were taken");
		traces_free(&traces);
		return;
	}
	fprintf(out, "<p>%zu traces; %llu records lost, %llu anomalies.%s", traces.nr_read,
		(unsigned long long)traces.lost, (unsigned long long)traces.anomalies,
		traces.lost
			? " What records were lost of is marked in the list, and decides nothing."
			: "");
	put_probe_effect(out, t->before, t->traced_before, BEFORE_VARIANT);
	put_probe_effect(out, t->after, t->traced_after, AFTER_VARIANT);
	fputs("</p>\n<div class=\"plots\">\n", out);
	plot_holds(report, t, &traces, 0);
	plot_holds(report, t, &traces, 9);
	plot_metric(report, t, &traces, "hold", "heap_lock held, by site and order",
		    "All cases added up. Each row scaled to its highest bar",
		    "cycles held (exact mode: instructions)");
	plot_metric(
		report, t, &traces, "wait", "heap_lock waited for, by site and order",
		"All cases added up. Exact mode: virtual CPUs take turns, this is no contention",
		"cycles from asking to having");
	plot_metric(report, t, &traces, "check", "Claim checks, by answer",
		    "All cases added up. Pages asked for", "pages");
	plot_metric(report, t, &traces, "redeem", "Redeemed claims, by the claim that shrank",
		    "All cases added up. Pages redeemed at a time", "pages");
	fputs("</div>\n", out);
	traces_put_over_time(report, t, &traces);
	traces_put_table(out, &traces, false);
	traces_free(&traces);
}

void section_traces(struct report *report)
{
	size_t i;

	fputs("<section id=\"traces\"><h2>Lock, checks and redeems</h2>\n"
	      "<p>From xentrace, on hypervisors with trace points; the figures above come from "
	      "others without. "
	      "Sites that hold heap_lock are shown by order: it is held over a loop of all pages "
	      "of an extent.</p>\n",
	      report->out);
	for (i = 0; i < report->nr_topologies; i++)
		put_topology(report, &report->topologies[i]);
	fputs("</section>\n", report->out);
}
