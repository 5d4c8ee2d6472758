/* SPDX-License-Identifier: GPL-2.0-only */
/* Summaries as text for people and as JSON. */
#ifndef CLAIMPERF_TRACEPOINTS_PRINT_H
#define CLAIMPERF_TRACEPOINTS_PRINT_H

#include <stdio.h>

#include "tracepoints/summary.h"

/* Aligned tables, with units. */
void print_summary(FILE *out, const char *file, const struct summary *summary);

/* One JSON object, see docs/trace.md. Returns 0 or -ENOMEM. */
int print_summary_json(FILE *out, const char *file, const struct summary *summary);

#endif
