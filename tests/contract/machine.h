/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The machine under test and TAP output, for the tests of the claim contract.
 *
 * What is no test goes through the must_ functions: they end the program when they fail.
 * Memory is in pages of 4 KiB. Errors of the tested calls are 0 or -errno.
 */
#ifndef TESTS_CONTRACT_MACHINE_H
#define TESTS_CONTRACT_MACHINE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "bench/claim_call.h"

#define MAX_NODES 64
#define ANY_NODE (-1)
#define HOST CLAIM_TARGET_HOST
#define LEGACY CLAIM_TARGET_LEGACY

struct machine;

struct memory {
	uint64_t free_pages;
	uint64_t claimed_pages;
	uint64_t node_free[MAX_NODES];
};

/* What a domain should hold. */
struct holding {
	uint64_t host;
	uint64_t node[MAX_NODES];
};

enum kind { HVM, PV };

struct machine *must_open_machine(void);
void close_machine(struct machine *m);
struct claim_call *claim_call(struct machine *m);
unsigned int node_count(const struct machine *m);

/* The domain probes are made from; it holds no claim between tests. */
uint32_t prober(const struct machine *m);

struct memory must_read_memory(struct machine *m);
uint64_t unclaimed(struct machine *m);

uint32_t must_create_domain(struct machine *m, enum kind kind);
void must_destroy_domain(struct machine *m, uint32_t domid);
void must_set_max_pages(struct machine *m, uint32_t domid, uint64_t pages);
uint64_t must_read_pages(struct machine *m, uint32_t domid);
uint64_t must_read_claimed(struct machine *m, uint32_t domid);

/* Keep a page mapped, so that the domain outlives its death until release_page(). */
void *must_hold_page(struct machine *m, uint32_t domid);
void release_page(struct machine *m, void *page);

/* Returns the number of extents got; frames go up from the last ones. */
unsigned int populate(struct machine *m, uint32_t domid, unsigned int order, int node,
		      unsigned int extents);
/* Take n single pages of the domain's lowest frames. */
void must_free_pages(struct machine *m, uint32_t domid, unsigned int n);
int grow_paging_pool(struct machine *m, uint32_t domid, uint64_t bytes);
/* A page of the node that is free now; its machine frame. */
uint64_t must_find_free_page(struct machine *m, unsigned int node);
void must_offline(struct machine *m, uint64_t frame);
void must_online(struct machine *m, uint64_t frame);

/* What Xen's console says that no test should make it say, or NULL. */
const char *console_complaint(struct machine *m);

int set_claims(struct machine *m, uint32_t domid, const struct claim_entry *entries, size_t n);
int legacy_claim(struct machine *m, uint32_t domid, uint64_t pages);

#define SET(m, domid, ...)                                                                         \
	set_claims(m, domid, (const struct claim_entry[]){__VA_ARGS__},                            \
		   sizeof((const struct claim_entry[]){__VA_ARGS__}) / sizeof(struct claim_entry))

/* TAP: each prints one line; the name is a sentence about what holds. */
__attribute__((format(printf, 2, 3))) void ok(bool condition, const char *name, ...);
__attribute__((format(printf, 3, 4))) void equal(int64_t got, int64_t wanted, const char *name,
						 ...);

/*
 * The only claims are those of one domain, and they are these: by getdomaininfo, by physinfo, and
 * node by node by how much the prober may claim there and no more.
 */
void check_holding(struct machine *m, uint32_t domid, const struct holding *wanted,
		   const char *name);

/* The plan; the exit status. */
int finish_tap(void);

#endif
