/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What all statistics here are made of. The tests hold them to GSL's (tests/unit/test_oracle.c).
 * Levels are shares, 0 … 1.
 */
#ifndef CLAIMPERF_RESULTS_STATS_H
#define CLAIMPERF_RESULTS_STATS_H

#include <stddef.h>
#include <stdint.h>

/* nr > 0 */
double stats_mean(const double *values, size_t nr);

/* Of a sample, nr > 1. */
double stats_deviation(const double *values, size_t nr);

/* Ascending. */
void stats_sort(double *values, size_t nr);

/* Of nr > 0 sorted values, between the two nearest in proportion: type 7 of Hyndman and Fan. */
double stats_quantile(const double *sorted, size_t nr, double level);

/*
 * Outliers are further from the median than 14.83 times the median absolute deviation, 10 normal
 * ones. How far that is, of nr > 0 sorted values; *median is what they are far from. scratch has
 * room for nr.
 */
double stats_far(const double *sorted, size_t nr, double *scratch, double *median);

double normal_cdf(double z);

/* Its inverse, 0 < level < 1. */
double normal_quantile(double level);

/* Student's t with so many degrees of freedom, at least 1. */
double t_cdf(double t, size_t freedom);
double t_quantile(double level, size_t freedom);

/* splitmix64: the same everywhere for a seed. */
uint64_t random_next(uint64_t *state);

/* 0 … limit - 1 */
static inline size_t random_below(uint64_t *state, size_t limit)
{
	return (size_t)((unsigned __int128)random_next(state) * limit >> 64);
}

#endif
