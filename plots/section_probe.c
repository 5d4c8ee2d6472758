// SPDX-License-Identifier: GPL-2.0-only
/* Where the instructions went, case by case: calls, instructions, accesses and holds from the
 * probe. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "plots/html.h"
#include "plots/section_probe.h"
#include "results/probe.h"

struct probed_case {
	const struct comparison_row *row;
	struct probe *before, *after;
};

static struct probe *read_probe(struct report *report, const struct result *result,
				const struct result_case *test)
{
	char error[RESULT_ERROR_SIZE],
		*path = test ? result_raw_path(result, test, "probe.json") : NULL;
	struct probe *probe = NULL;

	if (path && probe_read(path, test->ops, &probe, error) == -EINVAL)
		report_complain(report, "%s", error);
	free(path);
	return probe;
}

static size_t read_cases(struct report *report, const struct topology *t, struct probed_case *cases)
{
	size_t nr = 0;

	for (size_t i = 0; i < t->comparison.nr_rows; i++) {
		struct probed_case *c = &cases[nr];

		*c = (struct probed_case){.row = &t->comparison.rows[i]};
		c->before = read_probe(report, t->before, c->row->before);
		c->after = read_probe(report, t->after, c->row->after);
		if (c->before && c->after) {
			nr++;
			continue;
		}
		probe_free(c->before);
		probe_free(c->after);
	}
	return nr;
}

static struct fraction per_operation(const struct probe *probe, uint64_t figure)
{
	return (struct fraction){figure, probe->ops};
}

/* Before, after, and how much more. */
static void put_figure(FILE *out, const struct probed_case *c, uint64_t before, uint64_t after)
{
	html_fraction_cell(out, per_operation(c->before, before), false);
	html_fraction_cell(out, per_operation(c->after, after), false);
	html_fraction_cell(out, fraction_subtract(after, c->after->ops, before, c->before->ops),
			   true);
}

static bool differs(const struct probed_case *c, const char *name)
{
	const struct probe_function *before = probe_find(c->before, name);
	const struct probe_function *after = probe_find(c->after, name);

	for (size_t i = 0; i < PROBE_FIGURES; i++)
		if (fraction_subtract(after->figures[i], c->after->ops, before->figures[i],
				      c->before->ops)
			    .num)
			return true;
	return false;
}

static void put_function(FILE *out, const struct probed_case *c, const char *name)
{
	const uint64_t *before = probe_find(c->before, name)->figures;
	const uint64_t *after = probe_find(c->after, name)->figures;

	fputs("<tr><th scope=\"row\"><code>", out);
	html_text(out, name);
	fputs("</code></th>", out);
	put_figure(out, c, before[PROBE_CALLS], after[PROBE_CALLS]);
	put_figure(out, c, before[PROBE_INCLUSIVE], after[PROBE_INCLUSIVE]);
	put_figure(out, c, before[PROBE_OWN], after[PROBE_OWN]);
	put_figure(out, c, before[PROBE_LOADS] + before[PROBE_STORES],
		   after[PROBE_LOADS] + after[PROBE_STORES]);
	fputs("</tr>\n", out);
}

/* Two heads: what, over three columns each; and which of the three. */
static void put_head(FILE *out, const struct comparison_row *row, const char *const *figures,
		     size_t nr)
{
	fputs("<thead><tr>", out);
	if (row)
		put_row_name(out, row, false);
	else
		fputs("<th scope=\"col\">Case</th>", out);
	for (size_t i = 0; i < nr; i++)
		fprintf(out, "<th scope=\"colgroup\" colspan=\"3\" class=\"n\">%s</th>",
			figures[i]);
	fputs("</tr><tr><th></th>", out);
	for (size_t i = 0; i < nr; i++)
		fputs("<th class=\"n\">" BEFORE_VARIANT "</th><th class=\"n\">" AFTER_VARIANT
		      "</th><th class=\"n\">Δ</th>",
		      out);
	fputs("</tr></thead><tbody>\n", out);
}

static void put_case(FILE *out, const struct probed_case *c)
{
	static const char *const figures[] = {"calls", "inclusive", "own", "memory accesses"};
	size_t b = 0, a = 0;

	fputs("<div class=\"wide\"><table class=\"small\">", out);
	put_head(out, c->row, figures, sizeof(figures) / sizeof(figures[0]));
	while (b < c->before->nr_functions || a < c->after->nr_functions) {
		const char *before =
			b < c->before->nr_functions ? c->before->functions[b].name : NULL;
		const char *after = a < c->after->nr_functions ? c->after->functions[a].name : NULL;
		int order = !before ? 1 : !after ? -1 : strcmp(before, after);
		const char *name = order <= 0 ? before : after;

		if (differs(c, name))
			put_function(out, c, name);
		b += order <= 0;
		a += order >= 0;
	}
	fputs("</tbody></table></div>\n", out);
}

/* Instructions that a section of the lock takes. */
static struct fraction mean_hold(const struct probe *probe)
{
	return (struct fraction){probe->lock.hold_sum,
				 probe->lock.sections ? probe->lock.sections : 1};
}

static void put_lock(FILE *out, const struct probed_case *c)
{
	const struct probe_lock *before = &c->before->lock, *after = &c->after->lock;
	struct fraction mean_before = mean_hold(c->before), mean_after = mean_hold(c->after);

	fputs("<tr>", out);
	put_row_name(out, c->row, false);
	put_figure(out, c, before->sections, after->sections);
	html_fraction_cell(out, mean_before, false);
	html_fraction_cell(out, mean_after, false);
	html_fraction_cell(out,
			   fraction_subtract((uint64_t)mean_after.num, mean_after.den,
					     (uint64_t)mean_before.num, mean_before.den),
			   true);
	html_fraction_cell(out, (struct fraction){before->hold_max, 1}, false);
	html_fraction_cell(out, (struct fraction){after->hold_max, 1}, false);
	html_fraction_cell(out, fraction_subtract(after->hold_max, 1, before->hold_max, 1), true);
	fputs("</tr>\n", out);
}

static void put_locks(FILE *out, const struct probed_case *cases, size_t nr)
{
	static const char *const figures[] = {"sections per operation", "instructions a section",
					      "longest section"};
	size_t i;

	for (i = 0; i < nr && !(cases[i].before->has_lock && cases[i].after->has_lock); i++)
		;
	if (i == nr)
		return;
	fputs("<p><code>heap_lock</code>, from the instruction that takes it to the one that "
	      "releases "
	      "it, without any trace point:</p>\n<div class=\"wide\"><table class=\"small\">",
	      out);
	put_head(out, NULL, figures, sizeof(figures) / sizeof(figures[0]));
	for (; i < nr; i++)
		if (cases[i].before->has_lock && cases[i].after->has_lock)
			put_lock(out, &cases[i]);
	fputs("</tbody></table></div>\n", out);
}

void put_probes(struct report *report, const struct topology *t)
{
	struct probed_case *cases = calloc(t->comparison.nr_rows + 1, sizeof(*cases));
	size_t nr = cases ? read_cases(report, t, cases) : 0;
	FILE *out = report->out;

	if (nr) {
		put_locks(out, cases, nr);
		fprintf(out,
			"<details class=\"screen\"><summary>Where the instructions went: calls, "
			"instructions with and without those of callees, and memory accesses per "
			"operation, of functions in which any differs (%zu cases)</summary>\n",
			nr);
		for (size_t i = 0; i < nr; i++)
			put_case(out, &cases[i]);
		fputs("</details>\n", out);
	}
	for (size_t i = 0; i < nr; i++) {
		probe_free(cases[i].before);
		probe_free(cases[i].after);
	}
	free(cases);
}
