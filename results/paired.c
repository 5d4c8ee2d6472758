// SPDX-License-Identifier: GPL-2.0-only
#include "results/paired.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "results/stats.h"

#define LEVEL 0.05 /* of q, and of both errors of an interval together */
#define POWER 0.8
#define AA_LEVEL 0.99
#define NEEDED_MOST 1000000
#define HALF_PATTERNS (1u << PAIRED_MOST / 2)

static double delta_of_aa(const double *aa, size_t nr_aa, size_t nr_pairs, uint64_t seed)
{
	double means[INTERVAL_RESAMPLES];

	interval_resample(aa, nr_aa, nr_pairs, seed, means);
	for (size_t i = 0; i < INTERVAL_RESAMPLES; i++)
		means[i] = fabs(means[i]);
	stats_sort(means, INTERVAL_RESAMPLES);
	return stats_quantile(means, INTERVAL_RESAMPLES, AA_LEVEL);
}

double paired_delta(double before_ns, const double *aa, size_t nr_aa, size_t nr_pairs,
		    uint64_t seed)
{
	double delta = log1p(PAIRED_DELTA);

	if (before_ns > 0)
		delta = fmax(delta, log1p(PAIRED_DELTA_NS / before_ns));
	if (nr_aa && nr_pairs)
		delta = fmax(delta, delta_of_aa(aa, nr_aa, nr_pairs, seed));
	return delta;
}

/* The sums of all sign patterns of up to PAIRED_MOST / 2 values, sorted; how many. */
static size_t pattern_sums(const double *values, size_t nr, double *sums)
{
	size_t patterns = (size_t)1 << nr;

	for (size_t i = 0; i < patterns; i++) {
		sums[i] = 0;
		for (size_t j = 0; j < nr; j++)
			sums[i] += i >> j & 1 ? -values[j] : values[j];
	}
	stats_sort(sums, patterns);
	return patterns;
}

/*
 * The share of all 2^nr sign patterns whose sum is as far from 0. For each sum of one half of the
 * values, those of the other that bring it so far are one end of their sorted list; patterns come
 * in pairs of opposite sign, so that sums above 0 are half of those to count.
 */
static double sign_flip_p(const double *ratios, size_t nr)
{
	double left[HALF_PATTERNS], right[HALF_PATTERNS];
	size_t nr_left = pattern_sums(ratios, nr / 2, left);
	size_t nr_right = pattern_sums(ratios + nr / 2, nr - nr / 2, right), j = nr_right;
	double sum = 0, size = 0, far;
	uint64_t as_far = 0;

	for (size_t i = 0; i < nr; i++) {
		sum += ratios[i];
		size += fabs(ratios[i]);
	}
	/* Sums of the same values in another order differ in their last digits. */
	far = fabs(sum) - 1e-12 * size;
	if (far <= 0)
		return 1;
	for (size_t i = 0; i < nr_left; i++) {
		while (j && left[i] + right[j - 1] >= far)
			j--;
		as_far += nr_right - j;
	}
	return 2 * (double)as_far / ((double)nr_left * (double)nr_right);
}

/* A bit for each ratio that is far off. Differences of rounding are none where more than half are
 * equal. */
static uint32_t find_outliers(const double *ratios, size_t nr)
{
	double sorted[PAIRED_MOST], scratch[PAIRED_MOST], median, far;
	uint32_t found = 0;

	memcpy(sorted, ratios, nr * sizeof(*sorted));
	stats_sort(sorted, nr);
	far = stats_far(sorted, nr, scratch, &median) + 1e-12;
	for (size_t i = 0; i < nr; i++)
		found |= (uint32_t)(fabs(ratios[i] - median) > far) << i;
	return found;
}

void paired_estimate(const double *ratios, size_t nr, double delta, uint64_t seed,
		     struct paired *out)
{
	*out = (struct paired){.nr = nr,
			       .delta = delta,
			       .effect = stats_mean(ratios, nr),
			       .error = INFINITY,
			       .p = 1,
			       .q = 1,
			       .detectable = INFINITY,
			       .needed = SIZE_MAX,
			       .verdict = VERDICT_INCONCLUSIVE,
			       .flagged = find_outliers(ratios, nr),
			       .without = VERDICT_INCONCLUSIVE,
			       .seed = seed};
	memcpy(out->ratios, ratios, nr * sizeof(*ratios));
	interval_of_mean(ratios, nr, seed, &out->at95, &out->at90);
	if (nr < 2)
		return;
	out->error = stats_deviation(ratios, nr) / sqrt((double)nr);
	out->p = sign_flip_p(ratios, nr);
}

static int by_p(const void *left, const void *right)
{
	struct paired *const *a = left, *const *b = right;

	return ((*a)->p > (*b)->p) - ((*a)->p < (*b)->p);
}

/* What is left of it, which stays as it is if nothing is flagged. */
static struct paired leave_out_flagged(const struct paired *p)
{
	double kept[PAIRED_MOST];
	struct paired rest = *p;
	size_t nr = 0;

	for (size_t i = 0; i < p->nr; i++)
		if (!(p->flagged >> i & 1))
			kept[nr++] = p->ratios[i];
	if (nr < p->nr)
		paired_estimate(kept, nr, p->delta, p->seed, &rest);
	return rest;
}

static void set_q(struct paired *metrics, size_t nr)
{
	struct paired **sorted = calloc(nr, sizeof(*sorted));
	double q = 1;

	/* Without memory q stays 1: nothing is judged. */
	for (size_t i = 0; sorted && i < nr; i++)
		sorted[i] = &metrics[i];
	if (sorted)
		qsort(sorted, nr, sizeof(*sorted), by_p);
	for (size_t i = nr; sorted && i--;) {
		q = fmin(q, sorted[i]->p * (double)nr / (double)(i + 1));
		sorted[i]->q = q;
	}
	free(sorted);
}

/* So few pairs have no p small enough to count among so many metrics: 2 / 2^n is the least. */
static size_t least_pairs(size_t metrics)
{
	size_t least = (size_t)ceil(log2(2 * (double)metrics / LEVEL));

	return least > PAIRED_LEAST ? least : PAIRED_LEAST;
}

/* That of a metric whose p has to count alone: the others show nothing. */
static double detectable_effect(const struct paired *p, size_t metrics)
{
	double level = LEVEL / (double)metrics;

	if (p->nr < least_pairs(metrics))
		return INFINITY;
	return fmax(p->delta, p->error * t_quantile(1 - level / 2, p->nr - 1)) +
	       p->error * t_quantile(POWER, p->nr - 1);
}

/*
 * Is no effect within delta by the 90 % interval in 4 of 5 runs? The bootstrap's is about as wide
 * as a normal one, which is less than t.
 */
static bool would_settle(double deviation, double delta, size_t nr)
{
	double width = nr < INTERVAL_BOOTSTRAP_LEAST ? t_quantile(1 - LEVEL, nr - 1)
						     : normal_quantile(1 - LEVEL);

	return deviation / sqrt((double)nr) * (width + normal_quantile((1 + POWER) / 2)) <= delta;
}

static size_t pairs_needed(const struct paired *p, size_t metrics)
{
	double deviation = p->error * sqrt((double)p->nr);
	double z = normal_quantile(1 - LEVEL) + normal_quantile((1 + POWER) / 2);
	double first = pow(z * deviation / p->delta, 2);
	size_t nr = least_pairs(metrics);

	if (!(first < NEEDED_MOST))
		return SIZE_MAX;
	if (first > (double)nr)
		nr = (size_t)first;
	while (!would_settle(deviation, p->delta, nr))
		nr++;
	return nr;
}

static enum verdict_size judge(const struct paired *p)
{
	if (p->nr < PAIRED_LEAST)
		return VERDICT_INCONCLUSIVE;
	if ((p->at95.low > 0 || p->at95.high < 0) && fabs(p->effect) >= p->delta && p->q <= LEVEL)
		return p->effect > 0 ? VERDICT_REGRESSED : VERDICT_IMPROVED;
	return p->at90.low > -p->delta && p->at90.high < p->delta ? VERDICT_EQUIVALENT
								  : VERDICT_INCONCLUSIVE;
}

/* Without memory the flags say that no verdict would be left. */
static void judge_without_flagged(struct paired *metrics, size_t nr)
{
	struct paired *rest = calloc(nr, sizeof(*rest));

	for (size_t i = 0; rest && i < nr; i++)
		rest[i] = leave_out_flagged(&metrics[i]);
	if (rest)
		set_q(rest, nr);
	for (size_t i = 0; i < nr; i++)
		metrics[i].without = rest ? judge(&rest[i]) : VERDICT_INCONCLUSIVE;
	free(rest);
}

void paired_judge(struct paired *metrics, size_t nr)
{
	if (!nr)
		return;
	set_q(metrics, nr);
	for (size_t i = 0; i < nr; i++) {
		metrics[i].detectable = detectable_effect(&metrics[i], nr);
		metrics[i].needed = pairs_needed(&metrics[i], nr);
		metrics[i].verdict = judge(&metrics[i]);
	}
	judge_without_flagged(metrics, nr);
}
