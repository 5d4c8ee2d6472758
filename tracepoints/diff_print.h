/* SPDX-License-Identifier: GPL-2.0-only */
/* A diff as text for people and as JSON. */
#ifndef CLAIMPERF_TRACEPOINTS_DIFF_PRINT_H
#define CLAIMPERF_TRACEPOINTS_DIFF_PRINT_H

#include <stdio.h>

#include "results/fingerprint.h"
#include "tracepoints/diff.h"

void print_diff(FILE *out, const struct diff *diff, const struct fingerprint_fields *fields);

/* One object, see docs/trace.md. Returns 0 or -ENOMEM. */
int print_diff_json(FILE *out, const struct diff *diff, const struct fingerprint_fields *fields);

/* "exact", "single", "paired". */
const char *diff_kind_name(enum diff_kind kind);

#endif
