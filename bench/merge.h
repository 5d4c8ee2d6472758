/* SPDX-License-Identifier: GPL-2.0-only */
/* Makes one result of what the machines returned; pure functions on JSON. */
#ifndef BENCH_MERGE_H
#define BENCH_MERGE_H

#include <jansson.h>
#include <stdbool.h>

#include "bench/plan.h"

#define MERGE_MAX_RUNS 2
/* Number of the machine that measures nothing but proves what branches are taken. */
#define MERGE_PROOF MERGE_MAX_RUNS

/* What became of one group: the documents of its machines, NULL where a machine failed. */
struct merge_group {
	const char *name;
	json_t *runs[MERGE_MAX_RUNS];
	unsigned int machines; /* runs that were asked for */
	char error[200];       /* why a document is missing */
	json_t *proof;	       /* what that machine returned; NULL: none was asked */
	char proof_error[200]; /* or why it did not */
};

/* The entry of that name in a document's "benchmarks" (borrowed), or NULL. */
json_t *merge_find(const json_t *document, const char *name);

/*
 * Whether all measured cases of the group were bit-equal in its runs. If not, `first` says which
 * case differs first and how.
 */
bool merge_equal(const struct merge_group *group, char first[200]);

/*
 * The "benchmarks" array: the cases of the plan in its order. skips: a document that has an entry
 * for each case that this host cannot run. A case whose machine failed becomes an invalid one, as
 * does one that leaks in any of them, or whose branches the proof has not seen. "proof" in "claimperf"
 * of the others is what was seen, or "none".
 * *invalid counts the invalid ones, skipped ones not among them. NULL when memory is short.
 */
json_t *merge_benchmarks(const struct plan *plan, const struct merge_group *groups, size_t count,
			 const json_t *skips, unsigned int *invalid);

/* What the lab says of itself, split: the hypervisor apart from what must be equal to compare. */
json_t *merge_fingerprint(const json_t *lab);

#endif
