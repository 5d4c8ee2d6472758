// SPDX-License-Identifier: GPL-2.0-only
/* The rows of the error table which are about memory, and the order of all rows. */
#include <errno.h>

#include "tests/contract/holder.h"
#include "tests/contract/tests.h"

#define HALF (1ull << 63)
#define HUGE_PAGES (1ull << 40)	      /* more than any host has, and no overflow of sums */
#define TRUNCATED ((1ull << 32) + 10) /* 10, were it cut to 32 bits */

void test_errors_node_memory(struct machine *m)
{
	struct holder h = must_create_holder(m);
	uint64_t room = node_free(m, 0);

	REFUSED(&h, ENOMEM, "far more than the node has", {HUGE_PAGES, 0, 0});
	REFUSED(&h, ENOMEM, "2^32 + 10 pages", {TRUNCATED, 0, 0});
	REFUSED(&h, ENOMEM, "2^64 - 1 pages", {UINT64_MAX, 0, 0});
	REFUSED(&h, ENOMEM, "2^63 pages", {HALF, 0, 0});
	REFUSED(&h, ENOMEM, "the second of two entries", {1, HOST, 0}, {HUGE_PAGES, 0, 0});
	must_set_max_pages(m, h.domid, NO_LIMIT);
	REFUSED(&h, ENOMEM, "one page more than the node has", {room + 1, 0, 0});
	equal(SET(m, h.domid, {room, 0, 0}), 0, "all it has is granted");
}

void test_errors_host_memory(struct machine *m)
{
	struct holder h = must_create_holder(m);
	uint64_t room = host_free(m);

	must_set_max_pages(m, h.domid, NO_LIMIT);
	REFUSED(&h, ENOMEM, "one page more than the host has", {room + 1, HOST, 0});
	REFUSED(&h, ENOMEM, "a page of a node on top", {room, HOST, 0}, {1, 0, 0});
	REFUSED(&h, ENOMEM, "a page on top of a node", {room - 9, HOST, 0}, {10, 0, 0});
	equal(SET(m, h.domid, {room - 10, HOST, 0}, {10, 0, 0}), 0, "all it has is granted");
}

void test_errors_max_pages(struct machine *m)
{
	const uint64_t most = HOLDER_MAX_PAGES;
	struct holder h = must_create_holder(m);

	REFUSED(&h, EINVAL, "the host entry", {most + 1, HOST, 0});
	REFUSED(&h, EINVAL, "the node entry", {most + 1, 0, 0});
	REFUSED(&h, EINVAL, "both together", {most - 10, HOST, 0}, {11, 0, 0});
	REFUSED(&h, EINVAL, "more than any host has", {HUGE_PAGES, HOST, 0});
	REFUSED(&h, EINVAL, "2^32 + 10 pages", {TRUNCATED, HOST, 0});
	REFUSED(&h, EINVAL, "2^64 - 1 pages", {UINT64_MAX, HOST, 0});
	REFUSED(&h, EINVAL, "both together wrap to 0", {UINT64_MAX, HOST, 0}, {1, 0, 0});
	REFUSED(&h, EINVAL, "both together wrap to 10", {UINT64_MAX - 9, HOST, 0}, {20, 0, 0});
	must_set_max_pages(m, h.domid, 0);
	REFUSED(&h, EINVAL, "a page for a domain that may have none", {1, HOST, 0});
}

/* The table in its order, each a way to spoil a call that is right; three are of the same row. */
enum fault {
	PAYLOAD_PAD,
	TOO_MANY,
	DYING,
	UNREADABLE,
	ENTRY_PAD,
	TWICE,
	NO_NODE,
	NEVER_A_NODE,
	LEGACY_AMONG,
	SUM_OVERFLOW,
	NODE_MEMORY,
	OVER_MAX_PAGES,
	HOST_MEMORY,
	NR_FAULTS
};

static const struct {
	const char *name;
	int error;
} rows[NR_FAULTS] = {
	[PAYLOAD_PAD] = {"padding", EINVAL},
	[TOO_MANY] = {"too many entries", E2BIG},
	[DYING] = {"dying", ESRCH},
	[UNREADABLE] = {"no array", EFAULT},
	[ENTRY_PAD] = {"padding of an entry", EINVAL},
	[TWICE] = {"named twice", EINVAL},
	[NO_NODE] = {"no such node", ENOENT},
	[NEVER_A_NODE] = {"no possible node", ENOENT},
	[LEGACY_AMONG] = {"legacy among others", ENOENT},
	[SUM_OVERFLOW] = {"overflow", EINVAL},
	[NODE_MEMORY] = {"memory of a node", ENOMEM},
	[OVER_MAX_PAGES] = {"max_pages", EINVAL},
	[HOST_MEMORY] = {"memory of the host", ENOMEM},
};

struct order_test {
	struct machine *m;
	uint32_t live, dying;
	uint64_t host_pages;
	bool backwards; /* the entries */
};

#define HAS(fault) (faults & 1u << (fault))

static size_t make_entries(const struct order_test *t, unsigned int faults,
			   struct claim_entry *entries)
{
	size_t n = 0;

	entries[n++] = (struct claim_entry){1, HOST, 0};
	entries[n++] = (struct claim_entry){1, 0, HAS(ENTRY_PAD) ? 1 : 0};
	if (HAS(HOST_MEMORY))
		entries[0].pages = t->host_pages;
	if (HAS(NODE_MEMORY))
		entries[1].pages = HUGE_PAGES;
	if (HAS(SUM_OVERFLOW)) {
		entries[1].pages |= HALF;
		entries[n++] = (struct claim_entry){HALF, 1, 0};
	}
	if (HAS(TWICE))
		entries[n++] = (struct claim_entry){0, 0, 0};
	if (HAS(NO_NODE))
		entries[n++] = (struct claim_entry){1, MAX_NODES - 1, 0};
	if (HAS(NEVER_A_NODE))
		entries[n++] = (struct claim_entry){1, MAX_NODES, 0};
	if (HAS(LEGACY_AMONG))
		entries[n++] = (struct claim_entry){1, LEGACY, 0};
	for (size_t i = 0; t->backwards && i < n / 2; i++) {
		struct claim_entry first = entries[i];

		entries[i] = entries[n - 1 - i];
		entries[n - 1 - i] = first;
	}
	return n;
}

static int set_with(const struct order_test *t, unsigned int faults)
{
	struct claim_call *call = claim_call(t->m);
	struct claim_payload *payload = claim_call_payload(call);
	struct claim_entry entries[8];
	size_t n = make_entries(t, faults, entries);

	claim_call_prepare(call, HAS(DYING) ? t->dying : t->live, entries, n);
	payload->pad = HAS(PAYLOAD_PAD) ? 1 : 0;
	if (HAS(TOO_MANY))
		payload->nr_claims = MAX_NODES + 2;
	if (HAS(UNREADABLE))
		payload->entries = 0;
	must_set_max_pages(t->m, t->live, HAS(OVER_MAX_PAGES) ? 1 : NO_LIMIT);
	return claim_call_issue(call);
}

static void check_pairs(const struct order_test *t)
{
	unsigned int overflow = 1u << SUM_OVERFLOW;

	for (unsigned int i = 0; i < NR_FAULTS; i++) {
		for (unsigned int j = i; j < NR_FAULTS; j++) {
			unsigned int faults = 1u << i | 1u << j;

			/* It takes two nodes to overflow. */
			if (faults & overflow && node_count(t->m) < 2)
				continue;
			equal(set_with(t, faults), -rows[i].error, "%s, then %s%s", rows[i].name,
			      rows[j].name, t->backwards ? ", entries backwards" : "");
		}
	}
}

void test_errors_order(struct machine *m)
{
	struct order_test t = {.m = m, .live = must_create(m), .dying = must_create(m)};

	populate(m, t.dying, 0, ANY_NODE, 1);
	must_kill_and_hold(m, t.dying);
	SET(m, t.live, {30, HOST, 0}, {20, 0, 0});
	t.host_pages = host_free(m) + 1;
	check_pairs(&t);
	t.backwards = true;
	check_pairs(&t);
	HOLDS(m, t.live, "claims are as before", .host = 30, .node = {20});
	equal(set_with(&t, 0), 0, "without a fault, it is granted");
	HOLDS(m, t.live, "and held", .host = 1, .node = {1});
}
