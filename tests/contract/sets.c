// SPDX-License-Identifier: GPL-2.0-only
/* Sets that are granted: up to each limit, replacing what was held, cancelling it. */
#include <errno.h>

#include "tests/contract/tap.h"
#include "tests/contract/tests.h"

void test_sets_values(struct machine *m)
{
	const struct claim_entry host = {10, 0x80000000, 0}, legacy = {10, 0x40000000, 0};
	uint32_t domid = must_create(m);

	equal(CLAIM_DOMCTL, 91, "the number of the call");
	equal(set_claims(m, domid, &host, 1), 0, "target 0x80000000");
	HOLDS(m, domid, "  is the host", .host = 10);
	equal(set_claims(m, domid, &legacy, 1), -EINVAL, "target 0x40000000");
	HOLDS(m, domid, "  is a legacy claim, and the second at that", .host = 10);
}

void test_sets_host(struct machine *m)
{
	uint32_t domid = must_create(m);
	uint64_t all = host_free(m);

	equal(SET(m, domid, {10, HOST, 0}), 0, "a claim on the host");
	HOLDS(m, domid, "  is held", .host = 10);
	equal(SET(m, domid, {all - 1, HOST, 0}), 0, "grows");
	HOLDS(m, domid, "  to nearly all there is", .host = all - 1);
	equal(SET(m, domid, {7, HOST, 0}), 0, "shrinks");
	HOLDS(m, domid, "  to a few", .host = 7);
	equal(SET(m, domid, {7, HOST, 0}), 0, "is installed again");
	HOLDS(m, domid, "  and is the same", .host = 7);
	equal(SET(m, domid, {0, HOST, 0}), 0, "is cancelled");
	HOLDS_NOTHING(m, domid, "  is gone");
}

static void check_node(struct machine *m, uint32_t domid, unsigned int node, uint64_t pages,
		       const char *name)
{
	struct holding wanted = {0};

	equal(SET(m, domid, {pages, node, 0}), 0, "node %u: %s", node, name);
	wanted.node[node] = pages;
	check_holding(m, domid, &wanted, "  is what is held");
}

void test_sets_node(struct machine *m)
{
	uint32_t domid = must_create(m);

	for (unsigned int node = 0; node < node_count(m); node++) {
		check_node(m, domid, node, 10, "a claim");
		check_node(m, domid, node, node_free(m, node) - 1, "nearly all there is");
		check_node(m, domid, node, 7, "a few");
		check_node(m, domid, node, 7, "as many again");
		check_node(m, domid, node, 0, "none");
	}
}

void test_sets_move(struct machine *m)
{
	uint32_t domid = must_create(m);

	equal(SET(m, domid, {10, HOST, 0}), 0, "a host claim");
	equal(SET(m, domid, {20, 1, 0}), 0, "is replaced by a node claim");
	HOLDS(m, domid, "  which is all that is held", .node = {0, 20});
	equal(SET(m, domid, {30, 0, 0}), 0, "and that by one on another node");
	HOLDS(m, domid, "  which is all that is held", .node = {30});
	equal(SET(m, domid, {15, 0, 0}, {15, 1, 0}), 0, "which is split over two nodes");
	HOLDS(m, domid, "  without a change of the sum", .node = {15, 15});
	equal(SET(m, domid, {4, 1, 0}, {6, HOST, 0}), 0, "and goes back to the host in part");
	HOLDS(m, domid, "  with nothing left on node 0", .host = 6, .node = {0, 4});
	equal(SET(m, domid, {5, HOST, 0}), 0, "then as a whole");
	HOLDS(m, domid, "  with nothing left on any node", .host = 5);
}

void test_sets_entries(struct machine *m)
{
	uint32_t domid = must_create(m);

	equal(SET(m, domid, {5, 1, 0}, {6, HOST, 0}, {40, 0, 0}), 0, "in no order");
	HOLDS(m, domid, "  each goes where it belongs", .host = 6, .node = {40, 5});
	equal(SET(m, domid, {50, 0, 0}, {0, 1, 0}, {0, HOST, 0}), 0, "some of them empty");
	HOLDS(m, domid, "  the others are held", .node = {50});
	equal(SET(m, domid, {0, HOST, 0}, {0, 0, 0}, {0, 1, 0}), 0, "all of them empty");
	HOLDS_NOTHING(m, domid, "  nothing is held");
}

void test_sets_all_nodes(struct machine *m)
{
	struct claim_entry entries[MAX_NODES + 1] = {{7, HOST, 0}};
	struct holding wanted = {.host = 7};
	uint32_t domid = must_create(m);

	for (uint32_t n = 0; n < node_count(m); n++) {
		entries[n + 1] = (struct claim_entry){100 + n, n, 0};
		wanted.node[n] = 100 + n;
	}
	equal(set_claims(m, domid, entries, node_count(m) + 1), 0, "a claim on each node");
	check_holding(m, domid, &wanted, "  is held, besides the host's");
	equal(SET(m, domid, {0, HOST, 0}), 0, "cancelled");
	HOLDS_NOTHING(m, domid, "  they are gone");
}

void test_sets_cancel(struct machine *m)
{
	uint32_t domid = must_create(m);

	equal(SET(m, domid, {0, HOST, 0}), 0, "nothing is cancelled");
	SET(m, domid, {4, 0, 0}, {6, HOST, 0});
	equal(SET(m, domid, {0, HOST, 0}), 0, "host and node claims are");
	HOLDS_NOTHING(m, domid, "  they are gone");
	populate(m, domid, 0, ANY_NODE, 10);
	SET(m, domid, {4, 0, 0}, {6, HOST, 0});
	must_set_max_pages(m, domid, 5);
	equal(SET(m, domid, {0, 0, 0}), -EINVAL, "above max_pages, an empty set is refused");
	HOLDS(m, domid, "  claims are as before", .host = 6, .node = {4});
	equal(SET(m, domid, {0, HOST, 0}), 0, "  but cancelling is not");
	HOLDS_NOTHING(m, domid, "  they are gone");
}

void test_sets_redeemed(struct machine *m)
{
	uint32_t domid = must_create(m);

	SET(m, domid, {20, 0, 0}, {30, HOST, 0});
	populate(m, domid, 0, 0, 25);
	HOLDS(m, domid, "25 of 50 are left", .host = 25);
	equal(SET(m, domid, {20, 0, 0}, {30, HOST, 0}), 0, "the same set again");
	HOLDS(m, domid, "  is held in full", .host = 30, .node = {20});
	populate(m, domid, 0, 0, 5);
	equal(SET(m, domid, {1, 0, 0}), 0, "a smaller one");
	HOLDS(m, domid, "  is all there is", .node = {1});
}

void test_sets_full_node(struct machine *m)
{
	uint32_t domid = must_create(m), other = must_create(m);
	uint64_t all = node_free(m, 0);

	equal(SET(m, domid, {all, 0, 0}), 0, "all of it");
	equal(SET(m, other, {1, 0, 0}), -ENOMEM, "  leaves nothing to others");
	equal(SET(m, domid, {all, 0, 0}), 0, "all of it again");
	equal(SET(m, domid, {all + 1, 0, 0}), -ENOMEM, "  but not one page more");
	HOLDS(m, domid, "  claims are as before", .node = {all});
	equal(SET(m, domid, {all - 1, 0, 0}), 0, "one page less");
	equal(SET(m, other, {2, 0, 0}), -ENOMEM, "  is not two for others");
	equal(SET(m, other, {1, 0, 0}), 0, "  but one");
	equal(SET(m, domid, {all, 0, 0}), -ENOMEM, "  which cannot be had back");
	equal(SET(m, other, {0, 0, 0}), 0, "  until it is given up");
	equal(SET(m, domid, {all, 0, 0}), 0, "  ");
	HOLDS(m, domid, "all of it is held", .node = {all});
}

void test_sets_full_host(struct machine *m)
{
	uint32_t domid = must_create(m), other = must_create(m);
	uint64_t all = host_free(m);

	equal(SET(m, domid, {all, HOST, 0}), 0, "all of it");
	equal(SET(m, other, {1, HOST, 0}), -ENOMEM, "  leaves nothing to others");
	equal(SET(m, other, {1, 0, 0}), -ENOMEM, "  nor a page of a node");
	equal(SET(m, other, {0, 0, 0}), 0, "  but no page of it");
	equal(SET(m, domid, {all, HOST, 0}), 0, "all of it again");
	equal(SET(m, domid, {all + 1, HOST, 0}), -ENOMEM, "  but not one page more");
	HOLDS(m, domid, "  claims are as before", .host = all);
	equal(SET(m, domid, {all - 1, HOST, 0}), 0, "one page less");
	equal(SET(m, other, {2, 0, 0}), -ENOMEM, "  is not two for others");
	equal(SET(m, other, {1, 0, 0}), 0, "  but one");
	equal(SET(m, domid, {all, HOST, 0}), -ENOMEM, "  which cannot be had back");
}

void test_sets_exchange(struct machine *m)
{
	uint32_t domid = must_create(m), other = must_create(m);
	struct memory memory = must_read_memory(m);
	uint64_t all = memory.free_pages, all0 = memory.node_free[0], all1 = memory.node_free[1];

	SET(m, domid, {all0, 0, 0});
	equal(SET(m, domid, {all1, 1, 0}), 0, "all of node 0 for all of node 1");
	HOLDS(m, domid, "  is held", .node = {0, all1});
	equal(SET(m, domid, {all0, 0, 0}, {all1, 1, 0}), 0, "then both");
	HOLDS(m, domid, "  are held", .node = {all0, all1});
	equal(SET(m, domid, {all, HOST, 0}), 0, "then all of the host");
	HOLDS(m, domid, "  is held", .host = all);
	equal(SET(m, domid, {all0, 0, 0}, {all - all0, HOST, 0}), 0, "part of it on a node");
	HOLDS(m, domid, "  is held", .host = all - all0, .node = {all0});
	equal(SET(m, domid, {all0 + 1, 0, 0}, {all - all0 - 1, HOST, 0}), -ENOMEM,
	      "a page more there, one less elsewhere: the node has no such page");
	equal(SET(m, other, {1, 1, 0}), -ENOMEM, "  and others find none anywhere");
}

void test_sets_others(struct machine *m)
{
	uint32_t domid = must_create(m), other = must_create(m);
	struct memory memory = must_read_memory(m);
	uint64_t all0 = memory.node_free[0], all1 = memory.node_free[1];

	SET(m, other, {all0 - 10, 0, 0});
	equal(SET(m, domid, {11, 0, 0}), -ENOMEM, "10 pages of node 0 are unclaimed: not 11");
	equal(SET(m, domid, {10, 0, 0}), 0, "  but 10");
	equal(SET(m, domid, {10, 0, 0}, {all1, 1, 0}), 0, "  and all of node 1 besides");
	equal(SET(m, domid, {memory.free_pages - all0 + 11, HOST, 0}), -ENOMEM,
	      "the host has as many more");
	equal(SET(m, domid, {memory.free_pages - all0 + 10, HOST, 0}), 0, "  and no more");
	SET(m, domid, {0, HOST, 0});
	SET(m, other, {memory.free_pages - 10, HOST, 0});
	equal(SET(m, domid, {11, 1, 0}), -ENOMEM, "10 pages of the host: not 11 of a node");
	equal(SET(m, domid, {5, 0, 0}, {6, 1, 0}), -ENOMEM, "  nor of two");
	equal(SET(m, domid, {5, 0, 0}, {5, 1, 0}), 0, "  but 10");
}

void test_sets_max_pages(struct machine *m)
{
	uint32_t domid = must_create(m);

	must_set_max_pages(m, domid, 1000);
	equal(SET(m, domid, {1000, HOST, 0}), 0, "all of it from the host");
	equal(SET(m, domid, {1000, 0, 0}), 0, "from a node");
	equal(SET(m, domid, {600, 0, 0}, {400, HOST, 0}), 0, "from both");
	equal(SET(m, domid, {600, 0, 0}, {401, HOST, 0}), -EINVAL, "  and not a page more");
	equal(populate(m, domid, 0, ANY_NODE, 10), 10, "the domain gets 10 pages");
	equal(SET(m, domid, {991, HOST, 0}), -EINVAL, "  which count");
	equal(SET(m, domid, {990, HOST, 0}), 0, "  to the page");
	must_free_pages(m, domid, 1);
	equal(SET(m, domid, {991, HOST, 0}), 0, "  unless given back");
	must_set_max_pages(m, domid, 9);
	equal(SET(m, domid, {1, HOST, 0}), -EINVAL, "no claim for who has all it may have");
	HOLDS(m, domid, "  claims are as before", .host = 991);
	equal(SET(m, domid, {0, 0, 0}), 0, "  but an empty set");
}
