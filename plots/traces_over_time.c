// SPDX-License-Identifier: GPL-2.0-only
#include "plots/traces_over_time.h"

#include <stdlib.h>
#include <string.h>

#include "plots/html.h"
#include "plots/trace_pictures.h"

static json_int_t count_redeemed(const struct trace *trace)
{
	const json_t *metric;
	json_int_t count = 0;
	size_t i;

	json_array_foreach(json_object_get(trace->summary, "metrics"), i,
			   metric) if (metric_is(metric, "redeem")) count +=
		json_integer_value(json_object_get(metric, "count"));
	return count;
}

static json_int_t count_records(const struct trace *trace)
{
	return json_integer_value(json_object_get(trace->summary, "heap_records"));
}

/* Memory of any node comes from several. */
static int uses_nodes(const struct trace *trace)
{
	return strstr(trace->test->name, "/node:any/") != NULL;
}

/* Of equals the later case, which claims more. */
static bool tells_more(const struct trace *a, const struct trace *b)
{
	if (!b || count_redeemed(a) != count_redeemed(b))
		return !b || count_redeemed(a) > count_redeemed(b);
	if (uses_nodes(a) != uses_nodes(b))
		return uses_nodes(a) > uses_nodes(b);
	return count_records(a) >= count_records(b);
}

static const struct trace *choose_trace(const struct traces *traces)
{
	const struct trace *best = NULL;
	size_t i;

	for (i = 0; i < traces->nr; i++)
		if (traces->traces[i].summary && traces->traces[i].path &&
		    tells_more(&traces->traces[i], best))
			best = &traces->traces[i];
	return best;
}

static const struct trace *find_other_side(const struct traces *traces, const struct trace *of)
{
	size_t i;

	for (i = 0; i < traces->nr; i++)
		if (traces->traces[i].after != of->after && traces->traces[i].summary &&
		    traces->traces[i].path && !strcmp(traces->traces[i].test->name, of->test->name))
			return &traces->traces[i];
	return NULL;
}

static void end_plot(struct report *report, struct plot *plot, const struct trace *trace,
		     const char *what)
{
	char heading[160];

	snprintf(heading, sizeof(heading), "%s, %s", what,
		 trace->after ? AFTER_VARIANT : BEFORE_VARIANT);
	plot_set(plot, "heading", heading);
	report_end_plot(report, plot, heading);
}

static void put_heatmap(struct report *report, const struct topology *t, const struct trace *trace,
			const json_t *timeline)
{
	struct plot plot;

	if (!heatmap_has_data(timeline))
		return;
	report_plot_begin_traced(report, &plot, t, HEATMAP_SCRIPT, TRACE_PICTURE_WIDTH,
				 HEATMAP_HEIGHT);
	heatmap_draw(&plot, timeline);
	plot_set(&plot, "subtitle", trace->test->name);
	end_plot(report, &plot, trace, "heap_lock held, over time");
}

static void put_pages(struct report *report, const struct topology *t, const struct trace *trace,
		      const json_t *timeline)
{
	unsigned int height = pages_height(timeline);
	struct plot plot;

	if (!height)
		return;
	report_plot_begin_traced(report, &plot, t, PAGES_SCRIPT, TRACE_PICTURE_WIDTH, height);
	pages_draw(&plot, timeline);
	end_plot(report, &plot, trace, "Free and claimed pages, over time");
}

static void put_trace(struct report *report, const struct topology *t, const struct trace *trace)
{
	char option[24], *why = NULL;
	json_t *timeline =
		trace_read_json(report->build, "timeline",
				trace_choose_bins(trace->summary, option), trace->path, &why);

	if (!timeline)
		report_complain(report, "%s: %s", trace->path, why ? why : "no timeline");
	put_heatmap(report, t, trace, timeline);
	put_pages(report, t, trace, timeline);
	json_decref(timeline);
	free(why);
}

void traces_put_over_time(struct report *report, const struct topology *t,
			  const struct traces *traces)
{
	const struct trace *trace = choose_trace(traces), *other;

	if (!trace)
		return;
	other = find_other_side(traces, trace);
	fputs("<p>Over time, the case that redeemed the most claims: ", report->out);
	html_text(report->out, trace->test->name);
	fputs(". <code>claimperf trace plot</code> draws any other.</p>\n<div class=\"plots\">\n",
	      report->out);
	if (other)
		put_trace(report, t, other);
	put_trace(report, t, trace);
	fputs("</div>\n", report->out);
}
