/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Two sides of traces, metric by metric.
 *
 * Traces are exact (the lab's exact mode) or noisy. Of exact ones counts and means are compared as
 * integers (results/verdict.h). One noisy trace a side is one boot: nothing is concluded from it,
 * effect and shifts are told. Several are pairs in their order (results/paired.h).
 *
 * Gated are cycles that sections and calls take. Not gated: pages and the like, which are no cost;
 * spans, which contain what else the machine did; waits of exact traces, which are artefacts; what
 * only one side has; all of a side with lost records or damage.
 */
#ifndef CLAIMPERF_TRACEPOINTS_DIFF_H
#define CLAIMPERF_TRACEPOINTS_DIFF_H

#include "results/paired.h"
#include "results/verdict.h"
#include "tracepoints/summary.h"

struct diff_side {
	unsigned int nr; /* traces; equal on both sides, at most PAIRED_MOST */
	const char *const *paths;
	struct summary *const *summaries;
	/* Set by diff_traces(): */
	struct metrics metrics; /* of all traces together */
	uint64_t lost, anomalies;
	uint64_t window; /* cycles of all traces */
};

enum diff_kind { DIFF_EXACT, DIFF_SINGLE, DIFF_PAIRED };

struct diff_row {
	const struct metric *before, *after; /* NULL on the side that lacks it */
	const char *why;      /* it is not gated; NULL when it is */
	bool judged;          /* the following is set: both sides have it */
	double effect;        /* ln of the means' ratio; DIFF_PAIRED: mean over pairs; 0 when undefined */
	struct verdict count; /* DIFF_EXACT */
	struct verdict mean;
	bool primary;         /* DIFF_PAIRED, and what follows */
	struct paired paired;
	bool regressed;
};

struct diff {
	enum diff_kind kind;
	struct diff_side *before, *after;
	struct diff_row *rows;
	unsigned int nr_rows;
	unsigned int regressed;
	double delta;
};

struct diff_options {
	bool exact;
	double delta; /* smallest effect of noisy data that matters, as ln of a ratio */
	uint64_t seed;
};

/*
 * Fills both sides and *out, which refers to them; release with diff_free(). Returns 0 or -ENOMEM.
 */
int diff_traces(struct diff_side *before, struct diff_side *after,
		const struct diff_options *options, struct diff *out);

void diff_free(struct diff *diff);

/* Where two traces of a machine that should be exact differ: the metric's name, or NULL. */
const char *diff_first_difference(const struct summary *a, const struct summary *b);

/* "IDENTICAL", "MINOR up +19.000, count MAJOR up", "REGRESSED" … */
#define DIFF_VERDICT_TEXT 128
const char *diff_verdict(const struct diff *diff, const struct diff_row *row,
			 char text[DIFF_VERDICT_TEXT]);

/* Mean of a metric; 0 when it is absent or empty. */
double diff_mean(const struct metric *metric);

#endif
