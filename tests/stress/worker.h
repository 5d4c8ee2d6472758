/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef TESTS_STRESS_WORKER_H
#define TESTS_STRESS_WORKER_H

#include <xenctrl.h>

#include "bench/claim_call.h"
#include "tests/stress/stress.h"

#define MAX_BATCH 16
#define MAX_KEPT 512

/* Single pages of the domain in a slot of one's own. */
struct kept {
	uint32_t domid;
	unsigned int count;
	xen_pfn_t frames[MAX_KEPT];
};

struct worker {
	struct world *world;
	unsigned int id;
	xc_interface *xc;
	xencall_handle *calls;
	struct claim_call *claim;
	uint64_t random;
	const unsigned int *weights; /* of operations */
	unsigned int mood_left;
	uint64_t free_pages, unclaimed; /* by the last look */
	struct kept kept[OWN_SLOTS];
	xen_pfn_t batch[MAX_BATCH];
};

/* A number below limit. */
uint64_t draw(struct worker *w, uint64_t limit);

/* Returns -1 when there was trouble, which is anything that the contract does not allow. */
int operate(struct worker *w, enum operation operation, unsigned int slot);
__attribute__((format(printf, 2, 3))) int trouble(struct worker *w, const char *fmt, ...);

#endif
