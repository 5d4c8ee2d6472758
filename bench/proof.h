/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Proof that a case took the branches it is about: how often, by the records that the trace points
 * made in its measured calls. Pure; bench/prove.h gets the records.
 */
#ifndef BENCH_PROOF_H
#define BENCH_PROOF_H

#include <jansson.h>

#include "bench/bench.h"

#define PROOF_ERROR_SIZE 200

/* One measured call, by the time stamp counter: records from first to last are of it. */
struct proof_window {
	uint32_t domain;
	uint64_t first, last;
};

struct proof {
	const struct bench_case *c;
	/* Of each of the case's proofs: in the sample under way, in all, in the first wrong one. */
	uint64_t now[BENCH_MAX_PROOFS], all[BENCH_MAX_PROOFS], wrong[BENCH_MAX_PROOFS];
	bool failed[BENCH_MAX_PROOFS];
	uint64_t lost;	   /* records that Xen dropped */
	uint64_t nonsense; /* bytes that are no records */
};

void proof_begin(struct proof *p, const struct bench_case *c);

/* What Xen is to record of its measured calls: what its branches are told by. */
uint32_t proof_mask(const struct bench_case *c);

/* Records of one CPU, as they lie in its buffer. */
void proof_count(struct proof *p, const struct proof_window *window, const void *bytes, size_t size);

/* A sample is over: what was counted since the last one is to be as often as expected. */
void proof_end_sample(struct proof *p);

/* After the samples. 0, or -1 and why the case is not proven. */
int proof_judge(const struct proof *p, char error[PROOF_ERROR_SIZE]);

/*
 * [{"branch", "expected", "seen"}], of one sample, the first wrong one if there is any. What is to be
 * seen at least once, "expected": 0, is counted in all of them. NULL when memory is short.
 */
json_t *proof_to_json(const struct proof *p);

#endif
