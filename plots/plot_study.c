// SPDX-License-Identifier: GPL-2.0-only
#include <math.h>
#include <string.h>

#include "plots/study_page.h"

#define WIDTH 720
#define ROW_HEIGHT 30
#define MARGINS 170

static double percent(double effect)
{
	return expm1(effect) * 100;
}

struct range {
	double low, high;
};

static void widen(struct range *range, double value)
{
	range->low = fmin(range->low, value);
	range->high = fmax(range->high, value);
}

static void put_row(struct plot *plot, unsigned int number, const struct study_row *row,
		    struct range *range)
{
	const struct paired *p = &row->paired;

	fprintf(plot->data, "%u\t", number);
	plot_put(plot, row->metric->name);
	fprintf(plot->data, "\t%.10g\t%.10g\t%.10g\t%.10g\t%.10g\t%.10g\t%s\t", percent(p->effect),
		percent(p->at95.low), percent(p->at95.high), percent(p->at90.low),
		percent(p->at90.high), percent(p->delta), verdict_name(p->verdict));
	if (row->aa.nr)
		fprintf(plot->data, "%.10g\n", percent(row->aa.effect));
	else
		fputs("-\n", plot->data);
	widen(range, percent(p->at95.low));
	widen(range, percent(p->at95.high));
	widen(range, -percent(p->delta));
	widen(range, percent(p->delta));
	if (row->aa.nr)
		widen(range, percent(row->aa.effect));
}

/* Under 2 pairs there is no interval. */
static bool has_interval(const struct study_row *row)
{
	return row->paired.nr && isfinite(row->paired.at95.low);
}

void plot_study(struct study_report *s)
{
	const char *heading = "Effects with their intervals";
	struct range range = {0, 0};
	unsigned int rows = 0, number = 0;
	size_t i, longest = 0, length;
	struct plot plot;

	for (i = 0; i < s->study->nr_metrics; i++)
		rows += has_interval(&s->verdicts.rows[i]);
	if (!rows)
		return;
	report_plot_begin(&s->report, &plot, &s->report.topologies[0], "intervals.gp", WIDTH,
			  MARGINS + rows * ROW_HEIGHT, "");
	for (i = 0; i < s->study->nr_metrics; i++) {
		if (!has_interval(&s->verdicts.rows[i]))
			continue;
		put_row(&plot, number++, &s->verdicts.rows[i], &range);
		length = strlen(s->study->metrics[i].name);
		longest = length > longest ? length : longest;
	}
	plot_set(&plot, "heading", heading);
	plot_set(&plot, "subtitle", "Mean of ln(after / before) over pairs of boots");
	plot_set(&plot, "axis", "percent");
	plot_set_number(&plot, "aa", *s->study->aa_order != 0);
	plot_set_number(&plot, "rows", rows);
	plot_set_number(&plot, "left", 24 + 6.5 * (double)longest);
	plot_set_number(&plot, "right", 120);
	plot_set_number(&plot, "low", range.low - 0.06 * (range.high - range.low));
	plot_set_number(&plot, "high", range.high + 0.06 * (range.high - range.low));
	report_end_plot(&s->report, &plot, heading);
}
