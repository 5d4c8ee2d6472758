/* SPDX-License-Identifier: GPL-2.0-only */
/* What each domain has claimed and not yet redeemed, followed record by record. */
#ifndef CLAIMPERF_TRACEPOINTS_HOLDINGS_H
#define CLAIMPERF_TRACEPOINTS_HOLDINGS_H

#include <stdbool.h>
#include <stdint.h>

#include "tracepoints/catalog.h"

/* Nodes by number, and the host as HEAP_NODE_NONE. */
#define HOLDING_NODES (HEAP_NODE_NONE + 1)
#define HOLDING_DOMAINS (1u << 15)

enum claim_cause { CLAIM_INSTALLED, CLAIM_REDEEMED, CLAIM_RELEASED };

/* Pages that a record adds to a claim of a domain (installed) or takes from it. */
struct claim_change {
	enum claim_cause cause;
	uint32_t domid;
	uint32_t node; /* the claim's; HEAP_NODE_NONE for the host */
	uint32_t pages;
	/* The trace does not say on which node: other claims of the domain, more than it is known
	 * to have. */
	bool somewhere;
};

struct holdings {
	uint64_t *domains[HOLDING_DOMAINS]; /* pages by node, NULL for domains without claims */
	struct claim_change changes[HOLDING_NODES + 1]; /* of the last record */
	unsigned int nr_changes;
};

/*
 * Take a record of ours in: changes says what it changed. Pages redeemed from "other" claims come
 * off in the order of the nodes, as the hypervisor does it. Returns 0 or -ENOMEM.
 */
int holdings_take(struct holdings *holdings, uint32_t event, const uint32_t *words);

void holdings_free(struct holdings *holdings);

#endif
