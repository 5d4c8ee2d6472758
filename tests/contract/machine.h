/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The machine under test: its memory, domains and calls, for the tests of the claim contract.
 *
 * What is no test goes through the must_ functions: when they fail, so does the test that runs.
 * Memory is in pages of 4 KiB. Errors of the tested calls are 0 or -errno.
 */
#ifndef TESTS_CONTRACT_MACHINE_H
#define TESTS_CONTRACT_MACHINE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "bench/claim_call.h"

#define MAX_NODES 64
#define HOST CLAIM_TARGET_HOST
#define LEGACY CLAIM_TARGET_LEGACY
#define DOM0 0u
#define BIG_ORDER 9
#define BIG (1u << BIG_ORDER)
/* A limit on a domain's pages beyond any host's memory, below what Xen cuts it to. */
#define NO_LIMIT (1ull << 31)

struct machine;

struct memory {
	uint64_t free_pages;
	uint64_t claimed_pages;
	uint64_t node_free[MAX_NODES];
};

enum kind { HVM, PV };

/* Where populate() takes pages: anywhere, from node n only (n), or there if possible. */
#define ANY_NODE (-1)
#define NEAR(n) ((int)(n) | 0x100)

struct machine *open_machine(void);
void close_machine(struct machine *m);

/*
 * Before a test, and after it: gives back all that the test took, or says what it could not. *lost:
 * claims are among that, so that no test can go on from here.
 */
void must_begin(struct machine *m, enum kind kind);
bool clean_up(struct machine *m, char *complaint, size_t size, bool *lost);

struct claim_call *claim_call(struct machine *m);
unsigned int node_count(const struct machine *m);
uint32_t prober(const struct machine *m); /* The domain probes are made from. */

struct memory must_read_memory(struct machine *m);
uint64_t node_free(struct machine *m, unsigned int node);
uint64_t host_free(struct machine *m);
uint64_t unclaimed(struct machine *m);
/* The free pages of a node by another call than must_read_memory(). */
uint64_t must_read_heap(struct machine *m, unsigned int node);

/* Of the kind that the test is about; the rest is for tests about one kind. */
uint32_t must_create(struct machine *m);
uint32_t must_create_kind(struct machine *m, enum kind kind);
void must_destroy(struct machine *m, uint32_t domid);
int try_create(struct machine *m); /* A domain of a test that expects failure. */
void must_set_max_pages(struct machine *m, uint32_t domid, uint64_t pages);
uint64_t must_read_pages(struct machine *m, uint32_t domid);
uint64_t must_read_max_pages(struct machine *m, uint32_t domid);
uint64_t must_read_claimed(struct machine *m, uint32_t domid);

/* A domain that is dead and does not go away before the test ends, as a page of it is mapped. */
void must_kill_and_hold(struct machine *m, uint32_t domid);

/* Returns the number of extents got. */
unsigned int populate(struct machine *m, uint32_t domid, unsigned int order, int where,
		      unsigned int extents);
/* Give back n single pages, those got last. */
void must_free_pages(struct machine *m, uint32_t domid, unsigned int n);
/* Have the domain's memory come from this node, if possible. */
void must_set_affinity(struct machine *m, uint32_t domid, unsigned int node);
/* Exchange the page that a PV domain got last for another. */
int exchange_page(struct machine *m, uint32_t domid);
/* For a domain of kind HVM: pages that come on demand, out of a cache which is filled up now. */
void must_populate_on_demand(struct machine *m, uint32_t domid, unsigned int pages);
int fill_cache(struct machine *m, uint32_t domid, uint64_t pages);
/* Memory for Xen's own use, on behalf of a domain of kind HVM: no claim is for that. */
int grow_paging_pool(struct machine *m, uint32_t domid, uint64_t bytes);
/* Have Xen allocate two pages of its own for a moment, on behalf of nobody. */
int borrow_pages(struct machine *m, uint64_t frame);

/* A page of the node that is free now; its machine frame. */
uint64_t must_find_free_page(struct machine *m, unsigned int node);
void must_offline(struct machine *m, uint64_t frame);
/* As above for a page that a domain of kind HVM has: with those of PV domains, Xen 4.17 crashes. */
void must_offline_used(struct machine *m, uint64_t frame, uint32_t domid);
void must_online(struct machine *m, uint64_t frame);

/* Run the guest, build/bin/claims-guest, in a new domain: why it shut down. */
int must_run_guest(struct machine *m);

/* What Xen's console says since the last call that no test should make it say, or NULL. */
const char *console_complaint(struct machine *m);

int set_claims(struct machine *m, uint32_t domid, const struct claim_entry *entries, size_t n);
int legacy_claim(struct machine *m, uint32_t domid, uint64_t pages);

#define SET(m, domid, ...)                                                                         \
	set_claims(m, domid, (const struct claim_entry[]){__VA_ARGS__},                            \
		   sizeof((const struct claim_entry[]){__VA_ARGS__}) / sizeof(struct claim_entry))

#endif
