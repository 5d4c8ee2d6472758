// SPDX-License-Identifier: GPL-2.0-only
/* Whom claims keep out, from the host and from nodes, and whom they let in. */
#include <errno.h>

#include "tests/contract/tap.h"
#include "tests/contract/tests.h"

#define MIB (1ull << 20)
#define PAGE 4096

/* The domain gets so many pages of all it asks for, and the node is that much emptier. */
static void gets(struct machine *m, uint32_t domid, int where, unsigned int pages,
		 unsigned int asked, const char *name)
{
	uint64_t before = host_free(m);

	equal(populate(m, domid, 0, where, asked), pages, "%s", name);
	equal((int64_t)(before - host_free(m)), pages, "    taken from the host");
}

void test_protect_host(struct machine *m)
{
	uint32_t holder = must_create(m), other = must_create(m);
	uint64_t all = host_free(m);

	equal(SET(m, holder, {all, HOST, 0}), 0, "all of the host is claimed");
	gets(m, other, ANY_NODE, 0, 1, "  another gets no page");
	gets(m, other, 0, 0, 1, "  of no node");
	gets(m, other, NEAR(0), 0, 1, "  preferred or not");
	equal(populate(m, other, BIG_ORDER, ANY_NODE, 1), 0, "  no large one either");
	HOLDS(m, holder, "  the claim is as before", .host = all);
	gets(m, holder, ANY_NODE, 10, 10, "  its holder gets pages");
	gets(m, holder, 0, 10, 10, "  of a node");
	equal(populate(m, holder, BIG_ORDER, ANY_NODE, 1), 1, "  a large one, too");
	HOLDS(m, holder, "  off its claim", .host = all - 20 - BIG);
	SET(m, holder, {0, HOST, 0});
	gets(m, other, ANY_NODE, 10, 10, "cancelled, it keeps nobody out");
}

void test_protect_node(struct machine *m)
{
	uint32_t holder = must_create(m), other = must_create(m);
	uint64_t all = node_free(m, 0);

	equal(SET(m, holder, {all, 0, 0}), 0, "all of node 0 is claimed");
	gets(m, other, 0, 0, 1, "  another gets no page of it");
	equal(populate(m, other, BIG_ORDER, 0, 1), 0, "  no large one either");
	gets(m, other, 1, 10, 10, "  but those of node 1");
	equal((int64_t)node_free(m, 0), (int64_t)all, "  nothing of node 0 is gone");
	gets(m, holder, 0, 10, 10, "  the holder gets its pages");
	equal(populate(m, holder, BIG_ORDER, 0, 1), 1, "  large ones, too");
	HOLDS(m, holder, "  off its claim", .node = {all - 10 - BIG});
	SET(m, holder, {0, HOST, 0});
	gets(m, other, 0, 10, 10, "cancelled, it keeps nobody out");
}

/* A node or HOST; all but so many pages of it are claimed. */
static void claim_but(struct machine *m, uint32_t domid, uint32_t target, uint64_t pages)
{
	uint64_t all = target == HOST ? host_free(m) : node_free(m, target);

	equal(SET(m, domid, {all - pages, target, 0}), 0, "all but %ju pages are claimed",
	      (uintmax_t)pages);
}

static void check_edge(struct machine *m, uint32_t target)
{
	static const unsigned int orders[] = {0, 1, 4, BIG_ORDER, 12};
	uint32_t holder = must_create(m), other = must_create(m);
	int where = target == HOST ? ANY_NODE : (int)target;

	claim_but(m, holder, target, 7);
	gets(m, other, where, 7, 8, "  7 of 8 are served");
	gets(m, other, where, 0, 1, "  and no more");
	must_free_pages(m, other, 3);
	gets(m, other, where, 3, 4, "  3 are given back: they are served again");
	for (size_t i = 0; i < sizeof(orders) / sizeof(orders[0]); i++) {
		uint64_t pages = 1ull << orders[i];

		claim_but(m, holder, target, pages - 1);
		equal(populate(m, other, orders[i], where, 1), 0, "  one too few for another");
		claim_but(m, holder, target, pages);
		equal(populate(m, other, orders[i], where, 1), 1, "  just enough");
		equal(populate(m, other, 0, where, 1), 0, "  and none is left");
	}
}

void test_protect_host_edge(struct machine *m)
{
	check_edge(m, HOST);
}

void test_protect_node_edge(struct machine *m)
{
	check_edge(m, node_count(m) - 1);
}

void test_protect_other_claims(struct machine *m)
{
	uint32_t holder = must_create(m), other = must_create(m);

	SET(m, holder, {node_free(m, 0), 0, 0});
	equal(SET(m, other, {50, HOST, 0}), 0, "who claims 50 pages of the host");
	gets(m, other, 0, 0, 1, "  gets none of the node another has claimed");
	equal(SET(m, other, {50, 1, 0}), 0, "who claims 50 pages of another node");
	gets(m, other, 0, 0, 1, "  neither");
	gets(m, other, 1, 50, 50, "  but there");
	equal((int64_t)must_read_claimed(m, other), 0, "  off that claim");
}

void test_protect_two_holders(struct machine *m)
{
	uint32_t a = must_create(m), b = must_create(m);
	uint64_t all = node_free(m, 0);

	equal(SET(m, a, {20, 0, 0}), 0, "one claims 20 pages of a node");
	equal(SET(m, b, {all - 20, 0, 0}), 0, "another the rest");
	gets(m, a, 0, 20, 30, "the first gets its 20 and no more");
	equal((int64_t)must_read_claimed(m, a), 0, "  off its claim");
	equal((int64_t)must_read_claimed(m, b), (int64_t)all - 20, "  not off the other's");
	gets(m, b, 0, 30, 30, "the other gets its own");
	gets(m, a, 0, 0, 1, "  which are nothing to the first");
}

void test_protect_xen_host(struct machine *m)
{
	uint32_t holder = must_create_kind(m, HVM), other = must_create_kind(m, HVM);
	uint64_t all = host_free(m);

	SET(m, holder, {all, HOST, 0});
	equal(grow_paging_pool(m, other, 16 * MIB), -ENOMEM, "not for others");
	equal(grow_paging_pool(m, holder, 16 * MIB), -ENOMEM, "nor for the holder");
	HOLDS(m, holder, "the claim is as before", .host = all);
	equal(grow_paging_pool(m, other, 4 * MIB), 0, "the pool of page tables is as it was");
	claim_but(m, holder, HOST, 12 * MIB / PAGE - 1);
	equal(grow_paging_pool(m, other, 16 * MIB), -ENOMEM, "  12 MiB more are a page too many");
	equal(grow_paging_pool(m, other, 4 * MIB), 0, "  it is as it was");
	claim_but(m, holder, HOST, 12 * MIB / PAGE);
	equal(grow_paging_pool(m, other, 16 * MIB), 0, "  12 MiB more are there");
}

void test_protect_xen_node(struct machine *m)
{
	uint32_t holder = must_create_kind(m, HVM);
	uint64_t all = node_free(m, 0);

	SET(m, holder, {all, 0, 0});
	equal(grow_paging_pool(m, holder, 16 * MIB), 0, "for the holder");
	equal((int64_t)node_free(m, 0), (int64_t)all, "  from elsewhere");
	HOLDS(m, holder, "  the claim is as before", .node = {all});
}

void test_protect_xenheap(struct machine *m)
{
	uint32_t holder = must_create(m);
	uint64_t frame = must_find_free_page(m, 0), all = host_free(m);

	SET(m, holder, {all, HOST, 0});
	equal(borrow_pages(m, frame), -ENOMEM, "all is claimed: no pages for Xen itself");
	equal(try_create(m), -ENOMEM, "  nor to create a domain");
	equal((int64_t)host_free(m), (int64_t)all, "  and all is there");
	claim_but(m, holder, HOST, 1);
	equal(borrow_pages(m, frame), -ENOMEM, "  too few for two pages of Xen itself");
	claim_but(m, holder, HOST, 2);
	equal(borrow_pages(m, frame), 0, "  just enough");
	SET(m, holder, {0, HOST, 0});
	equal(try_create(m), 0, "nothing is claimed: a domain is created");
}
