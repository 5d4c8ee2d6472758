// SPDX-License-Identifier: GPL-2.0-only
#include "results/compare.h"

#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "results/pairs.h"

static bool is_measured(const struct result_case *test)
{
	return test && !test->skipped;
}

/* Cases that measure different things must not be subtracted. */
static int check_pair(const struct comparison *c, const struct comparison_row *row, char *error)
{
	const struct result_case *b = row->before, *a = row->after;
	const char *field = NULL, *left = NULL, *right = NULL;

	if (strcmp(b->unit, a->unit)) {
		field = "unit";
		left = b->unit;
		right = a->unit;
	} else if (strcmp(b->per, a->per)) {
		field = "per";
		left = b->per;
		right = a->per;
	}
	if (field) {
		snprintf(error, RESULT_ERROR_SIZE, "%s: %s: %s: '%s', but '%s' in %s (%s)",
			 c->after->path, a->name, field, right, left, c->before->path, b->name);
		return -EINVAL;
	}
	/*
	 * Batches of different sizes spread what they have in common differently. Times have as
	 * many operations as the clock asked for.
	 */
	if (row->kind == ROW_SAME && b->ops != a->ops &&
	    (a->kind == KIND_EXACT || b->kind == KIND_EXACT)) {
		snprintf(error, RESULT_ERROR_SIZE, "%s: %s: ops: %llu, but %llu in %s",
			 c->after->path, a->name, (unsigned long long)a->ops,
			 (unsigned long long)b->ops, c->before->path);
		return -EINVAL;
	}
	return 0;
}

static int load_profile(const struct result *result, const struct result_case *test,
			struct profile **out, char *error)
{
	char *path = result_raw_path(result, test, "profile.txt");
	int ret;

	*out = NULL;
	if (!path)
		return 0;
	ret = profile_read(path, test->ops, out, error);
	free(path);
	return ret == -ENOENT ? 0 : ret;
}

static int load_profiles(const struct comparison *c, struct comparison_row *row, char *error)
{
	int ret = load_profile(c->before, row->before, &row->profile_before, error);

	if (!ret)
		ret = load_profile(c->after, row->after, &row->profile_after, error);
	if (!ret && row->profile_before && row->profile_after)
		row->path_known = profile_path_delta(row->profile_before, row->profile_after,
						     &row->path_delta);
	return ret;
}

static bool exceeds_line(const struct comparison_row *row)
{
	const struct budget_line *line = row->budget;

	if (line->percent)
		return fraction_exceeds_share(row->budget_delta, row->against->min_sample,
					      row->against->ops, line->amount);
	return fraction_exceeds(row->budget_delta, line->amount);
}

/* Instructions are no limit of a time. */
static bool regressed_over(const struct comparison_row *row)
{
	const struct budget_line *line = row->budget;

	return row->verdict.size == VERDICT_REGRESSED &&
	       !(line && line->percent && expm1(row->paired.effect) * 100 <= (double)line->amount);
}

static bool exceeds_budget(const struct comparison_row *row)
{
	if (row->kind == ROW_LOST)
		return true;
	if (row->against)
		return exceeds_line(row);
	if (row->paired.nr)
		return regressed_over(row);
	return row->kind == ROW_SAME && !row->budget && row->verdict.size == VERDICT_MAJOR &&
	       row->verdict.delta.num > 0;
}

/* What the budget's line is about; nothing when the row has none, or is not measured. */
static int find_against(const struct comparison *c, struct comparison_row *row, char *error)
{
	const struct budget_line *line = row->budget;
	const struct result_case *against = row->before;
	char *name;

	if (!line || !row->after)
		return 0;
	if (line->against) {
		name = budget_against(line, row->name);
		against = name ? result_find(c->before, name) : NULL;
		free(name);
	}
	/* A line that holds nothing to anything must not pass for one that is kept. */
	if (!is_measured(against)) {
		snprintf(error, RESULT_ERROR_SIZE, "%s:%u: %s%s%s: not measured in %s", line->path,
			 line->line, row->name, line->against ? " vs " : "",
			 line->against ? line->against : "", c->before->path);
		return -EINVAL;
	}
	if (against->kind != KIND_EXACT || row->after->kind != KIND_EXACT)
		return 0;
	row->against = against;
	row->budget_delta = fraction_subtract(row->after->min_sample, row->after->ops,
					      against->min_sample, against->ops);
	return 0;
}

static struct fraction thousandths(double value)
{
	return (struct fraction){llround(value * 1000), 1000};
}

void row_set_costs(struct comparison_row *row, double before, double after)
{
	row->cost_before = thousandths(before);
	row->cost_after = thousandths(after);
	row->verdict.delta = (struct fraction){row->cost_after.num - row->cost_before.num, 1000};
	row->verdict.percent = (after / before - 1) * 100;
}

static int judge_noisy(struct comparison_row *row)
{
	double before, after;

	if (result_median(row->before, &before) || result_median(row->after, &after))
		return -ENOMEM;
	row->verdict.size = VERDICT_INCONCLUSIVE;
	row->reason = "noisy data, not in pairs";
	row_set_costs(row, before, after);
	return 0;
}

static int judge_row(const struct comparison *c, struct comparison_row *row, char *error)
{
	int ret = check_pair(c, row, error);

	if (!ret)
		ret = load_profiles(c, row, error);
	if (ret)
		return ret;
	if (row->before->kind != KIND_EXACT || row->after->kind != KIND_EXACT)
		return judge_noisy(row);
	row->cost_before = (struct fraction){row->before->min_sample, row->before->ops};
	row->cost_after = (struct fraction){row->after->min_sample, row->after->ops};
	row->verdict =
		judge_exact(row->before->min_sample, row->before->ops, row->after->min_sample,
			    row->after->ops, row->path_known ? &row->path_delta : NULL);
	return 0;
}

static int fill_row(const struct comparison *c, const struct result_case *test,
		    struct comparison_row *row, char *error)
{
	const struct result_case *partner = result_find(c->before, test->name);

	row->name = test->name;
	if (!is_measured(test)) {
		row->kind = is_measured(partner) || test->failed ? ROW_LOST : ROW_SKIPPED;
		row->reason = test->skipped;
		return 0;
	}
	row->after = test;
	row->kind = ROW_SAME;
	if (!is_measured(partner)) {
		row->kind = ROW_REFERENCE;
		row->reason = partner ? partner->skipped : "not in BEFORE";
		partner = test->reference ? result_find(c->before, test->reference) : NULL;
	}
	if (!is_measured(partner)) {
		row->kind = ROW_NEW;
		return 0;
	}
	row->before = partner;
	return judge_row(c, row, error);
}

static int judge_budget(struct comparison *c, struct comparison_row *row,
			const struct budget *budget, char *error)
{
	int ret;

	row->budget = budget_find(budget, row->name);
	ret = find_against(c, row, error);
	row->over_budget = exceeds_budget(row);
	c->nr_over_budget += row->over_budget;
	return ret;
}

static int fill_rows(struct comparison *c, char *error)
{
	struct comparison_row *row;
	size_t i;
	int ret;

	for (i = 0; i < c->after->nr_cases; i++) {
		row = &c->rows[c->nr_rows++];
		ret = fill_row(c, &c->after->cases[i], row, error);
		if (ret)
			return ret;
	}
	for (i = 0; i < c->before->nr_cases; i++) {
		const struct result_case *test = &c->before->cases[i];

		if (result_find(c->after, test->name))
			continue;
		row = &c->rows[c->nr_rows++];
		row->name = test->name;
		row->kind = test->skipped ? ROW_SKIPPED : ROW_LOST;
		row->reason = test->skipped ? test->skipped : "not in AFTER";
	}
	return 0;
}

int compare_results(const struct result *before, const struct result *after,
		    const struct budget *budget, const struct result *const aa[2], struct comparison *out,
		    char error[RESULT_ERROR_SIZE])
{
	size_t i;
	int ret;

	*out = (struct comparison){.before = before, .after = after};
	snprintf(error, RESULT_ERROR_SIZE, "out of memory");
	out->rows = calloc(before->nr_cases + after->nr_cases, sizeof(*out->rows));
	ret = out->rows ? fill_rows(out, error) : -ENOMEM;
	if (!ret && pairs_recognize(before, after))
		pairs_judge(out, aa);
	for (i = 0; !ret && i < out->nr_rows; i++)
		ret = judge_budget(out, &out->rows[i], budget, error);
	if (ret)
		compare_free(out);
	return ret;
}

void compare_free(struct comparison *comparison)
{
	size_t i;

	for (i = 0; i < comparison->nr_rows; i++) {
		profile_free(comparison->rows[i].profile_before);
		profile_free(comparison->rows[i].profile_after);
	}
	free(comparison->rows);
	*comparison = (struct comparison){0};
}

const char *row_direction(const struct comparison_row *row)
{
	if (!row_compared(row) || !row->verdict.delta.num ||
	    row->verdict.size >= VERDICT_INCONCLUSIVE)
		return "";
	if (row->kind == ROW_REFERENCE)
		return row->verdict.delta.num > 0 ? "cost" : "saving";
	return row->verdict.delta.num > 0 ? "regressed" : "improved";
}

const char *row_kind_name(enum row_kind kind)
{
	static const char *const names[] = {
		[ROW_SAME] = "same", [ROW_REFERENCE] = "reference", [ROW_NEW] = "new",
		[ROW_LOST] = "lost", [ROW_SKIPPED] = "skipped",
	};

	return names[kind];
}
