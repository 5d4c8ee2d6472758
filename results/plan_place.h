/* SPDX-License-Identifier: GPL-2.0-only */
/* Which domains find memory, and where: counted, not simulated. */
#ifndef CLAIMPERF_RESULTS_PLAN_PLACE_H
#define CLAIMPERF_RESULTS_PLAN_PLACE_H

#include "results/plan_input.h"

struct plan_placed {
	unsigned int built, refused;
	unsigned int refused_most; /* when those without a claim fail each other */
	uint64_t pages, off_node;  /* of those built */
};

/* Groups of the domains that are built, as these come. */
struct plan_sequence {
	unsigned char groups[PLAN_MAX_GROUPS * PLAN_MAX_DOMAINS];
	size_t nr;
};

/* Domains come in an order that the seed gives; 0: that of the file. 0 or -ENOMEM. */
int plan_place(const struct plan_host *host, const struct plan_workload *workload, uint64_t seed,
	       struct plan_placed placed[PLAN_MAX_GROUPS], struct plan_sequence *built);

#endif
