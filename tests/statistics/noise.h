/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef CLAIMPERF_TESTS_STATISTICS_NOISE_H
#define CLAIMPERF_TESTS_STATISTICS_NOISE_H

#include <math.h>

#include "results/stats.h"

/* Of the normal distribution, by Box and Muller. */
static inline double noise(uint64_t *seed, double deviation)
{
	double a = (double)((random_next(seed) >> 11) + 1) * 0x1p-53;
	double b = (double)(random_next(seed) >> 11) * 0x1p-53;

	return deviation * sqrt(-2 * log(a)) * cos(2 * M_PI * b);
}

#endif
