// SPDX-License-Identifier: GPL-2.0-only
#include "bench/stake.h"

static const struct {
	const char *name;
	const char *words;
	enum bench_stake reference;
	enum bench_need need;
	unsigned int nodes; /* that the set is on; 0: no set of so many */
} stakes[STAKES] = {
	[STAKE_NONE] = {"none", "nobody claims", 0, NEEDS_NO_CLAIMS, 0},
	[STAKE_LEGACY] = {"legacy", "a legacy claim covers it", 0, NEEDS_LEGACY_CLAIMS, 0},
	[STAKE_HOST] = {"host", "a host claim covers it", STAKE_LEGACY, NEEDS_CLAIM_SETS, 0},
	[STAKE_NODE] = {"node", "a claim on one node covers it", STAKE_LEGACY, NEEDS_CLAIM_SETS, 0},
	[STAKE_SET] = {"set", "claims on all nodes", STAKE_LEGACY, NEEDS_CLAIM_SETS, 0},
	[STAKE_SET_HOST] = {"set+host", "claims on all nodes and the host", STAKE_LEGACY,
			    NEEDS_CLAIM_SETS, 0},
	[STAKE_OTHER] = {"other", "another domain claims", 0, NEEDS_LEGACY_CLAIMS, 0},
	[STAKE_ELSEWHERE] = {"elsewhere", "the domain's claim is on another node", STAKE_LEGACY,
			     NEEDS_CLAIM_SETS, 0},
	[STAKE_TIGHT] = {"tight", "its legacy claim holds all free memory", 0, NEEDS_LEGACY_CLAIMS,
			 0},
	[STAKE_TIGHT_NODE] = {"tight-node", "its claim holds all free memory of the node",
			      STAKE_TIGHT, NEEDS_CLAIM_SETS, 0},
	[STAKE_SET_2] = {"set-2", "claims on 2 nodes", STAKE_LEGACY, NEEDS_CLAIM_SETS, 2},
	[STAKE_SET_4] = {"set-4", "claims on 4 nodes", STAKE_LEGACY, NEEDS_CLAIM_SETS, 4},
	[STAKE_SET_8] = {"set-8", "claims on 8 nodes", STAKE_LEGACY, NEEDS_CLAIM_SETS, 8},
	[STAKE_SET_16] = {"set-16", "claims on 16 nodes", STAKE_LEGACY, NEEDS_CLAIM_SETS, 16},
	[STAKE_HALF] = {"half", "a host claim covers half of each call", STAKE_LEGACY,
			NEEDS_CLAIM_SETS, 0},
	[STAKE_HALF_NODE] = {"half-node", "a claim on the node covers half of each call",
			     STAKE_LEGACY, NEEDS_CLAIM_SETS, 0},
	[STAKE_PART] =
		{"part",
		 "half of the extent is claimed, the other half the last memory nobody claims",
		 STAKE_LEGACY, NEEDS_CLAIM_SETS, 0},
	[STAKE_DOUBLE] = {"double", "a host claim of twice the need", STAKE_LEGACY,
			  NEEDS_CLAIM_SETS, 0},
	[STAKE_MIXED] = {"mixed", "half of the extent is claimed on its node, half on the host",
			 STAKE_LEGACY, NEEDS_CLAIM_SETS, 0},
	[STAKE_OTHER_NODE] = {"other-node", "another domain claims all free memory of the node",
			      STAKE_OTHER, NEEDS_CLAIM_SETS, 0},
};

const char *stake_name(enum bench_stake stake)
{
	return stakes[stake].name;
}

const char *stake_words(enum bench_stake stake)
{
	return stakes[stake].words;
}

enum bench_stake stake_reference(enum bench_stake stake)
{
	return stakes[stake].reference;
}

const char *stake_skip(const struct bench_host *host, enum bench_stake stake)
{
	static const char *const short_of[] = {
		[2] = "one node only: no set over 2",
		[4] = "fewer than 4 nodes to claim on",
		[8] = "fewer than 8 nodes to claim on",
		[16] = "fewer than 16 nodes to claim on",
	};

	if (stake == STAKE_ELSEWHERE && host->nodes == 1 && host->claim_sets)
		return "one node only: no other to claim on";
	if (stake == STAKE_OTHER_NODE && host->nodes == 1 && host->claim_sets)
		return "one node only: no other to serve instead";
	if (stakes[stake].nodes > host->nodes)
		return short_of[stakes[stake].nodes];
	return bench_lacks(host, stakes[stake].need);
}

/* Nodes take turns where any will do, and some twice: how often is for the hypervisor to decide. */
static void prove_nodes(struct bench_case *c, unsigned int nodes, unsigned int claimed)
{
	bool one = c->where != WHERE_ANY || nodes == 1;

	if (one || claimed == nodes) {
		bench_prove(c, BRANCH_REDEEM_NODE, c->ops);
		return;
	}
	bench_prove(c, BRANCH_REDEEM_NODE, 0);
	bench_prove(c, BRANCH_REDEEM_OTHER, 0);
}

static void prove_redemption(struct bench_case *c, unsigned int nodes)
{
	switch (c->stake) {
	case STAKE_OTHER_NODE:
		bench_prove(c, BRANCH_PASSED_CLAIMS, c->ops);
		bench_prove(c, BRANCH_REDEEM_NONE, c->ops);
		break;
	case STAKE_NONE:
	case STAKE_OTHER: bench_prove(c, BRANCH_REDEEM_NONE, c->ops); break;
	case STAKE_TIGHT:
	case STAKE_LEGACY:
	case STAKE_HOST:
	case STAKE_DOUBLE: bench_prove(c, BRANCH_REDEEM_HOST, c->ops); break;
	case STAKE_TIGHT_NODE:
	case STAKE_NODE: prove_nodes(c, nodes, 1); break;
	case STAKE_SET:
	case STAKE_SET_HOST: prove_nodes(c, nodes, nodes); break;
	case STAKE_ELSEWHERE:
		bench_prove(c, BRANCH_REDEEM_OTHER, c->where == WHERE_ANY ? 0 : c->ops);
		if (c->where == WHERE_ANY)
			bench_prove(c, BRANCH_REDEEM_NODE, 0);
		break;
	case STAKE_HALF:
	case STAKE_HALF_NODE:
		bench_prove(c, c->stake == STAKE_HALF ? BRANCH_REDEEM_HOST : BRANCH_REDEEM_NODE, c->ops / 2);
		bench_prove(c, BRANCH_REDEEM_NONE, c->ops - c->ops / 2);
		break;
	case STAKE_PART: bench_prove(c, BRANCH_REDEEM_HOST, c->ops); break;
	case STAKE_MIXED: bench_prove(c, BRANCH_REDEEM_MIXED, c->ops); break;
	default: prove_nodes(c, nodes, stakes[c->stake].nodes);
	}
}

/* What lets an allocation pass. */
static void prove_cover(struct bench_case *c)
{
	bool alone = c->stake == STAKE_TIGHT || c->stake == STAKE_PART ||
		     (c->room == ROOM_JUST && c->stake != STAKE_NONE);

	/* Claims on the host are none on a node. */
	if (c->stake == STAKE_TIGHT || c->stake == STAKE_OTHER_NODE)
		bench_prove(c, BRANCH_NODE_FREE, c->ops);
	if (c->stake == STAKE_TIGHT_NODE) /* of one node, also that of the host */
		bench_prove(c, BRANCH_NODE_CLAIMED, c->ops);
	else if (c->room == ROOM_PLENTY || (c->stake != STAKE_HALF && c->stake != STAKE_HALF_NODE))
		bench_prove(c, alone ? BRANCH_ALLOC_CLAIMED : BRANCH_ALLOC_FREE, c->ops);
}

void stake_prove(struct bench_case *c, unsigned int nodes)
{
	prove_redemption(c, nodes);
	prove_cover(c);
}

uint64_t stake_need(const struct bench *b, const struct bench_case *c)
{
	return ((uint64_t)b->samples * c->ops << c->order) + STAKE_SLACK_PAGES;
}

/* On the node that serves all the need, on others up to half of what is free: `nodes` of them. */
static unsigned int fill_set(const struct bench *b, const struct xen_memory *memory, uint64_t pages,
			     unsigned int nodes, struct xen_claim *set)
{
	unsigned int n = 0, others = nodes - 1;

	for (unsigned int node = 0; node < b->host.nodes; node++) {
		uint64_t most = memory->node_free_pages[node] / 2;
		bool own = node == (unsigned int)b->node;

		if (most > pages || own)
			most = pages;
		if (!most || (!own && !others))
			continue;
		others -= !own;
		set[n++] = (struct xen_claim){ most, node };
	}
	return n;
}

static int claim_elsewhere(struct bench *b, const struct xen_memory *memory, uint64_t pages)
{
	unsigned int node = b->node == 0;
	struct xen_claim claim;

	while (node < b->host.nodes - 1 &&
	       (node == (unsigned int)b->node || memory->node_free_pages[node] < pages))
		node++;
	if (node == (unsigned int)b->node)
		return bench_fail(b, 0, "no other node has %lu MiB free to claim",
				  (unsigned long)(pages >> 8));
	claim = (struct xen_claim){ pages, node };
	return bench_claim_set(b, b->domain, &claim, 1);
}

static int claim_as_set(struct bench *b, const struct xen_memory *memory, enum bench_stake stake,
			uint64_t pages)
{
	struct xen_claim set[XEN_MAX_NODES + 1];
	unsigned int n = 0;

	if (stake == STAKE_SET || stake == STAKE_SET_HOST)
		n = fill_set(b, memory, pages, b->host.nodes, set);
	if (stakes[stake].nodes)
		n = fill_set(b, memory, pages, stakes[stake].nodes, set);
	if (stake == STAKE_HOST || stake == STAKE_SET_HOST)
		set[n++] = (struct xen_claim){ stake == STAKE_HOST ? pages : STAKE_SLACK_PAGES,
					       XEN_CLAIM_HOST };
	if (stake == STAKE_DOUBLE)
		set[n++] = (struct xen_claim){ 2 * pages, XEN_CLAIM_HOST };
	if (stake == STAKE_NODE)
		set[n++] = (struct xen_claim){ pages, (uint32_t)b->node };
	return bench_claim_set(b, b->domain, set, n);
}

static int stake_own(struct bench *b, const struct bench_case *c, const struct xen_memory *memory)
{
	uint64_t pages = stake_need(b, c);

	switch (c->stake) {
	case STAKE_NONE:
	case STAKE_HALF:
	case STAKE_HALF_NODE:
	case STAKE_MIXED:
	case STAKE_PART: return 0;
	case STAKE_LEGACY: return bench_claim_legacy(b, b->domain, pages);
	case STAKE_OTHER: return bench_claim_legacy(b, b->others[0], pages);
	case STAKE_TIGHT: return bench_claim_rest(b, b->domain, 0);
	case STAKE_TIGHT_NODE: return bench_claim_rest_of_node(b, b->domain, (unsigned int)b->node);
	case STAKE_OTHER_NODE:
		return bench_claim_rest_of_node(b, b->others[0], (unsigned int)b->node);
	case STAKE_ELSEWHERE: return claim_elsewhere(b, memory, pages);
	default: return claim_as_set(b, memory, c->stake, pages);
	}
}

/* Whose claims the check is about. */
static uint32_t holder(const struct bench *b, const struct bench_case *c)
{
	return c->stake == STAKE_OTHER || c->stake == STAKE_OTHER_NODE ? b->others[0] : b->domain;
}

/* Others leave what the domain needs and has not claimed itself. */
static int leave_just_enough(struct bench *b, const struct bench_case *c)
{
	uint64_t need = stake_need(b, c);

	return bench_claim_rest(b, b->others[0], b->claimed >= need ? 0 : need - b->claimed);
}

int stake_claims(struct bench *b, const struct bench_case *c)
{
	struct xen_memory memory;
	uint64_t pages;
	int rc = xen_read_memory(b->xen, &memory);

	if (rc)
		return bench_fail(b, rc, "reading free memory");
	if (stake_own(b, c, &memory))
		return -1;
	rc = xen_read_domain(b->xen, holder(b, c), &pages, &b->claimed);
	if (rc)
		return bench_fail(b, rc, "reading the claims");
	return c->room == ROOM_JUST ? leave_just_enough(b, c) : 0;
}

/* What is claimed anew for each sample, and no more than that. */
static unsigned int sample_set(const struct bench *b, const struct bench_case *c,
			       struct xen_claim set[2])
{
	uint64_t half = ((uint64_t)c->ops << c->order) / 2;
	unsigned int n = 0;

	if (c->stake == STAKE_HALF_NODE || c->stake == STAKE_MIXED)
		set[n++] = (struct xen_claim){half, (uint32_t)b->node};
	if (c->stake == STAKE_HALF || c->stake == STAKE_PART || c->stake == STAKE_MIXED)
		set[n++] = (struct xen_claim){half, XEN_CLAIM_HOST};
	return n;
}

int stake_sample(struct bench *b, const struct bench_case *c)
{
	struct xen_claim set[2];
	unsigned int n = sample_set(b, c, set);

	if (!n)
		return 0;
	if (c->stake == STAKE_PART && bench_release(b, b->others[0]))
		return -1;
	b->claimed = n * set[0].pages;
	if (bench_claim_set(b, b->domain, set, n))
		return -1;
	return c->stake == STAKE_PART ? bench_claim_rest(b, b->others[0], set[0].pages) : 0;
}

/* Nothing may be left unclaimed, on the host or on the node: else another branch was measured. */
static int check_tight(struct bench *b, const struct bench_case *c, uint64_t claimed)
{
	struct xen_memory memory;
	uint64_t total;
	int rc = xen_read_memory(b->xen, &memory);

	if (rc)
		return bench_fail(b, rc, "reading free memory");
	total = c->stake == STAKE_TIGHT ? memory.free_pages : memory.node_free_pages[b->node];
	if (c->stake == STAKE_TIGHT ? memory.claimed_pages != total : claimed != total)
		return bench_fail(b, 0, "%lu pages are free, %lu claimed: others could serve",
				  (unsigned long)total, (unsigned long)claimed);
	return 0;
}

static uint64_t redeemed(const struct bench *b, const struct bench_case *c)
{
	switch (c->stake) {
	case STAKE_NONE:
	case STAKE_OTHER:
	case STAKE_OTHER_NODE: return 0;
	case STAKE_HALF:
	case STAKE_HALF_NODE:
	case STAKE_MIXED:
	case STAKE_PART: return b->claimed;
	default: return b->populated;
	}
}

int stake_check(struct bench *b, const struct bench_case *c)
{
	uint64_t pages, claimed;
	int rc = xen_read_domain(b->xen, holder(b, c), &pages, &claimed);

	if (rc)
		return bench_fail(b, rc, "reading the claims");
	if (b->claimed - claimed != redeemed(b, c))
		return bench_fail(b, 0, "claims fell from %lu to %lu pages, expected %lu less",
				  (unsigned long)b->claimed, (unsigned long)claimed,
				  (unsigned long)redeemed(b, c));
	return c->stake == STAKE_TIGHT || c->stake == STAKE_TIGHT_NODE ||
			       c->stake == STAKE_OTHER_NODE
		       ? check_tight(b, c, claimed)
		       : 0;
}
