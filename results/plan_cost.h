/* SPDX-License-Identifier: GPL-2.0-only */
/* What one domain of a group costs, by the coefficients, before anybody waits for anybody. */
#ifndef CLAIMPERF_RESULTS_PLAN_COST_H
#define CLAIMPERF_RESULTS_PLAN_COST_H

#include "results/plan_calibration.h"
#include "results/plan_input.h"

#define PLAN_MAX_NOTES 48
#define PLAN_MAX_USED 64
/* Of a domain: extents of each order, had and in vain; single pages; claims made and cancelled. */
#define PLAN_MAX_KINDS (2 * KEYS_MAX_EXTENTS + 3)

/* What the reader of a plan has to know; each once. */
struct plan_notes {
	char texts[PLAN_MAX_NOTES][220];
	size_t nr;
};

/* Where a path was asked for its cost. */
struct plan_use {
	const struct plan_path *path;
	uint64_t at[FIT_TERMS];
};

struct plan_ctx {
	const struct plan_calibration *calibration;
	const struct plan_host *host;
	bool alone;    /* one builder: times of a lock that nobody else wants */
	double factor; /* of all times: what whole domains take longer */
	uint64_t seed; /* of the errors that coefficients may have; 0: as they are */
	struct plan_notes notes;
	struct plan_use used[PLAN_MAX_USED];
	size_t nr_used;
	char *error; /* RESULT_ERROR_SIZE */
};

/* What claims add: when they are made, in each allocation, and when what is left is cancelled. */
enum claim_part { CLAIMS_MADE, CLAIMS_USED, CLAIMS_CANCELLED, CLAIM_PARTS, NO_CLAIM };

struct plan_claims {
	double ns, instructions;
	double low, high; /* of the instructions, with what the fits leave */
};

struct plan_domain_cost {
	double ns, instructions;
	struct plan_claims claims[CLAIM_PARTS]; /* of these */
	double sections;
	struct sim_kind kinds[PLAN_MAX_KINDS]; /* share: how many of them */
	size_t nr_kinds;
};

/* 0, or -ENOENT and what was not measured. */
int plan_cost(struct plan_ctx *ctx, const struct plan_group *group, struct plan_domain_cost *out);

/* NULL: was not measured. With a seed one of the runs: how far they differ is what is not known. */
const struct hold_case *plan_hold(const struct plan_ctx *ctx, unsigned int order,
				  unsigned int threads);

/* ns that heap_lock takes when nobody has it: they are in what calls took. */
double plan_acquire(const struct plan_ctx *ctx);

void plan_note(struct plan_ctx *ctx, const char *fmt, ...) __attribute__((format(printf, 2, 3)));

#endif
