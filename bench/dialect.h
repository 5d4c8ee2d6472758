/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The claim interfaces met in the field, and one way to speak to all of them.
 *
 * Functions return 0 or -errno, the hypervisor's errors included.
 */
#ifndef BENCH_DIALECT_H
#define BENCH_DIALECT_H

#include <stdbool.h>

#include "bench/claim_call.h"

struct dialect {
	const char *name;
	bool legacy;	     /* has XENMEM_claim_pages */
	uint32_t set, get;   /* domctl numbers; 0: has none */
	uint32_t get_mode;   /* second word of a get's payload, after the count; a set's is 0 */
	int too_small;	     /* errno of a get whose array is too small */
	bool needs_pause;    /* a set wants the domain paused, or fails with EBUSY */
	bool empty_releases; /* by a set without entries, where none may have 0 pages;
			      * else one host entry of 0 pages releases all */
};

/*
 * Which one does the hypervisor speak? "legacy" or "none" where it has no claim sets, does not let
 * us use them, or answers like none of those known. Changes nothing, whatever it speaks; asks
 * about dom0, as only a domain that exists gets the call looked at.
 */
const struct dialect *dialect_probe(struct claim_call *call);

/*
 * Prepare a set for claim_call_issue(): it replaces all claims of the domain, one without pages
 * releases them. -EOPNOTSUPP: has no claim sets; -E2BIG past CLAIM_MAX_ENTRIES.
 */
int dialect_prepare_set(const struct dialect *dialect, struct claim_call *call, uint32_t domid,
			const struct claim_entry *entries, size_t n);

/* Release all claims of the domain. */
int dialect_release(const struct dialect *dialect, struct claim_call *call, uint32_t domid);

/*
 * Read the claims of a domain into an array of *n entries; *n then says how many there are.
 * -ENOBUFS: that is more than fit. -EOPNOTSUPP: cannot be asked.
 */
int dialect_get(const struct dialect *dialect, struct claim_call *call, uint32_t domid,
		struct claim_entry *entries, size_t *n);

#endif
