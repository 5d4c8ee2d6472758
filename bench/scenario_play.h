/* SPDX-License-Identifier: GPL-2.0-only */
/* Plays a schedule: builders, a thread each with its own way to the hypervisor, and what they saw.
 */
#ifndef BENCH_SCENARIO_PLAY_H
#define BENCH_SCENARIO_PLAY_H

#include <pthread.h>

#include "bench/scenario_guest.h"

#define PLAY_MAX_REFUSALS 16 /* kinds of them, in a group */

enum play_outcome {
	OUTCOME_NONE, /* stopped before */
	OUTCOME_BUILT,
	OUTCOME_HELD,	   /* a holder has its claim */
	OUTCOME_TAKEN,	   /* a thief has what there was */
	OUTCOME_DESTROYED, /* as planned, without being built again */
	OUTCOME_REFUSED,   /* for want of memory, each time it was tried */
	OUTCOME_FAILED,	   /* by any other error */
	PLAY_OUTCOMES
};
extern const char *const play_outcomes[PLAY_OUTCOMES];

/* Times are from the start of the clock, which starts when all that comes ahead is done. */
struct play_build {
	uint64_t planned_ns, start_ns, end_ns;
	enum play_outcome outcome;
	enum guest_step step; /* that was refused, or failed */
	int error;
	uint32_t domid;
	unsigned int tries;
	uint64_t pages, off_node, ticks;
	bool claimed_host;
};

struct play_domain {
	struct guest guest;
	struct play_build *builds;
	unsigned int nr_builds, next;
	uint64_t retry_ns, dies_ns; /* UINT64_MAX: not; not by itself */
};

/* Every one that was met, those of builds tried again included. */
struct play_refusal {
	enum guest_step step;
	int error;
	unsigned int count;
};

struct play;

struct play_builder {
	struct play *play;
	unsigned int number;
	struct xen *xen;
	pthread_t thread;
};

struct play {
	/* What to do. */
	const struct spec *spec;
	const struct schedule *schedule;
	unsigned int nr_builders;
	/* Around the life of each thread; NULL: nothing. */
	void (*enter_thread)(void);
	void (*leave_thread)(void);

	struct play_builder builders[SPEC_MAX_BUILDERS];
	struct play_domain *domains; /* as in the schedule */
	pthread_barrier_t barrier;
	pthread_mutex_t lock; /* of refusals */
	struct play_refusal refusals[SPEC_MAX_GROUPS][PLAY_MAX_REFUSALS];
	unsigned int ahead_refused[SPEC_MAX_GROUPS];
	uint64_t zero_ns, end_ns; /* of the clock: when it started; what it said in the end */
};

/*
 * In this order, once each. open: 0, or -errno of xen_open(). ahead: what comes before the clock.
 * run: the rest; domains that nothing ended are still there afterwards. close: none is.
 */
int play_open(struct play *play);
void play_ahead(struct play *play);
void play_run(struct play *play);
void play_close(struct play *play);
void play_free(struct play *play);

unsigned int play_group(const struct play *play, const struct play_domain *d);

/* What "best" means for this hypervisor. */
enum spec_claim play_claim(const struct xen *xen, enum spec_claim claim);

#endif
