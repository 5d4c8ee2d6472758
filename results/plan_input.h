/* SPDX-License-Identifier: GPL-2.0-only */
/* What a plan is asked about: a host, a workload, and what if it were otherwise. */
#ifndef CLAIMPERF_RESULTS_PLAN_INPUT_H
#define CLAIMPERF_RESULTS_PLAN_INPUT_H

#include <stdbool.h>
#include <stdint.h>

#include "lib/json_keys.h"
#include "results/plan_sim.h"

#define PLAN_MAX_NODES 64
#define PLAN_MAX_GROUPS 16
#define PLAN_MAX_DOMAINS 4096 /* of a group */
#define PLAN_PAGE 4096

struct plan_host {
	char *about, *cpu; /* cpu NULL: not said */
	unsigned int nodes;
	uint64_t memory;	   /* of each node, free */
	double fragmented;	   /* the share of it without a free extent of more than a page */
	unsigned int outside_ns;   /* of each extent: what is around the allocator */
	unsigned int handover_ns;  /* of heap_lock, from CPU to CPU */
	unsigned int toolstack_ms; /* of each domain: what is not memory */
};

enum plan_nodes { ON_EACH, ON_ALL, ON_ANY };
enum plan_claim { CLAIM_NONE, CLAIM_LEGACY, CLAIM_HOST, CLAIM_NODES };

extern const char *const plan_nodes_names[], *const plan_claim_names[];

struct plan_group {
	char name[KEYS_NAME];
	unsigned int domains;
	uint64_t memory; /* of each */
	unsigned int nodes, claim;
	unsigned int parts; /* claims, one after the other, for a domain */
	double unused;	    /* of a claim, in shares of the domain: granted and never built */
	struct extent_shares mix;
};

struct plan_workload {
	char *about;
	unsigned int seed, builders;
	bool node_locks; /* a lock for each node, as nobody has */
	struct plan_group groups[PLAN_MAX_GROUPS];
	unsigned int nr_groups;
};

/* 0, or -EINVAL with file, line and key. To be freed after both. */
int plan_read_host(const char *file, struct plan_host *out, char error[KEYS_ERROR]);
int plan_read_workload(const char *file, struct plan_workload *out, char error[KEYS_ERROR]);
void plan_free_host(struct plan_host *host);
void plan_free_workload(struct plan_workload *workload);

/*
 * Extents of mix.extents[i] that a domain of the group asks for: the smallest ones take what larger ones
 * leave, as in scenarios.
 */
uint64_t plan_extents(const struct plan_group *group, unsigned int i);

#endif
