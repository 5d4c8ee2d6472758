// SPDX-License-Identifier: GPL-2.0-only
/* The case tables: every case of every topology, with its verdict. */
#include <stdlib.h>
#include <string.h>

#include "plots/evidence.h"
#include "plots/html.h"
#include "plots/report.h"

#define COLUMNS "7"

/* The function whose own count changed most. */
static void put_where(FILE *out, const struct comparison_row *row)
{
	struct profile_difference *list;
	size_t nr;

	fputs("<td class=\"where\">", out);
	if (row->profile_before && row->profile_after &&
	    !profile_compare(row->profile_before, row->profile_after, &list, &nr)) {
		char delta[FRACTION_TEXT_SIZE];

		if (nr) {
			fputs("<code>", out);
			html_text(out, list[0].function);
			fputs("</code> ", out);
			html_number(out, fraction_format_short(list[0].delta, true, delta));
		}
		if (nr > 1)
			fprintf(out, ", %zu more", nr - 1);
		free(list);
	}
	fputs("</td>", out);
}

static void put_delta(FILE *out, const struct comparison_row *row)
{
	char percent[32], exact[FRACTION_TEXT_SIZE];

	if (!row_compared(row)) {
		fputs("<td></td><td></td>", out);
		return;
	}
	fputs("<td class=\"n\" title=\"", out);
	html_text(out, fraction_format(row->verdict.delta, true, exact));
	fputs("\">", out);
	html_number(out, fraction_format_short(row->verdict.delta, true, exact));
	fputs("</td>", out);
	snprintf(percent, sizeof(percent), "%+.3f", row->verdict.percent);
	html_number_cell(out, row->verdict.delta.num ? percent : "0");
}

static void put_cost(FILE *out, const struct result_case *test, struct fraction cost)
{
	if (cost.den)
		html_fraction_cell(out, cost, false);
	else if (test)
		html_fraction_cell(out, (struct fraction){test->min_sample, test->ops}, false);
	else
		fputs("<td></td>", out);
}

static void put_row(FILE *out, const struct topology *t, const struct comparison_row *row)
{
	fputs("<tr>", out);
	put_row_name(out, row, true);
	put_evidence_cell(out, t, row);
	put_delta(out, row);
	put_cost(out, row->before, row->cost_before);
	put_cost(out, row->after, row->cost_after);
	if (row_compared(row))
		put_where(out, row);
	else
		html_cell(out, "where", row->reason);
	fputs("</tr>\n", out);
}

static void put_family(FILE *out, const char *name)
{
	char *family = strndup(name, (size_t)(last_part(name) - name));

	if (!family)
		return;
	if (*family)
		family[strlen(family) - 1] = 0;
	fputs("<tr class=\"family\"><th colspan=\"" COLUMNS "\" scope=\"colgroup\">", out);
	html_text(out, family);
	fputs("</th></tr>\n", out);
	free(family);
}

static void put_table(FILE *out, const struct topology *t)
{
	char name[24];
	size_t i;

	fprintf(out,
		"<h3 id=\"cases-%u\">On %s</h3>\n<div class=\"wide\"><table "
		"class=\"sort\">\n<thead><tr>"
		"<th scope=\"col\">Case</th><th scope=\"col\">Verdict</th>"
		"<th scope=\"col\" class=\"n\">Δ</th><th scope=\"col\" class=\"n\">Δ %%</th>"
		"<th scope=\"col\" class=\"n\">" BEFORE_VARIANT
		"</th><th scope=\"col\" class=\"n\">" AFTER_VARIANT "</th>"
		"<th scope=\"col\">Most of it in</th></tr></thead>\n<tbody>\n",
		t->nodes, topology_name(t, name));
	for (i = 0; i < t->comparison.nr_rows; i++) {
		const struct comparison_row *row = &t->comparison.rows[i];

		if (!i || !same_family(row[-1].name, row->name))
			put_family(out, row->name);
		put_row(out, t, row);
	}
	fputs("</tbody></table></div>\n", out);
}

void section_cases(struct report *report)
{
	FILE *out = report->out;
	size_t i;

	fputs("<section id=\"cases\"><h2>Every case</h2>\n"
	      "<p>Instructions per operation (an extent, or a call): the least of all samples. "
	      "Not nanoseconds. “vs” names the case of " BEFORE_VARIANT
	      " that stands in where it has none "
	      "of its own. A verdict opens what it rests on.</p>\n",
	      out);
	for (i = 0; i < report->nr_topologies; i++)
		put_table(out, &report->topologies[i]);
	fputs("</section>\n", out);
}
