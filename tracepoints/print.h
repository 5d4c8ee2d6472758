/* SPDX-License-Identifier: GPL-2.0-only */
/* Summaries and records as text for people and as JSON. */
#ifndef CLAIMPERF_TRACEPOINTS_PRINT_H
#define CLAIMPERF_TRACEPOINTS_PRINT_H

#include <stdio.h>

#include "tracepoints/summary.h"

/* Aligned tables, with units. */
void print_summary(FILE *out, const char *file, const struct summary *summary);

/* One JSON object, see docs/trace.md. Returns 0 or -ENOMEM. */
int print_summary_json(FILE *out, const char *file, const struct summary *summary);

/* One line per item; as JSON, one object per line. */
void print_item(FILE *out, const struct trace_item *item);
void print_item_json(FILE *out, const struct trace_item *item);

#endif
