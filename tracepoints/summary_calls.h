/* SPDX-License-Identifier: GPL-2.0-only */
/* Records that are no sections, and spans, summed up as metrics. */
#ifndef CLAIMPERF_TRACEPOINTS_SUMMARY_CALLS_H
#define CLAIMPERF_TRACEPOINTS_SUMMARY_CALLS_H

#include "tracepoints/metrics.h"
#include "tracepoints/pairs.h"
#include "tracepoints/reader.h"

struct calls {
	struct metrics *metrics;
};

/*
 * Returns 0 or -ENOMEM. *what is set to why a record was not counted, or what is wrong with it; it
 * is NULL before and else.
 */
int calls_add(struct calls *calls, const struct trace_item *item, const char **what);

/* 0 or -ENOMEM. */
int calls_add_span(struct calls *calls, const struct pair_span *span);

#endif
