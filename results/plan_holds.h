/* SPDX-License-Identifier: GPL-2.0-only */
/* How long heap_lock was held and waited for, as the trace points of threads on one heap tell. */
#ifndef CLAIMPERF_RESULTS_PLAN_HOLDS_H
#define CLAIMPERF_RESULTS_PLAN_HOLDS_H

#include <stdbool.h>

#include "results/plan_sim.h"
#include "results/result.h"

#define HOLDS_VALUES 512
/*
 * In Xen nobody takes a CPU from who holds the lock; on Linux the scheduler does. Times of so many
 * medians are taken for its doing, counted and left out.
 */
#define HOLDS_SCHEDULED 20

/* Threads that had less of their time a CPU did not meet as the simulation has them meet. */
#define HOLDS_RAN 0.9

/* Of one metric: "hold" or "wait", at one site, for one order; or of hand-overs. */
struct hold_times {
	uint64_t count, left_out;
	double p50, mean;	     /* ns, without those left out */
	double values[HOLDS_VALUES]; /* quantiles over mean */
};

/* One case of contention. */
struct hold_case {
	const char *name;
	unsigned int order, threads;
	double pair_ns;			     /* of a thread, by the median */
	double ran;			     /* share of its time that each had a CPU, at least */
	struct hold_times alloc, free, wait; /* wait: at both */
	struct hold_times handover;	     /* count 0: nobody waited */
	/* Before them, since the thread had the lock the last time; count 0: not known. */
	struct hold_times think_alloc, think_free;
	size_t run;
};

struct plan_holds {
	struct hold_case *cases;
	size_t nr;
};

/*
 * Add the cases of a domain for each thread and nobody who installs claims, that have a trace. 0,
 * -ENOMEM, or -EINVAL with a message for one that is not as the benchmark writes it.
 */
int holds_add(struct plan_holds *all, const struct result *run, size_t number,
	      char error[RESULT_ERROR_SIZE]);

static inline bool hold_case_ran(const struct hold_case *c)
{
	return c->ran >= HOLDS_RAN;
}

/*
 * Of several runs the fastest, which was disturbed least; of those that had their CPUs, if there
 * are any. NULL: was not measured.
 */
const struct hold_case *holds_find(const struct plan_holds *all, unsigned int order,
				   unsigned int threads);

/* One of several runs, by a number; of those as well. */
const struct hold_case *holds_pick(const struct plan_holds *all, unsigned int order,
				   unsigned int threads, uint64_t number);

void holds_free(struct plan_holds *all);

/* As the simulation draws them. */
struct sim_times holds_times(const struct hold_times *times);

#endif
