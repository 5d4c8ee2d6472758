// SPDX-License-Identifier: GPL-2.0-only
/* Threads on one heap: throughput beside the ideal line. */
#include <stdlib.h>
#include <string.h>

#include "plots/contention.h"
#include "plots/html.h"

#define WIDTH 560
#define HEIGHT 400

static bool same_chart(const struct contend *a, const struct contend *b)
{
	return a->order == b->order && !strcmp(a->domain, b->domain);
}

/* A plot, while its lines are put. */
struct chart {
	struct plot plot;
	struct contend of;
	unsigned int series, last;
	double highest;
};

static void note_point(struct chart *chart, const struct contend *c, double y)
{
	fprintf(chart->plot.data, "%u\t%.17g\n", c->threads, y);
	if (y > chart->highest)
		chart->highest = y;
	if (c->threads > chart->last)
		chart->last = c->threads;
}

/* One line: throughput, or the ideal one, of one side with or without the installing thread. */
static void put_line(struct chart *chart, const struct result *result, const char *installer,
		     bool ideal, const char *name, unsigned int style)
{
	unsigned int points = 0;
	struct contend c;
	size_t i;

	for (i = 0; result && i < result->nr_cases; i++) {
		if (!read_contend(&result->cases[i], &c) || !same_chart(&c, &chart->of) ||
		    strcmp(c.installer, installer) || (ideal ? c.ideal : c.throughput) <= 0)
			continue;
		note_point(chart, &c, ideal ? c.ideal : c.throughput);
		points++;
	}
	plot_end_series(&chart->plot, points, name, style, &chart->series);
}

/* Rings around the points where the machine's scheduler is measured too. */
static void put_oversubscribed(struct chart *chart, const struct topology *t)
{
	const struct result *const results[] = {t->before, t->after};
	unsigned int points = 0, side;
	struct contend c;
	size_t i;

	for (side = 0; side < 2; side++)
		for (i = 0; results[side] && i < results[side]->nr_cases; i++) {
			if (!read_contend(&results[side]->cases[i], &c) ||
			    !same_chart(&c, &chart->of) || !c.oversubscribed)
				continue;
			note_point(chart, &c, c.throughput);
			points++;
		}
	plot_end_series(&chart->plot, points, "more threads than CPUs", 6, &chart->series);
}

static void put_lines(struct chart *chart, const struct topology *t)
{
	put_line(chart, t->before ? t->before : t->after, "no", true, "ideal", 1);
	put_line(chart, t->before, "no", false, BEFORE_VARIANT, 2);
	put_line(chart, t->before, "yes", false, BEFORE_VARIANT " + installer", 3);
	put_line(chart, t->after, "no", false, AFTER_VARIANT, 4);
	put_line(chart, t->after, "yes", false, AFTER_VARIANT " + installer", 5);
	put_oversubscribed(chart, t);
}

static void plot_throughput(struct report *report, const struct topology *t,
			    const struct contend *of)
{
	struct chart chart = {.of = *of};
	char heading[96];

	report_plot_begin(report, &chart.plot, t, "throughput.gp", WIDTH, HEIGHT, "");
	snprintf(heading, sizeof(heading), "Pairs of order %u, %s", of->order,
		 strcmp(of->domain, "own") ? "all threads in one domain"
					   : "each thread in a domain of its own");
	plot_set(&chart.plot, "heading", heading);
	plot_set(&chart.plot, "subtitle",
		 t->before ? "Noisy: medians. Ideal: as many times one thread of " BEFORE_VARIANT
			   : "Noisy: medians. Ideal: as many times one thread of " AFTER_VARIANT);
	put_lines(&chart, t);
	plot_set_number(&chart.plot, "series", chart.series);
	plot_set_number(&chart.plot, "last", chart.last);
	plot_set_number(&chart.plot, "highest", chart.highest);
	report_end_plot(report, &chart.plot, heading);
}

/* Is this the first case of its chart that has a throughput? */
static bool starts_chart(const struct result *result, size_t index, struct contend *of)
{
	struct contend other;
	size_t i;

	if (!read_contend(&result->cases[index], of) || of->throughput <= 0)
		return false;
	for (i = 0; i < index; i++)
		if (read_contend(&result->cases[i], &other) && other.throughput > 0 &&
		    same_chart(&other, of))
			return false;
	return true;
}

static void plot_throughputs(struct report *report, const struct topology *t)
{
	const struct result *result = t->after ? t->after : t->before;
	struct contend of;
	size_t i;

	fputs("<div class=\"plots\">\n", report->out);
	for (i = 0; i < result->nr_cases; i++)
		if (starts_chart(result, i, &of))
			plot_throughput(report, t, &of);
	fputs("</div>\n", report->out);
}

static void put_throughput(FILE *out, const struct result *result, const char *name)
{
	const struct result_case *test = result ? result_find(result, name) : NULL;
	struct contend c;
	char text[32];

	if (!test || !read_contend(test, &c) || c.throughput <= 0) {
		html_cell(out, NULL, test && test->skipped ? test->skipped : "–");
		html_cell(out, "n", "–");
		return;
	}
	snprintf(text, sizeof(text), "%.0f", c.throughput);
	html_cell(out, "n", text);
	snprintf(text, sizeof(text), "%.0f %%", c.ideal > 0 ? 100 * c.throughput / c.ideal : 0);
	html_cell(out, "n", c.ideal > 0 ? text : "–");
}

static void put_throughputs(FILE *out, const struct topology *t)
{
	const struct result *result = t->after ? t->after : t->before;
	struct contend c;
	size_t i;

	fputs("<details class=\"screen\"><summary>Every throughput</summary>\n"
	      "<div class=\"wide\"><table class=\"small\"><thead><tr><th scope=\"col\">Case</th>"
	      "<th scope=\"col\" class=\"n\">" BEFORE_VARIANT ", pairs/s <small>noisy</small></th>"
	      "<th scope=\"col\" class=\"n\">of ideal</th>"
	      "<th scope=\"col\" class=\"n\">" AFTER_VARIANT ", pairs/s <small>noisy</small></th>"
	      "<th scope=\"col\" class=\"n\">of ideal</th></tr></thead><tbody>\n",
	      out);
	for (i = 0; i < result->nr_cases; i++) {
		fputs("<tr><th scope=\"row\">", out);
		html_name(out, result->cases[i].name);
		if (read_contend(&result->cases[i], &c) && c.oversubscribed)
			fputs(" <small>more threads than CPUs</small>", out);
		fputs("</th>", out);
		put_throughput(out, t->before, result->cases[i].name);
		put_throughput(out, t->after, result->cases[i].name);
		fputs("</tr>\n", out);
	}
	fputs("</tbody></table></div></details>\n", out);
}

void section_contention(struct report *report)
{
	const struct topology *t = &report->host.contend;

	fputs("<section id=\"contention\"><h2>Contention, on the host target</h2>\n"
	      "<p>Threads that allocate and free on one heap, under Xen's own ticket lock, each in "
	      "a "
	      "domain of its own or all in one, alone or beside a thread that installs and cancels "
	      "claims all the time. All of it is <b>noisy</b>, and no verdict rests on it.</p>\n",
	      report->out);
	if (t->before || t->after) {
		plot_throughputs(report, t);
		put_throughputs(report->out, t);
	} else {
		fputs("<p class=\"missing\">host/contend/ has no result: nothing to show.</p>\n",
		      report->out);
	}
	put_contention_sites(report, t);
	fputs("</section>\n", report->out);
}
