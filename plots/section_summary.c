// SPDX-License-Identifier: GPL-2.0-only
/* The answer first: what changed, by how much, where, and is it real. */
#include <stdlib.h>
#include <string.h>

#include "plots/evidence.h"
#include "plots/html.h"
#include "plots/report.h"
#include "plots/verdict_mark.h"

static const unsigned int orders[] = {0, 9};

#define NR_ORDERS (sizeof(orders) / sizeof(orders[0]))

/* The case that costs most above the origin, of those that hold or meet a claim. */
struct dearest {
	const struct comparison_row *row;
	struct fraction delta;
};

static const struct comparison_row *unclaimed_row(const struct topology *t, unsigned int order)
{
	const struct comparison_row *row;
	char name[64];

	snprintf(name, sizeof(name), "populate/order:%u/node:any/claim:none", order);
	row = find_row(t, name);
	return row && row_compared(row) ? row : NULL;
}

static struct dearest find_dearest(const struct topology *t, unsigned int order)
{
	struct dearest best = {0};
	char prefix[32];
	size_t i;

	snprintf(prefix, sizeof(prefix), "populate/order:%u/", order);
	for (i = 0; i < t->comparison.nr_rows; i++) {
		const struct comparison_row *row = &t->comparison.rows[i];

		if (strncmp(row->name, prefix, strlen(prefix)) || !row_compared(row) ||
		    !strcmp(last_part(row->name), "claim:none"))
			continue;
		if (!best.row || (double)row->verdict.delta.num / (double)row->verdict.delta.den >
					 (double)best.delta.num / (double)best.delta.den)
			best = (struct dearest){row, row->verdict.delta};
	}
	return best;
}

static size_t count_rows(const struct topology *t, enum verdict_size size, enum row_kind kind)
{
	size_t i, n = 0;

	for (i = 0; i < t->comparison.nr_rows; i++) {
		const struct comparison_row *row = &t->comparison.rows[i];

		n += row->kind == kind && (!row_compared(row) || row->verdict.size == size);
	}
	return n;
}

/* The three functions that changed most in that case. */
static void put_functions(FILE *out, const struct comparison_row *row, bool html)
{
	struct profile_difference *list = NULL;
	char delta[FRACTION_TEXT_SIZE];
	size_t i, nr = 0;

	if (!row || !row->profile_before || !row->profile_after ||
	    profile_compare(row->profile_before, row->profile_after, &list, &nr) || !nr) {
		free(list);
		fputs(row && row->profile_before && row->profile_after ? "no function"
								       : "no profile",
		      out);
		return;
	}
	for (i = 0; i < nr && i < 3; i++) {
		fraction_format_short(list[i].delta, true, delta);
		if (html) {
			fprintf(out, "%s<code>", i ? "<br/>" : "");
			html_text(out, list[i].function);
			fputs("</code> ", out);
			html_number(out, delta);
		} else {
			fprintf(out, "%s%s %s", i ? ", " : "", list[i].function, delta);
		}
	}
	if (nr > 3)
		fprintf(out, "%s%zu more", html ? "<br/>" : ", ", nr - 3);
	free(list);
}

/* A case's name without what the line around it says already. */
static const char *from_node(const char *name)
{
	const char *part = strstr(name, "node:");

	return part ? part : name;
}

static void put_change(FILE *out, const struct topology *t, const struct comparison_row *row)
{
	char text[48], delta[FRACTION_TEXT_SIZE];

	fputs("<td>", out);
	if (row) {
		fprintf(out, "<b class=\"figure\">%s ", verdict_mark(row));
		html_number(out, fraction_format_short(row->verdict.delta, true, delta));
		fputs("</b> ", out);
		snprintf(text, sizeof(text), "(%+.2f\u00a0%%)", row->verdict.percent);
		if (row->verdict.delta.num)
			html_number(out, text);
		fputs("<br/><small><a href=\"", out);
		put_evidence_address(out, t, row);
		fputs("\">", out);
		html_text(out, verdict_words(row, text));
		fputs("</a>", out);
		if (row->kind == ROW_REFERENCE || strcmp(last_part(row->name), "claim:none")) {
			fputs(", ", out);
			html_name(out, from_node(row->name));
		}
		fputs("</small>", out);
	} else {
		fputs("not measured", out);
	}
	fputs("</td>", out);
}

static void put_line(struct report *report, const char *label, unsigned int order, bool dearest)
{
	size_t i;

	fprintf(report->out,
		"<tr><th scope=\"row\">%s <small>order %u, %u KiB extents</small></th>", label,
		order, 4u << order);
	for (i = 0; i < report->nr_topologies; i++) {
		const struct topology *t = &report->topologies[i];

		put_change(report->out, t,
			   dearest ? find_dearest(t, order).row : unclaimed_row(t, order));
	}
	fputs("</tr>\n", report->out);
}

static void put_counts(FILE *out, const struct topology *t, enum row_kind kind)
{
	bool any = false;
	size_t i, n;

	fputs("<td>", out);
	for (i = 0; i < VERDICT_SIZES; i++) {
		n = count_rows(t, (enum verdict_size)i, kind);
		if (n)
			fprintf(out, "%s%zu %s", any ? ", " : "", n,
				verdict_name((enum verdict_size)i));
		any |= n > 0;
	}
	fprintf(out, "%s</td>", any ? "" : "none");
}

static void put_table(struct report *report)
{
	FILE *out = report->out;
	char name[24];
	size_t i;

	fputs("<div class=\"wide\"><table class=\"key\"><thead><tr><th scope=\"col\">Instructions "
	      "per extent, " AFTER_VARIANT " against " BEFORE_VARIANT "</th>",
	      out);
	for (i = 0; i < report->nr_topologies; i++)
		fprintf(out, "<th scope=\"col\">%s</th>",
			topology_name(&report->topologies[i], name));
	fputs("</tr></thead><tbody>\n", out);
	for (i = 0; i < NR_ORDERS; i++)
		put_line(report, "No claim anywhere", orders[i], false);
	for (i = 0; i < NR_ORDERS; i++)
		put_line(report, "Worst with claims", orders[i], true);
	fputs("<tr><th scope=\"row\">In which functions <small>no claim, order 0, any "
	      "node</small></th>",
	      out);
	for (i = 0; i < report->nr_topologies; i++) {
		fputs("<td>", out);
		put_functions(out, unclaimed_row(&report->topologies[i], 0), true);
		fputs("</td>", out);
	}
	fputs("</tr>\n<tr><th scope=\"row\">Cases of both hypervisors</th>", out);
	for (i = 0; i < report->nr_topologies; i++)
		put_counts(out, &report->topologies[i], ROW_SAME);
	fputs("</tr>\n<tr><th scope=\"row\">New abilities <small>against the same without "
	      "them</small></th>",
	      out);
	for (i = 0; i < report->nr_topologies; i++)
		put_counts(out, &report->topologies[i], ROW_REFERENCE);
	fputs("</tr>\n</tbody></table></div>\n", out);
}

struct evidence {
	/* Measured cases of both sides; single: on one machine only; unproven: their branches. */
	size_t exact, noisy, single, unproven;
};

static void count_evidence(const struct result *result, struct evidence *evidence)
{
	size_t i;

	for (i = 0; i < result->nr_cases; i++) {
		const struct result_case *test = &result->cases[i];

		if (test->skipped)
			continue;
		evidence->unproven += result_unproven(test);
		if (test->kind == KIND_NOISY)
			evidence->noisy++;
		else if (json_integer_value(json_object_get(test->details, "machines")) < 2)
			evidence->single++;
		else
			evidence->exact++;
	}
}

static struct evidence collect_evidence(const struct report *report)
{
	struct evidence evidence = {0};
	size_t i;

	for (i = 0; i < report->nr_topologies; i++) {
		count_evidence(report->topologies[i].before, &evidence);
		count_evidence(report->topologies[i].after, &evidence);
	}
	return evidence;
}

static void put_evidence(const struct report *report, FILE *out)
{
	struct evidence e = collect_evidence(report);

	fprintf(out, "%zu figures are exact: two fresh machines gave the same integers", e.exact);
	if (e.single)
		fprintf(out, "; %zu were counted on one machine only", e.single);
	if (e.noisy)
		fprintf(out, "; %zu are noisy and decide nothing", e.noisy);
	if (e.unproven)
		fprintf(out, "; of %zu nobody has seen which branches they take", e.unproven);
	fputs(".", out);
}

static void put_lost(const struct report *report)
{
	size_t i, j;
	char name[24];

	for (i = 0; i < report->nr_topologies; i++) {
		const struct topology *t = &report->topologies[i];

		for (j = 0; j < t->comparison.nr_rows; j++) {
			const struct comparison_row *row = &t->comparison.rows[j];

			if (row->kind != ROW_LOST)
				continue;
			fprintf(report->out,
				"<p class=\"warning\">✗ Lost on %s: ", topology_name(t, name));
			html_text(report->out, row->name);
			fputs(" (", report->out);
			html_text(report->out, row->reason);
			fputs(")</p>\n", report->out);
		}
	}
}

void section_summary(struct report *report)
{
	const struct topology *t = &report->topologies[0];
	FILE *out = report->out;
	size_t i;

	fputs("<header><h1>" BEFORE_VARIANT " → " AFTER_VARIANT
	      "</h1>\n<p class=\"sub\">What the change costs in "
	      "Xen's page allocator, in instructions. ",
	      out);
	html_text(out, identity(t, "hypervisor.xen", true));
	fputs(".</p>\n<nav><a href=\"#cases\">Cases</a> <a href=\"#costs\">Claims</a> <a "
	      "href=\"#calls\">Calls</a> "
	      "<a href=\"#where\">Functions</a> <a href=\"#traces\">Lock and checks</a> <a "
	      "href=\"#probe\">Cost of tracing</a> <a "
	      "href=\"#perf\">dom0</a> "
	      "<a href=\"#host\">Host target</a> <a href=\"#scaling\">Scaling</a> <a "
	      "href=\"#contention\">Contention</a> "
	      "<a href=\"#reading\">How to read</a> <a "
	      "href=\"#identity\">Identity</a></nav></header>\n"
	      "<section id=\"summary\"><h2>Summary</h2>\n",
	      out);
	for (i = 0; i < report->nr_complaints; i++) {
		fputs("<p class=\"warning\">⚠ ", out);
		html_text(out, report->complaints[i]);
		fputs("</p>\n", out);
	}
	put_lost(report);
	put_table(report);
	fputs("<p><b>Is it real?</b> ", out);
	put_evidence(report, out);
	fputs(" A difference of one instruction is a difference of the program. It says nothing "
	      "about cache misses "
	      "or waiting: see <a href=\"#reading\">how to read this</a>.</p>\n</section>\n",
	      out);
}

static void print_order(const struct topology *t, unsigned int order, FILE *out)
{
	const struct comparison_row *row = unclaimed_row(t, order);
	struct dearest dearest = find_dearest(t, order);
	char before[FRACTION_TEXT_SIZE], after[FRACTION_TEXT_SIZE], delta[FRACTION_TEXT_SIZE],
		words[48];

	fprintf(out, "  order %u: ", order);
	if (row)
		fprintf(out, "no claim %s -> %s instructions, %s (%+.2f %%), %s",
			fraction_format_short(row->cost_before, false, before),
			fraction_format_short(row->cost_after, false, after),
			fraction_format_short(row->verdict.delta, true, delta),
			row->verdict.percent, verdict_words(row, words));
	else
		fputs("no claim: not measured", out);
	if (dearest.row)
		fprintf(out, "; worst with claims %s (%s)",
			fraction_format_short(dearest.delta, true, delta),
			from_node(dearest.row->name));
	fputc('\n', out);
}

static void print_topology(const struct topology *t, FILE *out)
{
	size_t i, open = count_rows(t, VERDICT_INCONCLUSIVE, ROW_SAME) +
			 count_rows(t, VERDICT_INCONCLUSIVE, ROW_REFERENCE);
	char name[24];

	fprintf(out,
		"%s: %zu identical, %zu note, %zu minor, %zu major; new abilities: %zu minor or "
		"less, %zu major; "
		"%zu lost",
		topology_name(t, name), count_rows(t, VERDICT_IDENTICAL, ROW_SAME),
		count_rows(t, VERDICT_NOTE, ROW_SAME), count_rows(t, VERDICT_MINOR, ROW_SAME),
		count_rows(t, VERDICT_MAJOR, ROW_SAME),
		count_rows(t, VERDICT_IDENTICAL, ROW_REFERENCE) +
			count_rows(t, VERDICT_NOTE, ROW_REFERENCE) +
			count_rows(t, VERDICT_MINOR, ROW_REFERENCE),
		count_rows(t, VERDICT_MAJOR, ROW_REFERENCE),
		count_rows(t, VERDICT_IDENTICAL, ROW_LOST));
	if (open)
		fprintf(out, ", %zu inconclusive", open);
	fputc('\n', out);
	for (i = 0; i < NR_ORDERS; i++)
		print_order(t, orders[i], out);
	fputs("  where:   ", out);
	put_functions(out, unclaimed_row(t, 0), false);
	fputs(" (order 0, no claim)\n", out);
}

void print_summary(const struct report *report, FILE *out)
{
	size_t i;

	fprintf(out, BEFORE_VARIANT " -> " AFTER_VARIANT ", %s, %s mode, instructions per extent\n",
		identity(&report->topologies[0], "hypervisor.xen", true),
		identity(&report->topologies[0], "mode", true));
	for (i = 0; i < report->nr_topologies; i++)
		print_topology(&report->topologies[i], out);
	put_evidence(report, out);
	fputc('\n', out);
}
