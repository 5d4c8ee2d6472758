/* SPDX-License-Identifier: GPL-2.0-only */
/* Where a trace comes from: what was left beside it when it was recorded. */
#ifndef CLAIMPERF_TRACEPOINTS_ORIGIN_H
#define CLAIMPERF_TRACEPOINTS_ORIGIN_H

#include <jansson.h>
#include <stdbool.h>

struct trace_origin {
	bool known;
	bool exact;          /* cycles are instructions, bit-equal from machine to machine */
	json_t *fingerprint; /* NULL when not known */
};

/*
 * Looks for RESULT.json beside RESULT.d/CASE/FILE, as claimperf bench leaves it, and for
 * fingerprint.json beside FILE, as claimperf lab exec does. A damaged one counts as none.
 */
void origin_find(const char *path, struct trace_origin *out);

void origin_free(struct trace_origin *origin);

#endif
