// SPDX-License-Identifier: GPL-2.0-only
#include "plots/trace_table.h"

#include <string.h>

#include "plots/html.h"

static void put_figure(FILE *out, const json_t *metric, const char *key)
{
	char text[32];

	snprintf(text, sizeof(text), "%lld", json_integer_value(json_object_get(metric, key)));
	html_number_cell(out, text);
}

static void put_metric(FILE *out, const struct trace *trace, const json_t *metric, bool waits_valid)
{
	static const char *const figures[] = {"count", "min", "p50", "p90", "p99", "max"};
	const char *name = json_string_value(json_object_get(metric, "metric"));
	const char *unit = json_string_value(json_object_get(metric, "unit"));
	char label[96];
	size_t i;

	fputs("<tr>", out);
	html_cell(out, NULL, trace->after ? AFTER_VARIANT : BEFORE_VARIANT);
	fputs("<td>", out);
	html_text(out, name ? name : "?");
	if (!waits_valid && name && (!strcmp(name, "wait") || !strcmp(name, "page_alloc_wait")))
		fputs(" <small>not valid here</small>", out);
	if (json_is_true(json_object_get(metric, "lossy")))
		fputs(" <small>records lost</small>", out);
	fputs("</td>", out);
	html_cell(out, NULL, metric_label(metric, label, sizeof(label)));
	html_cell(out, NULL, unit ? unit : "?");
	for (i = 0; i < sizeof(figures) / sizeof(figures[0]); i++)
		put_figure(out, metric, figures[i]);
	fputs("</tr>\n", out);
}

static void put_trace(FILE *out, const struct trace *trace, bool first, bool waits_valid)
{
	const json_t *metric;
	size_t i;

	if (first) {
		fputs("<tr class=\"family\"><th colspan=\"10\" scope=\"colgroup\">", out);
		html_text(out, trace->test->name);
		fputs("</th></tr>\n", out);
	}
	if (!trace->summary) {
		fputs("<tr>", out);
		html_cell(out, NULL, trace->after ? AFTER_VARIANT : BEFORE_VARIANT);
		fputs("<td colspan=\"9\" class=\"missing\">", out);
		html_text(out, trace->why ? trace->why : "no summary");
		fputs("</td></tr>\n", out);
	}
	json_array_foreach(json_object_get(trace->summary, "metrics"), i, metric)
		put_metric(out, trace, metric, waits_valid);
}

void traces_put_table(FILE *out, const struct traces *traces, bool waits_valid)
{
	size_t i;

	fprintf(out,
		"<details class=\"screen\"><summary>All distributions, case by case (%zu "
		"traces)</summary>\n"
		"<div class=\"wide\"><table class=\"small\"><thead><tr><th "
		"scope=\"col\">Hypervisor</th>"
		"<th scope=\"col\">Metric</th><th scope=\"col\">Of</th><th scope=\"col\">Unit</th>"
		"<th scope=\"col\" class=\"n\">Count</th><th scope=\"col\" class=\"n\">Min</th>"
		"<th scope=\"col\" class=\"n\">p50</th><th scope=\"col\" class=\"n\">p90</th>"
		"<th scope=\"col\" class=\"n\">p99</th><th scope=\"col\" "
		"class=\"n\">Max</th></tr></thead><tbody>\n",
		traces->nr_read);
	for (i = 0; i < traces->nr; i++)
		put_trace(out, &traces->traces[i],
			  !i || strcmp(traces->traces[i].test->name,
				       traces->traces[i - 1].test->name),
			  waits_valid);
	fputs("</tbody></table></div></details>\n", out);
}
