/* SPDX-License-Identifier: GPL-2.0-only */
/* A trace cut into equal parts of time: how long heap_lock was held, and free and claimed pages. */
#ifndef CLAIMPERF_TRACEPOINTS_TIMELINE_H
#define CLAIMPERF_TRACEPOINTS_TIMELINE_H

#include <stdio.h>

#include "lib/hist.h"
#include "tracepoints/pages.h"
#include "tracepoints/reader.h"

#define TIMELINE_BINS_MAX 1000
/* Buckets of lib/hist.h, so many in one: 8 remain for each power of two. */
#define TIMELINE_MERGED 8
#define TIMELINE_HOLDS (HIST_BUCKETS / TIMELINE_MERGED)

/* The least free and the most claimed pages in each bin; before the first record of a node, what
 * they were then. */
struct timeline_node {
	bool seen;
	bool known; /* else pages are what they changed by since the start */
	int64_t free[TIMELINE_BINS_MAX], claimed[TIMELINE_BINS_MAX];
};

struct timeline {
	unsigned int bins;
	uint64_t first_tsc, last_tsc; /* of the trace */
	uint64_t bin_cycles;
	uint32_t holds[TIMELINE_BINS_MAX]
		      [TIMELINE_HOLDS]; /* sections that ended in the bin, by time held */
	struct timeline_node *nodes[HOLDING_NODES]; /* HEAP_NODE_NONE: the host; NULL: nothing */
	uint64_t sections, lost, anomalies;
};

/* Read the trace, twice. Returns 0 or -ENOMEM; release with timeline_free(). */
int timeline_read(struct trace_reader *reader, unsigned int bins, struct timeline **out);

void timeline_free(struct timeline *timeline);

/* One JSON object, see docs/trace.md. */
void timeline_print(FILE *out, const struct timeline *timeline);

#endif
