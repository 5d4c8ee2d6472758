// SPDX-License-Identifier: GPL-2.0-only
/*
 * Offlining free pages while all is claimed leaves fewer pages than claims. Nothing is unclaimed
 * then, which must not come out as a huge number.
 */
#include <errno.h>

#include "tests/contract/tap.h"
#include "tests/contract/tests.h"

void test_offline_node(struct machine *m)
{
	uint32_t holder = must_create(m), other = must_create(m);
	uint64_t frame = must_find_free_page(m, 1), all = node_free(m, 1);
	uint64_t host = host_free(m);

	SET(m, holder, {all, 1, 0});
	must_offline(m, frame);
	equal((int64_t)node_free(m, 1), (int64_t)all - 1, "a page less is free");
	equal((int64_t)host_free(m), (int64_t)host - 1, "  on the host, too");
	equal((int64_t)must_read_claimed(m, holder), (int64_t)all, "  the claim is as before");
	equal(SET(m, other, {1, 1, 0}), -ENOMEM, "others can claim nothing there");
	equal(populate(m, other, 0, 1, 1), 0, "  nor get a page there");
	equal(populate(m, other, BIG_ORDER, 1, 1), 0, "  nor a large one");
	equal(populate(m, other, 0, ANY_NODE, 64), 64, "  but elsewhere");
	equal((int64_t)node_free(m, 1), (int64_t)all - 1, "    not there");
	equal(SET(m, other, {1, 0, 0}), 0, "  and claim elsewhere");
	equal(SET(m, holder, {all + 1, 1, 0}), -ENOMEM, "the holder can claim no more");
	equal(SET(m, holder, {all, 1, 0}), 0, "  but what it has");
	equal(populate(m, holder, 0, 1, 8), 8, "  and redeem");
	equal(populate(m, holder, BIG_ORDER, 1, 1), 1, "  large pages, too");
	equal((int64_t)must_read_claimed(m, holder), (int64_t)(all - 8 - BIG), "  its claim");
}

void test_offline_host(struct machine *m)
{
	uint32_t holder = must_create(m), other = must_create(m);
	uint64_t frame = must_find_free_page(m, 0), all = host_free(m);

	SET(m, holder, {all, HOST, 0});
	must_offline(m, frame);
	equal((int64_t)host_free(m), (int64_t)all - 1, "a page less is free");
	equal(SET(m, other, {1, HOST, 0}), -ENOMEM, "others can claim nothing");
	equal(SET(m, other, {1, 0, 0}), -ENOMEM, "  on a node either");
	equal(populate(m, other, 0, ANY_NODE, 1), 0, "  nor get a page");
	equal(populate(m, other, BIG_ORDER, ANY_NODE, 1), 0, "  nor a large one");
	equal(populate(m, other, 0, 0, 1), 0, "  nor of a node");
	equal(try_create(m), -ENOMEM, "  nor does Xen");
	equal(SET(m, holder, {all + 1, HOST, 0}), -ENOMEM, "the holder can claim no more");
	equal(SET(m, holder, {all, HOST, 0}), 0, "  but what it has");
	equal(populate(m, holder, 0, ANY_NODE, 8), 8, "  and redeem");
	equal(populate(m, holder, BIG_ORDER, ANY_NODE, 1), 1, "  large pages, too");
	equal((int64_t)must_read_claimed(m, holder), (int64_t)(all - 8 - BIG), "  its claim");
	equal(SET(m, holder, {0, HOST, 0}), 0, "  or cancel it");
	equal(SET(m, other, {1, HOST, 0}), 0, "  for others to claim");
}

#define MANY 5

void test_offline_many(struct machine *m)
{
	uint32_t a = must_create(m), b = must_create(m);
	uint64_t frames[MANY];
	uint64_t all;

	/* Others' pages are taken in between, so that no frame is found twice. */
	for (unsigned int i = 0; i < MANY; i++) {
		frames[i] = must_find_free_page(m, 0);
		if (i < MANY - 1)
			populate(m, b, 0, 0, 1);
	}
	must_free_pages(m, b, MANY - 1);
	all = host_free(m);
	equal(SET(m, a, {all - 100, HOST, 0}), 0, "all but 100 pages are claimed");
	equal(SET(m, b, {100, HOST, 0}), 0, "  and those");
	for (unsigned int i = 0; i < MANY; i++)
		must_offline(m, frames[i]);
	equal((int64_t)host_free(m), (int64_t)(all - MANY), "5 go offline");
	equal(SET(m, b, {101, HOST, 0}), -ENOMEM, "nobody can claim more");
	equal(populate(m, prober(m), 0, ANY_NODE, 1), 0, "  nor get a page");
	equal(SET(m, a, {all - 100 - MANY, HOST, 0}), 0, "one gives up 5");
	equal(populate(m, prober(m), 0, ANY_NODE, 1), 0, "  still no page for others");
	equal(SET(m, b, {99, HOST, 0}), 0, "the other gives up one");
	equal(populate(m, prober(m), 0, ANY_NODE, 2), 1, "  which others get");
}

void test_offline_partial(struct machine *m)
{
	uint32_t holder = must_create(m), other = must_create(m);
	uint64_t frame = must_find_free_page(m, 0), all = host_free(m);

	SET(m, other, {all - BIG + 1, HOST, 0});
	SET(m, holder, {BIG - 1, HOST, 0});
	must_offline(m, frame);
	equal(populate(m, holder, BIG_ORDER, ANY_NODE, 1), 0, "511 claimed pages are no 512");
	equal((int64_t)must_read_claimed(m, holder), BIG - 1, "  the claim is as before");
	equal(populate(m, holder, BIG_ORDER - 1, ANY_NODE, 1), 1, "  256 they are");
	equal((int64_t)must_read_claimed(m, holder), BIG / 2 - 1, "  and some are left");
}

void test_offline_legacy(struct machine *m)
{
	uint32_t holder = must_create(m), other = must_create(m);
	uint64_t frame = must_find_free_page(m, 0), all = host_free(m);

	equal(legacy_claim(m, holder, all), 0, "a legacy claim of everything");
	must_offline(m, frame);
	equal(legacy_claim(m, other, 1), -ENOMEM, "  nothing is left for another");
	equal(SET(m, other, {1, LEGACY, 0}), -ENOMEM, "  by the other way either");
	equal(populate(m, other, 0, ANY_NODE, 1), 0, "  nor a page");
	equal(populate(m, holder, 0, ANY_NODE, 8), 8, "  but for the holder");
	equal(legacy_claim(m, holder, 0), 0, "cancelled");
	equal(legacy_claim(m, other, 1), 0, "  there is");
}

void test_offline_online(struct machine *m)
{
	uint32_t holder = must_create(m), other = must_create(m);
	uint64_t frame = must_find_free_page(m, 0), all = node_free(m, 0);

	SET(m, holder, {all, 0, 0});
	must_offline(m, frame);
	must_online(m, frame);
	equal((int64_t)node_free(m, 0), (int64_t)all, "it is free again");
	equal(populate(m, other, 0, 0, 1), 0, "  and claimed: others do not get it");
	HOLDS(m, holder, "  the books balance", .node = {all});
	equal(SET(m, holder, {all - 1, 0, 0}), 0, "the holder gives up one");
	equal(populate(m, other, 0, 0, 2), 1, "  then another gets one");
	HOLDS(m, holder, "  the books balance", .node = {all - 1});
}

void test_offline_used(struct machine *m)
{
	uint32_t user = must_create_kind(m, HVM), holder = must_create(m);
	uint64_t frame = must_find_free_page(m, 0), all;

	/* The page given back last is the first to be taken. */
	populate(m, user, 0, 0, 1);
	all = node_free(m, 0);
	SET(m, holder, {all, 0, 0});
	must_offline_used(m, frame, user);
	equal((int64_t)node_free(m, 0), (int64_t)all, "a page in use is not free anyway");
	must_free_pages(m, user, 1);
	equal((int64_t)node_free(m, 0), (int64_t)all, "given back, it is not either");
	HOLDS(m, holder, "  the books balance", .node = {all});
	must_online(m, frame);
	equal((int64_t)node_free(m, 0), (int64_t)all + 1, "back online, it is");
	HOLDS(m, holder, "  the books balance", .node = {all});
}

void test_offline_death(struct machine *m)
{
	uint32_t holder = must_create(m), other = must_create(m);
	uint64_t frame = must_find_free_page(m, 0), all = host_free(m);

	SET(m, holder, {node_free(m, 0), 0, 0}, {all - node_free(m, 0), HOST, 0});
	must_offline(m, frame);
	must_destroy(m, holder);
	HOLDS_NOTHING(m, other, "nothing is claimed");
	equal(populate(m, other, 0, 0, 10), 10, "others get pages");
	equal(SET(m, other, {host_free(m), HOST, 0}), 0, "  and claim the rest");
}
