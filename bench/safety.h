/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What a run on a real dom0 must not do, decided before it starts: beside whom it may run, which
 * cases leave dom0 the memory that it needs, what will spoil the figures. Nothing here asks or
 * changes the host.
 */
#ifndef BENCH_SAFETY_H
#define BENCH_SAFETY_H

#include <argp.h>
#include <jansson.h>

#include "bench/bench.h"
#include "bench/machine_state.h"

#define SAFETY_NAMED 8

struct safety_options {
	uint64_t reserve; /* bytes that are never claimed nor allocated */
	bool beside_domains, what_fits, claim_all, dry_run;
	unsigned int nr_given; /* how many of the options were given */
};

#define SAFETY_DEFAULTS ((struct safety_options){.reserve = 256ull << 20})

/*
 * Options of the programs that run on dom0, and of those that run cases there, which have the former
 * too; the child's input is struct safety_options.
 */
extern const struct argp safety_host_argp, safety_argp;

/* The host as it was found. */
struct safety_facts {
	struct xen_memory memory;
	unsigned int nodes;
	unsigned int others; /* domains beside dom0, the first of which are */
	uint32_t named[SAFETY_NAMED];
	unsigned int leftovers; /* domains of a benchmark that was killed */
	bool unrestored;	/* what it changed was not put back */
	struct machine_build build;
	struct machine_power power;
	struct machine_pin pin;
	int pin_error; /* -errno: no vCPU can be pinned */
};

/* What a case takes at most, at a time. */
struct safety_need {
	unsigned int domains;
	uint64_t pages;	  /* allocated, or claimed beyond that */
	uint64_t claimed; /* at its start */
	bool all;	  /* it claims all that is left */
};

void safety_need(const struct bench_case *c, const struct bench_host *host, unsigned int samples,
		 struct safety_need *need);

/*
 * Why the case is left out; NULL: it is not, and NULL for those that do not fit and must, see
 * safety_refusals().
 */
const char *safety_skip(const struct safety_need *need, const struct safety_facts *facts,
			const struct safety_options *options);

/*
 * Why nothing starts, and what spoils figures: arrays of sentences. most: pages that the largest
 * case needs.
 */
json_t *safety_refusals(const struct safety_facts *facts, const struct safety_options *options, uint64_t most);
json_t *safety_warnings(const struct safety_facts *facts);

/* Pages: what is neither claimed nor taken; the reserve; and whether so many leave it alone. */
uint64_t safety_unclaimed(const struct safety_facts *facts);
uint64_t safety_reserve(const struct safety_options *options);
bool safety_fits(uint64_t pages, const struct safety_facts *facts, const struct safety_options *options);

/* For the context of the result. */
json_t *safety_to_json(const struct safety_facts *facts, const struct safety_options *options);

#endif
