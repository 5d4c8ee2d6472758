/* SPDX-License-Identifier: GPL-2.0-only */
/* Where the mean of few values may lie: BCa bootstrap, or Student's t where they are too few. */
#ifndef CLAIMPERF_RESULTS_INTERVAL_H
#define CLAIMPERF_RESULTS_INTERVAL_H

#include <stddef.h>
#include <stdint.h>

#define INTERVAL_RESAMPLES 10000
#define INTERVAL_BOOTSTRAP_LEAST 10 /* under so many values: t */

struct interval {
	double low, high;
};

/*
 * Two-sided intervals of the mean of nr values at 95 % and 90 %; infinite under 2 values. The
 * bootstrap is bias-corrected and accelerated (Efron 1987), widened for few values (Hesterberg
 * 2015), and seeded: the same values and seed, the same interval.
 */
void interval_of_mean(const double *values, size_t nr, uint64_t seed, struct interval *at95,
		      struct interval *at90);

/*
 * INTERVAL_RESAMPLES means of size draws with replacement from nr > 0 values, sorted.
 */
void interval_resample(const double *values, size_t nr, size_t size, uint64_t seed, double *means);

#endif
