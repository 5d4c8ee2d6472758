// SPDX-License-Identifier: GPL-2.0-only
/* What holding a claim costs, by kind of claim, per order and node mode. */
#include <stdlib.h>
#include <string.h>

#include "plots/html.h"
#include "plots/report.h"

#define WIDTH 560
#define ROW_HEIGHT 36
#define MARGINS 160 /* above and below the rows */
#define LABEL_WIDTH 135
#define CLAIM "claim:"

struct group {
	const char *name; /* of its first case */
	size_t length;	  /* of what all its cases share: "populate/order:0/node:any/" */
	const struct result_case *origin; /* BEFORE without claims */
};

struct extent {
	double low, high;
};

static bool in_group(const struct group *group, const char *name)
{
	return !strncmp(name, group->name, group->length) &&
	       !strncmp(name + group->length, CLAIM, strlen(CLAIM));
}

static const struct result_case *find_measured(const struct result *result,
					       const struct group *group, const char *part)
{
	const struct result_case *test;
	char *name;

	if (asprintf(&name, "%.*s%s", (int)group->length, group->name, part) < 0)
		return NULL;
	test = result_find(result, name);
	free(name);
	return test && !test->skipped ? test : NULL;
}

/* One bar: its value and its label. */
static void put_bar(struct plot *plot, const struct result_case *test,
		    const struct result_case *origin, struct extent *extent)
{
	struct fraction f;
	char text[FRACTION_TEXT_SIZE];
	double value;

	if (!test) {
		fputs("\t0\tnot possible", plot->data);
		return;
	}
	f = fraction_subtract(test->min_sample, test->ops, origin->min_sample, origin->ops);
	value = (double)f.num / (double)f.den;
	if (value < extent->low)
		extent->low = value;
	if (value > extent->high)
		extent->high = value;
	fprintf(plot->data, "\t%.17g\t%s", value, fraction_format_short(f, true, text));
	if (f.num)
		fprintf(plot->data, " (%+.2f %%)",
			value * 100 * (double)origin->ops / (double)origin->min_sample);
}

static unsigned int put_rows(struct plot *plot, const struct topology *t, const struct group *group,
			     struct extent *extent)
{
	unsigned int rows = 0;
	size_t i;

	for (i = 0; i < t->after->nr_cases; i++) {
		const struct result_case *test = &t->after->cases[i];

		if (test->skipped || !in_group(group, test->name))
			continue;
		fprintf(plot->data, "%u\t", rows++);
		plot_put(plot, test->name + group->length + strlen(CLAIM));
		put_bar(plot, find_measured(t->before, group, test->name + group->length),
			group->origin, extent);
		put_bar(plot, test, group->origin, extent);
		fputc('\n', plot->data);
	}
	return rows;
}

static unsigned int count_rows(const struct topology *t, const struct group *group)
{
	unsigned int rows = 0;
	size_t i;

	for (i = 0; i < t->after->nr_cases; i++)
		rows += !t->after->cases[i].skipped && in_group(group, t->after->cases[i].name);
	return rows;
}

static void plot_group(struct report *report, const struct topology *t, const struct group *group)
{
	const unsigned int left = 84, rows = count_rows(t, group);
	char heading[128], subtitle[128], parameters[64], value[FRACTION_TEXT_SIZE];
	struct fraction origin = {group->origin->min_sample, group->origin->ops};
	struct extent extent = {0, 0};
	struct plot plot;
	double inner = WIDTH - left - 16;

	snprintf(parameters, sizeof(parameters), "%llu %ss a sample",
		 (unsigned long long)group->origin->ops, group->origin->per);
	report_plot_begin(report, &plot, t, "bars.gp", WIDTH, MARGINS + rows * ROW_HEIGHT,
			  parameters);
	put_rows(&plot, t, group, &extent);
	snprintf(heading, sizeof(heading), "%.*s on %u node%s: cost by kind of claim",
		 (int)group->length - 1, group->name, t->nodes, t->nodes == 1 ? "" : "s");
	snprintf(subtitle, sizeof(subtitle),
		 "0 is " BEFORE_VARIANT " without a claim: %s instructions",
		 fraction_format_short(origin, false, value));
	plot_set(&plot, "heading", heading);
	plot_set(&plot, "subtitle", subtitle);
	plot_set(&plot, "axis", "more instructions per extent");
	plot_set(&plot, "before_name", BEFORE_VARIANT);
	plot_set(&plot, "after_name", AFTER_VARIANT);
	plot_set_number(&plot, "rows", rows);
	plot_set_number(&plot, "left", left);
	/* Room for a label behind the longest bar. */
	extent.high *= inner / (inner - LABEL_WIDTH);
	plot_set_number(&plot, "low", extent.low * 1.05);
	plot_set_number(&plot, "high", extent.high > 0 ? extent.high : 1);
	report_end_plot(report, &plot, heading);
}

/* Is this case the first one of its group? */
static bool starts_group(const struct topology *t, size_t index, struct group *group)
{
	const char *name = t->after->cases[index].name, *part = last_part(name);
	size_t i;

	group->name = name;
	group->length = (size_t)(part - name);
	if (strncmp(part, CLAIM, strlen(CLAIM)) || !group->length)
		return false;
	for (i = 0; i < index; i++)
		if (in_group(group, t->after->cases[i].name))
			return false;
	return true;
}

static void plot_topology(struct report *report, const struct topology *t)
{
	FILE *out = report->out;
	struct group group;
	char name[24];
	size_t i;

	fprintf(out, "<h3>On %s</h3>\n<div class=\"plots\">\n", topology_name(t, name));
	for (i = 0; i < t->after->nr_cases; i++) {
		if (!starts_group(t, i, &group))
			continue;
		group.origin = find_measured(t->before, &group, CLAIM "none");
		if (group.origin && count_rows(t, &group)) {
			plot_group(report, t, &group);
		} else {
			fputs("<p class=\"missing\">", out);
			fprintf(out, "%s: ", group.origin ? AFTER_VARIANT : BEFORE_VARIANT);
			html_text(out, group.name);
			fputs(" and its like were not measured: no plot.</p>\n", out);
		}
	}
	fputs("</div>\n", out);
}

void section_costs(struct report *report)
{
	size_t i;

	fputs("<section id=\"costs\"><h2>The cost of claims</h2>\n"
	      "<p>How many instructions more one extent takes than it did in " BEFORE_VARIANT
	      " without any claim, by what is claimed. The data are in the tables above.</p>\n",
	      report->out);
	for (i = 0; i < report->nr_topologies; i++)
		plot_topology(report, &report->topologies[i]);
	fputs("</section>\n", report->out);
}
