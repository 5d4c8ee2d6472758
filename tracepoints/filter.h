/* SPDX-License-Identifier: GPL-2.0-only */
/* Takes out of a window's records those that nobody asked for. */
#ifndef CLAIMPERF_TRACEPOINTS_FILTER_H
#define CLAIMPERF_TRACEPOINTS_FILTER_H

#include "tracepoints/select.h"

struct filter_counts {
	uint64_t kept;      /* records */
	uint64_t dropped;   /* records that were not selected */
	uint64_t lost;      /* records that Xen had no room for; the markers are kept */
	uint64_t nonsense;  /* bytes that are no records; they are kept */
};

/*
 * Records of one CPU, all of them whole. What remains moves to the front; its size in bytes is
 * returned. Counts are added to. Without a selection everything stays, otherwise selected records
 * and the markers of lost ones: what is left is a window as Xen could have written it.
 */
size_t filter_window(const struct select *select, void *bytes, size_t size,
		     struct filter_counts *counts);

#endif
