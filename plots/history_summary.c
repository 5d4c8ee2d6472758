// SPDX-License-Identifier: GPL-2.0-only
/* What is new, first: the last night, changes, nights that are missing, and changes of the host. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "plots/history_page.h"
#include "plots/html.h"
#include "plots/nights_chart.h"

/* A missing night in a row of so many is named by its first and last. */
static void put_gap(FILE *out, double from, double to)
{
	char text[16];

	fprintf(out, "%s", day_text(from, text));
	if (to > from)
		fprintf(out, " to %s", day_text(to, text));
}

static bool has_day(const struct days *d, double day)
{
	for (size_t i = 0; i < d->nr; i++)
		if (fabs(d->days[i] - day) < 0.5)
			return true;
	return false;
}

static void put_missing(FILE *out, const struct nights *n)
{
	double first = n->tonight.nr ? n->tonight.days[0] : 0;
	double last = n->tonight.nr ? n->tonight.days[n->tonight.nr - 1] : 0;
	size_t gaps = 0;

	for (double day = first; day < last; day++) {
		double from = day;

		while (day < last && !has_day(&n->tonight, day) && !has_day(&n->apart, day))
			day++;
		if (day <= from)
			continue;
		fputs(gaps++ ? ", " : "<p class=\"warning\">⚠ Nothing was measured in: ", out);
		put_gap(out, from, day - 1);
	}
	if (gaps)
		fputs(".</p>\n", out);
}

/* Nights that were measured, and that nobody trusted. */
static void put_apart(FILE *out, const struct nights *n)
{
	char text[16];

	for (size_t i = 0; i < n->apart.nr; i++)
		fprintf(out, "%s%s",
			i ? ", "
			  : "<p class=\"warning\">⚠ Measured without a role, and so in no series: ",
			day_text(n->apart.days[i], text));
	if (n->apart.nr)
		fputs(".</p>\n", out);
}

static size_t count_verdicts(const struct nights *n, enum verdict_size size, bool worse)
{
	double day = floor(history_last_day(n));
	size_t count = 0;

	for (size_t i = 0; i < n->nr; i++) {
		const struct series *s = &n->series[i];
		const struct point *p = &s->points[s->nr - 1];

		count += series_judged(s) && p->day >= day && p->verdict.size == size &&
			 (p->verdict.delta.num > 0) == worse;
	}
	return count;
}

static void put_verdicts(FILE *out, const struct nights *n)
{
	static const struct {
		enum verdict_size size;
		bool worse;
		const char *words;
	} lines[] = {
		{VERDICT_MAJOR, true, "▲ MAJOR regressed"},
		{VERDICT_MINOR, true, "△ MINOR regressed"},
		{VERDICT_NOTE, true, "↑ NOTE"},
		{VERDICT_IDENTICAL, false, "= IDENTICAL"},
		{VERDICT_NOTE, false, "↓ NOTE"},
		{VERDICT_MINOR, false, "▽ MINOR improved"},
		{VERDICT_MAJOR, false, "▼ MAJOR improved"},
	};
	size_t i, count, any = 0;

	for (i = 0; i < sizeof(lines) / sizeof(lines[0]); i++) {
		count = count_verdicts(n, lines[i].size, lines[i].worse);
		if (count)
			fprintf(out, "%s%zu %s", any++ ? ", " : "", count, lines[i].words);
	}
	if (!any)
		fputs("no exact data with a reference", out);
}

/* Cases whose last change is that of the last night. */
static size_t count_new(const struct nights *n)
{
	size_t count = 0;

	for (size_t i = 0; i < n->nr; i++) {
		const struct series *s = &n->series[i];

		count += s->nr_changes && s->changes[s->nr_changes - 1].index == s->nr - 1;
	}
	return count;
}

static size_t count_changes(const struct nights *n)
{
	size_t count = 0;

	for (size_t i = 0; i < n->nr; i++)
		count += n->series[i].nr_changes;
	return count;
}

/* Nights in which references moved, and of how many cases. */
static void put_moves(FILE *out, const struct nights *n)
{
	for (size_t d = 0; d < n->tonight.nr; d++) {
		size_t moved = 0;

		for (size_t i = 0; i < n->nr; i++)
			for (size_t j = 0; j < n->series[i].nr_moves; j++) {
				const struct series *s = &n->series[i];

				moved += fabs(s->points[s->moves[j].index].day -
					      n->tonight.days[d]) < 0.5;
			}
		if (moved) {
			char text[16];

			fprintf(out,
				"<p class=\"warning\">⌂ %s: the host changed, not what is tested. "
				"The "
				"reference of %zu case%s is another since.</p>\n",
				day_text(n->tonight.days[d], text), moved, moved == 1 ? "" : "s");
		}
	}
}

static void put_no_series(FILE *out, const struct nights *n)
{
	fputs("<header><h1>All nights</h1>\n<p class=\"sub\">No series of cases yet.</p></header>\n"
	      "<section id=\"summary\"><h2>Summary</h2>\n",
	      out);
	put_apart(out, n);
	fputs("</section>\n", out);
}

void history_put_summary(FILE *out, const struct nights *n)
{
	char text[16], place[128];

	if (!n->nr) {
		put_no_series(out, n);
		return;
	}
	fputs("<header><h1>All nights</h1>\n<p class=\"sub\">", out);
	fprintf(out, "%zu nights, %zu series of cases; the last is of %s", n->tonight.nr, n->nr,
		day_text(history_last_day(n), text));
	if (history_common_place(n, place)) {
		fputs(". All of ", out);
		html_text(out, place);
	}
	fputs(".</p>\n", out);
	fputs("<nav><a href=\"#changes\">Changes</a> <a href=\"#cases\">Cases</a> "
	      "<a href=\"#charts\">Over time</a> <a href=\"#reading\">How to "
	      "read</a></nav></header>\n"
	      "<section id=\"summary\"><h2>Summary</h2>\n<p><b>The last night against its "
	      "reference:"
	      "</b> ",
	      out);
	put_verdicts(out, n);
	fprintf(out,
		".</p>\n<p><b>Over time:</b> <a href=\"#changes\">%zu change%s</a>, of which %zu "
		"began "
		"in the last night.</p>\n",
		count_changes(n), count_changes(n) == 1 ? "" : "s", count_new(n));
	put_missing(out, n);
	put_apart(out, n);
	put_moves(out, n);
	fputs("</section>\n", out);
}

static void put_change(FILE *out, const struct nights *n, const struct series *s,
		       const struct change *c)
{
	double size = c->after - c->before;
	char text[32];

	fprintf(out, "<tr><td>%s</td><td class=\"v\"><span class=\"mark\">%s</span> %s</td>",
		day_text(s->points[c->index].day, text), size > 0 ? "▲" : "▼",
		size > 0 ? "worse" : "better");
	html_number_cell(out, share_text(size, text));
	fprintf(out, "<td>%s</td><td class=\"n\">%zu</td><th scope=\"row\">",
		s->kind == KIND_EXACT ? "exact" : "noisy", s->nr - c->index);
	history_put_link(out, n, s);
	fputs("</th></tr>\n", out);
}

struct listed {
	const struct series *series;
	const struct change *change;
	double day;
};

/* The newest first, then by name. */
static int compare_listed(const void *a, const void *b)
{
	const struct listed *left = a, *right = b;

	if (left->day < right->day || left->day > right->day)
		return left->day < right->day ? 1 : -1;
	return (left->series > right->series) - (left->series < right->series);
}

static void put_list(FILE *out, const struct nights *n)
{
	struct listed *list = calloc(count_changes(n) + 1, sizeof(*list));
	size_t nr = 0;

	for (size_t i = 0; i < n->nr && list; i++)
		for (size_t j = 0; j < n->series[i].nr_changes; j++) {
			const struct series *s = &n->series[i];

			list[nr++] = (struct listed){s, &s->changes[j],
						     s->points[s->changes[j].index].day};
		}
	if (list)
		qsort(list, nr, sizeof(*list), compare_listed);
	for (size_t i = 0; i < nr; i++)
		put_change(out, n, list[i].series, list[i].change);
	free(list);
}

void history_put_changes(FILE *out, const struct nights *n)
{
	fputs("<section id=\"changes\"><h2>Changes</h2>\n", out);
	if (count_changes(n)) {
		fputs("<div class=\"wide\"><table class=\"sort\"><thead><tr>"
		      "<th scope=\"col\">Since</th><th scope=\"col\">It got</th>"
		      "<th scope=\"col\" class=\"n\">by</th><th scope=\"col\">Data</th>"
		      "<th scope=\"col\" class=\"n\">Nights since</th><th scope=\"col\">Case</th>"
		      "</tr></thead><tbody>\n",
		      out);
		put_list(out, n);
		fputs("</tbody></table></div>\n", out);
	} else {
		fputs("<p>None.</p>\n", out);
	}
	fputs("</section>\n", out);
}

void history_put_reading(FILE *out)
{
	fputs("<section id=\"reading\"><h2>How to read this</h2>\n<dl>\n"
	      "<dt>Upper line</dt><dd>Tonight against the reference of the same night, in percent; "
	      "0 % is the reference. Both were measured in that night, so that a host that got "
	      "slower "
	      "moves neither. Without references it is what was measured, and a line ends where "
	      "the "
	      "environment became another.</dd>\n"
	      "<dt>Lower lines</dt><dd>What was measured: solid tonight, dashed the "
	      "reference.</dd>\n"
	      "<dt>● △ ▽</dt><dd>A night. A triangle is a verdict on exact data, up for worse, "
	      "hollow for MINOR, filled for MAJOR. IDENTICAL and NOTE are dots, and so are noisy "
	      "data.</dd>\n"
	      "<dt>Verdict</dt><dd>Of exact data by the rules for integers. Of noisy data by the "
	      "pairs of "
	      "boots of the night, if the history has their study: one run against one is no "
	      "verdict "
	      "on times.</dd>\n"
	      "<dt>▲ ▼ and a dotted line</dt><dd>A change, and by how much the mean of the nights "
	      "after it differs from that before. Of noisy data a change point: E-divisive, p at "
	      "most "
	      "1 in 10,000, at least 1 %. Of exact data a night that differs by more than a NOTE "
	      "from "
	      "the first one, or from the last change.</dd>\n"
	      "<dt>host changed</dt><dd>A change of the reference itself.</dd>\n"
	      "<dt>Hosts</dt><dd>Of several hosts, which have the verdict: MINOR and MAJOR of "
	      "exact data, REGRESSED and IMPROVED of pairs of boots; in the last night of each. "
	      "A verdict of one type of machine is one that all of its hosts have and no "
	      "other host has.</dd>\n"
	      "<dt>A gap</dt><dd>Nights that are in no series.</dd>\n"
	      "</dl></section>\n",
	      out);
}
