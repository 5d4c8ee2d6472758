/* SPDX-License-Identifier: GPL-2.0-only */
/* The claims under which memory is populated: their names, how they are staked, what must become of them. */
#ifndef BENCH_STAKE_H
#define BENCH_STAKE_H

#include "bench/bench.h"

/* Further pages that a claim, and a node, has beyond what a case takes: neither runs dry. */
#define STAKE_SLACK_PAGES 1024

const char *stake_name(enum bench_stake stake);
const char *stake_words(enum bench_stake stake); /* of the documentation */

/* The stake of the case to compare with on a hypervisor that lacks this one; STAKE_NONE: none. */
enum bench_stake stake_reference(enum bench_stake stake);

/* Why this host cannot have it; NULL: it can. */
const char *stake_skip(const struct bench_host *host, enum bench_stake stake);

/* What an allocation from there redeems, or passes by. */
void stake_prove(struct bench_case *c, unsigned int nodes);

/* Pages that all samples take, and some slack. */
uint64_t stake_need(const struct bench *b, const struct bench_case *c);

/* With b->domain and b->node chosen, before the first sample and before each. */
int stake_claims(struct bench *b, const struct bench_case *c);
int stake_sample(struct bench *b, const struct bench_case *c);

/* After the last: own claims shrank by b->populated, others did not. */
int stake_check(struct bench *b, const struct bench_case *c);

#endif
