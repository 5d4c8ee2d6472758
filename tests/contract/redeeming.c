// SPDX-License-Identifier: GPL-2.0-only
/* How claims shrink, and what leaves them alone. */
#include <errno.h>

#include "tests/contract/tap.h"
#include "tests/contract/tests.h"

#define MIB (1ull << 20)

void test_redeem_node_first(struct machine *m)
{
	uint32_t domid = must_create(m);

	SET(m, domid, {20, 0, 0}, {30, 1, 0}, {40, HOST, 0});
	populate(m, domid, 0, 1, 10);
	HOLDS(m, domid, "10 pages of node 1", .host = 40, .node = {20, 20});
	populate(m, domid, 0, 0, 5);
	HOLDS(m, domid, "5 of node 0", .host = 40, .node = {15, 20});
	populate(m, domid, 0, 1, 20);
	HOLDS(m, domid, "as many of node 1 as are claimed there", .host = 40, .node = {15});
}

void test_redeem_host_next(struct machine *m)
{
	uint32_t domid = must_create(m);

	SET(m, domid, {20, 0, 0}, {30, 1, 0}, {40, HOST, 0});
	populate(m, domid, 0, 1, 35);
	HOLDS(m, domid, "5 more than claimed on node 1 come off the host claim", .host = 35,
	      .node = {20});
	populate(m, domid, 0, 1, 35);
	HOLDS(m, domid, "down to nothing", .node = {20});
	populate(m, domid, 0, 1, 1);
	HOLDS(m, domid, "then off the claim on node 0", .node = {19});
	populate(m, domid, 0, 1, 30);
	HOLDS_NOTHING(m, domid, "until nothing is left");
	SET(m, domid, {20, 1, 0}, {10, HOST, 0});
	populate(m, domid, 0, 0, 12);
	HOLDS(m, domid, "without a claim on the node that serves, the host's is the first",
	      .node = {0, 18});
}

void test_redeem_node_order(struct machine *m)
{
	uint32_t domid = must_create(m);

	SET(m, domid, {10, 3, 0}, {20, 2, 0}, {30, 0, 0}, {5, HOST, 0});
	populate(m, domid, 0, 1, 25);
	HOLDS(m, domid, "host, then the lowest node", .node = {10, 0, 20, 10});
	populate(m, domid, 0, 1, 15);
	HOLDS(m, domid, "then the next", .node = {0, 0, 15, 10});
	populate(m, domid, 0, 3, 12);
	HOLDS(m, domid, "but the one that serves before any of them", .node = {0, 0, 13});
	SET(m, domid, {100, 0, 0}, {100, 1, 0}, {100, 2, 0}, {400, 3, 0});
	populate(m, domid, BIG_ORDER, 2, 1);
	HOLDS(m, domid, "a large page of node 2: 2, 0, 1, then some of 3", .node = {0, 0, 0, 188});
}

void test_redeem_large(struct machine *m)
{
	uint32_t domid = must_create(m);

	SET(m, domid, {100, 0, 0}, {200, 1, 0}, {50, HOST, 0});
	populate(m, domid, BIG_ORDER, 1, 1);
	HOLDS_NOTHING(m, domid, "350 pages are less than one large page");
	SET(m, domid, {400, 0, 0}, {600, 1, 0}, {400, HOST, 0});
	populate(m, domid, BIG_ORDER, 1, 1);
	HOLDS(m, domid, "600 on the node are enough", .host = 400, .node = {400, 600 - BIG});
	SET(m, domid, {400, 0, 0}, {200, 1, 0}, {400, HOST, 0});
	populate(m, domid, BIG_ORDER, 1, 1);
	HOLDS(m, domid, "200 there, and the rest off the host", .host = 400 - (BIG - 200),
	      .node = {400});
	SET(m, domid, {400, 0, 0}, {200, 1, 0}, {50, HOST, 0});
	populate(m, domid, BIG_ORDER, 1, 1);
	HOLDS(m, domid, "200 there, 50 of the host, and the rest off node 0",
	      .node = {400 - (BIG - 250)});
}

void test_redeem_one_node(struct machine *m)
{
	uint32_t domid = must_create(m);

	SET(m, domid, {1000, 0, 0}, {100, HOST, 0});
	populate(m, domid, 0, ANY_NODE, 3);
	equal((int64_t)must_read_claimed(m, domid), 1100 - 3, "three single pages");
	populate(m, domid, BIG_ORDER, 0, 1);
	equal((int64_t)must_read_claimed(m, domid), 1100 - 3 - BIG, "a large one");
	populate(m, domid, BIG_ORDER, 0, 1);
	equal((int64_t)must_read_claimed(m, domid), 1100 - 3 - 2 * BIG, "another");
	populate(m, domid, BIG_ORDER, 0, 1);
	HOLDS_NOTHING(m, domid, "and one for which the rest is too little");
	equal(populate(m, domid, 0, ANY_NODE, 10), 10, "then pages come without a claim");
	HOLDS_NOTHING(m, domid, "  of which there is none");
}

void test_redeem_final(struct machine *m)
{
	uint32_t domid = must_create(m);
	uint64_t free_pages;

	SET(m, domid, {30, HOST, 0}, {20, 0, 0});
	populate(m, domid, 0, 0, 10);
	free_pages = host_free(m);
	must_free_pages(m, domid, 5);
	equal((int64_t)(host_free(m) - free_pages), 5, "5 pages are given back");
	HOLDS(m, domid, "  and not to the claim", .host = 30, .node = {10});
	equal(legacy_claim(m, domid, 0), 0, "without a claim");
	must_free_pages(m, domid, 5);
	HOLDS_NOTHING(m, domid, "  it is the same");
}

void test_redeem_max_pages(struct machine *m)
{
	unsigned int last = node_count(m) - 1;
	uint32_t domid = must_create(m);

	must_set_max_pages(m, domid, 100);
	SET(m, domid, {60, 0, 0}, {40, HOST, 0});
	for (unsigned int pages = 20; pages <= 100; pages += 20) {
		equal(populate(m, domid, 0, (int)last, 20), 20, "pages of the last node");
		equal((int64_t)must_read_claimed(m, domid), 100 - pages, "  %u", pages);
	}
	HOLDS_NOTHING(m, domid, "all that it may have, and no claim beyond it");
	equal(populate(m, domid, 0, ANY_NODE, 1), 0, "not a page more");
}

void test_redeem_failed(struct machine *m)
{
	uint32_t domid = must_create(m);
	uint64_t free_pages = host_free(m);

	must_set_max_pages(m, domid, 10);
	SET(m, domid, {4, 0, 0}, {6, HOST, 0});
	equal(populate(m, domid, 2, 0, 2), 2, "8 of 10 pages");
	HOLDS(m, domid, "  leave 2", .host = 2);
	equal(populate(m, domid, 2, 0, 1), 0, "4 more are forbidden");
	HOLDS_NOTHING(m, domid, "  and what they redeemed is lost, by design");
	equal((int64_t)(free_pages - host_free(m)), 8, "  not so the pages");
	equal((int64_t)must_read_pages(m, domid), 8, "  of which the domain has 8");
}

void test_redeem_refused(struct machine *m)
{
	uint32_t domid = must_create(m), other = must_create(m);

	equal(SET(m, domid, {10, HOST, 0}), 0, "10 pages are claimed");
	equal(SET(m, other, {host_free(m) - 20, HOST, 0}), 0, "10 are not");
	equal(populate(m, domid, 5, ANY_NODE, 1), 0, "32 are more than both");
	equal(populate(m, domid, BIG_ORDER, 0, 1), 0, "512 as well");
	equal((int64_t)must_read_claimed(m, domid), 10, "  the claim is as before");
	equal(populate(m, domid, 4, ANY_NODE, 1), 1, "16 are not");
	equal((int64_t)must_read_claimed(m, domid), 0, "  and use it up");
}

void test_redeem_xen(struct machine *m)
{
	uint32_t domid = must_create_kind(m, HVM);

	SET(m, domid, {3000, 0, 0}, {2000, HOST, 0});
	equal(grow_paging_pool(m, domid, 16 * MIB), 0, "the pool for page tables grows");
	HOLDS(m, domid, "  claims are as before", .host = 2000, .node = {3000});
	equal(grow_paging_pool(m, domid, 4 * MIB), 0, "and shrinks");
	HOLDS(m, domid, "  claims are as before", .host = 2000, .node = {3000});
	SET(m, domid, {5000, HOST, 0});
	equal(grow_paging_pool(m, domid, 16 * MIB), 0, "with a host claim alone");
	HOLDS(m, domid, "  it is the same", .host = 5000);
}

void test_redeem_exchange(struct machine *m)
{
	uint32_t domid = must_create_kind(m, PV);
	uint64_t all;

	populate(m, domid, 0, 0, 10);
	all = host_free(m);
	SET(m, domid, {all, HOST, 0});
	equal(exchange_page(m, domid), -ENOMEM, "all is claimed, if by the domain itself");
	HOLDS(m, domid, "  the claim is as before", .host = all);
	SET(m, domid, {all - 60, HOST, 0}, {50, 0, 0});
	equal(exchange_page(m, domid), 0, "10 pages are not");
	HOLDS(m, domid, "  the claims are as before", .host = all - 60, .node = {50});
	equal((int64_t)must_read_pages(m, domid), 10, "  and so is what it has");
}

void test_redeem_on_demand(struct machine *m)
{
	uint32_t domid = must_create_kind(m, HVM), other = must_create(m);

	must_populate_on_demand(m, domid, 1000);
	SET(m, domid, {700, HOST, 0});
	SET(m, other, {host_free(m) - 700, HOST, 0});
	equal(fill_cache(m, domid, 600), 0, "600 pages are kept for later");
	equal((int64_t)must_read_pages(m, domid), 600, "  are the domain's");
	equal((int64_t)must_read_claimed(m, domid), 100, "  off its claim");
	equal(fill_cache(m, domid, 1000), -ENOMEM, "1000 are more than it claims");
	equal((int64_t)must_read_pages(m, domid), 700, "  it gets as many");
	equal((int64_t)must_read_claimed(m, domid), 0, "  until the claim is used up");
}

void test_redeem_others(struct machine *m)
{
	uint32_t domid = must_create(m), other = must_create(m);

	SET(m, domid, {20, 0, 0}, {30, HOST, 0});
	equal(populate(m, other, 0, 0, 40), 40, "another gets pages");
	equal(populate(m, other, BIG_ORDER, 0, 1), 1, "  and a large one");
	HOLDS(m, domid, "  claims are as before", .host = 30, .node = {20});
	must_free_pages(m, other, 40);
	HOLDS(m, domid, "  even when it gives them back", .host = 30, .node = {20});
}
