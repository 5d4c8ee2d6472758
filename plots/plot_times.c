// SPDX-License-Identifier: GPL-2.0-only
/* Histograms of times, before and after, of the cases of a family below each other. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "results/case_time.h"
#include "plots/ridges.h"

static void add_side(struct ridges *ridges, const struct result *result,
		     const struct result_case *test, const char *name, bool after)
{
	struct ridge *ridge;
	double *ns;
	size_t i, nr;

	if (!test || test->skipped)
		return;
	ns = case_samples_ns(result, test, &nr);
	ridge = ns ? ridges_get(ridges, name, after) : NULL;
	for (i = 0; ridge && i < nr; i++)
		hist_record(ridge->hist, (uint64_t)llround(ns[i]));
	free(ns);
}

static void draw_family(struct report *report, const struct topology *t,
			const struct ridges *ridges, const struct comparison_row *row)
{
	const char *sides[] = {side_name(report, false), side_name(report, true)};
	char heading[160], subtitle[96];
	struct plot plot;

	report_plot_begin(report, &plot, t, RIDGES_SCRIPT, RIDGES_WIDTH, ridges_height(ridges), "");
	ridges_draw(&plot, ridges, sides);
	snprintf(heading, sizeof(heading), "%.*s, time of samples",
		 (int)(last_part(row->name) - row->name) - 1, row->name);
	snprintf(subtitle, sizeof(subtitle),
		 "Noisy. A sample is %llu %s%s. Rows scaled to their highest bar",
		 (unsigned long long)row->after->ops, row->after->per,
		 row->after->ops == 1 ? "" : "s");
	plot_set(&plot, "heading", heading);
	plot_set(&plot, "subtitle", subtitle);
	plot_set(&plot, "axis", "ns");
	report_end_plot(report, &plot, heading);
}

/* The rows of one family, which follow each other; how many. */
static size_t plot_family(struct report *report, const struct topology *t, size_t first)
{
	const struct comparison_row *rows = t->comparison.rows;
	const struct comparison_row *last = NULL;
	struct ridges ridges = {0};
	size_t i = first;

	for (; i < t->comparison.nr_rows && same_family(rows[i].name, rows[first].name); i++) {
		const char *part = last_part(rows[i].name);

		if (rows[i].kind != ROW_SAME)
			continue;
		add_side(&ridges, t->before, rows[i].before, part, false);
		add_side(&ridges, t->after, rows[i].after, part, true);
		last = &rows[i];
	}
	if (ridges.nr)
		draw_family(report, t, &ridges, last);
	ridges_free(&ridges);
	return i - first;
}

void plot_times(struct report *report, const struct topology *t)
{
	size_t i = 0;

	while (i < t->comparison.nr_rows)
		i += plot_family(report, t, i);
}
