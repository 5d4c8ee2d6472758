// SPDX-License-Identifier: GPL-2.0-only
/* All cases on Xen's allocator compiled for this machine, beside the lab. */
#include <stdlib.h>
#include <string.h>

#include "plots/agreement.h"
#include "plots/html.h"
#include "plots/report.h"
#include "plots/verdict_mark.h"
#include "results/case_time.h"

#define COLUMNS "7"

static const struct topology *lab_topology(const struct report *report)
{
	size_t i;

	for (i = 0; i < report->nr_topologies; i++)
		if (report->topologies[i].nodes == report->host.all.nodes)
			return &report->topologies[i];
	return NULL;
}

static void put_delta(FILE *out, const struct comparison_row *row)
{
	char text[FRACTION_TEXT_SIZE];

	if (row)
		html_number_cell(out, fraction_format_short(row->verdict.delta, true, text));
	else
		html_cell(out, "n", "–");
}

static void put_value(FILE *out, const struct result_case *test)
{
	if (test && !test->skipped)
		html_fraction_cell(out, (struct fraction){test->min_sample, test->ops}, false);
	else
		html_cell(out, "n", "–");
}

static void put_ns(FILE *out, const struct result *result, const struct result_case *test)
{
	double ns = case_ns(result, test, 500);
	char text[32];

	snprintf(text, sizeof(text), "%.1f", ns);
	html_cell(out, "n", ns > 0 ? text : "–");
}

static const struct agreement_case *find_case(const struct agreement *agreement,
					      const struct comparison_row *row)
{
	size_t i;

	for (i = 0; i < agreement->nr; i++)
		if (agreement->cases[i].host == row)
			return &agreement->cases[i];
	return NULL;
}

static void put_row(FILE *out, const struct topology *t, const struct agreement *agreement,
		    const struct comparison_row *row)
{
	const struct agreement_case *same = find_case(agreement, row);

	fputs("<tr>", out);
	put_row_name(out, row, false);
	if (row_compared(row) || row->after) {
		put_value(out, row->before);
		put_value(out, row->after);
		put_delta(out, row_compared(row) ? row : NULL);
		put_delta(out, same ? same->lab : NULL);
		put_ns(out, t->before, row->before);
		put_ns(out, t->after, row->after);
	} else {
		fprintf(out, "<td colspan=\"6\">%s ", verdict_mark(row));
		html_text(out, row->reason ? row->reason : "not measured");
		fputs("</td>", out);
	}
	fputs("</tr>\n", out);
}

static void put_table(FILE *out, const struct topology *t, const struct agreement *agreement)
{
	size_t i;

	fprintf(out,
		"<details class=\"screen\"><summary>Every case on the host target (%zu)</summary>\n"
		"<div class=\"wide\"><table class=\"small\"><thead><tr><th scope=\"col\">Case</th>"
		"<th scope=\"col\" class=\"n\">" BEFORE_VARIANT ", instructions</th>"
		"<th scope=\"col\" class=\"n\">" AFTER_VARIANT ", instructions</th>"
		"<th scope=\"col\" class=\"n\">Δ</th><th scope=\"col\" class=\"n\">Δ in the "
		"lab</th>"
		"<th scope=\"col\" class=\"n\">" BEFORE_VARIANT ", ns <small>noisy</small></th>"
		"<th scope=\"col\" class=\"n\">" AFTER_VARIANT
		", ns <small>noisy</small></th></tr></thead><tbody>\n",
		t->comparison.nr_rows);
	for (i = 0; i < t->comparison.nr_rows; i++)
		put_row(out, t, agreement, &t->comparison.rows[i]);
	fputs("</tbody></table></div></details>\n", out);
}

/* Cases whose order with that one differs between the targets. */
static void put_passed(FILE *out, const struct agreement *agreement,
		       const struct agreement_case *own)
{
	size_t i, nr = 0;

	fputs("<td>", out);
	for (i = 0; i < agreement->nr; i++) {
		if (agreement_pair(own, &agreement->cases[i]))
			continue;
		if (nr++ < 3) {
			fputs(nr > 1 ? "<br/>" : "", out);
			html_text(out, agreement->cases[i].host->name);
		}
	}
	if (nr > 3)
		fprintf(out, "<br/>%zu more", nr - 3);
	fputs("</td>", out);
}

static void put_exception(FILE *out, const struct agreement *agreement,
			  const struct agreement_case *own)
{
	char text[48];

	fputs("<tr><th scope=\"row\">", out);
	html_name(out, own->host->name);
	fputs("</th>", out);
	put_delta(out, own->lab);
	put_delta(out, own->host);
	snprintf(text, sizeof(text), "%zu → %zu", own->lab_rank, own->host_rank);
	html_cell(out, "n", text);
	put_passed(out, agreement, own);
	fputs("</tr>\n", out);
}

static void put_exceptions(FILE *out, const struct agreement *agreement)
{
	size_t i;

	if (agreement->nr_same_rank == agreement->nr && agreement->nr_same_sign == agreement->nr)
		return;
	fputs("<div class=\"wide\"><table class=\"small\"><thead><tr><th scope=\"col\">Sign or "
	      "rank "
	      "differs</th><th scope=\"col\" class=\"n\">Δ in the lab</th>"
	      "<th scope=\"col\" class=\"n\">Δ on the host target</th>"
	      "<th scope=\"col\" class=\"n\">Rank, lab → host</th>"
	      "<th scope=\"col\">Other order with</th></tr></thead><tbody>\n",
	      out);
	for (i = 0; i < agreement->nr; i++) {
		const struct agreement_case *own = &agreement->cases[i];

		if (own->lab_rank != own->host_rank ||
		    fraction_sign(own->lab->verdict.delta) !=
			    fraction_sign(own->host->verdict.delta))
			put_exception(out, agreement, own);
	}
	fputs("</tbody></table></div>\n", out);
}

static void put_agreement(FILE *out, const struct agreement *a)
{
	char apart[FRACTION_TEXT_SIZE];

	fprintf(out,
		"<p><b>Do both targets agree?</b> Of %zu cases compared on both, the sign of Δ is "
		"the "
		"same in %zu and its rank in %zu; of %zu pairs of cases, %zu have the same order. "
		"Δ is "
		"the same integer in %zu cases; the largest distance is %s instructions.</p>\n"
		"<p>Rank: 1 + the number of cases with a smaller Δ. Only cases with exactly the "
		"same Δ "
		"share a rank, and a pair that is equal on one target alone counts as another "
		"order. "
		"Outside the host target's window are the hypercall's entry, the lock of the "
		"domctl and "
		"the copying of arguments: what differs by the same number in a whole family of "
		"cases. Taking a lock, and releasing it, is one instruction longer in the "
		"hypervisor.</p>\n",
		a->nr, a->nr_same_sign, a->nr_same_rank, a->nr_pairs, a->nr_same_order, a->nr_equal,
		fraction_format_short(a->most_apart, false, apart));
}

/* "populate, order 0" and so on: cases of a series are alike. */
static const struct {
	const char *prefix, *name;
} series[] = {
	{"populate/order:0/", "populate, order 0"},
	{"populate/order:9/", "populate, order 9"},
	{"claim/", "claim calls"},
	{"refused/", "refused requests"},
};

#define NR_SERIES (sizeof(series) / sizeof(series[0]))

static unsigned int put_points(struct plot *plot, const struct agreement *a, const char *prefix)
{
	unsigned int points = 0;
	size_t i;

	for (i = 0; i < a->nr; i++) {
		struct fraction lab = a->cases[i].lab->verdict.delta;
		struct fraction host = a->cases[i].host->verdict.delta;

		if (strncmp(a->cases[i].host->name, prefix, strlen(prefix)))
			continue;
		fprintf(plot->data, "%.17g\t%.17g\n", (double)lab.num / (double)lab.den,
			(double)host.num / (double)host.den);
		points++;
	}
	return points;
}

static void put_series(struct plot *plot, const struct agreement *a)
{
	unsigned int nr = 0;
	size_t i;

	for (i = 0; i < NR_SERIES; i++)
		plot_end_series(plot, put_points(plot, a, series[i].prefix), series[i].name,
				(unsigned int)i + 1, &nr);
	plot_set_number(plot, "series", nr);
}

static void plot_agreement(struct report *report, const struct topology *t,
			   const struct agreement *a)
{
	const char *heading = "Δ of each case, on the host target and in the lab";
	struct plot plot;

	report_plot_begin(report, &plot, t, "scatter.gp", 620, 560, "");
	plot_set(&plot, "heading", heading);
	plot_set(&plot, "subtitle",
		 AFTER_VARIANT " less " BEFORE_VARIANT
			       ". On the line: the same. Both axes are asinh(Δ/10)");
	plot_set(&plot, "axis_x", "Δ in the lab, instructions per operation");
	plot_set(&plot, "axis_y", "Δ on the host target, instructions per operation");
	put_series(&plot, a);
	report_end_plot(report, &plot, heading);
}

static void put_beside_lab(struct report *report, const struct topology *t)
{
	const struct topology *lab = lab_topology(report);
	struct agreement agreement;

	if (agreement_find(lab ? &lab->comparison : NULL, &t->comparison, &agreement))
		return;
	if (agreement.nr) {
		put_agreement(report->out, &agreement);
		put_exceptions(report->out, &agreement);
		plot_agreement(report, t, &agreement);
	} else {
		fprintf(report->out,
			"<p class=\"missing\">The lab was not measured on %u node%s: nothing to "
			"compare "
			"with.</p>\n",
			t->nodes, t->nodes == 1 ? "" : "s");
	}
	put_table(report->out, t, &agreement);
	agreement_free(&agreement);
}

/* Events per operation of a case without claims, or why there are none. */
static void put_counters(FILE *out, const struct topology *t)
{
	const struct result_case *test =
		result_find(t->after, "populate/order:0/node:any/claim:none");
	const json_t *counters = test ? json_object_get(test->details, "counters") : NULL, *value;
	const char *key;

	if (!counters)
		return;
	fputs("<p>Event counters, per extent of <code>", out);
	html_text(out, test->name);
	fputs("</code> in " AFTER_VARIANT ":", out);
	json_object_foreach((json_t *)counters, key, value)
	{
		fputs(" <code>", out);
		html_text(out, key);
		fputs("</code> ", out);
		if (json_is_string(value)) {
			html_text(out, json_string_value(value));
			fputs(";", out);
		} else {
			fprintf(out, "%.4g;", json_number_value(value));
		}
	}
	fputs(" those of all cases are in the result's file.</p>\n", out);
}

void section_host(struct report *report)
{
	const struct topology *t = &report->host.all;
	FILE *out = report->out;

	fputs("<section id=\"host\"><h2>The host target</h2>\n"
	      "<p>The same cases on Xen's own <code>page_alloc.c</code>, compiled for this machine "
	      "and "
	      "run in a process: no dom0, no hypercall, real caches. Instructions are counted by "
	      "callgrind, and as exact as the lab's. Times are of this machine and <b>noisy</b>: "
	      "medians of all samples, on which no verdict rests; <code>claimperf plot "
	      "latency</code> "
	      "draws all of them.</p>\n",
	      out);
	if (t->before) {
		put_beside_lab(report, t);
		put_counters(out, t);
	} else {
		fputs("<p class=\"missing\">host/" BEFORE_VARIANT ".json and host/" AFTER_VARIANT
		      ".json are not both there: nothing to show.</p>\n",
		      out);
	}
	fputs("</section>\n", out);
}
