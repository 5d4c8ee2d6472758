/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Instruction counts per function, as the QEMU plugin writes them beside a
 * result: lines "# windows=N" and "# total=N", then "COUNT FUNCTION". With a line
 * "# section=N" the counts are those of the cheapest window (the least sample),
 * without it sums over all windows. "[user]" and "[dom0-kernel]" collect
 * what ran outside the hypervisor, so that the counts sum to the whole.
 */
#ifndef CLAIMPERF_RESULTS_PROFILE_H
#define CLAIMPERF_RESULTS_PROFILE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "results/verdict.h"

struct profile_line {
	char *function;
	uint64_t count;
};

struct profile {
	uint64_t ops;		    /* operations that the counts are about, 1 … RESULT_MAX_OPS */
	uint64_t total;		    /* the sum of all counts */
	struct profile_line *lines; /* sorted by name, each name once */
	size_t nr_lines;
};

struct profile_difference {
	const char *function;
	struct fraction before, after, delta; /* per operation */
};

#define PROFILE_ERROR_SIZE 256

/*
 * ops is the number of operations of one window (sample).
 * 0 and *out (profile_free()), -ENOENT when there is no such file, or another
 * -errno with "FILE:LINE: what is wrong" in error.
 */
int profile_read(const char *path, uint64_t ops, struct profile **out,
		 char error[PROFILE_ERROR_SIZE]);

void profile_free(struct profile *profile);

/*
 * Is this function part of the claim check or redeem path? That is their own
 * functions (claims_permit_*, redeem_*, domain_release_*), those that a release
 * build inlines them into (alloc_heap_pages, get_free_buddy), and
 * domain_adjust_tot_pages, where Xen 4.17 redeems. Compiler suffixes do not matter.
 */
bool profile_in_claim_path(const char *function);

/*
 * The difference inside that path, per operation. False when neither profile
 * names such a function.
 */
bool profile_path_delta(const struct profile *before, const struct profile *after,
			struct fraction *delta);

/*
 * All functions whose own instructions differ, the largest difference first
 * (equal ones by name). Their deltas sum to that of the totals. Returns 0 and
 * *out, *nr (free() the array; names belong to the profiles), or -ENOMEM.
 */
int profile_compare(const struct profile *before, const struct profile *after,
		    struct profile_difference **out, size_t *nr);

/*
 * Is a difference (struct verdict) the sum of those of its functions, to the instruction? Not where profiles
 * are sums over all windows, as the difference is of the cheapest.
 */
bool profile_explains(const struct profile_difference *list, size_t nr, struct fraction whole);

#endif
