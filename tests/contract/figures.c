// SPDX-License-Identifier: GPL-2.0-only
/* What getdomaininfo, physinfo and numainfo tell. */
#include "tests/contract/tap.h"
#include "tests/contract/tests.h"

static void check_claims(struct machine *m, uint32_t a, uint32_t b, uint64_t of_a, uint64_t of_b)
{
	equal((int64_t)must_read_claimed(m, a), (int64_t)of_a, "  of one domain");
	equal((int64_t)must_read_claimed(m, b), (int64_t)of_b, "  of another");
	equal((int64_t)must_read_memory(m).claimed_pages, (int64_t)(of_a + of_b), "  of all");
}

void test_figures_claims(struct machine *m)
{
	uint32_t a = must_create(m), b = must_create(m);

	check_claims(m, a, b, 0, 0);
	equal(SET(m, a, {20, 0, 0}, {30, HOST, 0}), 0, "on a node and on the host");
	check_claims(m, a, b, 50, 0);
	equal(SET(m, b, {7, 0, 0}), 0, "on a node");
	check_claims(m, a, b, 50, 7);
	populate(m, a, 0, 0, 25);
	check_claims(m, a, b, 25, 7);
	populate(m, b, 0, 0, 25);
	check_claims(m, a, b, 25, 0);
	equal(legacy_claim(m, b, 100), 0, "legacy");
	check_claims(m, a, b, 25, 75);
	equal(SET(m, a, {0, HOST, 0}), 0, "cancelled");
	check_claims(m, a, b, 0, 75);
}

/* Three ways to ask; *memory is what one of them tells. */
static void check_free(struct machine *m, struct memory *memory, const char *name)
{
	uint64_t total = 0;

	*memory = must_read_memory(m);
	for (unsigned int n = 0; n < node_count(m); n++) {
		equal((int64_t)memory->node_free[n], (int64_t)must_read_heap(m, n),
		      "%s: node %u by numainfo and by availheap", name, n);
		total += memory->node_free[n];
	}
	equal((int64_t)total, (int64_t)memory->free_pages, "%s: nodes add up", name);
}

static void check_lower(const struct memory *before, const struct memory *after, unsigned int node,
			uint64_t pages, const char *name)
{
	equal((int64_t)(before->free_pages - after->free_pages), (int64_t)pages, "%s: host", name);
	equal((int64_t)(before->node_free[node] - after->node_free[node]), (int64_t)pages,
	      "%s: node", name);
}

void test_figures_free(struct machine *m)
{
	unsigned int last = node_count(m) - 1;
	uint32_t domid = must_create(m);
	struct memory before, after;

	check_free(m, &before, "at first");
	SET(m, domid, {1000, last, 0}, {5000, HOST, 0});
	check_free(m, &after, "claimed");
	check_lower(&before, &after, last, 0, "claimed");
	populate(m, domid, 0, (int)last, 30);
	populate(m, domid, BIG_ORDER, (int)last, 2);
	check_free(m, &after, "redeemed in part");
	check_lower(&before, &after, last, 30 + 2 * BIG, "redeemed in part");
	must_free_pages(m, domid, 30);
	check_free(m, &after, "given back in part");
	check_lower(&before, &after, last, 2 * BIG, "given back in part");
}
