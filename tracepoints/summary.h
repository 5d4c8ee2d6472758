/* SPDX-License-Identifier: GPL-2.0-only */
/* What a trace file says in sum: counts, losses, anomalies, and one histogram per metric. */
#ifndef CLAIMPERF_TRACEPOINTS_SUMMARY_H
#define CLAIMPERF_TRACEPOINTS_SUMMARY_H

#include "tracepoints/metrics.h"
#include "tracepoints/pairs.h"
#include "tracepoints/reader.h"
#include "tracepoints/sections.h"
#include "tracepoints/select.h"

/* Anomalies and losses kept with their offset; more are only counted. */
#define SUMMARY_NOTES_MAX 1000

struct summary_note {
	uint64_t offset;
	uint32_t cpu;
	uint32_t lost; /* losses only */
	char what[96]; /* anomalies only */
};

struct summary_notes {
	uint64_t count; /* all of them, also those not kept */
	unsigned int kept;
	struct summary_note *notes;
};

struct summary {
	uint64_t bytes;
	struct trace_sum sum; /* what became of them */
	int sum_error;        /* not 0 when the reader cannot account for each */
	uint64_t records; /* with data: no padding, window headers, loss markers */
	uint64_t ours;    /* of these, events of events.h */
	uint64_t skipped; /* bytes not decoded, see anomalies */
	uint64_t lost;    /* records that Xen found no room for */
	uint64_t windows;
	uint64_t first_tsc, last_tsc; /* of the records; equal when there are none */
	unsigned int cpus;            /* that recorded anything */
	struct summary_notes losses, anomalies;
	struct sections *sections;
	/*
	 * Sorted. Those of sections are labelled as asked; "check" by check, verdict and cover,
	 * "redeem" by the claim that shrank, "install" by kind, entries and error, "populate"
	 * (cycles of a run) and "populate_extents" by order, "teardown" by error, "scrub" by node,
	 * "domctl_retry" by domctl; spans of pairs.h by pair, outcome and key.
	 */
	struct metrics metrics;
};

/* How sections are grouped unless asked otherwise. */
#define SUMMARY_BY (SECTION_BY_SITE | SECTION_BY_ORDER)

/*
 * Read all of the trace; sections are grouped by what the bits SECTION_BY_ in by say. Returns 0 or
 * -ENOMEM; on success release with summary_free(). A trace with anomalies is no error: they are in
 * the summary.
 */
int summary_read(struct trace_reader *reader, unsigned int by, struct summary **out);

/* The same of the selected records only, as if there were no others. */
int summary_read_some(struct trace_reader *reader, unsigned int by, const struct select *select,
		      struct summary **out);

void summary_free(struct summary *summary);

/* Cycles from the first request of a lock, or the first record, to the last record. */
uint64_t summary_window(const struct summary *summary);

/* Add all sections of a lock to hold and wait; returns how many pages they took or gave back. */
uint64_t summary_merge_lock(const struct summary *summary, enum section_lock lock,
			    struct hist *hold, struct hist *wait);

#endif
