/* SPDX-License-Identifier: GPL-2.0-only */
/* Distributions as JSON, see docs/trace.md. */
#ifndef CLAIMPERF_TRACEPOINTS_SUMMARY_JSON_H
#define CLAIMPERF_TRACEPOINTS_SUMMARY_JSON_H

#include <jansson.h>
#include <stdbool.h>

#include "tracepoints/summary.h"

json_t *json_count(uint64_t value);

/* lossy: records are missing, by the summary's count. */
json_t *summary_metric_json(const struct summary_metric *m, bool lossy);

#endif
