// SPDX-License-Identifier: GPL-2.0-only
/* What perf in dom0 told about each case, and who did its operations (docs/perf.md). */
#include <stdio.h>
#include <string.h>

#include <jansson.h>

#include "plots/html.h"
#include "plots/report.h"
#include "plots/section_shares.h"

static json_t *perf_of(const struct result_case *test)
{
	return test && !test->skipped ? json_object_get(test->details, "perf") : NULL;
}

static void add_figure(json_t *figures, const char *what, const char *name, const char *unit, json_t *value)
{
	char key[160];

	snprintf(key, sizeof(key), "%s%s%s%s", what, name, *unit ? ", " : "", unit);
	json_object_set(figures, key, value);
}

/* Figures of a part of perf's, which has them by name and what they count. */
static void add_part(json_t *figures, const char *what, json_t *part, const char *count, const char *time)
{
	const char *name;
	json_t *own;

	json_object_foreach(part, name, own)
	{
		if (!json_is_object(own))
			continue;
		add_figure(figures, what, name, count, json_object_get(own, count));
		add_figure(figures, what, name, time, json_object_get(own, time));
	}
}

/* All of a case in one object; null is what could not be counted. NULL: perf did not watch it. */
static json_t *figures_of(const struct result_case *test)
{
	json_t *perf = perf_of(test), *figures, *value;
	const char *name;

	if (!perf)
		return NULL;
	figures = json_object();
	json_object_foreach(json_object_get(perf, "stat"), name, value)
		add_figure(figures, "", name, "", value);
	add_part(figures, "system call ", json_object_get(perf, "syscalls"), "calls", "ms");
	add_part(figures, "contended ", json_object_get(perf, "contention"), "waits", "ms");
	add_part(figures, "one measured call: ", json_object_get(perf, "operation"), "calls", "ns");
	return figures;
}

/* True: some case has that figure; false: none could count it. */
static void note_columns(json_t *columns, json_t *figures)
{
	const char *name;
	json_t *value;

	json_object_foreach(figures, name, value)
	{
		if (json_is_null(value) && !json_object_get(columns, name))
			json_object_set_new(columns, name, json_false());
		else if (json_number_value(value) != 0)
			json_object_set_new(columns, name, json_true());
	}
}

/* What did not occur is not in there. */
static const char *value_of(json_t *figures, const char *name, char text[32])
{
	json_t *value = json_object_get(figures, name);

	snprintf(text, 32, "%.12g", json_number_value(value));
	return !figures ? NULL : json_is_null(value) ? "not supported" : text;
}

static void put_value(FILE *out, json_t *const both[2], const char *name)
{
	char texts[2][32];
	const char *before = value_of(both[0], name, texts[0]), *after = value_of(both[1], name, texts[1]);

	fputs("<td class=\"n\">", out);
	if (before && after && strcmp(before, after)) {
		html_number(out, before);
		fputs(" → ", out);
		html_number(out, after);
	} else {
		html_number(out, after ? after : before);
	}
	fputs("</td>", out);
}

static void put_row(FILE *out, const char *test, json_t *const both[2], json_t *columns)
{
	const char *name;
	json_t *known;

	fputs("<tr><th scope=\"row\">", out);
	html_name(out, test);
	fputs("</th>", out);
	json_object_foreach(columns, name, known)
		if (json_is_true(known))
			put_value(out, both, name);
	fputs("</tr>\n", out);
}

/* Of each case of a topology that perf watched on either side: a row, or with out NULL its columns only. */
static void visit_cases(FILE *out, const struct topology *t, json_t *columns)
{
	for (size_t i = 0; i < t->after->nr_cases; i++) {
		const struct result_case *test = &t->after->cases[i];
		json_t *const both[2] = {figures_of(result_find(t->before, test->name)), figures_of(test)};

		if (out && (both[0] || both[1]))
			put_row(out, test->name, both, columns);
		for (int side = 0; !out && side < 2; side++)
			note_columns(columns, both[side]);
		json_decref(both[0]);
		json_decref(both[1]);
	}
}

static void put_unsupported(FILE *out, json_t *columns)
{
	const char *name, *before = "<p>Not supported here: <code>";
	bool any = false;
	json_t *known;

	json_object_foreach(columns, name, known)
	{
		if (json_is_true(known))
			continue;
		fputs(before, out);
		html_text(out, name);
		before = "</code> <code>";
		any = true;
	}
	if (any)
		fputs("</code>.</p>\n", out);
}

/* What dom0 did not allow, with the reason; the cases share it, as a rule. */
static void put_lacking(FILE *out, const struct topology *t)
{
	json_t *all = json_object(), *why;
	const char *what;

	for (size_t i = 0; i < t->after->nr_cases; i++)
		json_object_update_missing(all, json_object_get(perf_of(&t->after->cases[i]), "lacking"));
	json_object_foreach(all, what, why)
	{
		fprintf(out, "<p class=\"missing\">Not possible in dom0: <code>");
		html_text(out, what);
		fputs("</code>, ", out);
		html_text(out, json_string_value(why));
		fputs(".</p>\n", out);
	}
	json_decref(all);
}

static void put_head(FILE *out, json_t *columns)
{
	const char *name;
	json_t *known;

	fputs("<details class=\"screen\"><summary>What perf counted, case by case</summary>\n"
	      "<div class=\"wide\"><table class=\"small\"><thead><tr><th scope=\"col\">Case</th>",
	      out);
	json_object_foreach(columns, name, known)
	{
		if (!json_is_true(known))
			continue;
		fputs("<th scope=\"col\" class=\"n\"><code>", out);
		html_text(out, name);
		fputs("</code></th>", out);
	}
	fputs("</tr></thead><tbody>\n", out);
}

static void put_topology(FILE *out, const struct topology *t)
{
	json_t *columns = json_object();
	char name[24];

	fprintf(out, "<h3>On %s</h3>\n", topology_name(t, name));
	put_shares(out, t);
	visit_cases(NULL, t, columns);
	put_lacking(out, t);
	if (json_object_size(columns)) {
		put_unsupported(out, columns);
		put_head(out, columns);
		visit_cases(out, t, columns);
		fputs("</tbody></table></div></details>\n", out);
	} else {
		fputs("<p class=\"missing\">No case has readable counters of perf.</p>\n", out);
	}
	json_decref(columns);
}

void section_perf(struct report *report)
{
	fputs("<section id=\"perf\"><h2>Hypervisor and dom0</h2>\n"
	      "<p>How much of an operation the hypervisor does, and how much dom0's kernel and the program in it. "
	      "Below, <code>perf</code> about the benchmark's process, in passes of their own: software counters, "
	      "system calls, contended locks, the kernel's Xen trace points, and one measured call. One value: equal "
	      "on both hypervisors. “→”: " BEFORE_VARIANT ", then " AFTER_VARIANT ".</p>\n",
	      report->out);
	for (size_t i = 0; i < report->nr_topologies; i++)
		put_topology(report->out, &report->topologies[i]);
	fputs("</section>\n", report->out);
}
