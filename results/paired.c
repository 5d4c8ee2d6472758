// SPDX-License-Identifier: GPL-2.0-only
#include "results/paired.h"

#include <math.h>
#include <stdlib.h>

#define RESAMPLES 10000
#define BOOTSTRAP_LEAST 10
#define Q_LIMIT 0.05
/* Of the normal distribution: 97.5 % and 80 %. */
#define Z_TWO_SIDED 1.959964
#define Z_POWER 0.841621

const char *paired_name(enum paired_verdict verdict)
{
	static const char *const names[] = {
		[PAIRED_INCONCLUSIVE] = "INCONCLUSIVE",
		[PAIRED_EQUIVALENT] = "EQUIVALENT",
		[PAIRED_IMPROVED] = "IMPROVED",
		[PAIRED_REGRESSED] = "REGRESSED",
	};

	return names[verdict];
}

static double mean_of(const double *values, size_t nr)
{
	double sum = 0;

	for (size_t i = 0; i < nr; i++)
		sum += values[i];
	return sum / (double)nr;
}

static double deviation_of(const double *values, size_t nr, double mean)
{
	double sum = 0;

	for (size_t i = 0; i < nr; i++)
		sum += (values[i] - mean) * (values[i] - mean);
	return sqrt(sum / (double)(nr - 1));
}

/* Of Student's t with so many degrees of freedom, 1 to 8. */
static double t_quantile(size_t freedom, double level)
{
	static const double t95[] = {12.7062, 4.3027, 3.1824, 2.7764, 2.5706, 2.4469, 2.3646, 2.3060};
	static const double t90[] = {6.3138, 2.9200, 2.3534, 2.1318, 2.0150, 1.9432, 1.8946, 1.8595};

	return level == 0.95 ? t95[freedom - 1] : t90[freedom - 1];
}

static void set_t_interval(const double *ratios, struct paired *out)
{
	double error = deviation_of(ratios, out->nr, out->effect) / sqrt((double)out->nr);
	double half = error * t_quantile(out->nr - 1, 0.95);
	double half90 = error * t_quantile(out->nr - 1, 0.90);

	out->low = out->effect - half;
	out->high = out->effect + half;
	out->low90 = out->effect - half90;
	out->high90 = out->effect + half90;
}

/* splitmix64 */
static uint64_t next_random(uint64_t *state)
{
	uint64_t z = *state += 0x9e3779b97f4a7c15ull;

	z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9ull;
	z = (z ^ z >> 27) * 0x94d049bb133111ebull;
	return z ^ z >> 31;
}

static double cumulative_normal(double z)
{
	return erfc(-z / M_SQRT2) / 2;
}

/* By bisection: p is strictly between 0 and 1. */
static double normal_quantile(double p)
{
	double low = -9, high = 9;

	while (high - low > 1e-10) {
		double middle = (low + high) / 2;

		if (cumulative_normal(middle) < p)
			low = middle;
		else
			high = middle;
	}
	return (low + high) / 2;
}

static int by_value(const void *left, const void *right)
{
	const double *a = left, *b = right;

	return (*a > *b) - (*a < *b);
}

/* Skewness of the mean, from leaving out one pair at a time. */
static double acceleration_of(const double *ratios, const struct paired *p)
{
	double squares = 0, cubes = 0;

	for (size_t i = 0; i < p->nr; i++) {
		/* Mean of all minus mean without this one. */
		double d = (ratios[i] - p->effect) / (double)(p->nr - 1);

		squares += d * d;
		cubes += d * d * d;
	}
	return squares > 0 ? cubes / (6 * pow(squares, 1.5)) : 0;
}

/* The resampled mean at a level of the interval, corrected for bias and skewness. */
static double bca_bound(const double *means, double bias, double acceleration, double level)
{
	double z = bias + normal_quantile(level);
	double share = cumulative_normal(bias + z / (1 - acceleration * z));
	size_t index = (size_t)(share * RESAMPLES);

	return means[index < RESAMPLES ? index : RESAMPLES - 1];
}

static void set_bca_interval(const double *ratios, uint64_t seed, struct paired *out)
{
	static double means[RESAMPLES];
	double acceleration = acceleration_of(ratios, out), below = 0, bias;

	for (size_t i = 0; i < RESAMPLES; i++) {
		double sum = 0;

		for (size_t j = 0; j < out->nr; j++)
			sum += ratios[next_random(&seed) % out->nr];
		means[i] = sum / (double)out->nr;
		below += means[i] < out->effect ? 1 : means[i] == out->effect ? 0.5 : 0;
	}
	qsort(means, RESAMPLES, sizeof(*means), by_value);
	/* All resamples on one side is no more than the least share that could be seen. */
	below = fmin(fmax(below, 0.5), RESAMPLES - 0.5);
	bias = normal_quantile(below / RESAMPLES);
	out->low = bca_bound(means, bias, acceleration, 0.025);
	out->high = bca_bound(means, bias, acceleration, 0.975);
	out->low90 = bca_bound(means, bias, acceleration, 0.05);
	out->high90 = bca_bound(means, bias, acceleration, 0.95);
}

/* The share of all sign patterns whose mean is as far from 0; a Gray code flips one at a time. */
static double sign_flip_p(const double *ratios, size_t nr)
{
	double sum = mean_of(ratios, nr) * (double)nr, far = fabs(sum) * (1 - 1e-12);
	uint64_t patterns = 1ull << nr, as_far = 0, flipped = 0;

	for (uint64_t i = 1; i <= patterns; i++) {
		unsigned int bit = (unsigned int)__builtin_ctzll(i);

		as_far += fabs(sum) >= far;
		if (bit >= nr)
			break;
		sum += (flipped >> bit & 1 ? 2 : -2) * ratios[bit];
		flipped ^= 1ull << bit;
	}
	return (double)as_far / (double)patterns;
}

static size_t pairs_needed(double deviation, double delta)
{
	double needed = ceil(pow((Z_TWO_SIDED + Z_POWER) * deviation / delta, 2));

	if (!(needed < 1e6))
		return SIZE_MAX;
	return needed < PAIRED_LEAST ? PAIRED_LEAST : (size_t)needed;
}

void paired_estimate(const double *ratios, size_t nr, double delta, uint64_t seed,
		     struct paired *out)
{
	double deviation;

	*out = (struct paired){.nr = nr,
			       .effect = mean_of(ratios, nr),
			       .low = -INFINITY,
			       .high = INFINITY,
			       .low90 = -INFINITY,
			       .high90 = INFINITY,
			       .p = 1,
			       .q = 1,
			       .detectable = INFINITY,
			       .needed = SIZE_MAX};
	if (nr < 2)
		return;
	if (nr < BOOTSTRAP_LEAST)
		set_t_interval(ratios, out);
	else
		set_bca_interval(ratios, seed, out);
	deviation = deviation_of(ratios, nr, out->effect);
	out->p = sign_flip_p(ratios, nr);
	out->detectable = (Z_TWO_SIDED + Z_POWER) * deviation / sqrt((double)nr);
	out->needed = pairs_needed(deviation, delta);
}

static int by_p(const void *left, const void *right)
{
	struct paired *const *a = left, *const *b = right;

	return ((*a)->p > (*b)->p) - ((*a)->p < (*b)->p);
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
	return (size_t)ceil(log2(2 * (double)metrics / Q_LIMIT));
}

static enum paired_verdict judge(const struct paired *p, double delta)
{
	if (p->nr < PAIRED_LEAST)
		return PAIRED_INCONCLUSIVE;
	if ((p->low > 0 || p->high < 0) && fabs(p->effect) >= delta && p->q <= Q_LIMIT)
		return p->effect > 0 ? PAIRED_REGRESSED : PAIRED_IMPROVED;
	return p->low90 > -delta && p->high90 < delta ? PAIRED_EQUIVALENT : PAIRED_INCONCLUSIVE;
}

void paired_judge(struct paired *metrics, size_t nr, double delta)
{
	if (nr)
		set_q(metrics, nr);
	for (size_t i = 0; i < nr; i++) {
		if (metrics[i].needed < least_pairs(nr))
			metrics[i].needed = least_pairs(nr);
		metrics[i].verdict = judge(&metrics[i], delta);
	}
}
