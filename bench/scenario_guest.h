/* SPDX-License-Identifier: GPL-2.0-only */
/* What a toolstack does with one domain: create, claim, populate, release, destroy. */
#ifndef BENCH_SCENARIO_GUEST_H
#define BENCH_SCENARIO_GUEST_H

#include <signal.h>

#include "bench/scenario_schedule.h"

enum guest_step { STEP_CREATE, STEP_CLAIM, STEP_POPULATE, STEP_RELEASE, STEP_DESTROY, GUEST_STEPS };
extern const char *const guest_steps[GUEST_STEPS];

struct guest {
	struct xen *xen; /* of the thread that builds it */
	const struct schedule_domain *plan;
	enum spec_claim claim; /* not MODE_BEST */
	uint32_t domid;
	bool exists, claims;
	uint64_t next_frame;
	/* What it has got. */
	uint64_t pages;
	uint64_t off_node; /* of these: from elsewhere, as its own nodes had none left */
	bool claimed_host; /* since its nodes refused the claim */
	/* Where it stands, or failed; ticks of the calls that claim and populate. */
	enum guest_step step;
	uint64_t ticks;
};

/* Set by signal handlers: take nothing more. */
extern volatile sig_atomic_t guests_stopped;

/* -errno of what was refused; g->step says in which step. What was done until then stays. */
int guest_claim(struct guest *g);    /* creates it first, if need be */
int guest_populate(struct guest *g); /* and releases what is left of the claim */
int guest_take(struct guest *g);     /* a thief: what there is; a refusal is no error */
int guest_destroy(struct guest *g);  /* 0 if there is none */

#endif
