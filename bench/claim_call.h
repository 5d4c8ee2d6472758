/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef BENCH_CLAIM_CALL_H
#define BENCH_CLAIM_CALL_H

#include <stddef.h>
#include <stdint.h>
#include <xencall.h>

/*
 * The claim calls, straight over libxencall: Debian's libxenctrl does not know domctl 91.
 *
 * All memory is set up by claim_call_open(), so a measured window that holds nothing but
 * claim_call_issue() sees the hypercall and no allocation.
 * Functions return 0 or -errno, the hypervisor's errors included.
 */

#define CLAIM_DOMCTL 91
#define CLAIM_TARGET_HOST 0x80000000u
#define CLAIM_TARGET_LEGACY 0x40000000u

/* Room for more entries than any hypervisor takes, so that "one too many" can be asked for. */
#define CLAIM_MAX_ENTRIES 256

struct claim_entry {
	uint64_t pages;
	uint32_t target; /* node number, CLAIM_TARGET_HOST or CLAIM_TARGET_LEGACY */
	uint32_t pad;	 /* must be 0 */
};

/* The domctl's payload, as it goes over the wire. */
struct claim_payload {
	uint64_t entries; /* guest address of the array */
	uint32_t nr_claims;
	uint32_t pad; /* must be 0; some dialects (bench/dialect.h) have a mode here */
};

struct claim_call;

int claim_call_open(xencall_handle *xcall, struct claim_call **out);
void claim_call_close(struct claim_call *call); /* NULL is fine */

/* Fill the buffers with a set of n entries for a domain; -E2BIG past CLAIM_MAX_ENTRIES. */
int claim_call_prepare(struct claim_call *call, uint32_t domid, const struct claim_entry *entries,
		       size_t n);

/* The same for any domctl of this payload; entries may be NULL: n empty ones. */
int claim_call_prepare_op(struct claim_call *call, uint32_t domctl, uint32_t domid, uint32_t mode,
			  const struct claim_entry *entries, size_t n);

/* The prepared payload and entries, to be spoilt by tests before claim_call_issue(). */
struct claim_payload *claim_call_payload(struct claim_call *call);
struct claim_entry *claim_call_entries(struct claim_call *call);

/* Issue what is prepared; may be repeated. -ENOSYS: the hypervisor has no claim sets. */
int claim_call_issue(struct claim_call *call);

/* Prepare and issue in one. */
int claim_set(struct claim_call *call, uint32_t domid, const struct claim_entry *entries, size_t n);

/* XENMEM_claim_pages over the same buffers: total pages, those the domain has included. */
void claim_legacy_prepare(struct claim_call *call, uint32_t domid, uint64_t pages);
int claim_legacy_issue(struct claim_call *call);

/* Make what is prepared a call that is refused by all who know it. */
void claim_legacy_spoil(struct claim_call *call);

#endif
