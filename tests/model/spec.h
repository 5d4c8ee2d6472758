/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The contract of the claim sets, executable: what each call must answer, and what memory and
 * claims must be afterwards. No sum is kept, each is added up when asked for.
 */
#ifndef TESTS_MODEL_SPEC_H
#define TESTS_MODEL_SPEC_H

#include <stdbool.h>
#include <stdint.h>

#include "bench/host/heap.h"

#define SPEC_DOMAINS 6

struct spec_domain {
	bool exists, dying;
	unsigned long pages, max_pages;
	unsigned long host_claims, claims[HEAP_MAX_NODES];
};

struct spec {
	unsigned int nodes;
	unsigned long free[HEAP_MAX_NODES];
	struct spec_domain domain[SPEC_DOMAINS];
};

/* What is asked of an allocation. */
struct spec_request {
	struct spec_domain *d; /* or NULL */
	unsigned long pages;
	bool refcounted; /* only with a domain */
};

unsigned long spec_free(const struct spec *s);
unsigned long spec_claimed(const struct spec *s);
unsigned long spec_node_claimed(const struct spec *s, unsigned int node);
unsigned long spec_domain_node_claims(const struct spec *s, const struct spec_domain *d);
unsigned long spec_domain_claims(const struct spec *s, const struct spec_domain *d);
/* Free and claimed by nobody; 0 when there is less than is claimed. */
unsigned long spec_unclaimed(const struct spec *s);
unsigned long spec_node_unclaimed(const struct spec *s, unsigned int node);

/* Both: 0 or -errno, after which all claims are as before. */
int spec_claim_set(struct spec *s, struct spec_domain *d, const struct heap_claim *set,
		   unsigned int nr, uint32_t pad);
int spec_claim_legacy(struct spec *s, struct spec_domain *d, unsigned long pages);
void spec_kill_domain(struct spec_domain *d);

/* The two checks: of the host, then of a node that is to serve the request. */
bool spec_host_permits(const struct spec *s, const struct spec_request *r);
bool spec_node_permits(const struct spec *s, const struct spec_request *r, unsigned int node);
/* Take the pages off the node, and off the claims of whom they are for. */
void spec_take(struct spec *s, const struct spec_request *r, unsigned int node);
/* Hand them over: false when the domain may not have them, and they are free again. */
bool spec_assign(struct spec *s, const struct spec_request *r, unsigned int node);

#endif
