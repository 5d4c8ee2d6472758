/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef CLAIMPERF_LIB_HIST_JSON_H
#define CLAIMPERF_LIB_HIST_JSON_H

#include <jansson.h>

#include "lib/hist.h"

/* jansson has signed numbers only; this ends at the largest of them. */
json_t *json_count(uint64_t value);

/* Set the figures of a histogram: count, sum, min, quantiles, max and the histogram itself. */
void hist_set_json(json_t *object, const struct hist *hist);

#endif
