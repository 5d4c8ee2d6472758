/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Whole domains that one builder built, by claimperf scenario run. Their calls take longer than the
 * same calls in a loop, which find what they need of the frame table in a cache.
 */
#ifndef CLAIMPERF_RESULTS_PLAN_WHOLE_H
#define CLAIMPERF_RESULTS_PLAN_WHOLE_H

#include "results/plan_calibration.h"

/*
 * How many times longer, in that run, or, with number SIZE_MAX, in the one that was disturbed
 * least. 0, -ENOMEM, or -ENOENT and what was not measured; without runs *factor is 1.
 */
int whole_factor(const struct plan_calibration *calibration, size_t number, double *factor,
		 char error[RESULT_ERROR_SIZE]);

#endif
