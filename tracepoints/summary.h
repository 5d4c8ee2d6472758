/* SPDX-License-Identifier: GPL-2.0-only */
/* What a trace file says in sum: counts, losses, anomalies, and one histogram per metric. */
#ifndef CLAIMPERF_TRACEPOINTS_SUMMARY_H
#define CLAIMPERF_TRACEPOINTS_SUMMARY_H

#include "lib/hist.h"
#include "tracepoints/reader.h"

#define SUMMARY_LABELS 3
/* Anomalies and losses kept with their offset; more are only counted. */
#define SUMMARY_NOTES_MAX 1000

struct summary_label {
	const char *key;  /* NULL when unused */
	const char *text; /* NULL when the value is number */
	uint64_t number;
};

/*
 * One distribution. "hold" and "wait" are labelled by site and order,
 * "check" by check, verdict and cover, "redeem" by the claim that shrank,
 * "install" by kind, entries and error, "populate" (cycles of a run) and
 * "populate_extents" (extents done in a run) by order.
 */
struct summary_metric {
	const char *name;
	const char *unit;
	struct summary_label labels[SUMMARY_LABELS];
	uint64_t key; /* order of output */
	struct hist *hist;
};

struct summary_note {
	uint64_t offset;
	uint32_t cpu;
	uint32_t lost;  /* losses only */
	char what[96];  /* anomalies only */
};

struct summary_notes {
	uint64_t count; /* all of them, also those not kept */
	unsigned int kept;
	struct summary_note *notes;
};

struct summary {
	uint64_t bytes;
	uint64_t records; /* with data: no padding, window headers, loss markers */
	uint64_t ours;    /* of these, events of events.h */
	uint64_t skipped; /* bytes not decoded, see anomalies */
	uint64_t lost;    /* records that Xen found no room for */
	uint64_t windows;
	uint64_t first_tsc, last_tsc; /* of the records; equal when there are none */
	unsigned int cpus;            /* that recorded anything */
	struct summary_notes losses, anomalies;
	unsigned int nr_metrics;
	struct summary_metric *metrics; /* sorted by name and labels */
};

/*
 * Read all of the trace. Returns 0 or -ENOMEM; on success release with
 * summary_free(). A trace with anomalies is no error: they are in the summary.
 */
int summary_read(struct trace_reader *reader, struct summary **out);

void summary_free(struct summary *summary);

#endif
