// SPDX-License-Identifier: GPL-2.0-only
/* Both sides of each case, a picture for a family. */
#include <stdlib.h>
#include <string.h>

#include "plots/report.h"

#define WIDTH 620
#define ROW_HEIGHT 36
#define MARGINS 160
#define LABEL_WIDTH 140

/* Exact: the least sample. Noisy: the median. */
static double value_of(const struct result_case *test)
{
	double median;

	if (test->kind == KIND_NOISY && !result_median(test, &median))
		return median;
	return (double)test->min_sample / (double)test->ops;
}

static double put_row(struct plot *plot, unsigned int number, const struct comparison_row *row)
{
	double before = value_of(row->before), after = value_of(row->after);

	fprintf(plot->data, "%u\t", number);
	plot_put(plot, last_part(row->name));
	fprintf(plot->data, "\t%.17g\t%.7g\t%.17g\t%.7g (%+.3g %%)\n", before, before, after, after,
		before > 0 ? (after / before - 1) * 100 : 0);
	return before > after ? before : after;
}

static void set_names(struct report *report, struct plot *plot, const struct topology *t,
		      const struct comparison_row *row, char heading[160])
{
	char name[24], axis[64];

	snprintf(heading, 160, "%.*s on %s, %s and %s", (int)(last_part(row->name) - row->name) - 1,
		 row->name, topology_name(t, name), side_name(report, false),
		 side_name(report, true));
	snprintf(axis, sizeof(axis), "%s per %s", row->after->unit, row->after->per);
	plot_set(plot, "heading", heading);
	plot_set(plot, "subtitle",
		 row->after->kind == KIND_EXACT ? "Exact" : "Noisy: the median of all samples");
	plot_set(plot, "axis", axis);
	plot_set(plot, "before_name", side_name(report, false));
	plot_set(plot, "after_name", side_name(report, true));
}

static void draw_family(struct report *report, const struct topology *t, size_t first, size_t end,
			unsigned int rows)
{
	const struct comparison_row *row = &t->comparison.rows[first];
	double highest = 0, value;
	unsigned int number = 0;
	size_t i, longest = 0;
	char heading[160];
	struct plot plot;

	report_plot_begin(report, &plot, t, "bars.gp", WIDTH, MARGINS + rows * ROW_HEIGHT, "");
	for (i = first; i < end; i++) {
		if (t->comparison.rows[i].kind != ROW_SAME)
			continue;
		row = &t->comparison.rows[i];
		value = put_row(&plot, number++, row);
		highest = value > highest ? value : highest;
		longest = strlen(last_part(row->name)) > longest ? strlen(last_part(row->name))
								 : longest;
	}
	set_names(report, &plot, t, row, heading);
	plot_set_number(&plot, "rows", rows);
	plot_set_number(&plot, "left", 20 + 7 * (double)longest);
	plot_set_number(&plot, "low", 0);
	plot_set_number(&plot, "high", highest * 1.1 * WIDTH / (WIDTH - LABEL_WIDTH));
	report_end_plot(report, &plot, heading);
}

void plot_before_after(struct report *report, const struct topology *t)
{
	const struct comparison_row *rows = t->comparison.rows;
	size_t i, first;

	for (first = 0; first < t->comparison.nr_rows; first = i) {
		unsigned int nr = 0;

		for (i = first;
		     i < t->comparison.nr_rows && same_family(rows[i].name, rows[first].name); i++)
			nr += rows[i].kind == ROW_SAME;
		if (nr)
			draw_family(report, t, first, i, nr);
	}
}
