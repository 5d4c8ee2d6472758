/* SPDX-License-Identifier: GPL-2.0-only */
/* Which domains a scenario has on a host: their memory on each node, and when each is to be built.
 */
#ifndef BENCH_SCENARIO_SCHEDULE_H
#define BENCH_SCENARIO_SCHEDULE_H

#include <stddef.h>

#include "bench/scenario_spec.h"
#include "bench/xen.h"

struct schedule_host {
	unsigned int nodes;
	uint64_t free_pages[XEN_MAX_NODES];
};

struct schedule_domain {
	const struct spec_group *group;
	uint64_t pages[XEN_MAX_NODES]; /* of each node */
	uint64_t all_pages;
	uint64_t start_ns; /* planned start of its first build */
};

struct schedule {
	struct schedule_domain *domains; /* in the order of their starts; then of the file */
	size_t nr;
};

/*
 * The same for the same spec, host and seed. 0, or -EINVAL and a message: this host has no such
 * node, or too little memory. Points into spec.
 */
int schedule_make(const struct spec *spec, const struct schedule_host *host, unsigned int seed,
		  struct schedule *schedule, char error[KEYS_ERROR]);
void schedule_free(struct schedule *schedule);

/* Planned start of build number n, from 0, of a domain. */
uint64_t schedule_start_ns(const struct schedule_domain *d, unsigned int build);

#endif
