// SPDX-License-Identifier: GPL-2.0-only
/* Where the instructions are: per-function differences from the profiles. */
#include <stdlib.h>
#include <string.h>

#include "plots/html.h"
#include "plots/report.h"
#include "plots/section_probe.h"

#define MAX_COLUMNS 7

struct case_functions {
	const struct comparison_row *row;
	struct profile_difference *list; /* of functions that differ, largest first */
	size_t nr;
	struct fraction total; /* of all functions, the equal ones included */
};

struct column {
	const char *function;
	double most; /* largest |difference| in any case */
};

struct where {
	struct case_functions *cases;
	size_t nr;
	struct column *columns; /* all functions that differ anywhere, largest first */
	size_t nr_columns;
};

static double magnitude(struct fraction f)
{
	double value = (double)f.num / (double)f.den;

	return value < 0 ? -value : value;
}

static void note_function(struct where *where, const struct profile_difference *difference)
{
	struct column *columns;
	size_t i;

	for (i = 0; i < where->nr_columns; i++)
		if (!strcmp(where->columns[i].function, difference->function))
			break;
	if (i == where->nr_columns) {
		columns = reallocarray(where->columns, i + 1, sizeof(*columns));
		if (!columns)
			return;
		where->columns = columns;
		columns[where->nr_columns++] = (struct column){difference->function, 0};
	}
	if (magnitude(difference->delta) > where->columns[i].most)
		where->columns[i].most = magnitude(difference->delta);
}

static int compare_columns(const void *a, const void *b)
{
	const struct column *left = a, *right = b;

	if (left->most != right->most)
		return left->most < right->most ? 1 : -1;
	return strcmp(left->function, right->function);
}

/* Cases of one kind ("populate", "claim", …) go the same ways and share a table. */
static bool same_kind(const char *a, const char *b)
{
	size_t length = strcspn(a, "/");

	return length == strcspn(b, "/") && !strncmp(a, b, length);
}

static void collect(const struct topology *t, const char *kind, struct where *where)
{
	size_t i, j;

	*where = (struct where){0};
	where->cases = calloc(t->comparison.nr_rows, sizeof(*where->cases));
	for (i = 0; where->cases && i < t->comparison.nr_rows; i++) {
		const struct comparison_row *row = &t->comparison.rows[i];
		struct case_functions *functions = &where->cases[where->nr];

		if (!same_kind(kind, row->name) || !row->profile_before || !row->profile_after ||
		    profile_compare(row->profile_before, row->profile_after, &functions->list,
				    &functions->nr))
			continue;
		functions->row = row;
		functions->total =
			fraction_subtract(row->profile_after->total, row->profile_after->ops,
					  row->profile_before->total, row->profile_before->ops);
		for (j = 0; j < functions->nr; j++)
			note_function(where, &functions->list[j]);
		where->nr++;
	}
	if (where->nr_columns)
		qsort(where->columns, where->nr_columns, sizeof(*where->columns), compare_columns);
}

static void release(struct where *where)
{
	size_t i;

	for (i = 0; i < where->nr; i++)
		free(where->cases[i].list);
	free(where->cases);
	free(where->columns);
}

static const struct profile_difference *find_function(const struct case_functions *functions,
						      const char *name)
{
	size_t i;

	for (i = 0; i < functions->nr; i++)
		if (!strcmp(functions->list[i].function, name))
			return &functions->list[i];
	return NULL;
}

static size_t shown_columns(const struct where *where)
{
	return where->nr_columns < MAX_COLUMNS ? where->nr_columns : MAX_COLUMNS;
}

/* The functions with columns, the rest, and their sum beside what the benchmark measured. */
static void put_case(FILE *out, const struct where *where, const struct case_functions *functions)
{
	struct fraction rest = functions->total;
	size_t i;

	fputs("<tr>", out);
	put_row_name(out, functions->row, false);
	for (i = 0; i < shown_columns(where); i++) {
		const struct profile_difference *d =
			find_function(functions, where->columns[i].function);

		if (!d) {
			fputs("<td class=\"n zero\">0</td>", out);
			continue;
		}
		rest.num -= d->delta.num;
		html_fraction_cell(out, d->delta, true);
	}
	if (where->nr_columns > MAX_COLUMNS)
		html_fraction_cell(out, rest, true);
	html_fraction_cell(out, functions->total, true);
	html_fraction_cell(out, functions->row->verdict.delta, true);
	fputs("</tr>\n", out);
}

/* A column's head; long names may break after an underscore, and nowhere else. */
static void put_function_head(FILE *out, const char *function)
{
	char part[64];

	fputs("<th scope=\"col\" class=\"n\"><code>", out);
	while (*function) {
		size_t length = strcspn(function, "_");

		length += function[length] == '_';
		snprintf(part, sizeof(part), "%.*s", (int)length, function);
		html_text(out, part);
		function += length;
		if (*function)
			fputs("<wbr/>", out);
	}
	fputs("</code></th>", out);
}

static void put_table(FILE *out, const struct where *where)
{
	size_t i;

	fputs("<div class=\"wide\"><table class=\"small\"><thead><tr><th scope=\"col\">Case</th>",
	      out);
	for (i = 0; i < shown_columns(where); i++)
		put_function_head(out, where->columns[i].function);
	if (where->nr_columns > MAX_COLUMNS)
		fprintf(out, "<th scope=\"col\" class=\"n\">%zu others</th>",
			where->nr_columns - MAX_COLUMNS);
	fputs("<th scope=\"col\" class=\"n\">Sum</th><th scope=\"col\" class=\"n\">Δ "
	      "measured</th></tr></thead>\n"
	      "<tbody>\n",
	      out);
	for (i = 0; i < where->nr; i++)
		put_case(out, where, &where->cases[i]);
	fputs("</tbody></table></div>\n", out);
}

static size_t put_kind(FILE *out, const struct topology *t, const char *kind)
{
	struct where where;
	size_t cases;

	collect(t, kind, &where);
	cases = where.nr;
	if (cases)
		put_table(out, &where);
	release(&where);
	return cases;
}

static void put_topology(struct report *report, const struct topology *t)
{
	FILE *out = report->out;
	const struct comparison_row *rows = t->comparison.rows;
	size_t i, j, cases = 0;
	char name[24];

	fprintf(out, "<h3>On %s</h3>\n", topology_name(t, name));
	for (i = 0; i < t->comparison.nr_rows; i++) {
		for (j = 0; j < i; j++)
			if (same_kind(rows[i].name, rows[j].name))
				break;
		if (j == i)
			cases += put_kind(out, t, rows[i].name);
	}
	if (!cases)
		fputs("<p class=\"missing\">No case has a profile on both sides.</p>\n", out);
	put_probes(report, t);
}

void section_where(struct report *report)
{
	size_t i;

	fputs("<section id=\"where\"><h2>Where it is</h2>\n"
	      "<p>Instructions per operation, by function, more (+) or fewer (−) than "
	      "in " BEFORE_VARIANT ". A function counts its own instructions only, and what the "
	      "compiler inlined into it. "
	      "Counted by QEMU on unmodified hypervisors, in the window of the least sample; "
	      "“Sum” adds up all functions, <code>[user]</code> is the benchmark itself, "
	      "<code>[dom0-kernel]</code> the privcmd driver and what else dom0's kernel did. "
	      "“Δ measured” is the benchmark's own figure, from the guest's clock. "
	      "All functions of a case are below its verdict, among <a href=\"#cases\">the "
	      "cases</a>.</p>\n",
	      report->out);
	for (i = 0; i < report->nr_topologies; i++)
		put_topology(report, &report->topologies[i]);
	fputs("</section>\n", report->out);
}
