/* SPDX-License-Identifier: GPL-2.0-only */
/* A pass of a case whose measured calls are traced, in Xen's own buffers, to prove its branches. */
#ifndef BENCH_PROVE_H
#define BENCH_PROVE_H

#include "bench/proof.h"
#include "bench/run.h"

struct prover;

/*
 * Takes the trace buffers; as a case may leave no memory, before the first one. -EOPNOTSUPP: this
 * hypervisor has no trace points; else as bench/tbufs.h says.
 */
int prover_open(struct prover **out);
void prover_close(struct prover *p); /* NULL is fine */

/* 0, or -1 and a message in error; proof says what was seen up to there. */
int prove_case(struct prover *p, struct bench *b, const struct bench_case *c,
	       const struct run_options *options, struct proof *proof, char error[PROOF_ERROR_SIZE]);

#endif
