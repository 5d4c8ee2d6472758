// SPDX-License-Identifier: GPL-2.0-only
/* Who did an operation: the hypervisor, dom0's kernel, dom0's program. */
#include <string.h>

#include "plots/html.h"
#include "plots/section_shares.h"

static const char *const share_names[SHARES] = {
	[SHARE_HYPERVISOR] = "hypervisor",
	[SHARE_KERNEL] = "dom0 kernel",
	[SHARE_USER] = "dom0 program",
};

static bool has_shares(const struct comparison_row *row, const char *unit)
{
	const struct result_case *const both[2] = {row->before, row->after};

	for (size_t i = 0; i < 2; i++)
		if (!both[i] || !both[i]->shares.unit || strcmp(both[i]->shares.unit, unit))
			return false;
	return true;
}

static void put_head(FILE *out)
{
	fputs("<div class=\"wide\"><table class=\"small\"><thead><tr><th scope=\"col\">Case</th>",
	      out);
	for (size_t i = 0; i < SHARES; i++)
		fprintf(out, "<th scope=\"colgroup\" colspan=\"3\" class=\"n\">%s</th>",
			share_names[i]);
	fputs("<th scope=\"colgroup\" colspan=\"2\" class=\"n\">dom0, %</th></tr><tr><th></th>",
	      out);
	for (size_t i = 0; i < SHARES; i++)
		fputs("<th class=\"n\">" BEFORE_VARIANT "</th><th class=\"n\">" AFTER_VARIANT
		      "</th><th class=\"n\">Δ</th>",
		      out);
	fputs("<th class=\"n\">" BEFORE_VARIANT "</th><th class=\"n\">" AFTER_VARIANT
	      "</th></tr></thead><tbody>\n",
	      out);
}

static void put_part(FILE *out, const struct shares *before, const struct shares *after,
		     enum share part)
{
	html_fraction_cell(out, (struct fraction){before->parts[part], before->ops}, false);
	html_fraction_cell(out, (struct fraction){after->parts[part], after->ops}, false);
	html_fraction_cell(
		out,
		fraction_subtract(after->parts[part], after->ops, before->parts[part], before->ops),
		true);
}

static void put_percent(FILE *out, const struct shares *shares)
{
	double dom0 = (double)(shares->parts[SHARE_KERNEL] + shares->parts[SHARE_USER]);
	double whole = dom0 + (double)shares->parts[SHARE_HYPERVISOR];
	char text[32];

	snprintf(text, sizeof(text), "%.1f", whole > 0 ? 100 * dom0 / whole : 0.0);
	html_number_cell(out, text);
}

static void put_row(FILE *out, const struct comparison_row *row)
{
	const struct shares *before = &row->before->shares, *after = &row->after->shares;

	fputs("<tr>", out);
	put_row_name(out, row, false);
	for (enum share part = 0; part < SHARES; part++)
		put_part(out, before, after, part);
	put_percent(out, before);
	put_percent(out, after);
	fputs("</tr>\n", out);
}

/* The number of cases in it. */
static size_t put_table(FILE *out, const struct topology *t, const char *unit, const char *about)
{
	size_t nr = 0;

	for (size_t i = 0; i < t->comparison.nr_rows; i++) {
		if (!has_shares(&t->comparison.rows[i], unit))
			continue;
		if (!nr++) {
			fprintf(out, "<p>%s</p>\n", about);
			put_head(out);
		}
		put_row(out, &t->comparison.rows[i]);
	}
	if (nr)
		fputs("</tbody></table></div>\n", out);
	return nr;
}

static const char *why_lacking(const struct topology *t)
{
	for (size_t i = 0; i < t->after->nr_cases; i++)
		if (t->after->cases[i].shares.lacking)
			return t->after->cases[i].shares.lacking;
	return "neither perf nor the probe watched any";
}

void put_shares(FILE *out, const struct topology *t)
{
	size_t nr = put_table(
		out, t, "instructions",
		"Who executed the instructions of an operation, by the probe; the three together "
		"are what the case costs:");

	nr += put_table(out, t, "ns",
			"Who took the time of an operation, in nanoseconds, by perf and with what "
			"perf itself takes "
			"of them (noisy, of the shortest call); the three together are the call:");
	if (nr)
		return;
	fputs("<p class=\"missing\">Who did the operations of the cases is not known: ", out);
	html_text(out, why_lacking(t));
	fputs(".</p>\n", out);
}
