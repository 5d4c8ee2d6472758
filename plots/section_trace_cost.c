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

/* What was measured of a variant, in the order of these. */
enum state { ABSENT, OFF, IDLE, ON, STATES };

struct probe {
	json_t *ops[STATES];
	size_t nr; /* 0 when they are not all there, or not of the same calls */
};

static struct probe load_probe(const struct report *report, const char *variant)
{
	static const char *const names[] = {"absent", "off", "idle", "on"};
	struct probe probe = {0};
	size_t i;

	for (i = 0; i < STATES; i++)
		probe.ops[i] = load_ops(report, variant, names[i]);
	probe.nr = json_array_size(probe.ops[ABSENT]);
	for (i = 0; i < STATES; i++)
		if (json_array_size(probe.ops[i]) != probe.nr)
			probe.nr = 0;
	return probe;
}

static void free_probe(struct probe *probe)
{
	size_t i;

	for (i = 0; i < STATES; i++)
		json_decref(probe->ops[i]);
}

static const json_t *op_of(const struct probe *probe, enum state state, size_t i)
{
	return json_array_get(probe->ops[state], i);
}

static void put_rows(struct report *report, const char *variant, const struct probe *p)
{
	size_t i;

	for (i = 0; i < p->nr; i++)
		put_row(report->out, variant, op_of(p, ABSENT, i), op_of(p, OFF, i),
			op_of(p, IDLE, i), op_of(p, ON, i));
}

static double added(const struct probe *p, enum state state, size_t i)
{
	return (double)(number(op_of(p, state, i), "instructions") -
			number(op_of(p, ABSENT, i), "instructions")) /
	       (double)number(op_of(p, ABSENT, i), "times");
}

static bool was_called(const struct probe *p, size_t i)
{
	return number(op_of(p, ABSENT, i), "instructions") >= 0 &&
	       number(op_of(p, ABSENT, i), "times") > 0;
}

static void put_bars(struct plot *plot, const struct probe *p, double *highest)
{
	unsigned int rows = 0;
	size_t i;

	for (i = 0; i < p->nr; i++) {
		if (!was_called(p, i))
			continue;
		fprintf(plot->data, "%u\t", rows++);
		plot_put(plot, json_string_value(json_object_get(op_of(p, ABSENT, i), "what")));
		fprintf(plot->data, "\t%.17g\t%+.2f\t%.17g\t%+.2f\n", added(p, OFF, i),
			added(p, OFF, i), added(p, ON, i), added(p, ON, i));
		if (added(p, ON, i) > *highest)
			*highest = added(p, ON, i);
	}
}

static void plot_probe(struct report *report, const char *variant, const struct probe *p)
{
	unsigned int rows = 0;
	double highest = 1;
	struct plot plot;
	char heading[96];
	size_t i;

	for (i = 0; i < p->nr; i++)
		rows += was_called(p, i);
	if (!rows)
		return;
	report_plot_begin(report, &plot, &report->topologies[0], "bars.gp", 620, 160 + rows * 36,
			  "");
	put_bars(&plot, p, &highest);
	snprintf(heading, sizeof(heading), "What trace points add to a call of %s", variant);
	plot_set(&plot, "heading", heading);
	plot_set(&plot, "subtitle", "Exact");
	plot_set(&plot, "axis", "more instructions a call");
	plot_set(&plot, "before_name", "off");
	plot_set(&plot, "after_name", "on");
	plot_set_number(&plot, "rows", rows);
	plot_set_number(&plot, "left", 190);
	plot_set_number(&plot, "low", 0);
	plot_set_number(&plot, "high", highest * 1.25);
	report_end_plot(report, &plot, heading);
}

void section_trace_cost(struct report *report)
{
	static const char *const variants[] = {BEFORE_VARIANT, AFTER_VARIANT};
	struct probe probes[2];
	size_t i;

	fputs("<section id=\"probe\"><h2>What tracing costs</h2>\n"
	      "<p>Instructions, exact: of each call on a hypervisor without trace points; what "
	      "they "
	      "add while they are off, per site (a section with its lock and unlock, or a call "
	      "that "
	      "is traced as a whole); and what tracing adds while it is on: for other events, of "
	      "which there are none here (Xen asks for each hypercall), and for all of class mem, "
	      "Xen's "
	      "own included. What a record costs is the difference of the two.</p>\n"
	      "<div class=\"wide\"><table><thead><tr><th scope=\"col\">Hypervisor</th>"
	      "<th scope=\"col\">Operation</th><th scope=\"col\" class=\"n\">Without</th>"
	      "<th scope=\"col\" class=\"n\">Off: Δ per site</th>"
	      "<th scope=\"col\" class=\"n\">On for others: Δ</th>"
	      "<th scope=\"col\" class=\"n\">On: Δ</th><th scope=\"col\" class=\"n\">Records</th>"
	      "<th scope=\"col\" class=\"n\">Δ per record</th></tr></thead><tbody>\n",
	      report->out);
	for (i = 0; i < 2; i++) {
		probes[i] = load_probe(report, variants[i]);
		put_rows(report, variants[i], &probes[i]);
	}
	fputs("</tbody></table></div>\n<div class=\"plots\">\n", report->out);
	if (!probes[0].nr && !probes[1].nr)
		fputs("<p class=\"missing\">Not measured.</p>\n", report->out);
	for (i = 0; i < 2; i++) {
		plot_probe(report, variants[i], &probes[i]);
		free_probe(&probes[i]);
	}
	fputs("</div>\n", report->out);
	fputs("</section>\n", report->out);
}
