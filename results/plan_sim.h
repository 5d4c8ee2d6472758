/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Builders that take a lock again and again: think, wait, hold. The lock is Xen's ticket lock,
 * which serves in the order of arrival, so that who arrives next is all that has to be known. Times
 * are in nanoseconds. The same seed gives the same figures.
 */
#ifndef CLAIMPERF_RESULTS_PLAN_SIM_H
#define CLAIMPERF_RESULTS_PLAN_SIM_H

#include <stddef.h>
#include <stdint.h>

#include "lib/hist.h"

#define SIM_MAX_BUILDERS 512
#define SIM_MAX_KINDS 176
#define SIM_TENTHS 10 /* waits are recorded in tenths of a nanosecond */

enum sim_shape { SIM_FIXED, SIM_EXPONENTIAL, SIM_MEASURED };

struct sim_times {
	enum sim_shape shape;
	double mean;
	/* Measured: nr values about 1, ascending, each as likely as the others; drawn times mean.
	 */
	const double *values;
	size_t nr;
};

/* One kind of section: how many of all are of it, or how many follow each other before the next
 * kind. */
struct sim_kind {
	double share;
	struct sim_times think, hold;
	unsigned int in_a_row; /* 0: kinds are drawn by their shares */
};

struct sim {
	unsigned int builders; /* 1 to SIM_MAX_BUILDERS; 0: sections arrive from outside, see gap */
	struct sim_times gap;  /* between those */
	unsigned int locks;    /* builder i takes lock i modulo locks */
	double acquire;		   /* what a lock takes that nobody has */
	struct sim_times handover; /* from release to hold, when the next one waits for it */
	struct sim_kind kinds[SIM_MAX_KINDS];
	size_t nr_kinds;
	size_t sections; /* that are counted; a tenth as many come before them */
	uint64_t seed;
};

struct sim_figures {
	double throughput;  /* sections in a nanosecond, of all builders */
	double utilisation; /* of a lock, the mean of all locks */
	double wait;	    /* mean */
	double wait_p50, wait_p99;
};

/* 0 or -ENOMEM */
int sim_run(const struct sim *sim, struct sim_figures *out);

#endif
