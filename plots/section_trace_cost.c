// SPDX-License-Identifier: GPL-2.0-only
/*
 * What tracing costs: probe/VARIANT-{absent,off,idle,on}.json of the run, as bench/probe_effect.c
 * wrote them on a hypervisor without trace points, with them, with tracing on for other events, and
 * for these.
 */
#include <jansson.h>

#include "plots/html.h"
#include "plots/report.h"

static json_t *load_ops(const struct report *report, const char *variant, const char *state)
{
	char path[4096];
	json_t *root, *ops;

	snprintf(path, sizeof(path), "%s/probe/%s-%s.json", report->folder, variant, state);
	root = json_load_file(path, 0, NULL);
	ops = json_incref(json_object_get(root, "ops"));
	json_decref(root);
	return ops;
}

static json_int_t number(const json_t *op, const char *name)
{
	return json_integer_value(json_object_get(op, name));
}

static void put_quotient(FILE *out, json_int_t total, json_int_t by)
{
	char text[32];

	snprintf(text, sizeof(text), "%.2f", by ? (double)total / (double)by : 0);
	html_number_cell(out, text);
}

/* op: on all three; those that the hypervisor does not have took -1 instructions. */
static void put_row(FILE *out, const char *variant, const json_t *absent, const json_t *off,
		    const json_t *idle, const json_t *on)
{
	json_int_t base = number(absent, "instructions"), times = number(absent, "times");
	json_int_t sites = number(absent, "sites") * times, records = number(on, "records");

	if (base < 0 || !times)
		return;
	fputs("<tr>", out);
	html_cell(out, NULL, variant);
	html_cell(out, NULL, json_string_value(json_object_get(absent, "what")));
	put_quotient(out, base, times);
	put_quotient(out, number(off, "instructions") - base, sites);
	put_quotient(out, number(idle, "instructions") - base, times);
	put_quotient(out, number(on, "instructions") - base, times);
	put_quotient(out, records, times);
	put_quotient(out, number(on, "instructions") - number(idle, "instructions"), records);
	fputs("</tr>\n", out);
}

static bool put_variant(struct report *report, const char *variant)
{
	json_t *absent = load_ops(report, variant, "absent");
	json_t *off = load_ops(report, variant, "off"), *on = load_ops(report, variant, "on");
	json_t *idle = load_ops(report, variant, "idle");
	size_t i, nr = json_array_size(absent);
	bool complete = nr && json_array_size(off) == nr &&
			json_array_size(idle) == nr && json_array_size(on) == nr;

	for (i = 0; complete && i < nr; i++)
		put_row(report->out, variant, json_array_get(absent, i), json_array_get(off, i),
			json_array_get(idle, i), json_array_get(on, i));
	json_decref(absent);
	json_decref(off);
	json_decref(idle);
	json_decref(on);
	return complete;
}

void section_trace_cost(struct report *report)
{
	bool any;

	fputs("<section id=\"probe\"><h2>What tracing costs</h2>\n"
	      "<p>Instructions, exact: of each call on a hypervisor without trace points; what they "
	      "add while they are off, per site (a section with its lock and unlock, or a call that "
	      "is traced as a whole); and what tracing adds while it is on: for other events, of "
	      "which there are none here (Xen asks for each hypercall), and for all of class mem, Xen's "
	      "own included. What a record costs is the difference of the two.</p>\n"
	      "<div class=\"wide\"><table><thead><tr><th scope=\"col\">Hypervisor</th>"
	      "<th scope=\"col\">Operation</th><th scope=\"col\" class=\"n\">Without</th>"
	      "<th scope=\"col\" class=\"n\">Off: Δ per site</th>"
	      "<th scope=\"col\" class=\"n\">On for others: Δ</th>"
	      "<th scope=\"col\" class=\"n\">On: Δ</th><th scope=\"col\" class=\"n\">Records</th>"
	      "<th scope=\"col\" class=\"n\">Δ per record</th></tr></thead><tbody>\n",
	      report->out);
	any = put_variant(report, BEFORE_VARIANT);
	any |= put_variant(report, AFTER_VARIANT);
	fputs("</tbody></table></div>\n", report->out);
	if (!any)
		fputs("<p class=\"missing\">Not measured.</p>\n", report->out);
	fputs("</section>\n", report->out);
}
