/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Several workers, each a process on a CPU of its own, do random things to domains of their own and
 * to domains which they all share. What is one's own decides nothing about the result: any answer
 * which the contract allows is fine, at any time. What must hold is told by the end.
 */
#ifndef TESTS_STRESS_STRESS_H
#define TESTS_STRESS_STRESS_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>

#define MAX_WORKERS 16
#define MAX_NODES 64
#define OWN_SLOTS 3
#define SHARED_SLOTS 5
#define STOCK 60
#define MAX_SLOTS (MAX_WORKERS * OWN_SLOTS + SHARED_SLOTS)

enum operation {
	CREATE,
	DESTROY,
	CLAIM_HOST,
	CLAIM_NODE,
	CLAIM_MIXED,
	CLAIM_NOTHING,
	CLAIM_WRONGLY,
	CLAIM_LEGACY,
	POPULATE,
	POPULATE_16,
	POPULATE_512,
	FREE,
	LIMIT,
	GROW_POOL,
	READ_HOST,
	READ_NODES,
	READ_DOMAIN,
	NR_OPERATIONS
};

/* NO_MEMORY is for no extent, too, where extents are counted. */
enum result { DONE, IN_PART, NO_MEMORY, INVALID, NO_DOMAIN, NR_RESULTS };

extern const char *const operation_names[NR_OPERATIONS];
extern const char *const result_names[NR_RESULTS];

/* A domain, or room for one. */
struct slot {
	_Atomic uint32_t domid; /* 0: none */
	_Atomic bool doomed;	/* by one worker, while others still know it */
	_Atomic bool hvm;
	_Atomic uint64_t next_frame;
};

/* Memory that all workers share. */
struct world {
	unsigned int workers;
	unsigned int nodes;
	uint64_t seed;
	uint64_t deadline_ns;  /* CLOCK_MONOTONIC */
	uint32_t stock[STOCK]; /* HVM domains; the first ones are used up */
	_Atomic unsigned int stock_used;
	struct slot slots[MAX_SLOTS]; /* SHARED_SLOTS, then OWN_SLOTS of each worker */
	uint64_t tally[MAX_WORKERS][NR_OPERATIONS][NR_RESULTS];
	char trouble[MAX_WORKERS][160];
};

/* Work until the deadline; false: there was trouble, which is written down. */
bool run_worker(struct world *world, unsigned int id);

#endif
