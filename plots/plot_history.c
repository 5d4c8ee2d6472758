// SPDX-License-Identifier: GPL-2.0-only
#include "plots/plot_history.h"

#include <math.h>
#include <string.h>

#include "plots/history_page.h"
#include "plots/nights_chart.h"

#define WIDTH 720
#define HEIGHT 360
#define DATES 6

static double shown(const struct series *s, double ratio)
{
	return s->relative ? expm1(ratio) * 100 : exp(ratio);
}

static void put_points(struct plot *plot, const struct series *s)
{
	for (size_t i = 0; i < s->nr; i++)
		fprintf(plot->data, "%s%.10g\t%.10g\n", i && !series_continues(s, i) ? "\n" : "",
			s->points[i].day, shown(s, s->points[i].ratio));
	fputs("\n\n", plot->data);
	for (size_t i = 0; i < s->nr; i++)
		fprintf(plot->data, "%.10g\t%.10g\t%d\n", s->points[i].day,
			shown(s, s->points[i].ratio), series_shape(s, i));
	fputs("\n\n", plot->data);
}

/* gnuplot complains of a block without points. */
static void put_levels(struct plot *plot, const struct series *s)
{
	if (!s->nr_changes)
		fputs("0\tNaN\n0\tNaN\n", plot->data);
	for (size_t i = 0; i < s->nr_levels && s->nr_changes; i++) {
		const struct level *level = &s->levels[i];

		fprintf(plot->data, "%.10g\t%.10g\n%.10g\t%.10g\n\n", s->points[level->from].day,
			shown(s, level->mean), s->points[level->to - 1].day, shown(s, level->mean));
	}
}

static void set_mark(struct plot *plot, const struct series *s, size_t point, const char *place,
		     const char *label, size_t number, const char *text)
{
	char variable[32];

	snprintf(variable, sizeof(variable), "%s%zu", place, number);
	plot_set_number(plot, variable, (s->points[point - 1].day + s->points[point].day) / 2);
	snprintf(variable, sizeof(variable), "%s%zu", label, number);
	plot_set(plot, variable, text);
}

static void set_marks(struct plot *plot, const struct series *s)
{
	char text[32];
	size_t moves = 0;

	for (size_t i = 0; i < s->nr_changes; i++)
		set_mark(plot, s, s->changes[i].index, "change", "size", i + 1,
			 share_text(s->changes[i].after - s->changes[i].before, text));
	for (size_t i = 0; i < s->nr_moves; i++)
		set_mark(plot, s, s->moves[i].index, "move", "what", ++moves, "host changed");
	for (size_t i = 1; i < s->nr && !s->relative; i++)
		if (!series_continues(s, i))
			set_mark(plot, s, i, "move", "what", ++moves, "environment changed");
	plot_set_number(plot, "changes", (double)s->nr_changes);
	plot_set_number(plot, "moves", (double)moves);
}

static void set_captions(struct plot *plot, const struct series *s)
{
	char place[128], text[256];

	snprintf(text, sizeof(text), "%s; %zu %s, %s", series_place(s, place), s->nr,
		 s->relative ? "nights" : "runs", s->kind == KIND_EXACT ? "exact" : "noisy");
	plot_set(plot, "caption1", text);
	plot_set(plot, "caption2",
		 "Triangles: verdicts on exact data. Dotted: changes. Dashed: means between them");
	plot_set(plot, "caption3", "");
	plot_set(plot, "subtitle",
		 s->relative ? "Tonight against the reference of the same night" : "As measured");
	snprintf(text, sizeof(text), "%s per %s", s->unit, s->per);
	plot_set(plot, "axis_y", s->relative ? "percent" : text);
}

void plot_history(struct pictures *pictures, const char *root, const struct series *s)
{
	double first = s->points[0].day, last = s->points[s->nr - 1].day, low, high;
	struct plot plot;
	char heading[192], suffix[32];

	snprintf(heading, sizeof(heading), "%s%s, over time", s->name, series_suffix(s, suffix));
	plot_begin(&plot, root, "history.gp", WIDTH, HEIGHT);
	put_points(&plot, s);
	put_levels(&plot, s);
	set_marks(&plot, s);
	set_captions(&plot, s);
	plot_set(&plot, "heading", heading);
	plot_set_number(&plot, "relative", s->relative);
	plot_set_number(&plot, "first_day", floor(first));
	plot_set_number(&plot, "last_day", last);
	plot_set_number(&plot, "days", ceil((last - first + 1) / DATES));
	nights_chart_range(s, &low, &high);
	plot_set_number(&plot, "low", low);
	plot_set_number(&plot, "high", high);
	pictures_take(pictures, &plot, heading);
}
