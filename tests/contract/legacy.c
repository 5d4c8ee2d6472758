// SPDX-License-Identifier: GPL-2.0-only
/* The rules of XENMEM_claim_pages, by that call and as an entry of the new one. */
#include <errno.h>

#include "tests/contract/tap.h"
#include "tests/contract/tests.h"

struct way {
	const char *name;
	int (*claim)(struct machine *m, uint32_t domid, uint64_t pages);
};

static int claim_by_entry(struct machine *m, uint32_t domid, uint64_t pages)
{
	return SET(m, domid, {pages, LEGACY, 0});
}

static const struct way ways[] = {{"XENMEM_claim_pages", legacy_claim},
				  {"legacy entry", claim_by_entry}};

#define FOR_EACH_WAY(way)                                                                          \
	for (const struct way *way = ways; way < ways + sizeof(ways) / sizeof(ways[0]); way++)

void test_legacy_size(struct machine *m)
{
	FOR_EACH_WAY(way)
	{
		uint32_t domid = must_create(m);

		must_set_max_pages(m, domid, 1000);
		populate(m, domid, 0, ANY_NODE, 10);
		equal(way->claim(m, domid, 9), -EINVAL, "%s: fewer than it has", way->name);
		equal(way->claim(m, domid, 10), -EINVAL, "as many as it has, as ever in 4.17");
		equal(way->claim(m, domid, 1001), -EINVAL, "more than max_pages");
		HOLDS_NOTHING(m, domid, "  nothing is held");
		equal(way->claim(m, domid, 11), 0, "one more than it has");
		HOLDS(m, domid, "  is a claim of one page", .host = 1);
		equal(way->claim(m, domid, 0), 0, "  which is cancelled");
		equal(way->claim(m, domid, 1000), 0, "max_pages");
		HOLDS(m, domid, "  is a claim of what it lacks", .host = 990);
		must_destroy(m, domid);
	}
}

void test_legacy_second(struct machine *m)
{
	FOR_EACH_WAY(way)
	{
		uint32_t domid = must_create(m);

		way->claim(m, domid, 100);
		equal(way->claim(m, domid, 100), -EINVAL, "%s: the same again", way->name);
		equal(way->claim(m, domid, 200), -EINVAL, "a larger one");
		equal(way->claim(m, domid, UINT32_MAX), -EINVAL, "one that is too large besides");
		HOLDS(m, domid, "  the first is as before", .host = 100);
		SET(m, domid, {40, 0, 0}, {2, HOST, 0});
		equal(way->claim(m, domid, 100), -EINVAL, "besides a set");
		HOLDS(m, domid, "  the set is as before", .host = 2, .node = {40});
		SET(m, domid, {40, 0, 0});
		equal(way->claim(m, domid, 100), -EINVAL, "besides a node claim");
		HOLDS(m, domid, "  the set is as before", .node = {40});
		must_destroy(m, domid);
	}
}

void test_legacy_cancel(struct machine *m)
{
	FOR_EACH_WAY(way)
	{
		uint32_t domid = must_create(m);

		equal(way->claim(m, domid, 0), 0, "%s: nothing is cancelled", way->name);
		SET(m, domid, {40, 0, 0}, {2, HOST, 0});
		equal(way->claim(m, domid, 0), 0, "node and host claims are");
		HOLDS_NOTHING(m, domid, "  nothing is held");
		populate(m, domid, 0, ANY_NODE, 5);
		SET(m, domid, {40, 0, 0});
		must_set_max_pages(m, domid, 1);
		equal(way->claim(m, domid, 0), 0, "above max_pages, too");
		HOLDS_NOTHING(m, domid, "  nothing is held");
		must_destroy(m, domid);
	}
}

void test_legacy_memory(struct machine *m)
{
	FOR_EACH_WAY(way)
	{
		uint32_t domid = must_create(m), other = must_create(m);
		uint64_t all;

		populate(m, domid, 0, ANY_NODE, 10);
		SET(m, other, {1000, 0, 0}, {500, HOST, 0});
		all = unclaimed(m);
		equal(way->claim(m, domid, all + 11), -ENOMEM, "%s: too much", way->name);
		equal((int64_t)must_read_claimed(m, domid), 0, "  nothing is held");
		equal((int64_t)unclaimed(m), (int64_t)all, "  and all is there");
		equal(way->claim(m, domid, all + 10), 0, "all that is unclaimed");
		equal((int64_t)unclaimed(m), 0, "  is gone then");
		equal(SET(m, other, {1001, 0, 0}, {500, HOST, 0}), -ENOMEM, "  for sets, too");
		must_destroy(m, domid);
		must_destroy(m, other);
	}
}

void test_legacy_mixed(struct machine *m)
{
	FOR_EACH_WAY(way)
	{
		uint32_t domid = must_create(m);

		populate(m, domid, 0, 0, 10);
		way->claim(m, domid, 110);
		HOLDS(m, domid, "a legacy claim of 100 more pages", .host = 100);
		equal(SET(m, domid, {40, 1, 0}), 0, "%s: a set replaces it", way->name);
		HOLDS(m, domid, "  and is all that is held", .node = {0, 40});
		equal(way->claim(m, domid, 0), 0, "  is cancelled");
		equal(way->claim(m, domid, 110), 0, "  and then replaced");
		HOLDS(m, domid, "  by a legacy claim", .host = 100);
		equal(SET(m, domid, {UINT64_MAX, 0, 0}), -ENOMEM, "a set that is refused");
		HOLDS(m, domid, "  leaves the legacy claim", .host = 100);
		must_destroy(m, domid);
	}
}

void test_legacy_redeem(struct machine *m)
{
	FOR_EACH_WAY(way)
	{
		uint32_t domid = must_create(m);

		way->claim(m, domid, 20);
		equal(populate(m, domid, 0, ANY_NODE, 15), 15, "%s: 15 pages", way->name);
		HOLDS(m, domid, "  of 20, 5 are left", .host = 5);
		equal(way->claim(m, domid, 100), -EINVAL, "  no other claim as long as they are");
		equal(populate(m, domid, 0, ANY_NODE, 10), 10, "the rest and more");
		HOLDS_NOTHING(m, domid, "  the claim has expired");
		equal(way->claim(m, domid, 30), 0, "  so another is staked");
		HOLDS(m, domid, "  of 30 pages, less 25", .host = 5);
		must_destroy(m, domid);
	}
}

void test_legacy_huge(struct machine *m)
{
	FOR_EACH_WAY(way)
	{
		uint32_t domid = must_create(m);

		equal(way->claim(m, domid, (1ull << 32) + 10), -EINVAL, "%s: 2^32 + 10 pages",
		      way->name);
		equal(way->claim(m, domid, 1ull << 32), -EINVAL, "2^32 pages do not cancel");
		equal(way->claim(m, domid, 1ull << 63), -EINVAL, "2^63 pages");
		equal(way->claim(m, domid, UINT64_MAX), -EINVAL, "2^64 - 1 pages");
		HOLDS_NOTHING(m, domid, "  nothing is held");
		must_destroy(m, domid);
	}
}
