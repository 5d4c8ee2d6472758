// SPDX-License-Identifier: GPL-2.0-only
/* Allocations that claims lead elsewhere, and those that a claim covers in part. */
#include "tests/contract/tap.h"
#include "tests/contract/tests.h"

/* Claim all but so many pages of each node but one. */
static void claim_all_but(struct machine *m, uint32_t domid, unsigned int spared, uint64_t rest)
{
	struct memory memory = must_read_memory(m);
	struct claim_entry entries[MAX_NODES];
	size_t n = 0;

	for (unsigned int node = 0; node < node_count(m); node++)
		if (node != spared)
			entries[n++] = (struct claim_entry){memory.node_free[node] - rest, node, 0};
	equal(set_claims(m, domid, entries, n), 0, "nodes are claimed");
}

#define NONE MAX_NODES

void test_steer_any_node(struct machine *m)
{
	uint32_t holder = must_create(m), other = must_create(m);

	for (unsigned int node = 0; node < node_count(m); node++) {
		uint64_t all = node_free(m, node);

		equal(SET(m, holder, {all, node, 0}), 0, "node %u is claimed", node);
		equal(populate(m, other, 0, ANY_NODE, 64), 64, "  single pages");
		equal(populate(m, other, BIG_ORDER, ANY_NODE, 4), 4, "  and large ones");
		equal((int64_t)node_free(m, node), (int64_t)all, "  come from elsewhere");
	}
}

void test_steer_last_node(struct machine *m)
{
	uint32_t holder = must_create(m), other = must_create(m);

	for (unsigned int node = 0; node < node_count(m); node++) {
		uint64_t all = node_free(m, node);

		claim_all_but(m, holder, node, 0);
		equal(populate(m, other, 0, ANY_NODE, 64), 64, "all but node %u", node);
		equal(populate(m, other, BIG_ORDER, ANY_NODE, 1), 1, "  a large page, too");
		equal((int64_t)(all - node_free(m, node)), 64 + BIG, "  is served there");
	}
}

void test_steer_preferred(struct machine *m)
{
	uint32_t holder = must_create(m), other = must_create(m);
	uint64_t all = node_free(m, 1);

	equal(populate(m, other, 0, NEAR(1), 64), 64, "nothing is claimed: 64 pages");
	equal((int64_t)(all - node_free(m, 1)), 64, "  of the preferred node");
	SET(m, holder, {node_free(m, 1), 1, 0});
	all = node_free(m, 1);
	equal(populate(m, other, 0, NEAR(1), 64), 64, "it is claimed: 64 pages");
	equal(populate(m, other, BIG_ORDER, NEAR(1), 1), 1, "  and a large one");
	equal((int64_t)(all - node_free(m, 1)), 0, "  come from elsewhere");
	equal(populate(m, holder, 0, NEAR(1), 64), 64, "the holder prefers it");
	equal((int64_t)(all - node_free(m, 1)), 64, "  and is served there");
}

void test_steer_affinity(struct machine *m)
{
	uint32_t holder = must_create(m), other = must_create(m);
	uint64_t all;

	must_set_affinity(m, other, 1);
	all = node_free(m, 1);
	equal(populate(m, other, 0, ANY_NODE, 64), 64, "nothing is claimed: 64 pages");
	equal((int64_t)(all - node_free(m, 1)), 64, "  of the node of its affinity");
	SET(m, holder, {node_free(m, 1), 1, 0});
	all = node_free(m, 1);
	equal(populate(m, other, 0, ANY_NODE, 64), 64, "it is claimed: 64 pages of any node");
	equal(populate(m, other, 0, NEAR(0), 64), 64, "  or preferably of another");
	equal(populate(m, other, 0, NEAR(1), 64), 64, "  or preferably of it");
	equal(populate(m, other, 0, 1, 64), 0, "  but not of it alone");
	equal((int64_t)(all - node_free(m, 1)), 0, "  come from elsewhere");
	claim_all_but(m, holder, 1, 0);
	equal(populate(m, other, 0, NEAR(0), 64), 64, "the others are claimed: 64 pages");
	equal((int64_t)(all - node_free(m, 1)), 64, "  come from there");
}

void test_steer_exact(struct machine *m)
{
	uint32_t holder = must_create(m), other = must_create(m);

	for (unsigned int node = 0; node < node_count(m); node++) {
		SET(m, holder, {node_free(m, node), node, 0});
		equal(populate(m, other, 0, (int)node, 1), 0, "node %u: no page", node);
		equal(populate(m, other, BIG_ORDER, (int)node, 1), 0, "  no large one");
		equal(populate(m, holder, 0, (int)node, 1), 1, "  its holder gets one");
	}
}

void test_steer_exhausted(struct machine *m)
{
	uint32_t holder = must_create(m), other = must_create(m);

	claim_all_but(m, holder, NONE, 0);
	equal(populate(m, other, 0, ANY_NODE, 1), 0, "no page of any node");
	equal(populate(m, other, 0, NEAR(1), 1), 0, "nor of one, or any other");
	equal(populate(m, other, 0, 1, 1), 0, "nor of one");
	equal(populate(m, holder, 0, ANY_NODE, 100), 100, "the holder gets pages");
}

void test_steer_rest(struct machine *m)
{
	uint32_t holder = must_create(m), other = must_create(m);

	claim_all_but(m, holder, NONE, 10);
	equal(populate(m, other, BIG_ORDER, ANY_NODE, 1), 0, "10 pages a node: no large page");
	equal(populate(m, other, 0, ANY_NODE, 1000), 10 * node_count(m), "  but all of them");
	equal((int64_t)unclaimed(m), 0, "  and nothing is left");
	claim_all_but(m, holder, NONE, BIG);
	equal(populate(m, other, BIG_ORDER, ANY_NODE, 100), node_count(m),
	      "512 pages a node: a large page each");
}

void test_steer_holder(struct machine *m)
{
	uint32_t holder = must_create(m), neighbour = must_create(m), others = must_create(m);
	uint64_t all = node_free(m, 1);

	equal(SET(m, holder, {600, 1, 0}), 0, "600 pages of node 1 are claimed");
	equal(SET(m, neighbour, {all - 600, 1, 0}), 0, "  the rest of it, too");
	claim_all_but(m, others, 1, 0);
	equal(populate(m, holder, 0, ANY_NODE, 88), 88, "88 pages of any node");
	equal(populate(m, holder, BIG_ORDER, ANY_NODE, 1), 1, "and a large one");
	equal((int64_t)(all - node_free(m, 1)), 600, "  come from there");
	equal((int64_t)must_read_claimed(m, holder), 0, "  off its claim");
	equal(populate(m, holder, 0, ANY_NODE, 1), 0, "  and there is no more");
}

void test_partial_host(struct machine *m)
{
	uint32_t holder = must_create(m), other = must_create(m);

	SET(m, other, {host_free(m) - BIG, HOST, 0});
	equal(SET(m, holder, {100, HOST, 0}), 0, "512 pages are left, 100 claimed of them");
	equal(populate(m, prober(m), BIG_ORDER, ANY_NODE, 1), 0, "  another gets no 512");
	equal(populate(m, holder, BIG_ORDER, ANY_NODE, 1), 1, "  the holder does");
	equal((int64_t)must_read_claimed(m, holder), 0, "  its claim is used up");
	equal((int64_t)unclaimed(m), 0, "  and so is what was unclaimed");
	equal(populate(m, holder, 0, ANY_NODE, 1), 0, "  so there is no more");
	SET(m, other, {host_free(m) - BIG + 1, HOST, 0});
	equal(SET(m, holder, {100, HOST, 0}), 0, "511 pages are left, 100 claimed of them");
	equal(populate(m, holder, BIG_ORDER, ANY_NODE, 1), 0, "  are one too few");
	equal((int64_t)must_read_claimed(m, holder), 100, "  its claim is as before");
}

void test_partial_node(struct machine *m)
{
	uint32_t holder = must_create(m), other = must_create(m);

	SET(m, other, {node_free(m, 1) - BIG, 1, 0});
	equal(SET(m, holder, {100, 1, 0}), 0, "512 pages are left, 100 claimed of them");
	equal(populate(m, prober(m), BIG_ORDER, 1, 1), 0, "  another gets no 512");
	equal(populate(m, holder, BIG_ORDER, 1, 1), 1, "  the holder does");
	equal((int64_t)must_read_claimed(m, holder), 0, "  its claim is used up");
	equal(populate(m, holder, 0, 1, 1), 0, "  and so is what was unclaimed");
	SET(m, other, {node_free(m, 1) - BIG + 1, 1, 0});
	equal(SET(m, holder, {100, 1, 0}), 0, "511 pages are left, 100 claimed of them");
	equal(populate(m, holder, BIG_ORDER, 1, 1), 0, "  are one too few");
	equal(SET(m, holder, {100, HOST, 0}), 0, "  claimed on the host,");
	equal(populate(m, holder, BIG_ORDER, 1, 1), 0, "    they do not help there");
	equal((int64_t)must_read_claimed(m, holder), 100, "  its claim is as before");
}

void test_partial_mixed(struct machine *m)
{
	uint32_t holder = must_create(m), other = must_create(m);

	SET(m, other, {host_free(m) - BIG, HOST, 0});
	equal(SET(m, holder, {60, 0, 0}, {40, HOST, 0}), 0,
	      "512 pages are left, 100 claimed of them");
	equal(populate(m, prober(m), BIG_ORDER, 1, 1), 0, "  another gets no 512");
	equal(populate(m, holder, BIG_ORDER, 1, 1), 1, "  the holder does, on any node");
	equal((int64_t)must_read_claimed(m, holder), 0, "  all claims are used up");
	equal((int64_t)unclaimed(m), 0, "  and so is what was unclaimed");
}

void test_partial_fallback(struct machine *m)
{
	uint32_t holder = must_create(m), other = must_create(m);
	uint64_t all;

	SET(m, other, {node_free(m, 1) - BIG + 1, 1, 0});
	equal(SET(m, holder, {100, 1, 0}), 0, "511 pages are left, 100 claimed of them");
	all = node_free(m, 1);
	equal(populate(m, holder, BIG_ORDER, 1, 1), 0, "  no 512 there");
	equal((int64_t)must_read_claimed(m, holder), 100, "    the claim is as before");
	equal(populate(m, holder, BIG_ORDER, NEAR(1), 1), 1, "  but elsewhere");
	equal((int64_t)node_free(m, 1), (int64_t)all, "    nothing is gone there");
	equal((int64_t)must_read_claimed(m, holder), 0, "    the claim is, as it is on top");
}
