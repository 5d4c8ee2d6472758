// SPDX-License-Identifier: GPL-2.0-only
#include "plots/evidence.h"

#include <stdlib.h>
#include <string.h>

#include "plots/html.h"
#include "plots/verdict_mark.h"
#include "results/paired_print.h"

static void put_name(FILE *out, const struct topology *t, const struct comparison_row *row)
{
	fprintf(out, "evidence-%u-%zu", t->nodes, (size_t)(row - t->comparison.rows) + 1);
}

void put_evidence_address(FILE *out, const struct topology *t, const struct comparison_row *row)
{
	fputc('#', out);
	put_name(out, t, row);
}

static void put_machines(FILE *out, const struct result_case *test)
{
	json_int_t machines = json_integer_value(json_object_get(test->details, "machines"));

	if (test->kind == KIND_NOISY)
		fputs("noisy", out);
	else if (machines > 1)
		fprintf(out, "exact: the same on %lld machines", (long long)machines);
	else
		fputs("exact, counted once", out);
}

/* All of them, as they were measured. */
static void put_samples(FILE *out, const char *side, const struct result_case *test)
{
	const json_t *samples = json_object_get(test->details, "samples"), *sample;
	size_t i;

	fprintf(out, "<p><b>%s</b>, ", side);
	put_machines(out, test);
	fprintf(out, ". %zu samples of %llu ", test->nr_samples, (unsigned long long)test->ops);
	html_text(out, test->per);
	fprintf(out, "%s, in ", test->ops == 1 ? "" : "s");
	html_text(out, test->unit);
	fputs(":", out);
	json_array_foreach(samples, i, sample) fprintf(out, " %lld", json_integer_value(sample));
	fputs(".</p>\n", out);
}

static void put_branch(FILE *out, const json_t *branch)
{
	fputs("<code>", out);
	html_text(out, json_string_value(json_object_get(branch, "branch")));
	fprintf(out, "</code> %lld",
		(long long)json_integer_value(json_object_get(branch, "seen")));
	if (json_integer_value(json_object_get(branch, "expected")))
		fprintf(out, " of %lld",
			(long long)json_integer_value(json_object_get(branch, "expected")));
}

/* Branches of the allocator, by records of Xen itself. */
static void put_proof(FILE *out, const struct result_case *test)
{
	const json_t *proof = json_object_get(test->details, "proof"), *branch;
	size_t i;

	if (result_unproven(test))
		fputs("<p>Nobody has seen which branches it takes.</p>\n", out);
	if (!json_array_size(proof))
		return;
	fputs("<p>Branches taken, by records of the measured calls: ", out);
	json_array_foreach(proof, i, branch)
	{
		fputs(i ? ", " : "", out);
		put_branch(out, branch);
	}
	fputs(".</p>\n", out);
}

static void put_function(FILE *out, const struct profile_difference *d)
{
	fputs("<tr><th scope=\"row\"><code>", out);
	html_text(out, d->function);
	fputs("</code></th>", out);
	html_fraction_cell(out, d->before, false);
	html_fraction_cell(out, d->after, false);
	html_fraction_cell(out, d->delta, true);
	fputs("</tr>\n", out);
}

static void put_sum(FILE *out, const char *name, struct fraction before, struct fraction after)
{
	struct fraction delta = {after.num - before.num, after.den};

	if (before.den != after.den)
		return;
	fprintf(out, "<tr class=\"sum\"><th scope=\"row\">%s</th>", name);
	html_fraction_cell(out, before, false);
	html_fraction_cell(out, after, false);
	html_fraction_cell(out, delta, true);
	fputs("</tr>\n", out);
}

static void put_function_list(FILE *out, const struct comparison_row *row,
			      const struct profile_difference *list, size_t nr)
{
	const struct profile *before = row->profile_before, *after = row->profile_after;
	struct fraction changed_before = {0, before->ops}, changed_after = {0, after->ops};
	size_t i;

	fputs("<table class=\"small\"><thead><tr><th scope=\"col\">Function</th>"
	      "<th scope=\"col\" class=\"n\">" BEFORE_VARIANT
	      "</th><th scope=\"col\" class=\"n\">" AFTER_VARIANT
	      "</th><th scope=\"col\" class=\"n\">Δ</th></tr></thead><tbody>\n",
	      out);
	for (i = 0; i < nr; i++) {
		put_function(out, &list[i]);
		changed_before.num += list[i].before.num;
		changed_after.num += list[i].after.num;
	}
	put_sum(out, "all other functions, each unchanged",
		(struct fraction){(__int128)before->total - changed_before.num, before->ops},
		(struct fraction){(__int128)after->total - changed_after.num, after->ops});
	put_sum(out, "the whole window", (struct fraction){before->total, before->ops},
		(struct fraction){after->total, after->ops});
	fputs("</tbody></table>\n", out);
}

static void put_functions(FILE *out, const struct comparison_row *row)
{
	struct profile_difference *list = NULL;
	size_t nr;

	if (row->profile_before && row->profile_after &&
	    !profile_compare(row->profile_before, row->profile_after, &list, &nr))
		put_function_list(out, row, list, nr);
	free(list);
}

static void put_link(FILE *out, const char *label, const struct result_case *test)
{
	if (!test || !test->raw)
		return;
	fputs(" <a href=\"", out);
	html_address(out, test->raw);
	fprintf(out, "/\">%s</a>", label);
}

static const struct result_case *traced_case(const struct result *result, const char *name)
{
	const struct result_case *test = result ? result_find(result, name) : NULL;

	return test && !test->skipped ? test : NULL;
}

static void put_raw(FILE *out, const struct topology *t, const struct comparison_row *row)
{
	fputs("<p class=\"raw\">Raw data:", out);
	put_link(out, BEFORE_VARIANT, row->before);
	put_link(out, AFTER_VARIANT, row->after);
	put_link(out, "trace of " BEFORE_VARIANT,
		 row->before ? traced_case(t->traced_before, row->before->name) : NULL);
	put_link(out, "trace of " AFTER_VARIANT, traced_case(t->traced_after, row->name));
	fputs("</p>\n", out);
}

static void put_paired(FILE *out, const struct comparison_row *row)
{
	char flagged[PAIRED_FLAGGED_TEXT];

	if (!row->paired.nr)
		return;
	fprintf(out, "<p>%zu pairs: ", row->paired.nr);
	paired_print_effect(out, &row->paired);
	paired_print_judged(out, &row->paired);
	fputs(paired_flagged_text(&row->paired, flagged), out);
	fputs(".</p>\n", out);
}

static void put_rest(FILE *out, const struct topology *t, const struct comparison_row *row)
{
	if (row->reason) {
		fputs("<p>", out);
		if (row->kind == ROW_REFERENCE) {
			fputs("Compared with ", out);
			html_name(out, row->before->name);
			fputs(" of " BEFORE_VARIANT ": ", out);
		}
		html_text(out, row->reason);
		fputs("</p>\n", out);
	}
	put_paired(out, row);
	if (row->before)
		put_samples(out, BEFORE_VARIANT, row->before);
	if (row->after) {
		put_samples(out, AFTER_VARIANT, row->after);
		put_proof(out, row->after);
	}
	put_functions(out, row);
	put_raw(out, t, row);
}

void put_evidence_cell(FILE *out, const struct topology *t, const struct comparison_row *row)
{
	put_verdict_cell_start(out, row);
	if (!row->before && !row->after) {
		put_verdict(out, row);
	} else {
		fputs("<details class=\"evidence\" id=\"", out);
		put_name(out, t, row);
		fputs("\"><summary>", out);
		put_verdict(out, row);
		fputs("</summary>\n<div>", out);
		put_rest(out, t, row);
		fputs("</div></details>", out);
	}
	fputs("</td>", out);
}
