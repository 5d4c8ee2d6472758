/* SPDX-License-Identifier: GPL-2.0-only */
/* What a host does with whole domains. Each checks what it did: wrong ones end the program. */
#ifndef BENCH_SCENARIOS_H
#define BENCH_SCENARIOS_H

#include <stdint.h>

#include "bench/xen.h"

enum claim_mode { CLAIM_BEST, CLAIM_NONE, CLAIM_LEGACY, CLAIM_SET, CLAIM_MODES };

struct scenario_host {
	struct xen *xen;
	enum claim_mode claim; /* not CLAIM_BEST when a scenario runs */
	unsigned int nodes;
	uint64_t pages; /* of all domains of the scenario */
};

struct scenario {
	const char *name;
	void (*run)(const struct scenario_host *host);
};

/* The last one has no name. */
extern const struct scenario scenarios[];

/* Exits with EXIT_REGRESSION unless free memory and claims are afterwards what they were. */
void scenario_run(const struct scenario *scenario, const struct scenario_host *host,
		  unsigned int repeat);

#endif
