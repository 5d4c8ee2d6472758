/* SPDX-License-Identifier: GPL-2.0-only */
/* All figures of a plan once, by the coefficients as they are or as a number draws them. */
#ifndef CLAIMPERF_RESULTS_PLAN_DRAW_H
#define CLAIMPERF_RESULTS_PLAN_DRAW_H

#include "results/plan.h"

#define PLAN_KNEE_DRAWS 5 /* the knee is not looked for in others */

enum figure { TOTAL, UTILISATION, WAIT_P50, WAIT_P99, KNEE, PER_GROUP };
enum group_figure {
	BUILD,
	CLAIMS_SHARE,
	REFUSED,
	OFF_NODE,
	CLAIMS_PART,
	GROUP_FIGURES = CLAIMS_PART + CLAIM_PARTS
};
#define FIGURES (PER_GROUP + PLAN_MAX_GROUPS * GROUP_FIGURES)

/* One builder, whom nobody disturbs, or more. */
enum company { ALONE, SHARED, COMPANIES };

struct draw {
	struct plan_ctx *ctx;
	const struct plan_workload *workload;
	struct plan_domain_cost costs[COMPANIES][PLAN_MAX_GROUPS];
	struct plan_placed placed[PLAN_MAX_GROUPS];
	struct plan_sequence *built;
	unsigned int builders; /* those of the workload, as far as there are domains for them */
	double waits[SIM_MAX_BUILDERS + 1]; /* ns, of so many builders; 0: not simulated yet */
	uint64_t seed;			    /* of simulations */
	struct plan_scaling scaling[PLAN_SCALING];
	double values[FIGURES];
	int rc;
};

/* Number 0: as the coefficients are, and in the order of the file. 0, -ENOMEM or -ENOENT. */
int draw_once(struct draw *d, uint64_t number);

/* The host file's; else as two threads hand heap_lock over. */
struct sim_times draw_handover(const struct plan_ctx *ctx);

#endif
