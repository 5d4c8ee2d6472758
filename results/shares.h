/* SPDX-License-Identifier: GPL-2.0-only */
/* How much of an operation is the hypervisor's, and how much dom0's: "shares" of a case (docs/perf.md). */
#ifndef CLAIMPERF_RESULTS_SHARES_H
#define CLAIMPERF_RESULTS_SHARES_H

#include <stdint.h>

#include <jansson.h>

struct reader;

/* The kernel and the program are dom0's. */
enum share { SHARE_HYPERVISOR, SHARE_KERNEL, SHARE_USER, SHARES };

/* All strings belong to the JSON. Without a unit there are none, because nobody asked or, if set, of lacking. */
struct shares {
	const char *unit; /* "instructions", exact, by the probe; "ns", noisy, by perf */
	const char *lacking;
	uint64_t ops;	  /* operations that the parts are about */
	uint64_t parts[SHARES];
};

/* 0, or -EINVAL with a message: also when the parts do not add up to the whole. */
int shares_read(struct reader *r, const json_t *details, struct shares *out);

#endif
