// SPDX-License-Identifier: GPL-2.0-only
/*
 * Offlining free pages while all is claimed leaves fewer pages than claims. Nothing is unclaimed
 * then, which must not come out as a huge number.
 */
#include <errno.h>

#include "tests/contract/tests.h"

static const struct holding nothing;

static void test_node(struct machine *m)
{
	uint32_t holder = must_create_domain(m, HVM), other = must_create_domain(m, HVM);
	uint64_t frame = must_find_free_page(m, 1);
	struct memory before = must_read_memory(m);
	uint64_t all = before.node_free[1];
	struct memory after;

	SET(m, holder, {all, 1, 0});
	must_offline(m, frame);
	after = must_read_memory(m);
	equal((int64_t)after.node_free[1], (int64_t)all - 1,
	      "all of a node is claimed, a page goes offline");
	equal((int64_t)after.free_pages, (int64_t)before.free_pages - 1, "  on the host, too");
	equal((int64_t)must_read_claimed(m, holder), (int64_t)all, "  the claim stays");
	equal(SET(m, other, {1, 1, 0}), -ENOMEM, "  nobody can claim there");
	equal(populate(m, other, 0, 1, 1), 0, "  nor get a page there");
	equal(populate(m, other, 0, ANY_NODE, 8), 8, "  but elsewhere");
	equal(SET(m, holder, {all + 1, 1, 0}), -ENOMEM, "  the holder cannot claim more");
	equal(populate(m, holder, 0, 1, 8), 8, "  but redeem");
	equal((int64_t)must_read_claimed(m, holder), (int64_t)all - 8, "  its claim");
	must_online(m, frame);
	equal((int64_t)must_read_memory(m).node_free[1], (int64_t)all - 8,
	      "the page is online again");
	equal(populate(m, other, 0, 1, 1), 0, "  nobody else gets it, it is claimed");
	equal(SET(m, holder, {all - 9, 1, 0}), 0, "  the holder gives it up");
	equal(populate(m, other, 0, 1, 2), 1, "  then one page is there for others");
	must_destroy_domain(m, other);
	must_destroy_domain(m, holder);
}

static void test_host(struct machine *m)
{
	uint32_t holder = must_create_domain(m, HVM), other = must_create_domain(m, HVM);
	uint64_t frame = must_find_free_page(m, 1);
	uint64_t all = must_read_memory(m).free_pages;

	SET(m, holder, {all, HOST, 0});
	must_offline(m, frame);
	equal((int64_t)must_read_memory(m).free_pages, (int64_t)all - 1,
	      "all of the host is claimed, a page goes offline");
	equal(SET(m, other, {1, HOST, 0}), -ENOMEM, "  nobody can claim");
	equal(SET(m, other, {1, 0, 0}), -ENOMEM, "  on a node either");
	equal(legacy_claim(m, other, 1), -ENOMEM, "  by the legacy call either");
	equal(populate(m, other, 0, ANY_NODE, 1), 0, "  nor get a page");
	ok(grow_paging_pool(m, other, 16u << 20), "  nor does Xen");
	equal(SET(m, holder, {all + 1, HOST, 0}), -ENOMEM, "  the holder cannot claim more");
	equal(populate(m, holder, 0, ANY_NODE, 8), 8, "  but redeem");
	equal(populate(m, holder, 9, ANY_NODE, 1), 1, "  large pages, too");
	equal((int64_t)must_read_claimed(m, holder), (int64_t)all - 8 - 512, "  its claim");
	equal(SET(m, holder, {all - 8 - 512, HOST, 0}), 0, "  and keep what it has");
	equal(legacy_claim(m, holder, 0), 0, "  and cancel");
	equal(SET(m, other, {1, HOST, 0}), 0, "  then others can claim");
	must_online(m, frame);
	must_destroy_domain(m, other);
	must_destroy_domain(m, holder);
	check_holding(m, prober(m), &nothing, "the books are balanced after that");
}

void test_offlining(struct machine *m)
{
	test_node(m);
	test_host(m);
}
