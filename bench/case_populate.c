// SPDX-License-Identifier: GPL-2.0-only
/* populate/…: XENMEM_populate_physmap on a fresh HVM domain, under nine kinds of claims. */
#include <stdio.h>

#include "bench/bench.h"

#define FIRST_FRAME (1ull << 20)
/* Beyond what a case allocates: no claim runs dry, no node is drained to its last page. */
#define SLACK_PAGES 1024
/* Divisible by 4, so that "any node" takes equal shares of up to four nodes. */
#define SMALL_EXTENTS 256
#define LARGE_EXTENTS 4

enum kind { NONE, LEGACY, HOST, NODE, SET, SET_HOST, OTHER, ELSEWHERE, TIGHT, TIGHT_NODE, KINDS };

static const struct {
	const char *name;
	const char *group;
	const char *reference; /* claim of the case to compare with on an unclaimed hypervisor */
	enum bench_need need;
} kinds[KINDS] = {
	[NONE] = { "none", "none", NULL, NEEDS_NO_CLAIMS },
	[LEGACY] = { "legacy", "legacy", NULL, NEEDS_LEGACY_CLAIMS },
	[HOST] = { "host", "host", "legacy", NEEDS_CLAIM_SETS },
	[NODE] = { "node", "node", "legacy", NEEDS_CLAIM_SETS },
	[SET] = { "set", "set", "legacy", NEEDS_CLAIM_SETS },
	[SET_HOST] = { "set+host", "set+host", "legacy", NEEDS_CLAIM_SETS },
	[OTHER] = { "other", "other", NULL, NEEDS_LEGACY_CLAIMS },
	[ELSEWHERE] = { "elsewhere", "elsewhere", "legacy", NEEDS_CLAIM_SETS },
	[TIGHT] = { "tight", "tight", NULL, NEEDS_LEGACY_CLAIMS },
	[TIGHT_NODE] = { "tight-node", "tight", "tight", NEEDS_CLAIM_SETS },
};

static void name_case(char *name, const struct bench_case *c, const char *claim)
{
	snprintf(name, BENCH_NAME, "populate/order:%u/node:%s/claim:%s", c->order,
		 c->exact_node ? "exact" : "any", claim);
}

/* Where the claims do not say which node serves an extent, both must be seen. */
static void add_proofs(struct bench_case *c, enum kind kind, unsigned int nodes)
{
	bool spread = !c->exact_node && nodes > 1;

	switch (kind) {
	case NONE:
	case OTHER:
		c->proofs[0] = (struct bench_proof){BRANCH_REDEEM_NONE, c->ops};
		c->proofs[1] = (struct bench_proof){BRANCH_ALLOC_FREE, c->ops};
		break;
	case LEGACY:
	case HOST:
	case TIGHT:
		c->proofs[0] = (struct bench_proof){BRANCH_REDEEM_HOST, c->ops};
		c->proofs[1] = (struct bench_proof){kind == TIGHT ? BRANCH_ALLOC_CLAIMED : BRANCH_ALLOC_FREE, c->ops};
		break;
	case NODE:
	case TIGHT_NODE:
		c->proofs[0] = (struct bench_proof){BRANCH_REDEEM_NODE, spread ? 0 : c->ops};
		c->proofs[1] = (struct bench_proof){kind == NODE ? BRANCH_NODE_FREE : BRANCH_NODE_CLAIMED, c->ops};
		if (spread)
			c->proofs[2] = (struct bench_proof){BRANCH_REDEEM_OTHER, 0};
		break;
	case ELSEWHERE:
		c->proofs[0] = (struct bench_proof){BRANCH_REDEEM_OTHER, spread ? 0 : c->ops};
		break;
	default:
		c->proofs[0] = (struct bench_proof){BRANCH_REDEEM_NODE, c->ops};
	}
}

static int add_case(struct bench_list *list, enum kind kind, unsigned int order, bool exact_node)
{
	struct bench_case c = {
		.family = &populate_family,
		.order = order,
		.exact_node = exact_node,
		.ops = order ? LARGE_EXTENTS : SMALL_EXTENTS,
		.kind = kind,
	};

	name_case(c.name, &c, kinds[kind].name);
	if (kinds[kind].reference)
		name_case(c.reference, &c, kinds[kind].reference);
	snprintf(c.claim, sizeof(c.claim), "%s", kinds[kind].name);
	snprintf(c.group, sizeof(c.group), "%s", kinds[kind].group);
	add_proofs(&c, kind, list->host.nodes);
	c.skip = bench_lacks(&list->host, kinds[kind].need);
	if (!c.skip && kind == ELSEWHERE && list->host.nodes == 1)
		c.skip = "one node only: no other to claim on";
	return bench_add(list, &c);
}

static int list_cases(struct bench_list *list)
{
	for (enum kind kind = 0; kind < KINDS; kind++) {
		/* Only a call for one node can be left with nothing but the claim on that node. */
		for (int exact = kind == TIGHT_NODE; exact < 2; exact++) {
			int rc = add_case(list, kind, 0, exact);

			if (!rc)
				rc = add_case(list, kind, 9, exact);
			if (rc)
				return rc;
		}
	}
	return 0;
}

static uint64_t pages_needed(const struct bench *b, const struct bench_case *c)
{
	return ((uint64_t)b->samples * c->ops << c->order) + SLACK_PAGES;
}

static unsigned int fill_set(const struct bench *b, const struct xen_memory *memory, uint64_t pages,
			     struct xen_claim *set)
{
	unsigned int n = 0;

	for (unsigned int node = 0; node < b->host.nodes; node++) {
		uint64_t most = memory->node_free_pages[node] / 2;

		if (most > pages || node == (unsigned int)b->node)
			most = pages;
		if (most)
			set[n++] = (struct xen_claim){ most, node };
	}
	return n;
}

static int claim_as_set(struct bench *b, const struct xen_memory *memory, enum kind kind,
			uint64_t pages)
{
	struct xen_claim set[XEN_MAX_NODES + 1];
	unsigned int n = 0;

	if (kind == SET || kind == SET_HOST)
		n = fill_set(b, memory, pages, set);
	if (kind == HOST || kind == SET_HOST)
		set[n++] = (struct xen_claim){ kind == HOST ? pages : SLACK_PAGES, XEN_CLAIM_HOST };
	if (kind == NODE)
		set[n++] = (struct xen_claim){ pages, (uint32_t)b->node };
	if (kind == ELSEWHERE) {
		unsigned int node = b->node == 0;

		while (node < b->host.nodes - 1 &&
		       (node == (unsigned int)b->node || memory->node_free_pages[node] < pages))
			node++;
		if (node == (unsigned int)b->node)
			return bench_fail(b, 0, "no other node has %lu MiB free to claim",
					  (unsigned long)(pages >> 8));
		set[n++] = (struct xen_claim){ pages, node };
	}
	return bench_claim_set(b, b->domain, set, n);
}

static int stake_claims(struct bench *b, const struct bench_case *c,
			const struct xen_memory *memory)
{
	uint64_t pages = pages_needed(b, c);

	switch ((enum kind)c->kind) {
	case NONE:
		return 0;
	case LEGACY:
		return bench_claim_legacy(b, b->domain, pages);
	case OTHER:
		return bench_claim_legacy(b, b->other, pages);
	case TIGHT:
		return bench_claim_rest(b, b->domain);
	case TIGHT_NODE:
		return bench_claim_rest_of_node(b, b->domain, (unsigned int)b->node);
	default:
		return claim_as_set(b, memory, (enum kind)c->kind, pages);
	}
}

static int prepare(struct bench *b, const struct bench_case *c)
{
	struct xen_memory memory;
	uint64_t pages;
	int rc;

	if (bench_domain(b, XEN_HVM, pages_needed(b, c), &b->domain))
		return -1;
	if (c->kind == OTHER && bench_domain(b, XEN_HVM, 0, &b->other))
		return -1;
	/* Twice: every second sample of small pages needs a new page table, and phases must agree. */
	if (bench_align_heap(b, c->order, 2 * c->ops) ||
	    bench_choose_node(b, pages_needed(b, c) + SLACK_PAGES))
		return -1;
	rc = xen_read_memory(b->xen, &memory);
	if (rc)
		return bench_fail(b, rc, "reading free memory");
	if (stake_claims(b, c, &memory))
		return -1;
	b->next_frame = FIRST_FRAME;
	rc = xen_read_domain(b->xen, b->other ? b->other : b->domain, &pages, &b->claimed);
	return rc ? bench_fail(b, rc, "reading the claims") : 0;
}

static int sample(struct bench *b, const struct bench_case *c, uint64_t *ticks)
{
	int rc = xen_prepare_populate(b->xen, b->domain, c->order,
				      c->exact_node ? b->node : XEN_ANY_NODE, b->next_frame,
				      c->ops);

	if (rc)
		return bench_fail(b, rc, "preparing the call");
	b->next_frame += (uint64_t)c->ops << c->order;
	b->populated += (uint64_t)c->ops << c->order;
	return bench_issue(b, XEN_POPULATE, c->ops, ticks);
}

/* Nothing may be left unclaimed, on the host or on the node: else another branch was measured. */
static int check_tight(struct bench *b, const struct bench_case *c, uint64_t claimed)
{
	struct xen_memory memory;
	uint64_t total;
	int rc = xen_read_memory(b->xen, &memory);

	if (rc)
		return bench_fail(b, rc, "reading free memory");
	total = c->kind == TIGHT ? memory.free_pages : memory.node_free_pages[b->node];
	if (c->kind == TIGHT ? memory.claimed_pages != total : claimed != total)
		return bench_fail(b, 0, "%lu pages are free, %lu claimed: others could serve",
				  (unsigned long)total, (unsigned long)claimed);
	return 0;
}

/* Own claims shrink by what was populated, those of others stay. */
static int check(struct bench *b, const struct bench_case *c)
{
	uint64_t redeemed = c->kind == NONE || c->kind == OTHER ? 0 : b->populated;
	uint64_t pages, claimed;
	int rc = xen_read_domain(b->xen, b->other ? b->other : b->domain, &pages, &claimed);

	if (rc)
		return bench_fail(b, rc, "reading the claims");
	if (b->claimed - claimed != redeemed)
		return bench_fail(b, 0, "claims fell from %lu to %lu pages, expected %lu less",
				  (unsigned long)b->claimed, (unsigned long)claimed,
				  (unsigned long)redeemed);
	return c->kind == TIGHT || c->kind == TIGHT_NODE ? check_tight(b, c, claimed) : 0;
}

const struct bench_family populate_family = {
	.name = "populate",
	.list = list_cases,
	.prepare = prepare,
	.sample = sample,
	.check = check,
};
