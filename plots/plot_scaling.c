// SPDX-License-Identifier: GPL-2.0-only
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "lib/msg.h"
#include "plots/host_start.h"
#include "plots/html.h"
#include "plots/scaling.h"
#include "results/case_time.h"

#define WIDTH 720
#define HEIGHT 400

/* A line of a plot of costs: a kind of claim on one hypervisor. */
static const struct line {
	const char *claim, *name;
	bool after;
} lines[] = {
	{"none", BEFORE_VARIANT ", no claim", false},
	{"none", AFTER_VARIANT ", no claim", true},
	{"node", AFTER_VARIANT ", claim:node", true},
	{"set", AFTER_VARIANT ", claim:set", true},
};

#define NR_LINES (sizeof(lines) / sizeof(lines[0]))

static void set_caption(struct plot *plot, const struct scaling *scaling, const struct topology *t)
{
	const struct scale *scale = scaling->scale;
	const struct scale_point *first = &scale->points[0], *last = &scale->points[scale->nr - 1];
	const struct result *any = first->after ? first->after : first->before;
	char text[160], from[24], to[24];

	if (scaling->memory)
		snprintf(text, sizeof(text), "host target, one node of %s to %s, heap %s",
			 size_text(first->at, from), size_text(last->at, to),
			 identity(t, "history", t->after));
	else
		snprintf(text, sizeof(text), "host target, %llu to %llu nodes of %s, heap %s",
			 (unsigned long long)first->at, (unsigned long long)last->at,
			 size_text(heap_bytes(any) / first->at, from),
			 identity(t, "history", t->after));
	plot_set(plot, "caption1", text);
}

/* Which hypervisors: any point of each side tells. */
static void begin_plot(struct report *report, struct plot *plot, const struct scaling *scaling)
{
	struct topology t = {0};
	size_t i;

	for (i = 0; i < scaling->scale->nr; i++) {
		t.before = t.before ? t.before : scaling->scale->points[i].before;
		t.after = t.after ? t.after : scaling->scale->points[i].after;
	}
	if (fingerprint_compare(t.before ? t.before->fingerprint : NULL,
				t.after ? t.after->fingerprint : NULL, &t.fields))
		die(EXIT_USAGE, "out of memory");
	report_plot_begin(report, plot, &t, "scaling.gp", WIDTH, HEIGHT, "");
	set_caption(plot, scaling, &t);
	fingerprint_free(&t.fields);
}

/* Where the points are, and what they are called. */
static void set_ticks(struct plot *plot, const struct scaling *scaling)
{
	const struct scale *scale = scaling->scale;
	char variable[16], text[24];
	size_t i;

	plot_set_number(plot, "ticks", (double)scale->nr);
	plot_set_number(plot, "rotated", scaling->memory ? -35 : 0);
	for (i = 0; i < scale->nr; i++) {
		snprintf(variable, sizeof(variable), "at%zu", i + 1);
		plot_set_number(plot, variable, log2((double)scale->points[i].at));
		snprintf(variable, sizeof(variable), "tick%zu", i + 1);
		snprintf(text, sizeof(text), "%llu", (unsigned long long)scale->points[i].at);
		plot_set(plot, variable,
			 scaling->memory ? size_text(scale->points[i].at, text) : text);
	}
}

static unsigned int put_line(struct plot *plot, const struct scale *scale, const char *family,
			     const struct line *line)
{
	unsigned int points = 0;
	size_t i;

	for (i = 0; i < scale->nr; i++) {
		const struct scale_point *point = &scale->points[i];
		const struct result *result = point_side(point, line->after);
		const struct result_case *test =
			point_case(point, line->after, family, line->claim);

		if (!test)
			continue;
		fprintf(plot->data, "%.17g\t%.17g\t%.17g\t%.17g\t%.17g\n", log2((double)point->at),
			(double)test->min_sample / (double)test->ops, case_ns(result, test, 500),
			case_ns(result, test, 100), case_ns(result, test, 900));
		points++;
	}
	return points;
}

static unsigned int put_starts(struct plot *plot, const struct scale *scale, bool after)
{
	unsigned int points = 0;
	size_t i;

	for (i = 0; i < scale->nr; i++) {
		const struct result *result = point_side(&scale->points[i], after);

		if (start_kib(result) <= 0)
			continue;
		/* One start has no spread. */
		fprintf(plot->data, "%.17g\t%.17g\t%.17g\t%.17g\t%.17g\n",
			log2((double)scale->points[i].at), start_seconds(result),
			start_kib(result) / 1024, start_kib(result) / 1024,
			start_kib(result) / 1024);
		points++;
	}
	return points;
}

static void set_names(struct plot *plot, const struct scaling *scaling, const char *heading,
		      const char *subtitle, const char *left, const char *right)
{
	plot_set(plot, "heading", heading);
	plot_set(plot, "subtitle", subtitle);
	plot_set(plot, "axis_x", scaling->memory ? "" : "nodes");
	plot_set(plot, "left_title", left);
	plot_set(plot, "right_title", right);
}

static void end_plot(struct report *report, struct plot *plot, unsigned int series,
		     const char *heading)
{
	plot_set_number(plot, "series", series);
	report_end_plot(report, plot, heading);
}

static bool was_measured(const struct scale *scale, const char *family)
{
	size_t i, j;

	for (i = 0; i < scale->nr; i++)
		for (j = 0; j < NR_LINES; j++)
			if (point_case(&scale->points[i], lines[j].after, family, lines[j].claim))
				return true;
	return false;
}

void plot_scaling_costs(struct report *report, const struct scaling *scaling, const char *family)
{
	unsigned int points, series = 0;
	struct plot plot;
	char heading[96];
	size_t i;

	if (!was_measured(scaling->scale, family)) {
		fprintf(report->out, "<p class=\"missing\">%s was not measured.</p>\n", family);
		return;
	}
	begin_plot(report, &plot, scaling);
	snprintf(heading, sizeof(heading), "%s, by %s", family,
		 scaling->memory ? "memory" : "number of nodes");
	set_names(&plot, scaling, heading,
		  "Left: exact. Right: noisy, medians with p10 to p90. The axes do not start at 0",
		  "instructions per extent", "ns per extent");
	set_ticks(&plot, scaling);
	for (i = 0; i < NR_LINES; i++) {
		points = put_line(&plot, scaling->scale, family, &lines[i]);
		plot_end_series(&plot, points, lines[i].name, (unsigned int)i + 1, &series);
	}
	end_plot(report, &plot, series, heading);
}

void plot_scaling_start(struct report *report, const struct scaling *scaling)
{
	unsigned int points, series = 0;
	struct plot plot;
	char heading[96];

	begin_plot(report, &plot, scaling);
	snprintf(heading, sizeof(heading), "Start of the heap, by %s",
		 scaling->memory ? "memory" : "number of nodes");
	set_names(&plot, scaling, heading,
		  "Noisy: one start each. Memory is the most that the process had by then",
		  "seconds", "MiB of memory");
	set_ticks(&plot, scaling);
	points = put_starts(&plot, scaling->scale, false);
	plot_end_series(&plot, points, BEFORE_VARIANT, 1, &series);
	points = put_starts(&plot, scaling->scale, true);
	plot_end_series(&plot, points, AFTER_VARIANT, 2, &series);
	end_plot(report, &plot, series, heading);
}
