// SPDX-License-Identifier: GPL-2.0-only
/* Sets that are granted: up to each limit, replacing what was held, cancelling it. */
#include <errno.h>

#include "tests/contract/tests.h"

static const struct holding nothing;

static void test_replacing(struct machine *m, uint32_t domid)
{
	equal(SET(m, domid, {10, HOST, 0}), 0, "a host claim");
	check_holding(m, domid, &(struct holding){.host = 10}, "  is held");
	equal(SET(m, domid, {20, 1, 0}), 0, "is replaced by a node claim");
	check_holding(m, domid, &(struct holding){.node = {0, 20}}, "  which is all that is held");
	equal(SET(m, domid, {30, 0, 0}), 0, "and that by one on another node");
	check_holding(m, domid, &(struct holding){.node = {30}}, "  which is all that is held");
	equal(SET(m, domid, {5, 1, 0}, {40, 0, 0}, {0, HOST, 0}), 0,
	      "entries in any order, one of them empty");
	check_holding(m, domid, &(struct holding){.node = {40, 5}}, "  are held");
	equal(SET(m, domid, {4, 1, 0}, {6, HOST, 0}), 0, "smaller, and back to the host");
	check_holding(m, domid, &(struct holding){.host = 6, .node = {0, 4}}, "  is held");
	equal(SET(m, domid, {0, 0, 0}), 0, "an empty node entry");
	check_holding(m, domid, &nothing, "  leaves nothing");
	SET(m, domid, {4, 1, 0}, {6, HOST, 0});
	equal(SET(m, domid, {0, HOST, 0}), 0, "one host entry of 0 pages");
	check_holding(m, domid, &nothing, "  cancels everything");
	equal(SET(m, domid, {0, HOST, 0}), 0, "cancelling nothing is fine");
}

static void test_all_nodes(struct machine *m, uint32_t domid)
{
	struct claim_entry entries[MAX_NODES + 1] = {{7, HOST, 0}};
	struct holding wanted = {.host = 7};

	for (uint32_t n = 0; n < node_count(m); n++) {
		entries[n + 1] = (struct claim_entry){100 + n, n, 0};
		wanted.node[n] = 100 + n;
	}
	equal(set_claims(m, domid, entries, node_count(m) + 1), 0,
	      "a set over all nodes and the host");
	check_holding(m, domid, &wanted, "  is held");
	equal(SET(m, domid, {0, HOST, 0}), 0, "and cancelled");
	check_holding(m, domid, &nothing, "  is gone");
}

/* What a domain claims already is there for its next set, and for nobody else's. */
static void test_full(struct machine *m, uint32_t domid)
{
	struct memory memory = must_read_memory(m);
	uint64_t all = memory.free_pages, all0 = memory.node_free[0], all1 = memory.node_free[1];

	equal(SET(m, domid, {all0, 0, 0}), 0, "all of a node");
	equal(SET(m, prober(m), {1, 0, 0}), -ENOMEM, "  nobody else gets a page of it");
	equal(SET(m, prober(m), {all1, 1, 0}), 0, "  but all of another");
	equal(SET(m, domid, {all0, 0, 0}, {1, 1, 0}), -ENOMEM, "  which is gone then");
	legacy_claim(m, prober(m), 0);
	equal(SET(m, domid, {all0 - 1, 0, 0}, {all1, 1, 0}), 0,
	      "a bit less of it, all of the other");
	equal(SET(m, prober(m), {2, 0, 0}), -ENOMEM, "  two pages of the first are too many");
	equal(SET(m, prober(m), {1, 0, 0}), 0, "  one is not");
	legacy_claim(m, prober(m), 0);
	equal(SET(m, domid, {all1 + 1, 1, 0}), -ENOMEM, "one page more than a node held in full");
	equal(SET(m, domid, {all, HOST, 0}), 0, "all of the host, in exchange");
	equal(SET(m, prober(m), {1, HOST, 0}), -ENOMEM, "  nobody else gets a page of the host");
	equal(SET(m, prober(m), {1, 1, 0}), -ENOMEM, "  nor of a node");
	equal(SET(m, prober(m), {0, 1, 0}), 0, "  but may claim none");
	equal(SET(m, domid, {all + 1, HOST, 0}), -ENOMEM, "one page more than all of it");
	equal(SET(m, domid, {all0, 0, 0}, {all - all0, HOST, 0}), 0,
	      "all of it, part of it on a node");
	equal(SET(m, domid, {all0, 0, 0}, {all - all0 + 1, HOST, 0}), -ENOMEM, "and one page more");
	equal((int64_t)must_read_claimed(m, domid), (int64_t)all, "  claims are as before");
	equal(SET(m, domid, {0, HOST, 0}), 0, "cancelled");
	check_holding(m, domid, &nothing, "  is gone");
}

static void test_max_pages(struct machine *m, uint32_t domid)
{
	must_set_max_pages(m, domid, 1000);
	equal(SET(m, domid, {1000, HOST, 0}), 0, "as many as max_pages, from the host");
	equal(SET(m, domid, {1000, 0, 0}), 0, "from a node");
	equal(SET(m, domid, {300, 0, 0}, {300, 1, 0}, {400, HOST, 0}), 0, "from all over");
	equal(SET(m, domid, {1001, 0, 0}), -EINVAL, "one page more: EINVAL");
	equal(populate(m, domid, 0, ANY_NODE, 10), 10, "the domain gets 10 pages");
	equal(SET(m, domid, {991, HOST, 0}), -EINVAL, "  which count for max_pages");
	equal(SET(m, domid, {990, HOST, 0}), 0, "  up to there");
	must_set_max_pages(m, domid, 5);
	equal(SET(m, domid, {1, HOST, 0}), -EINVAL, "no claim while it has more than max_pages");
	equal(SET(m, domid, {0, 0, 0}), -EINVAL, "  not even for nothing on a node");
	check_holding(m, domid, &(struct holding){.host = 990}, "  claims are as before");
	equal(SET(m, domid, {0, HOST, 0}), 0, "  but cancelling works");
	check_holding(m, domid, &nothing, "  claims are gone");
}

void test_sets(struct machine *m)
{
	uint32_t domid = must_create_domain(m, HVM);

	test_replacing(m, domid);
	test_all_nodes(m, domid);
	test_full(m, domid);
	test_max_pages(m, domid);
	must_destroy_domain(m, domid);
}
