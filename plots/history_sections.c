// SPDX-License-Identifier: GPL-2.0-only
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "lib/msg.h"
#include "plots/history_page.h"
#include "plots/html.h"
#include "plots/nights_chart.h"
#include "plots/page.h"
#include "plots/verdict_mark.h"

#define MOST_CHARTS 100

const char *series_place(const struct series *s, char text[128])
{
	char nodes[24] = "";

	if (s->nodes)
		snprintf(nodes, sizeof(nodes), "%u node%s, ", s->nodes, s->nodes == 1 ? "" : "s");
	snprintf(text, 128, "%.40s, %s, %shost %.40s", s->variant, s->target, nodes, s->host);
	return text;
}

const char *series_suffix(const struct series *s, char text[32])
{
	snprintf(text, 32, s->kind == KIND_NOISY ? ", %.24s" : "", s->unit);
	return text;
}

const char *history_common_place(const struct nights *n, char text[128])
{
	char other[128];

	series_place(&n->series[0], text);
	for (size_t i = 1; i < n->nr; i++)
		if (strcmp(series_place(&n->series[i], other), text))
			return NULL;
	return text;
}

void history_put_link(FILE *out, const struct nights *n, const struct series *s)
{
	char text[128];

	if (s->drawn)
		fprintf(out, "<a href=\"#case-%zu\">", (size_t)(s - n->series) + 1);
	html_name(out, s->name);
	fputs(s->drawn ? "</a>" : "", out);
	html_text(out, series_suffix(s, text));
	if (history_common_place(n, text))
		return;
	fputs(" <small>", out);
	html_text(out, series_place(s, text));
	fputs("</small>", out);
}

static void put_value(FILE *out, double value)
{
	char text[32];

	html_cell(out, "n", value > 0 ? value_text(value, text) : "–");
}

/* Of noisy data it is that of the pairs of boots of the night; without them nobody knows. */
static void put_night_verdict(FILE *out, const struct series *s, const struct point *p)
{
	struct comparison_row row = {.kind = ROW_SAME, .verdict = p->verdict};

	if (!s->relative) {
		html_cell(out, "v open", "– no reference");
		return;
	}
	if (!series_judged(s))
		row.verdict.size = s->night.nr ? s->night.verdict : VERDICT_INCONCLUSIVE;
	put_verdict_cell_start(out, &row);
	put_verdict(out, &row);
	if (row.verdict.size == VERDICT_EQUIVALENT)
		fprintf(out, " <small>within %.2f %%</small>", expm1(s->night.delta) * 100);
	else if (!series_judged(s) && !s->night.nr)
		fputs(" <small>not in pairs</small>", out);
	if (!series_judged(s))
		put_flagged(out, &s->night);
	fputs("</td>", out);
}

static void put_last_change(FILE *out, const struct series *s)
{
	const struct change *c = s->nr_changes ? &s->changes[s->nr_changes - 1] : NULL;
	char text[32];

	fprintf(out, "<td class=\"v\" data-v=\"%.6g\">", c ? c->after - c->before : 0);
	if (c) {
		fprintf(out, "%s ", c->after > c->before ? "▲" : "▼");
		html_number(out, share_text(c->after - c->before, text));
		fprintf(out, " since %s", day_text(s->points[c->index].day, text));
	}
	fputs("</td>", out);
}

static void put_case(FILE *out, const struct nights *n, const struct series *s)
{
	const struct point *p = &s->points[s->nr - 1];
	char text[32];

	fputs("<tr><th scope=\"row\">", out);
	history_put_link(out, n, s);
	fputs("</th>", out);
	put_night_verdict(out, s, p);
	if (s->relative)
		html_number_cell(out, share_text(p->ratio, text));
	else
		html_cell(out, "n", "–");
	put_value(out, p->against);
	put_value(out, p->value);
	html_cell(out, "v", day_text(p->day, text));
	put_last_change(out, s);
	fputs("</tr>\n", out);
}

void history_put_cases(FILE *out, const struct nights *n)
{
	fputs("<section id=\"cases\"><h2>Every case, in its last night</h2>\n"
	      "<p>Of one operation: exact data are instructions, the least sample; noisy ones the "
	      "mean.</p>\n<div class=\"wide\"><table class=\"sort names\"><thead><tr>"
	      "<th scope=\"col\">Case</th><th scope=\"col\">Verdict</th>"
	      "<th scope=\"col\" class=\"n\">Δ</th><th scope=\"col\" class=\"n\">Reference</th>"
	      "<th scope=\"col\" class=\"n\">Tonight</th><th scope=\"col\">Night</th>"
	      "<th scope=\"col\">Last change</th></tr></thead><tbody>\n",
	      out);
	for (size_t i = 0; i < n->nr; i++)
		put_case(out, n, &n->series[i]);
	fputs("</tbody></table></div>\n</section>\n", out);
}

/* All points of a series, as a table to be saved. */
static char *data_table(const struct series *s)
{
	char *text = NULL;
	size_t size;
	FILE *out = open_memstream(&text, &size);

	if (!out)
		die(EXIT_USAGE, "out of memory");
	fprintf(out,
		"night\treference, %s\ttonight, %s\tln ratio\tverdict\tchange\trun\treference "
		"run\n",
		s->unit, s->unit);
	for (size_t i = 0; i < s->nr; i++) {
		const struct point *p = &s->points[i];
		const struct change *c = series_change(s, i);

		fprintf(out, "%s\t%.10g\t%.10g\t%.10g\t%s\t%.6g\t%.12s\t%.12s\n", p->night,
			p->against, p->value, s->relative ? p->ratio : 0,
			series_judged(s) ? verdict_name(p->verdict.size) : "-",
			c ? c->after - c->before : 0, p->run, p->reference ? p->reference : "-");
	}
	if (fclose(out))
		die(EXIT_USAGE, "out of memory");
	return text;
}

static void put_caption(FILE *out, const struct series *s)
{
	char place[128], *data = data_table(s);

	fprintf(out, "<figcaption><small>");
	html_text(out, series_place(s, place));
	fprintf(out, "; %s per ", s->kind == KIND_EXACT ? "instructions" : s->unit);
	html_text(out, s->per);
	fprintf(out, ", %s; %zu %s", s->kind == KIND_EXACT ? "exact" : "noisy", s->nr,
		s->relative ? "nights" : "runs");
	if (s->alone)
		fprintf(out, "; %zu without a reference, or not exact, are left out", s->alone);
	fputc(' ', out);
	page_put_data(out, "nights.tsv", data);
	fputs("</small></figcaption>", out);
	free(data);
}

static double first_day(const struct nights *n)
{
	double day = INFINITY;

	for (size_t i = 0; i < n->nr; i++)
		day = fmin(day, n->series[i].points[0].day);
	return day;
}

double history_last_day(const struct nights *n)
{
	double day = -INFINITY;

	for (size_t i = 0; i < n->nr; i++)
		day = fmax(day, n->series[i].points[n->series[i].nr - 1].day);
	return day;
}

void history_choose_charts(struct nights *n)
{
	size_t drawn = 0;

	for (unsigned int changed = 2; changed--;)
		for (size_t i = 0; i < n->nr && drawn < MOST_CHARTS; i++)
			if (!n->series[i].drawn && (!changed || n->series[i].nr_changes)) {
				n->series[i].drawn = true;
				drawn++;
			}
}

void history_put_charts(FILE *out, const struct nights *n)
{
	double from = first_day(n) - 0.5, to = history_last_day(n) + 0.5;

	fputs("<section id=\"charts\"><h2>Over time</h2>\n"
	      "<p class=\"zoom screen\"></p>\n",
	      out);
	if (n->nr > MOST_CHARTS)
		fprintf(out,
			"<p>%d of %zu series, those that changed first. --case, --host and the "
			"other filters choose.</p>\n",
			MOST_CHARTS, n->nr);
	fputs("<div class=\"plots\">\n", out);
	for (size_t i = 0; i < n->nr; i++) {
		const struct series *s = &n->series[i];
		char suffix[32];

		if (!s->drawn)
			continue;
		fprintf(out, "<figure id=\"case-%zu\"><h4>", i + 1);
		html_name(out, s->name);
		html_text(out, series_suffix(s, suffix));
		fputs("</h4>\n", out);
		nights_chart(out, s, from, to);
		put_caption(out, s);
		fputs("</figure>\n", out);
	}
	fputs("</div>\n</section>\n", out);
}
