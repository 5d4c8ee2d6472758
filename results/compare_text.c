// SPDX-License-Identifier: GPL-2.0-only
#include "results/compare_print.h"

#include <stdio.h>
#include <string.h>

#include "results/paired_print.h"

static void print_unproven(const char *side, const struct result *result)
{
	size_t n = result_count_unproven(result);

	if (n)
		printf("Unproven: which branches %zu cases of %s take was not looked at.\n", n, side);
}

/* What is MAJOR by what it costs in the claim path alone cannot be told from the whole. */
static void print_pathless(const struct comparison *c)
{
	size_t n = 0;

	for (size_t i = 0; i < c->nr_rows; i++) {
		const struct comparison_row *row = &c->rows[i];

		n += row_compared(row) && row->before->kind == KIND_EXACT &&
		     row->after->kind == KIND_EXACT && row->verdict.delta.num && !row->path_known;
	}
	if (n)
		printf("Claim path not known: %zu changed cases have no function counts beside both results.\n",
		       n);
}

void print_fingerprints(const struct fingerprint_fields *fields)
{
	bool any = false;
	size_t i;

	for (i = 0; i < fields->nr; i++) {
		const struct fingerprint_field *field = &fields->fields[i];

		if (!field->differs)
			continue;
		printf("%s%s: %s -> %s%s\n", any ? "        " : "Differ: ", field->path,
		       field->before ? field->before : "(absent)",
		       field->after ? field->after : "(absent)",
		       field->may_differ ? "" : "   WARNING: should be equal");
		any = true;
	}
	if (!fields->before_known || !fields->after_known)
		printf("Fingerprints not known.\n");
	else if (!any)
		printf("Equal fingerprints.\n");
}

static int name_width(const struct comparison *c)
{
	size_t i, width = strlen("CASE");

	for (i = 0; i < c->nr_rows; i++)
		if (strlen(c->rows[i].name) > width)
			width = strlen(c->rows[i].name);
	return (int)width;
}

static void print_budget(const struct comparison_row *row)
{
	const struct budget_line *line = row->budget;
	char delta[FRACTION_TEXT_SIZE];

	if (!line)
		return;
	printf(", budget ");
	if (line->against && row->against)
		printf("vs %s %s of ", row->against->name,
		       fraction_format_short(row->budget_delta, true, delta));
	printf("%+lld%s (%s)", (long long)line->amount, line->percent ? "%" : "", line->why);
}

/* What the figures of noisy data are. */
static void print_kind(const struct comparison_row *row)
{
	if (row->verdict.size >= VERDICT_INCONCLUSIVE)
		printf(", %s, %s", row->paired.nr ? "means of pairs" : "medians", row->after->unit);
}

static void print_compared(const struct comparison_row *row, int width)
{
	char b[FRACTION_TEXT_SIZE], a[FRACTION_TEXT_SIZE], delta[FRACTION_TEXT_SIZE];
	const char *direction = row_direction(row);
	char flagged[PAIRED_FLAGGED_TEXT];

	printf("%-*s %13s %13s %14s %+9.3f %%  %s%s%s", width, row->name,
	       fraction_format_short(row->cost_before, false, b),
	       fraction_format_short(row->cost_after, false, a),
	       fraction_format(row->verdict.delta, true, delta), row->verdict.percent,
	       verdict_name(row->verdict.size), *direction ? " " : "", direction);
	if (row->kind == ROW_REFERENCE)
		printf(", vs %s", row->before->name);
	else if (row->reason)
		printf(", %s", row->reason);
	if (row->paired.nr) {
		fputs(", ", stdout);
		paired_print_effect(stdout, &row->paired);
		if (!row->reason)
			paired_print_judged(stdout, &row->paired);
		fputs(paired_flagged_text(&row->paired, flagged), stdout);
	}
	print_kind(row);
	if (row->path_known && row->path_delta.num)
		printf(", claim path %s", fraction_format(row->path_delta, true, delta));
	print_budget(row);
	printf("%s\n", row->over_budget ? ", OVER BUDGET" : "");
}

static const char *open_text(enum row_kind kind)
{
	switch (kind) {
	case ROW_NEW:
		return "new, no reference; BEFORE: ";
	case ROW_LOST:
		return "lost: ";
	default:
		return "skipped: ";
	}
}

static void print_rows(const struct comparison *c)
{
	int width = name_width(c);
	bool any = false;
	size_t i;

	printf("\n%-*s %13s %13s %14s %11s  VERDICT (per operation)\n", width, "CASE", "BEFORE",
	       "AFTER", "DELTA", "DELTA %");
	for (i = 0; i < c->nr_rows; i++)
		if (row_compared(&c->rows[i]))
			print_compared(&c->rows[i], width);
	for (i = 0; i < c->nr_rows; i++) {
		const struct comparison_row *row = &c->rows[i];

		if (row_compared(row))
			continue;
		if (!any)
			printf("\nNot compared:\n");
		any = true;
		printf("%-*s %s%s", width, row->name, open_text(row->kind), row->reason);
		print_budget(row);
		printf("%s\n", row->over_budget ? ", FAILS" : "");
	}
}

static size_t count_size(const struct comparison *c, enum verdict_size size)
{
	size_t i, n = 0;

	for (i = 0; i < c->nr_rows; i++)
		n += row_compared(&c->rows[i]) && c->rows[i].verdict.size == size;
	return n;
}

static void print_summary(const struct comparison *c)
{
	size_t i, n, compared = 0;

	printf("\n");
	for (i = 0; i < VERDICT_SIZES; i++) {
		n = count_size(c, (enum verdict_size)i);
		compared += n;
		/* The paired design's own are said when there are any. */
		if (n || i <= VERDICT_INCONCLUSIVE)
			printf("%zu %s, ", n, verdict_name((enum verdict_size)i));
	}
	printf("%zu not compared; %zu over budget or lost.\n", c->nr_rows - compared,
	       c->nr_over_budget);
}

void print_text(const struct comparison *c, const struct fingerprint_fields *fields)
{
	printf("BEFORE  %s\nAFTER   %s\n", c->before->path, c->after->path);
	print_fingerprints(fields);
	print_unproven("BEFORE", c->before);
	print_unproven("AFTER", c->after);
	print_pathless(c);
	print_rows(c);
	print_functions(c, name_width(c));
	print_summary(c);
}
