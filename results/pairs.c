// SPDX-License-Identifier: GPL-2.0-only
#include "results/pairs.h"

#include <math.h>
#include <string.h>

#include "lib/parse.h"

static const char *pairs_word(const struct result *result, const char *key)
{
	const json_t *context = json_object_get(result->root, "context");

	return json_string_value(json_object_get(json_object_get(context, "pairs"), key));
}

bool pairs_recognize(const struct result *before, const struct result *after)
{
	const char *left = pairs_word(before, "study"), *right = pairs_word(after, "study");
	const char *left_arm = pairs_word(before, "arm"), *right_arm = pairs_word(after, "arm");

	return left && right && left_arm && right_arm && !strcmp(left, right) &&
	       strcmp(left_arm, right_arm);
}

static double sample_of(const struct result_case *test, size_t i)
{
	const json_t *samples = json_object_get(test->details, "samples");

	return (double)json_integer_value(json_array_get(samples, i)) / (double)test->ops;
}

static size_t read_ratios(const struct result_case *before, const struct result_case *after,
			  double ratios[PAIRED_MOST])
{
	for (size_t i = 0; i < before->nr_samples; i++)
		ratios[i] = log(sample_of(after, i) / sample_of(before, i));
	return before->nr_samples;
}

static double mean_of(const struct result_case *test)
{
	double sum = 0;

	for (size_t i = 0; i < test->nr_samples; i++)
		sum += sample_of(test, i);
	return sum / (double)test->nr_samples;
}

static double geometric_mean(const struct result_case *test)
{
	double sum = 0;

	for (size_t i = 0; i < test->nr_samples; i++)
		sum += log(sample_of(test, i));
	return exp(sum / (double)test->nr_samples);
}

/* Why a case has no pairs to judge, or NULL. */
static const char *find_fault(const struct result_case *before, const struct result_case *after)
{
	if (before->nr_samples != after->nr_samples)
		return "not as many runs on both sides";
	return before->nr_samples > PAIRED_MOST ? "more than 24 pairs" : NULL;
}

/* The ratios of A/A for a case; none when a side lacks it, or has no samples. */
static size_t read_aa(const struct result *const aa[2], const char *name,
		      double ratios[PAIRED_MOST])
{
	const struct result_case *left, *right;

	if (!aa)
		return 0;
	left = result_find(aa[0], name);
	right = result_find(aa[1], name);
	if (!left || !right || find_fault(left, right))
		return 0;
	return read_ratios(left, right, ratios);
}

/* Starts the resampling: the same samples, the same interval. */
static uint64_t seed_of(const struct result *result)
{
	const char *text = pairs_word(result, "seed");
	uint64_t seed = 0;

	return text && !parse_u64(text, 0, UINT64_MAX, &seed) ? seed : 0;
}

static void estimate(const struct comparison *c, struct comparison_row *row,
		     const struct result *const aa[2])
{
	double ratios[PAIRED_MOST], aa_ratios[PAIRED_MOST], delta;
	size_t nr_aa = read_aa(aa, row->name, aa_ratios);
	size_t nr = read_ratios(row->before, row->after, ratios);
	double ns = strcmp(row->before->unit, "ns") ? 0 : mean_of(row->before);

	delta = paired_delta(ns, aa_ratios, nr_aa, nr, seed_of(c->before));
	paired_estimate(ratios, nr, delta, seed_of(c->before), &row->paired);
	row_set_costs(row, geometric_mean(row->before), geometric_mean(row->after));
	row->reason = NULL;
}

static bool is_noisy_pair(const struct comparison_row *row)
{
	return row->kind == ROW_SAME && row->before->kind == KIND_NOISY &&
	       row->after->kind == KIND_NOISY;
}

void pairs_judge(struct comparison *c, const struct result *const aa[2])
{
	struct comparison_row *rows[PAIRED_PRIMARY];
	struct paired together[PAIRED_PRIMARY];
	size_t nr = 0;

	for (size_t i = 0; i < c->nr_rows; i++) {
		struct comparison_row *row = &c->rows[i];

		if (!is_noisy_pair(row))
			continue;
		row->reason = find_fault(row->before, row->after);
		if (row->reason)
			continue;
		estimate(c, row, aa);
		if (nr == PAIRED_PRIMARY)
			row->reason = "not among the first 12 cases";
		else
			rows[nr++] = row;
	}
	for (size_t i = 0; i < nr; i++)
		together[i] = rows[i]->paired;
	paired_judge(together, nr);
	for (size_t i = 0; i < nr; i++) {
		rows[i]->paired = together[i];
		rows[i]->verdict.size = together[i].verdict;
	}
}
