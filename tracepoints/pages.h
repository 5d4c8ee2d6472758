/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Free and claimed pages of each node and of the host over time: node_state records say what they
 * are, allocations, frees and claims what they become until the next.
 */
#ifndef CLAIMPERF_TRACEPOINTS_PAGES_H
#define CLAIMPERF_TRACEPOINTS_PAGES_H

#include "tracepoints/holdings.h"

struct pages_account {
	bool known;   /* a node_state was seen; until then the pages are what they changed by */
	bool changed; /* by the last record */
	int64_t free, claimed;
	int64_t free_before,
		claimed_before; /* when known: what they were at the start of the trace */
};

struct pages {
	struct pages_account
		nodes[HOLDING_NODES];	/* HEAP_NODE_NONE: the host, claims on nodes included */
	uint8_t changed[HOLDING_NODES]; /* those that are */
	unsigned int nr_changed;
	struct holdings holdings;
	/* node_state records that say otherwise than what was followed, and by how many pages at
	 * most. */
	uint64_t corrections;
	uint64_t worst;
};

/* NULL when memory is short. */
struct pages *pages_new(void);

/* Take a record of ours in. Returns 0 or -ENOMEM. */
int pages_take(struct pages *pages, uint32_t event, const uint32_t *words);

void pages_free(struct pages *pages);

#endif
