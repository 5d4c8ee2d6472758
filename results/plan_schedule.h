/* SPDX-License-Identifier: GPL-2.0-only */
/* When all domains are built: a builder that is done takes the next one, until there is none. */
#ifndef CLAIMPERF_RESULTS_PLAN_SCHEDULE_H
#define CLAIMPERF_RESULTS_PLAN_SCHEDULE_H

#include "results/plan_place.h"

/* ns that a domain of that group takes while so many are built at a time. */
typedef double (*schedule_ns)(void *ctx, unsigned int group, unsigned int builders);

struct schedule {
	double all_ns;
	double domain_ns[PLAN_MAX_GROUPS]; /* mean of each group; 0: none of it was built */
};

void schedule_run(const struct plan_sequence *domains, unsigned int builders, schedule_ns ns,
		  void *ctx, struct schedule *out);

#endif
