/* SPDX-License-Identifier: GPL-2.0-only */
/* What the witnesses of a run of tests/agreement_job.c say, from the files that they left. */
#ifndef CLAIMPERF_TESTS_WITNESSES_H
#define CLAIMPERF_TESTS_WITNESSES_H

#include <stddef.h>
#include <stdint.h>

enum witness { TRACE, PROFILE, PLUGIN, WITNESSES };

#define CUTS_MAX 200
#define PLACES_MAX 16

/* What the trace and the plugin call the same places. Names have a blank on both sides. */
struct place {
	const char *sites, *functions;
};
/* Ends with NULLs; at most PLACES_MAX. */
extern const struct place places[];

struct section {
	size_t place;
	uint64_t hold; /* ticks, instructions */
};

/* From one cut to the next. */
struct phase {
	char name[16];
	/* What the job read at the cut at its end: ticks around it, then counts since boot. */
	uint32_t domid;
	uint64_t before, after;
	uint64_t locked, held_ns, host_claims, domain_claims;
	uint64_t pages_locked; /* page_alloc_lock of the domain */
	/* What each has of the phase; the profile has no list. */
	uint64_t sections[WITNESSES], hold[WITNESSES];
	struct section *list[WITNESSES];
	uint64_t installed, redeemed, released; /* trace only: claimed pages */
	uint64_t page_sections; /* trace only: of the domain's page_alloc_lock */
	uint64_t interrupts, unmatched;		/* plugin only; releases without a section */
};

struct run {
	/* phases[0] ends with the first cut: nothing but what was read there. */
	struct phase phases[CUTS_MAX];
	unsigned int cuts;
	uint64_t tool_locked, tool_held_ns; /* what xenlockprof printed in the last phase */
};

/* All of them end the program when a file is not as it should be. read_said() comes first. */
void read_said(struct run *run, const char *path);  /* what the job printed */
void read_dump(struct run *run, const char *path);  /* claimperf trace dump */
void read_probe(struct run *run, const char *path); /* probe.json; do_IRQ was followed */
void read_holds(struct run *run, const char *path); /* of --probe-holds */

#endif
