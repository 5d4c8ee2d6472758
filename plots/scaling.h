/* SPDX-License-Identifier: GPL-2.0-only */
/* The host target at many sizes of a heap. */
#ifndef CLAIMPERF_PLOTS_SCALING_H
#define CLAIMPERF_PLOTS_SCALING_H

#include "plots/report.h"

/* By what the points differ. */
struct scaling {
	const struct scale *scale;
	bool memory; /* of one node; else by the number of nodes */
};

/* The result of one side of a point, or NULL. */
const struct result *point_side(const struct scale_point *point, bool after);

/* "populate/order:0/node:any" and "none"; NULL when it was not measured there. */
const struct result_case *point_case(const struct scale_point *point, bool after,
				     const char *family, const char *claim);

/* All memory of the heap, in bytes; 0 when unknown. */
uint64_t heap_bytes(const struct result *result);

/* What an extent of that family costs: instructions beside times. */
void plot_scaling_costs(struct report *report, const struct scaling *scaling, const char *family);

/* Seconds and memory that the start of the heap takes. */
void plot_scaling_start(struct report *report, const struct scaling *scaling);

#endif
