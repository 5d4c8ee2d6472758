// SPDX-License-Identifier: GPL-2.0-only
#include "results/interval.h"

#include <math.h>

#include "results/stats.h"

void interval_resample(const double *values, size_t nr, size_t size, uint64_t seed, double *means)
{
	for (size_t i = 0; i < INTERVAL_RESAMPLES; i++) {
		double sum = 0;

		for (size_t j = 0; j < size; j++)
			sum += values[random_below(&seed, nr)];
		means[i] = sum / (double)size;
	}
	stats_sort(means, INTERVAL_RESAMPLES);
}

/* How far the resamples' median is from the mean, in deviations of the normal distribution. */
static double bias_of(const double *means, double mean)
{
	double below = 0;

	for (size_t i = 0; i < INTERVAL_RESAMPLES; i++)
		below += means[i] < mean ? 1 : means[i] == mean ? 0.5 : 0;
	/* All resamples on one side is no more than the least share that could be seen. */
	below = fmin(fmax(below, 0.5), INTERVAL_RESAMPLES - 0.5);
	return normal_quantile(below / INTERVAL_RESAMPLES);
}

/* Skewness of the mean, from leaving out one value at a time. */
static double acceleration_of(const double *values, size_t nr, double mean)
{
	double squares = 0, cubes = 0;

	for (size_t i = 0; i < nr; i++) {
		/* Mean of all minus mean without this one. */
		double d = (values[i] - mean) / (double)(nr - 1);

		squares += d * d;
		cubes += d * d * d;
	}
	return squares > 0 ? cubes / (6 * pow(squares, 1.5)) : 0;
}

/*
 * Resampled values spread less than their source does: by the t of as many, and by n / (n - 1)
 * (Hesterberg 2015, "expanded percentile").
 */
static double widened(double level, size_t nr)
{
	double n = (double)nr;

	return sqrt(n / (n - 1)) * t_quantile(level, nr - 1);
}

static double bca_bound(const double *means, double bias, double acceleration, double deviations)
{
	double z = bias + deviations;

	return stats_quantile(means, INTERVAL_RESAMPLES,
			      normal_cdf(bias + z / (1 - acceleration * z)));
}

static void bca_intervals(const double *values, size_t nr, uint64_t seed, struct interval *at95,
			  struct interval *at90)
{
	double means[INTERVAL_RESAMPLES], mean = stats_mean(values, nr);
	double bias, acceleration = acceleration_of(values, nr, mean);
	double out95 = widened(0.975, nr), out90 = widened(0.95, nr);

	interval_resample(values, nr, nr, seed, means);
	bias = bias_of(means, mean);
	at95->low = bca_bound(means, bias, acceleration, -out95);
	at95->high = bca_bound(means, bias, acceleration, out95);
	at90->low = bca_bound(means, bias, acceleration, -out90);
	at90->high = bca_bound(means, bias, acceleration, out90);
}

static struct interval t_interval(const double *values, size_t nr, double level)
{
	double half = stats_deviation(values, nr) / sqrt((double)nr) * t_quantile(level, nr - 1);
	double mean = stats_mean(values, nr);

	return (struct interval){mean - half, mean + half};
}

void interval_of_mean(const double *values, size_t nr, uint64_t seed, struct interval *at95,
		      struct interval *at90)
{
	*at95 = *at90 = (struct interval){-INFINITY, INFINITY};
	if (nr >= INTERVAL_BOOTSTRAP_LEAST) {
		bca_intervals(values, nr, seed, at95, at90);
	} else if (nr >= 2) {
		*at95 = t_interval(values, nr, 0.975);
		*at90 = t_interval(values, nr, 0.95);
	}
}
