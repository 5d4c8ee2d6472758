/* SPDX-License-Identifier: GPL-2.0-only */
/* A plan: what a workload takes on a host, and how sure that is. */
#ifndef CLAIMPERF_RESULTS_PLAN_H
#define CLAIMPERF_RESULTS_PLAN_H

#include <jansson.h>

#include "results/plan_cost.h"
#include "results/plan_place.h"

/*
 * A value by the coefficients as they are, and where 95 % of them lie when coefficients, chance and
 * the order of domains are drawn anew.
 */
struct plan_estimate {
	double value, low, high;
};

struct plan_group_figures {
	struct plan_placed placed;
	struct plan_estimate build_s;	   /* of a domain */
	struct plan_estimate claims_share; /* of its time, due to claims */
	struct plan_estimate claims_part[CLAIM_PARTS];
	/* The same of its instructions: what fits leave. */
	struct plan_estimate claims_instructions, claims_instructions_part[CLAIM_PARTS];
	struct plan_estimate refused, off_node; /* domains; a share of the pages built */
};

#define PLAN_SCALING 18

/* By the coefficients as they are. */
struct plan_scaling {
	unsigned int builders;
	double throughput; /* sections in a nanosecond */
	double utilisation, wait_p99_ns;
};

struct plan {
	struct plan_group_figures groups[PLAN_MAX_GROUPS];
	struct plan_estimate total_s;	  /* until all are built */
	struct plan_estimate utilisation; /* of heap_lock */
	struct plan_estimate wait_p50_ns, wait_p99_ns;
	struct plan_estimate knee; /* builders; above SIM_MAX_BUILDERS: not reached */
	struct plan_scaling scaling[PLAN_SCALING];
	struct plan_ctx ctx; /* notes, and coefficients used */
};

/* 0, -ENOMEM, or -ENOENT and what was not measured. */
int plan_make(const struct plan_calibration *calibration, const struct plan_host *host,
	      const struct plan_workload *workload, struct plan *out,
	      char error[RESULT_ERROR_SIZE]);

/* With what_if NULL there is one plan only. */
void plan_print(const struct plan_workload *workload, const struct plan *plan,
		const struct plan *what_if);
json_t *plan_to_json(const struct plan_workload *workload, const struct plan *plan);

/* The coefficients that a plan used, and from which runs; what the fits do not explain. */
void plan_explain(const struct plan_calibration *calibration, const struct plan *plan);
json_t *plan_explain_json(const struct plan_calibration *calibration, const struct plan *plan);

#endif
