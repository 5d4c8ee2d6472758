// SPDX-License-Identifier: GPL-2.0-only
/* What the verdict of a metric rests on: its pairs, quantiles, and the rounds that were looked at.
 */
#include <math.h>

#include "plots/html.h"
#include "plots/study_page.h"

/* The mean of what warm-up left, as the verdict has it; false for a boot that came to nothing. */
static bool boot_mean(const struct study *study, const struct boot *boot, double *mean)
{
	struct boot_figures figures;

	if (!boot->nr || boot_figures(boot, study->seed, &figures))
		return false;
	*mean = figures.mean;
	return true;
}

static void put_mean(FILE *out, bool there, double mean)
{
	char text[32];

	snprintf(text, sizeof(text), "%.3f", mean);
	html_cell(out, "n", there ? text : "–");
}

static void put_difference(FILE *out, double ratio, bool flagged)
{
	char text[32];

	fputs("<td class=\"n\">", out);
	html_number(out, effect_text(ratio, text));
	fputs(flagged ? " ⚑</td>" : "</td>", out);
}

static void put_pair(FILE *out, const struct study *study, const struct study_metric *m,
		     enum study_arm arm, size_t pair, bool flagged)
{
	const char *order = arm == STUDY_BEFORE ? study->order : study->aa_order;
	double before = 0, after = 0;
	bool has_before = boot_mean(study, &m->boots[arm][pair], &before);
	bool has_after = boot_mean(study, &m->boots[arm + 1][pair], &after);

	fprintf(out, "<tr><td class=\"n\">%zu</td><td>%s</td>", pair + 1,
		order[pair] == '1' ? "after" : "before");
	put_mean(out, has_before, before);
	put_mean(out, has_after, after);
	if (has_before && has_after)
		put_difference(out, log(after / before), flagged);
	else
		html_cell(out, "n", "does not count");
	fputs("</tr>\n", out);
}

static void put_pairs(FILE *out, const struct study *study, const struct study_metric *m,
		      enum study_arm arm, const char *what, uint32_t flagged)
{
	size_t i;

	if (!m->boots[arm])
		return;
	fprintf(out,
		"<table class=\"small\"><thead><tr><th scope=\"col\" class=\"n\">%s</th>"
		"<th scope=\"col\">First</th><th scope=\"col\" class=\"n\">before</th>"
		"<th scope=\"col\" class=\"n\">after</th><th scope=\"col\" "
		"class=\"n\">Δ</th></tr></thead>"
		"<tbody>\n",
		what);
	for (i = 0; i < study_pairs(study, arm); i++)
		put_pair(out, study, m, arm, i, flagged >> i & 1);
	fputs("</tbody></table>\n", out);
}

static void put_shifts(FILE *out, const struct study_row *row)
{
	char text[32];
	bool any = false;
	size_t i;

	for (i = 0; i < BOOT_QUANTILES; i++) {
		const struct quantile_shift *shift = &row->shifts[i];

		if (!shift->nr)
			continue;
		fprintf(out, "%s%s ", any ? ", " : "<p>Quantiles of rounds: ",
			boot_quantile_name((enum boot_quantile)i));
		html_number(out, effect_text(shift->effect, text));
		if (isfinite(shift->at95.low)) {
			fputs(" [", out);
			html_number(out, effect_text(shift->at95.low, text));
			fputs(", ", out);
			html_number(out, effect_text(shift->at95.high, text));
			fputs("]", out);
		}
		any = true;
	}
	if (any)
		fputs(".</p>\n", out);
}

void study_put_evidence(FILE *out, const struct study *study, const struct study_row *row)
{
	fprintf(out,
		"<p>p %.3g by sign flips. %zu rounds, of which %zu are warm-up and not counted, "
		"and %zu "
		"outliers, which are. %zu boots never got steady.</p>\n",
		row->paired.nr ? row->paired.p : 1, row->rounds, row->dropped, row->outliers,
		row->unsteady);
	put_shifts(out, row);
	if (row->aa.nr) {
		fputs("<p>A/A: ", out);
		study_put_effect(out, &row->aa);
		fputs(".</p>\n", out);
	}
	put_pairs(out, study, row->metric, STUDY_BEFORE, "Pair", row->paired.flagged);
	put_pairs(out, study, row->metric, STUDY_AA_BEFORE, "A/A", row->aa.flagged);
}
