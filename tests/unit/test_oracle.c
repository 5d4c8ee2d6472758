// SPDX-License-Identifier: GPL-2.0-only
/* Statistics against the GNU Scientific Library, which nothing but this test links. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <cmocka.h>

#include <gsl/gsl_cdf.h>
#include <gsl/gsl_randist.h>
#include <gsl/gsl_sf_gamma.h>
#include <gsl/gsl_statistics.h>

#include "results/interval.h"
#include "results/stats.h"

#define DRAWN 10 /* values of which all resamples are enumerated */
#define RESAMPLES 92378 /* as many multisets of 10 out of 10: 19 over 9 */

static const double levels[] = {1e-6, 0.001, 0.0125, 0.025, 0.05, 0.2, 0.5, 0.8, 0.95, 0.975, 0.995, 1 - 1e-6};
#define NR_LEVELS (sizeof(levels) / sizeof(*levels))

static void near(const char *what, double value, double expected, double by)
{
	if (!(fabs(value - expected) <= by))
		fail_msg("%s: %.12g, GSL has %.12g", what, value, expected);
}

static void normal_is_gsls(void **state)
{
	(void)state;
	for (double z = -6; z <= 6; z += 0.37)
		near("normal_cdf", normal_cdf(z), gsl_cdf_ugaussian_P(z), 1e-14);
	for (size_t i = 0; i < NR_LEVELS; i++)
		near("normal_quantile", normal_quantile(levels[i]), gsl_cdf_ugaussian_Pinv(levels[i]), 1e-9);
}

static void students_t_is_gsls(void **state)
{
	static const size_t freedoms[] = {1, 2, 3, 4, 5, 6, 7, 8, 9, 11, 12, 22, 23, 24, 100, 101, 5000};

	(void)state;
	for (size_t f = 0; f < sizeof(freedoms) / sizeof(*freedoms); f++) {
		double freedom = (double)freedoms[f];

		for (double t = -9; t <= 9; t += 0.61)
			near("t_cdf", t_cdf(t, freedoms[f]), gsl_cdf_tdist_P(t, freedom), 1e-12);
		for (size_t i = 0; i < NR_LEVELS; i++) {
			double expected = gsl_cdf_tdist_Pinv(levels[i], freedom);

			near("t_quantile", t_quantile(levels[i], freedoms[f]), expected,
			     1e-8 * (1 + fabs(expected)));
		}
	}
}

static void moments_and_quantiles_are_gsls(void **state)
{
	double values[53];
	uint64_t seed = 5;

	(void)state;
	for (size_t nr = 2; nr <= 53; nr++) {
		for (size_t i = 0; i < nr; i++)
			values[i] = (double)random_below(&seed, 1000) / 7 + 1000;
		near("mean", stats_mean(values, nr), gsl_stats_mean(values, 1, nr), 1e-11);
		near("deviation", stats_deviation(values, nr), gsl_stats_sd(values, 1, nr), 1e-10);
		stats_sort(values, nr);
		for (size_t i = 0; i < NR_LEVELS; i++)
			near("quantile", stats_quantile(values, nr, levels[i]),
			     gsl_stats_quantile_from_sorted_data(values, 1, nr, levels[i]), 1e-9);
	}
}

static void t_intervals_are_gsls(void **state)
{
	static const double values[] = {0.013, -0.004, 0.021, 0.007, 0.012, 0.001, 0.009, 0.016, -0.002};
	struct interval at95, at90;

	(void)state;
	for (size_t nr = 2; nr < INTERVAL_BOOTSTRAP_LEAST; nr++) {
		double error = gsl_stats_sd(values, 1, nr) / sqrt((double)nr), mean = gsl_stats_mean(values, 1, nr);

		interval_of_mean(values, nr, 1, &at95, &at90);
		near("95 %, low", at95.low, mean - error * gsl_cdf_tdist_Pinv(0.975, (double)nr - 1), 1e-9);
		near("95 %, high", at95.high, mean + error * gsl_cdf_tdist_Pinv(0.975, (double)nr - 1), 1e-9);
		near("90 %, low", at90.low, mean - error * gsl_cdf_tdist_Pinv(0.95, (double)nr - 1), 1e-9);
		near("90 %, high", at90.high, mean + error * gsl_cdf_tdist_Pinv(0.95, (double)nr - 1), 1e-9);
	}
}

/* A resample of the ideal bootstrap: its mean, and how likely it is. */
struct resample {
	double mean, weight;
};

static int by_mean(const void *left, const void *right)
{
	const struct resample *a = left, *b = right;

	return (a->mean > b->mean) - (a->mean < b->mean);
}

/* All ways to draw `left` times from values[at…], with `sum` drawn already. */
static void enumerate(const double *values, unsigned int at, unsigned int left, double sum, double log_weight,
		      struct resample **out)
{
	if (at == DRAWN - 1) {
		sum += left * values[at];
		log_weight -= gsl_sf_lnfact(left);
		*(*out)++ = (struct resample){sum / DRAWN, exp(log_weight)};
		return;
	}
	for (unsigned int n = 0; n <= left; n++)
		enumerate(values, at + 1, left - n, sum + n * values[at], log_weight - gsl_sf_lnfact(n), out);
}

static double ideal_quantile(const struct resample *all, double level)
{
	double sum = 0;
	size_t i;

	for (i = 0; i < RESAMPLES - 1; i++) {
		sum += all[i].weight;
		if (sum >= level)
			break;
	}
	return all[i].mean;
}

/* From the definition: each jackknife mean is computed without its value. */
static double jackknifed_acceleration(const double *values)
{
	double means[DRAWN], rest[DRAWN - 1], skew = 0, spread = 0, centre;

	for (size_t i = 0; i < DRAWN; i++) {
		for (size_t j = 0, k = 0; j < DRAWN; j++)
			if (j != i)
				rest[k++] = values[j];
		means[i] = gsl_stats_mean(rest, 1, DRAWN - 1);
	}
	centre = gsl_stats_mean(means, 1, DRAWN);
	for (size_t i = 0; i < DRAWN; i++) {
		skew += pow(centre - means[i], 3);
		spread += pow(centre - means[i], 2);
	}
	return skew / (6 * pow(spread, 1.5));
}

static double ideal_bias(const struct resample *all, double mean)
{
	double below = 0;

	for (size_t i = 0; i < RESAMPLES; i++)
		below += all[i].mean < mean - 1e-15 ? all[i].weight : all[i].mean <= mean + 1e-15 ? all[i].weight / 2 : 0;
	return gsl_cdf_ugaussian_Pinv(below);
}

/* 10,000 resamples know a level to 0.0016 (one deviation), and that of the bias moves it as much: 4 of both. */
static void check_bound(const struct resample *all, double bias, double acceleration, double level, double bound)
{
	double z = bias + sqrt(DRAWN / (DRAWN - 1.0)) * gsl_cdf_tdist_Pinv(level, DRAWN - 1);
	double ideal = gsl_cdf_ugaussian_P(bias + z / (1 - acceleration * z));
	double slack = 4 * sqrt(2 * ideal * (1 - ideal) / INTERVAL_RESAMPLES);

	if (bound < ideal_quantile(all, ideal - slack) || bound > ideal_quantile(all, ideal + slack))
		fail_msg("level %g: %g is not between %g and %g", level, bound, ideal_quantile(all, ideal - slack),
			 ideal_quantile(all, ideal + slack));
}

/* The ideal bootstrap, of all resamples that there are with their weights, has no seed. */
static void bca_is_near_that_of_all_resamples(void **state)
{
	static const double sets[][DRAWN] = {
		{0.020, 0.025, 0.015, 0.022, 0.018, 0.020, 0.027, 0.013, 0.021, 0.019},
		{0, 0.0001, 0.0002, 0.0003, 0.001, 0.0012, 0.0018, 0.002, 0.02, 0.05},
		{-0.05, -0.03, 0.0012, 0.0018, 0.002, 0.0022, 0.0023, 0.0025, 0.0026, 0.0028},
		/* A quarter of the resamples has the mean itself. */
		{0, 0, 0, 0, 0, 0.5, 0.5, 0.5, 0.5, 0.5},
	};
	struct resample *all = calloc(RESAMPLES, sizeof(*all)), *end;
	struct interval at95, at90;

	(void)state;
	assert_non_null(all);
	for (size_t i = 0; i < sizeof(sets) / sizeof(*sets); i++) {
		double bias, acceleration = jackknifed_acceleration(sets[i]);

		end = all;
		enumerate(sets[i], 0, DRAWN, 0, gsl_sf_lnfact(DRAWN) - DRAWN * log(DRAWN), &end);
		assert_int_equal(end - all, RESAMPLES);
		qsort(all, RESAMPLES, sizeof(*all), by_mean);
		bias = ideal_bias(all, gsl_stats_mean(sets[i], 1, DRAWN));
		interval_of_mean(sets[i], DRAWN, 42 + i, &at95, &at90);
		check_bound(all, bias, acceleration, 0.025, at95.low);
		check_bound(all, bias, acceleration, 0.975, at95.high);
		check_bound(all, bias, acceleration, 0.05, at90.low);
		check_bound(all, bias, acceleration, 0.95, at90.high);
	}
	free(all);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(normal_is_gsls),
		cmocka_unit_test(students_t_is_gsls),
		cmocka_unit_test(moments_and_quantiles_are_gsls),
		cmocka_unit_test(t_intervals_are_gsls),
		cmocka_unit_test(bca_is_near_that_of_all_resamples),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
