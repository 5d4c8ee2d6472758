// SPDX-License-Identifier: GPL-2.0-only
/* The table of all metrics. */
#include <math.h>

#include "plots/html.h"
#include "plots/study_page.h"
#include "plots/verdict_mark.h"

static struct comparison_row verdict_row(const struct paired *p)
{
	return (struct comparison_row){.kind = ROW_SAME, .verdict = {.size = p->verdict}};
}

static void put_size(FILE *out, double size)
{
	fprintf(out, "%.2f %%", expm1(size) * 100);
}

/* EQUIVALENT is said of a host; of a restless one it says little. */
static void put_within(FILE *out, const struct paired *p)
{
	if (p->verdict != VERDICT_EQUIVALENT)
		return;
	fputs(" <small>within ", out);
	put_size(out, p->delta);
	fputs("</small>", out);
}

static void put_verdict_of(FILE *out, const struct study *study, const struct study_row *row)
{
	struct comparison_row verdict = verdict_row(&row->paired);

	put_verdict_cell_start(out, &verdict);
	fputs("<details class=\"evidence\"><summary>", out);
	put_verdict(out, &verdict);
	put_within(out, &row->paired);
	put_flagged(out, &row->paired);
	fputs("</summary>", out);
	fputs("<div>", out);
	if (row->reason) {
		fputs("<p>", out);
		html_text(out, row->reason);
		fputs(".</p>\n", out);
	}
	study_put_evidence(out, study, row);
	fputs("</div></details></td>", out);
}

static void put_size_cell(FILE *out, double size)
{
	fputs("<td class=\"n\">", out);
	if (isfinite(size))
		put_size(out, size);
	else
		fputs("–", out);
	fputs("</td>", out);
}

static void put_needed(FILE *out, const struct paired *p)
{
	char text[32];

	snprintf(text, sizeof(text), "%zu", p->needed);
	html_cell(out, "n",
		  p->verdict != VERDICT_INCONCLUSIVE ? "–"
		  : p->needed == SIZE_MAX	     ? "too many"
		  : p->needed <= p->nr		     ? "too near δ"
						     : text);
}

static void put_effect_cell(FILE *out, const struct paired *p)
{
	fprintf(out, "<td class=\"n\" data-v=\"%.6g\">", p->effect);
	study_put_effect(out, p);
	fputs("</td>", out);
}

static void put_judged(FILE *out, const struct paired *p)
{
	char text[32];

	snprintf(text, sizeof(text), "%.3g", p->q);
	html_cell(out, "n", text);
	put_size_cell(out, p->detectable);
	put_needed(out, p);
}

static void put_aa_cell(FILE *out, const struct study_row *row)
{
	struct comparison_row verdict = verdict_row(&row->aa);
	char text[32];

	if (!row->aa.nr) {
		html_cell(out, "v", "–");
		return;
	}
	fprintf(out, "<td class=\"v\" data-v=\"%.6g\">", row->aa.effect);
	if (row->metric->primary)
		put_verdict(out, &verdict);
	fputs(" ", out);
	html_number(out, effect_text(row->aa.effect, text));
	put_flagged(out, &row->aa);
	fputs("</td>", out);
}

static void put_value(FILE *out, double value)
{
	char text[32];

	snprintf(text, sizeof(text), "%.3f", value);
	html_cell(out, "n", value > 0 ? text : "–");
}

static void put_row(FILE *out, const struct study *study, const struct study_row *row)
{
	fputs("<tr><th scope=\"row\">", out);
	html_name(out, row->metric->name);
	fputs(" <small>", out);
	html_text(out, row->metric->unit);
	fputs(" per ", out);
	html_text(out, row->metric->per);
	fputs("</small></th>", out);
	put_verdict_of(out, study, row);
	if (row->paired.nr) {
		put_effect_cell(out, &row->paired);
		put_size_cell(out, row->paired.delta);
	} else {
		fputs("<td></td><td></td>", out);
	}
	put_aa_cell(out, row);
	if (row->paired.nr && !row->reason)
		put_judged(out, &row->paired);
	else
		fputs("<td></td><td></td><td></td>", out);
	put_value(out, row->before);
	put_value(out, row->after);
	fputs("</tr>\n", out);
}

void study_put_metrics(struct study_report *s)
{
	FILE *out = s->report.out;
	size_t i;

	fputs("<section id=\"metrics\"><h2>Every metric</h2>\n"
	      "<p>The effect is the mean, over pairs of boots, of ln(after / before), as percent. "
	      "A "
	      "verdict opens what it rests on.</p>\n"
	      "<div class=\"wide\"><table class=\"sort names\"><thead><tr><th "
	      "scope=\"col\">Metric</th>"
	      "<th scope=\"col\">Verdict</th><th scope=\"col\" class=\"n\">Effect [95 %]</th>"
	      "<th scope=\"col\" class=\"n\">δ</th><th scope=\"col\">A/A</th>"
	      "<th scope=\"col\" class=\"n\">q</th><th scope=\"col\" class=\"n\">Could have "
	      "seen</th>"
	      "<th scope=\"col\" class=\"n\">Pairs that settle it</th>"
	      "<th scope=\"col\" class=\"n\">before</th><th scope=\"col\" class=\"n\">after</th>"
	      "</tr></thead><tbody>\n",
	      out);
	for (i = 0; i < s->study->nr_metrics; i++)
		put_row(out, s->study, &s->verdicts.rows[i]);
	fputs("</tbody></table></div>\n<div class=\"plots\">\n", out);
	plot_study(s);
	fputs("</div></section>\n", out);
}
