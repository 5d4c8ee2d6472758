/* SPDX-License-Identifier: GPL-2.0-only */
/* Times that a result of the host target has, beside its counts or alone. Noisy, always. */
#ifndef CLAIMPERF_RESULTS_CASE_TIME_H
#define CLAIMPERF_RESULTS_CASE_TIME_H

#include "results/result.h"

/*
 * Nanoseconds of one operation that permille/1000 of all samples do not exceed;
 * 0 when the case was not measured, or no times were taken of it.
 */
double case_ns(const struct result *result, const struct result_case *test, unsigned int permille);

/* The mean of the fastest tenth of them: it is finer than the steps of a clock. */
double case_fast_ns(const struct result *result, const struct result_case *test);

/* The samples of a case in nanoseconds, each of all its operations: NULL, or an array of *nr to be
 * freed. Of what has no times, the samples themselves if they are nanoseconds. */
double *case_samples_ns(const struct result *result, const struct result_case *test, size_t *nr);

#endif
