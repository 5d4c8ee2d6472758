// SPDX-License-Identifier: GPL-2.0-only
/* Whom claims keep out, whom they let in, and how they shrink. */
#include <errno.h>

#include "tests/contract/tests.h"

#define BIG_ORDER 9
#define BIG (1u << BIG_ORDER)

static const struct holding nothing;

static uint64_t node_free(struct machine *m, unsigned int node)
{
	return must_read_memory(m).node_free[node];
}

static void test_node_protection(struct machine *m)
{
	uint32_t holder = must_create_domain(m, HVM), other = must_create_domain(m, HVM);
	uint64_t all = node_free(m, 0);

	equal(SET(m, holder, {all, 0, 0}), 0, "a domain claims all of node 0");
	equal(populate(m, other, 0, 0, 1), 0, "  another gets no page of it");
	equal(populate(m, other, BIG_ORDER, 0, 1), 0, "  no large one either");
	equal(populate(m, other, 0, ANY_NODE, 64), 64,
	      "  is served from elsewhere if any node will do");
	equal(populate(m, other, BIG_ORDER, ANY_NODE, 4), 4, "  with large pages, too");
	equal((int64_t)node_free(m, 0), (int64_t)all, "  and nothing of node 0 is gone");
	equal(SET(m, other, {50, HOST, 0}), 0, "  with a host claim");
	equal(populate(m, other, 0, 0, 1), 0, "    it still gets no page of node 0");
	equal(SET(m, other, {50, 1, 0}), 0, "  with a claim on node 1");
	equal(populate(m, other, 0, 0, 1), 0, "    it still gets no page of node 0");
	equal(populate(m, other, 0, 1, 50), 50, "    but those of node 1");
	legacy_claim(m, other, 0);
	equal(populate(m, holder, 0, 0, 64), 64, "  the holder gets its pages");
	equal(populate(m, holder, BIG_ORDER, 0, 1), 1, "  large ones, too");
	check_holding(m, holder, &(struct holding){.node = {all - 64 - BIG}}, "  off its claim");
	must_destroy_domain(m, other);
	must_destroy_domain(m, holder);
	check_holding(m, prober(m), &nothing, "  its death releases the rest");
}

static void test_host_protection(struct machine *m)
{
	uint32_t holder = must_create_domain(m, HVM), other = must_create_domain(m, HVM);
	uint64_t all = must_read_memory(m).free_pages;

	equal(SET(m, holder, {all, HOST, 0}), 0, "a domain claims all of the host");
	equal(populate(m, other, 0, ANY_NODE, 1), 0, "  another gets no page");
	equal(populate(m, other, 0, 1, 1), 0, "  on no node");
	ok(grow_paging_pool(m, other, 16u << 20), "  nor does Xen for it");
	ok(grow_paging_pool(m, holder, 16u << 20),
	   "  nor for the holder: that is not its claim's memory");
	equal(populate(m, holder, 0, ANY_NODE, 10), 10, "  the holder gets pages");
	equal(populate(m, holder, 0, 1, 10), 10, "  of any node");
	equal((int64_t)must_read_claimed(m, holder), (int64_t)all - 20, "  off its claim");
	must_destroy_domain(m, other);
	must_destroy_domain(m, holder);
}

static void test_partial_cover(struct machine *m)
{
	uint32_t holder = must_create_domain(m, HVM), other = must_create_domain(m, HVM);

	SET(m, other, {node_free(m, 1) - BIG + 1, 1, 0});
	equal(populate(m, holder, BIG_ORDER, 1, 1), 0,
	      "511 pages of a node are unclaimed: no 512 for anyone");
	equal(SET(m, holder, {1, HOST, 0}), 0, "  a host claim");
	equal(populate(m, holder, BIG_ORDER, 1, 1), 0, "    does not help there");
	equal(SET(m, holder, {1, 1, 0}), 0, "  a claim on one of them");
	equal(populate(m, holder, BIG_ORDER, 1, 1), 0, "    does not help, 510 are unclaimed then");
	SET(m, other, {node_free(m, 1) - BIG, 1, 0});
	equal(SET(m, holder, {100, 1, 0}), 0, "  512 left, 100 claimed of them");
	equal(populate(m, prober(m), BIG_ORDER, 1, 1), 0, "    are too few for another");
	equal(populate(m, holder, BIG_ORDER, 1, 1), 1,
	      "    but claim and unclaimed serve the holder together");
	equal((int64_t)must_read_claimed(m, holder), 0, "    the claim is used up");
	equal(populate(m, holder, 0, 1, 1), 0, "    and so is what was unclaimed");

	SET(m, other, {must_read_memory(m).free_pages - BIG, HOST, 0});
	equal(SET(m, holder, {60, 0, 0}, {40, HOST, 0}), 0,
	      "512 left of the host, 100 claimed of them");
	equal(populate(m, prober(m), BIG_ORDER, ANY_NODE, 1), 0, "  are too few for another");
	equal(populate(m, holder, BIG_ORDER, 1, 1), 1,
	      "  host and node claims count for the holder, on any node");
	equal((int64_t)must_read_claimed(m, holder), 0, "  and are used up");
	equal(populate(m, holder, 0, ANY_NODE, 1), 0, "  and so is what was unclaimed");
	must_destroy_domain(m, other);
	must_destroy_domain(m, holder);
}

static void test_redeeming(struct machine *m)
{
	uint32_t domid = must_create_domain(m, HVM);

	SET(m, domid, {20, 0, 0}, {30, 1, 0}, {40, HOST, 0});
	populate(m, domid, 0, 1, 10);
	check_holding(m, domid, &(struct holding){.host = 40, .node = {20, 20}},
		      "pages come off the claim on the node which served them first");
	populate(m, domid, 0, 1, 25);
	check_holding(m, domid, &(struct holding){.host = 35, .node = {20}},
		      "then off the host claim");
	populate(m, domid, 0, 1, 36);
	check_holding(m, domid, &(struct holding){.node = {19}}, "then off other nodes' claims");
	populate(m, domid, 0, 1, 30);
	check_holding(m, domid, &nothing, "until nothing is left");

	SET(m, domid, {100, 0, 0}, {200, 1, 0}, {50, HOST, 0});
	populate(m, domid, BIG_ORDER, 1, 1);
	check_holding(m, domid, &nothing, "one large page takes from all of them");

	SET(m, domid, {400, 0, 0}, {200, 1, 0}, {400, HOST, 0});
	populate(m, domid, BIG_ORDER, 1, 1);
	check_holding(m, domid, &(struct holding){.host = 400 - (BIG - 200), .node = {400}},
		      "in the same order");

	SET(m, domid, {400, 0, 0}, {200, 1, 0}, {50, HOST, 0});
	populate(m, domid, BIG_ORDER, 1, 1);
	check_holding(m, domid, &(struct holding){.node = {400 - (BIG - 250)}},
		      "as far as it needs to");
	SET(m, domid, {0, HOST, 0});
	must_destroy_domain(m, domid);
}

static void test_node_order(struct machine *m)
{
	uint32_t domid = must_create_domain(m, HVM);

	SET(m, domid, {10, 3, 0}, {20, 2, 0}, {30, 0, 0}, {5, HOST, 0});
	populate(m, domid, 0, 1, 25);
	check_holding(m, domid, &(struct holding){.node = {10, 0, 20, 10}},
		      "other nodes: the lowest first");
	populate(m, domid, 0, 1, 15);
	check_holding(m, domid, &(struct holding){.node = {0, 0, 15, 10}}, "then the next");
	populate(m, domid, 0, 3, 12);
	check_holding(m, domid, &(struct holding){.node = {0, 0, 13}},
		      "but the one that serves before any of them");
	must_destroy_domain(m, domid);
}

static void test_accounting(struct machine *m)
{
	uint32_t domid = must_create_domain(m, HVM);

	SET(m, domid, {30, HOST, 0}, {20, 1, 0});
	populate(m, domid, 0, 1, 10);
	must_free_pages(m, domid, 5);
	check_holding(m, domid, &(struct holding){.host = 30, .node = {0, 10}},
		      "pages given back do not come back to the claim");
	legacy_claim(m, domid, 0);
	must_free_pages(m, domid, 5);

	must_set_max_pages(m, domid, 100);
	SET(m, domid, {60, 0, 0}, {40, HOST, 0});
	equal(populate(m, domid, 0, 1, 100), 100, "pages elsewhere up to max_pages");
	check_holding(m, domid, &nothing, "  leave no claim beyond it");

	must_free_pages(m, domid, 2);
	SET(m, domid, {2, HOST, 0});
	equal(populate(m, domid, 2, ANY_NODE, 1), 0,
	      "an allocation that max_pages forbids afterwards");
	check_holding(m, domid, &nothing, "  loses what it redeemed, by design");
	must_destroy_domain(m, domid);
}

static void test_pv(struct machine *m)
{
	uint32_t domid = must_create_domain(m, PV);

	equal(SET(m, domid, {20, 1, 0}, {5, HOST, 0}), 0, "a PV domain claims");
	equal(populate(m, domid, 0, 1, 8), 8, "  gets pages");
	check_holding(m, domid, &(struct holding){.host = 5, .node = {0, 12}}, "  off its claim");
	equal(SET(m, domid, {4, 0, 0}), 0, "  and moves it");
	check_holding(m, domid, &(struct holding){.node = {4}}, "  elsewhere");
	must_destroy_domain(m, domid);
	check_holding(m, prober(m), &nothing, "  its death cancels that");
}

void test_allocation(struct machine *m)
{
	test_node_protection(m);
	test_host_protection(m);
	test_partial_cover(m);
	test_redeeming(m);
	if (node_count(m) >= 4)
		test_node_order(m);
	test_accounting(m);
	test_pv(m);
}
