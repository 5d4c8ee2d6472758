/* SPDX-License-Identifier: GPL-2.0-only */
/* Distributions as JSON, see docs/trace.md. */
#ifndef CLAIMPERF_TRACEPOINTS_SUMMARY_JSON_H
#define CLAIMPERF_TRACEPOINTS_SUMMARY_JSON_H

#include <jansson.h>
#include <stdbool.h>

#include "lib/hist_json.h"
#include "tracepoints/summary.h"

/* By its own names; lossy when the summary says that records are missing. */
json_t *summary_metric_json(const struct metric *metric, const struct summary *summary);

/* What there is beyond metrics. */
json_t *summary_locks_json(const struct summary *summary);
json_t *summary_handover_json(const struct summary *summary, enum section_lock lock);
json_t *summary_waited_json(const struct summary *summary);
json_t *summary_longest_json(const struct summary *summary);
json_t *summary_fallback_json(const struct summary *summary);

#endif
