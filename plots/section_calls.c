// SPDX-License-Identifier: GPL-2.0-only
/* What the calls that install, replace and cancel claims cost, by number of entries. */
#include <stdlib.h>
#include <string.h>

#include "lib/parse.h"
#include "plots/html.h"
#include "plots/report.h"

#define ENTRIES "entries:"
#define MAX_SERIES 6

struct series {
	const char *name; /* of its first case */
	size_t length;	  /* up to the last slash */
	bool by_entries;  /* else one case without entries, drawn over all of them */
};

struct chart {
	struct series series[MAX_SERIES];
	unsigned int nr;
	uint64_t last; /* most entries */
	double lowest, highest;
};

static bool entries_of(const char *name, uint64_t *entries)
{
	const char *part = last_part(name);

	return !strncmp(part, ENTRIES, strlen(ENTRIES)) &&
	       !parse_u64(part + strlen(ENTRIES), 1, 100000, entries);
}

static bool in_series(const struct series *series, const char *name)
{
	uint64_t entries;

	if (!series->by_entries)
		return !strcmp(series->name, name);
	return entries_of(name, &entries) && (size_t)(last_part(name) - name) == series->length &&
	       !strncmp(name, series->name, series->length);
}

static void add_case(struct chart *chart, const struct result_case *test)
{
	double value = (double)test->min_sample / (double)test->ops;
	uint64_t entries = 0;
	bool by_entries = entries_of(test->name, &entries);
	unsigned int i;

	if (!by_entries && strncmp(test->name, "claim/legacy", strlen("claim/legacy")))
		return;
	for (i = 0; i < chart->nr; i++)
		if (in_series(&chart->series[i], test->name))
			break;
	if (i == MAX_SERIES)
		return;
	if (i == chart->nr)
		chart->series[chart->nr++] = (struct series){
			test->name, (size_t)(last_part(test->name) - test->name), by_entries};
	if (entries > chart->last)
		chart->last = entries;
	if (!chart->lowest || value < chart->lowest)
		chart->lowest = value;
	if (value > chart->highest)
		chart->highest = value;
}

static void put_series(struct plot *plot, const struct topology *t, const struct series *series,
		       uint64_t last)
{
	uint64_t entries, x;
	size_t i;

	for (i = 0; i < t->after->nr_cases; i++) {
		const struct result_case *test = &t->after->cases[i];

		if (test->skipped || !in_series(series, test->name))
			continue;
		if (!entries_of(test->name, &entries))
			entries = 0;
		for (x = entries ? entries : 1; x <= (entries ? entries : last); x++)
			fprintf(plot->data, "%llu\t%.17g\n", (unsigned long long)x,
				(double)test->min_sample / (double)test->ops);
	}
	fputs("\n\n", plot->data);
}

static void plot_chart(struct report *report, const struct topology *t, const struct chart *chart)
{
	char heading[96], variable[16], name[128];
	struct plot plot;
	unsigned int i;

	snprintf(heading, sizeof(heading), "Claim calls on %u node%s, by entries of the claim set",
		 t->nodes, t->nodes == 1 ? "" : "s");
	report_plot_begin(report, &plot, t, "lines.gp", 560, 360 + 10 * chart->nr, "");
	plot_set(&plot, "heading", heading);
	plot_set(&plot, "subtitle",
		 "Hypervisor with claim sets; library and dom0 kernel included. The axis does not "
		 "start at 0");
	plot_set(&plot, "axis_x", "entries in the claim set");
	plot_set(&plot, "axis_y", "instructions per call");
	plot_set_number(&plot, "series", chart->nr);
	plot_set_number(&plot, "lowest", chart->lowest);
	plot_set_number(&plot, "highest", chart->highest);
	plot_set_number(&plot, "last", (double)chart->last);
	for (i = 0; i < chart->nr; i++) {
		const struct series *series = &chart->series[i];

		snprintf(variable, sizeof(variable), "name%u", i + 1);
		if (series->by_entries)
			snprintf(name, sizeof(name), "%.*s", (int)series->length - 1, series->name);
		else
			snprintf(name, sizeof(name), "%s (one entry)", series->name);
		plot_set(&plot, variable, name);
		put_series(&plot, t, series, chart->last);
	}
	report_end_plot(report, &plot, heading);
}

void section_calls(struct report *report)
{
	size_t i, j;
	char name[24];

	fputs("<section id=\"calls\"><h2>The cost of the claim calls</h2>\n"
	      "<p>A set names one node an entry, the last entry of the largest set is the host. "
	      "The legacy call knows one claim; it is drawn across for comparison.</p>\n<div "
	      "class=\"plots\">\n",
	      report->out);
	for (i = 0; i < report->nr_topologies; i++) {
		const struct topology *t = &report->topologies[i];
		struct chart chart = {0};

		for (j = 0; j < t->after->nr_cases; j++)
			if (!t->after->cases[j].skipped)
				add_case(&chart, &t->after->cases[j]);
		if (chart.last)
			plot_chart(report, t, &chart);
		else
			fprintf(report->out,
				"<p class=\"missing\">No claim call by entries was measured on "
				"%s.</p>\n",
				topology_name(t, name));
	}
	fputs("</div></section>\n", report->out);
}
