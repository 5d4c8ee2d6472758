// SPDX-License-Identifier: GPL-2.0-only
#include "plots/nights_chart.h"

#include <math.h>
#include <string.h>

#include "plots/html.h"
#include "plots/verdict_mark.h"

#define WIDTH 480
#define LEFT 62
#define RIGHT 12
#define INNER (WIDTH - LEFT - RIGHT)
#define TOP 18
#define HEIGHT 150 /* of the upper panel */
#define GAP 24
#define STRIP 54 /* height of the lower one: the values themselves */
#define BELOW 26
#define TICKS 4
#define LABEL_WIDTH 80

/* What is drawn in a panel: y from low to high, at top to top + height. */
struct panel {
	double low, high;
	int top, height;
};

struct chart {
	FILE *out;
	const struct series *series;
	double from, to;
};

const char *share_text(double ratio, char text[32])
{
	double percent = expm1(ratio) * 100;

	if (fabs(percent) < 0.0005)
		percent = 0;
	snprintf(text, 32, percent ? "%+.3f %%" : "0 %%", percent);
	return text;
}

const char *value_text(double value, char text[32])
{
	snprintf(text, 32, "%.7g", value);
	return text;
}

static double at_day(const struct chart *c, double day)
{
	return (day - c->from) / (c->to - c->from) * INNER;
}

static double at_value(const struct panel *p, double value)
{
	return p->top + p->height * (p->high - value) / (p->high - p->low);
}

/* 1, 2 or 5 times a power of ten, so that there are about so many steps. */
static double nice_step(double range, int steps)
{
	double step = range / steps, power = pow(10, floor(log10(step)));

	step /= power;
	return power * (step <= 1 ? 1 : step <= 2 ? 2 : step <= 5 ? 5 : 10);
}

static void widen(struct panel *p, double value)
{
	p->low = fmin(p->low, value);
	p->high = fmax(p->high, value);
}

/* Equal values get a range, too. */
static void add_room(struct panel *p, double least)
{
	double room = fmax((p->high - p->low) * 0.12, least);

	p->low -= room;
	p->high += room;
}

static double shown_value(const struct series *s, size_t i)
{
	return s->relative ? expm1(s->points[i].ratio) * 100 : s->points[i].value;
}

static void put_tick(FILE *out, double value, double step, double scale, const char *unit)
{
	int places = (int)fmax(0, ceil(-log10(step / scale) - 1e-9));

	if (!*unit)
		unit = scale > 1e3 ? "M" : scale > 1 ? "k" : "";
	/* Without the sign of a zero. */
	fprintf(out, "%.*f%s", places, value / scale + 0.0, unit);
}

static void put_grid(const struct chart *c, const struct panel *p, int steps, const char *unit)
{
	double step = nice_step(p->high - p->low, steps);
	double scale = p->high < 1e6 ? 1 : step < 1e4 ? 1e3 : 1e6;

	/* By number, for sums of steps are not quite multiples. */
	for (double n = ceil(p->low / step); n * step <= p->high; n++) {
		double y = at_value(p, n * step);

		fprintf(c->out,
			"<line class=\"grid\" x1=\"0\" x2=\"%d\" y1=\"%.1f\" y2=\"%.1f\"/>"
			"<text x=\"-6\" y=\"%.1f\" text-anchor=\"end\">",
			INNER, y, y, y + 4);
		put_tick(c->out, n * step, step, scale, unit);
		fputs("</text>\n", c->out);
	}
}

/* The first day of months, or of weeks when there are few. */
static void put_dates(const struct chart *c, int bottom)
{
	double days = c->to - c->from, step = nice_step(days, TICKS);
	char text[16];

	step = step < 1 ? 1 : step;
	for (double day = ceil(c->from + step / 4); day <= c->to - step / 4; day += step)
		fprintf(c->out,
			"<line class=\"grid tick\" data-d=\"%.0f %.0f\" x1=\"%.1f\" x2=\"%.1f\" "
			"y1=\"%d\" "
			"y2=\"%d\"/>"
			"<text class=\"tick\" data-d=\"%.0f\" x=\"%.1f\" y=\"%d\" "
			"text-anchor=\"middle\">%s</text>\n",
			day, day, at_day(c, day), at_day(c, day), TOP, bottom, day, at_day(c, day),
			bottom + 17, day_text(day, text));
}

/* A line through points that belong together; what is a night alone has none. */
static void put_run(const struct chart *c, const struct panel *p, size_t from, size_t to,
		    const char *class, double (*value)(const struct series *, size_t))
{
	fprintf(c->out, "<polyline class=\"%s\" data-d=\"", class);
	for (size_t i = from; i < to; i++)
		fprintf(c->out, "%s%.10g", i > from ? " " : "", c->series->points[i].day);
	fputs("\" points=\"", c->out);
	for (size_t i = from; i < to; i++)
		fprintf(c->out, "%s%.1f,%.1f", i > from ? " " : "",
			at_day(c, c->series->points[i].day), at_value(p, value(c->series, i)));
	fputs("\"/>\n", c->out);
}

static void put_line(const struct chart *c, const struct panel *p, const char *class,
		     double (*value)(const struct series *, size_t))
{
	size_t i, from = 0;

	for (i = 1; i <= c->series->nr; i++)
		if (i == c->series->nr || !series_continues(c->series, i)) {
			if (i - from > 1)
				put_run(c, p, from, i, class, value);
			from = i;
		}
}

static double tonight_value(const struct series *s, size_t i)
{
	return s->points[i].value;
}

static double reference_value(const struct series *s, size_t i)
{
	return s->points[i].against;
}

static const char *const shapes[] = {
	[SHAPE_DOT] = "M-2.2 0a2.2 2.2 0 1 0 4.4 0a2.2 2.2 0 1 0-4.4 0",
	[SHAPE_UP] = "M0-4.5 4 3H-4z",
	[SHAPE_DOWN] = "M0 4.5 4-3H-4z",
};

/* Filled when it is MAJOR. */
static const char *point_class(const struct series *s, const struct point *p)
{
	if (!series_judged(s) || p->verdict.size != VERDICT_MAJOR)
		return series_judged(s) && p->verdict.size == VERDICT_MINOR ? "p minor" : "p";
	return p->verdict.delta.num > 0 ? "p worse" : "p better";
}

/* What hovering tells, and what readers of screens read. */
static void put_title(const struct chart *c, const struct point *p)
{
	const struct series *s = c->series;
	char text[32];

	fprintf(c->out, "<title>%s: ", p->night);
	if (s->relative) {
		html_number(c->out, share_text(p->ratio, text));
		fprintf(c->out, ", %s", value_text(p->value, text));
		fprintf(c->out, " after %s ", value_text(p->against, text));
	} else {
		fprintf(c->out, "%s ", value_text(p->value, text));
	}
	html_text(c->out, s->unit);
	if (series_judged(s))
		fprintf(c->out, ", %s", verdict_name(p->verdict.size));
	fputs("</title>", c->out);
}

static void put_points(const struct chart *c, const struct panel *panel)
{
	for (size_t i = 0; i < c->series->nr; i++) {
		const struct point *p = &c->series->points[i];
		double y = at_value(panel, shown_value(c->series, i));

		fprintf(c->out,
			"<path class=\"%s\" data-d=\"%.10g\" data-y=\"%.1f\" d=\"%s\" "
			"transform=\"translate(%.1f %.1f)\">",
			point_class(c->series, p), p->day, y, shapes[series_shape(c->series, i)],
			at_day(c, p->day), y);
		put_title(c, p);
		fputs("</path>\n", c->out);
	}
}

/* A line across, between two nights, with a label above it, or below its end when there is one
 * already. */
static void put_mark(const struct chart *c, size_t point, const char *class, int top, int bottom,
		     const char *label, bool lower)
{
	const struct point *points = c->series->points;
	double day = (points[point - 1].day + points[point].day) / 2, x = at_day(c, day);
	bool left = x > INNER * 0.7;

	fprintf(c->out,
		"<line class=\"%s\" data-d=\"%.10g\" x1=\"%.1f\" x2=\"%.1f\" y1=\"%d\" y2=\"%d\"/>"
		"<text data-d=\"%.10g\" x=\"%.1f\" dx=\"%d\" y=\"%d\" text-anchor=\"%s\">",
		class, day, x, x, top, bottom, day, x, left ? 4 : -4, lower ? top + 9 : top - 5,
		left ? "end" : "start");
	html_number(c->out, label);
	fputs("</text>\n", c->out);
}

static void put_changes(const struct chart *c, const struct panel *p)
{
	const struct series *s = c->series;
	bool lower = false;

	for (size_t i = 0; i < s->nr_changes; i++) {
		const struct change *change = &s->changes[i];
		double size = change->after - change->before;
		char label[64], text[32];

		lower = i && !lower &&
			at_day(c, s->points[change->index].day) -
					at_day(c, s->points[change[-1].index].day) <
				LABEL_WIDTH;

		snprintf(label, sizeof(label), "%s %s", size > 0 ? "▲" : "▼",
			 share_text(size, text));
		put_mark(c, change->index, "change", p->top, p->top + p->height, label, lower);
	}
}

/* Where the reference, or what raw figures are compared under, became another. */
static void put_moves(const struct chart *c, const struct panel *p, const struct panel *upper)
{
	const struct series *s = c->series;

	for (size_t i = 0; i < s->nr_moves; i++)
		put_mark(c, s->moves[i].index, "move", p->top, p->top + p->height, "host changed",
			 false);
	for (size_t i = 1; i < s->nr && !s->relative; i++)
		if (!series_continues(s, i))
			put_mark(c, i, "move", upper->top, upper->top + upper->height,
				 "environment changed", false);
}

/* The mean of the nights between two changes. */
static void put_level(const struct chart *c, const struct panel *p, const struct level *level)
{
	double from = c->series->points[level->from].day, to = c->series->points[level->to - 1].day;
	double y = at_value(p, c->series->relative ? expm1(level->mean) * 100 : exp(level->mean));

	fprintf(c->out,
		"<line class=\"level\" data-d=\"%.10g %.10g\" x1=\"%.1f\" x2=\"%.1f\" y1=\"%.1f\" "
		"y2=\"%.1f\"/>\n",
		from, to, at_day(c, from), at_day(c, to), y, y);
}

static void put_levels(const struct chart *c, const struct panel *p)
{
	for (size_t i = 0; i < c->series->nr_levels && c->series->nr_changes; i++)
		put_level(c, p, &c->series->levels[i]);
}

void nights_chart_range(const struct series *s, double *low, double *high)
{
	struct panel p = {s->relative ? 0 : INFINITY, s->relative ? 0 : -INFINITY, 0, 0};

	for (size_t i = 0; i < s->nr; i++)
		widen(&p, shown_value(s, i));
	add_room(&p, s->relative ? 0.25 : fabs(p.high) * 0.002);
	*low = p.low;
	*high = p.high;
}

static struct panel upper_panel(const struct series *s)
{
	struct panel p = {.top = TOP, .height = HEIGHT};

	nights_chart_range(s, &p.low, &p.high);
	return p;
}

static struct panel lower_panel(const struct series *s)
{
	struct panel p = {INFINITY, -INFINITY, TOP + HEIGHT + GAP, STRIP};

	for (size_t i = 0; i < s->nr; i++) {
		widen(&p, s->points[i].value);
		widen(&p, s->points[i].against);
	}
	add_room(&p, fabs(p.high) * 0.002);
	return p;
}

static void put_upper(const struct chart *c, const struct panel *p)
{
	put_grid(c, p, TICKS, c->series->relative ? " %" : "");
	/* The reference itself. */
	if (c->series->relative)
		fprintf(c->out,
			"<line class=\"zero\" x1=\"0\" x2=\"%d\" y1=\"%.1f\" y2=\"%.1f\"/>\n",
			INNER, at_value(p, 0), at_value(p, 0));
}

static void put_frame(const struct chart *c, int height)
{
	fprintf(c->out,
		"<svg class=\"nights\" viewBox=\"0 0 %d %d\" role=\"img\" "
		"xmlns=\"http://www.w3.org/2000/svg\" data-from=\"%.10g\" data-to=\"%.10g\" "
		"data-width=\"%d\">\n<title>",
		WIDTH, height, c->from, c->to, INNER);
	html_text(c->out, c->series->name);
	fprintf(c->out,
		"</title>\n<g transform=\"translate(%d 0)\">\n"
		"<rect class=\"plot\" x=\"0\" y=\"%d\" width=\"%d\" height=\"%d\"/>\n",
		LEFT, TOP, INNER, height - TOP - BELOW);
}

/* Inside of an <svg> of its own, which cuts off what a zoom moves out of it. */
static void put_inside(const struct chart *c, const struct panel *upper, const struct panel *lower)
{
	int bottom = lower ? lower->top + lower->height : upper->top + upper->height;

	fprintf(c->out, "<svg x=\"0\" y=\"0\" width=\"%d\" height=\"%d\" viewBox=\"0 0 %d %d\">\n",
		INNER, bottom, INNER, bottom);
	put_levels(c, upper);
	put_line(c, upper, "value", shown_value);
	if (lower) {
		put_line(c, lower, "reference", reference_value);
		put_line(c, lower, "value", tonight_value);
	}
	put_moves(c, lower, upper);
	put_changes(c, upper);
	put_points(c, upper);
	fputs("</svg>\n", c->out);
}

void nights_chart(FILE *out, const struct series *series, double from, double to)
{
	const struct chart c = {out, series, from, to};
	struct panel upper = upper_panel(series), lower = lower_panel(series);
	int bottom = series->relative ? lower.top + lower.height : upper.top + upper.height;

	put_frame(&c, bottom + BELOW);
	put_upper(&c, &upper);
	if (series->relative)
		put_grid(&c, &lower, 2, "");
	put_dates(&c, bottom);
	put_inside(&c, &upper, series->relative ? &lower : NULL);
	fputs("</g>\n</svg>\n", out);
}
