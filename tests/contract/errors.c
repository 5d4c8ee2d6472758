// SPDX-License-Identifier: GPL-2.0-only
/*
 * The error table, row by row, then rows against later rows: the earlier one prevails. After each
 * failure the domain's claims must be what they were.
 */
#include <errno.h>
#include <stdint.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "tests/contract/tests.h"

#define BEYOND (MAX_NODES + 2) /* one entry more than allowed */
#define HALF (1ull << 63)
#define HUGE (1ull << 40) /* pages: more than any host has, and no overflow of sums */
#define MAX_PAGES 100000

static const struct holding held = {.host = 100, .node = {200, 300}};

struct subject {
	struct machine *m;
	uint32_t domid;
};

static void check_refused(struct subject *s, int rc, int wanted, const char *why)
{
	equal(rc, -wanted, "%s", why);
	check_holding(s->m, s->domid, &held, "  claims are as before");
}

/* Expect the set to fail. */
#define REFUSED(s, error, why, ...)                                                                \
	check_refused(s, SET((s)->m, (s)->domid, __VA_ARGS__), error, why)

/* A prepared call, the payload and entries of which the caller may spoil. */
static struct claim_payload *prepare(struct subject *s, size_t n)
{
	struct claim_entry entries[BEYOND] = {{1, 0, 0}};

	for (uint32_t i = 1; i < BEYOND; i++)
		entries[i] = (struct claim_entry){1, i == MAX_NODES ? HOST : i, 0};
	claim_call_prepare(claim_call(s->m), s->domid, entries, n);
	return claim_call_payload(claim_call(s->m));
}

static int issue(struct subject *s)
{
	return claim_call_issue(claim_call(s->m));
}

static void test_payload(struct subject *s)
{
	struct claim_payload *payload;

	prepare(s, 0);
	check_refused(s, issue(s), EINVAL, "a set without entries: EINVAL");
	prepare(s, 1)->pad = 1;
	check_refused(s, issue(s), EINVAL, "payload with padding: EINVAL");
	prepare(s, BEYOND)->pad = 1;
	check_refused(s, issue(s), EINVAL, "padding before too many entries: EINVAL");
	prepare(s, BEYOND);
	check_refused(s, issue(s), E2BIG, "more entries than nodes plus one: E2BIG");
	prepare(s, 1)->nr_claims = UINT32_MAX;
	check_refused(s, issue(s), E2BIG, "2^32 - 1 entries: E2BIG");
	payload = prepare(s, BEYOND);
	payload->entries = 0;
	check_refused(s, issue(s), E2BIG, "too many entries before no array: E2BIG");
	prepare(s, BEYOND - 1);
	check_refused(s, issue(s), ENOENT,
		      "as many entries as there can be nodes, plus one: not too many");
}

static void test_unreadable(struct subject *s)
{
	size_t page = (size_t)sysconf(_SC_PAGESIZE);
	uint8_t *pages = mmap(NULL, 2 * page, PROT_READ | PROT_WRITE,
			      MAP_PRIVATE | MAP_ANONYMOUS | MAP_POPULATE, -1, 0);
	const struct claim_entry bad = {1, 0, 1};

	prepare(s, 1)->entries = 0;
	check_refused(s, issue(s), EFAULT, "no array: EFAULT");
	prepare(s, 1)->entries = 0xffff800000000000ull;
	check_refused(s, issue(s), EFAULT, "array in Xen's own memory: EFAULT");
	munmap(pages + page, page);
	prepare(s, 1)->entries = (uintptr_t)(pages + page);
	check_refused(s, issue(s), EFAULT, "array not mapped: EFAULT");
	/* The first entry is readable and wrong, the second is not readable. */
	memcpy(pages + page - sizeof(bad), &bad, sizeof(bad));
	prepare(s, 2)->entries = (uintptr_t)(pages + page - sizeof(bad));
	check_refused(s, issue(s), EFAULT,
		      "second entry not mapped, before padding of the first: EFAULT");
	munmap(pages, page);
}

static void test_entries(struct subject *s)
{
	REFUSED(s, EINVAL, "entry with padding: EINVAL", {1, 0, 1});
	REFUSED(s, EINVAL, "last entry with padding: EINVAL", {1, 0, 0}, {1, 1, 1u << 31});
	REFUSED(s, EINVAL, "legacy entry with padding: EINVAL", {0, LEGACY, 1});
	REFUSED(s, EINVAL, "cancelling entry with padding: EINVAL", {0, HOST, 1});
	REFUSED(s, EINVAL, "padding before no such node: EINVAL", {1, 99, 1});
	REFUSED(s, EINVAL, "two host entries: EINVAL", {1, HOST, 0}, {1, HOST, 0});
	REFUSED(s, EINVAL, "two empty host entries: EINVAL", {0, HOST, 0}, {0, HOST, 0});
	REFUSED(s, EINVAL, "a node named twice: EINVAL", {1, 1, 0}, {1, HOST, 0}, {1, 1, 0});
	REFUSED(s, EINVAL, "an absent node named twice: EINVAL", {1, 63, 0}, {1, 63, 0});
	REFUSED(s, EINVAL, "named twice before no such node, which comes last: EINVAL", {1, 0, 0},
		{1, 0, 0}, {1, 63, 0});
	REFUSED(s, EINVAL, "named twice before no such node, which comes first: EINVAL", {1, 63, 0},
		{1, HOST, 0}, {1, HOST, 0});
	REFUSED(s, ENOENT, "first node that is not there: ENOENT", {1, node_count(s->m), 0});
	REFUSED(s, ENOENT, "last possible node: ENOENT", {1, MAX_NODES - 1, 0});
	REFUSED(s, ENOENT, "first impossible node: ENOENT", {1, MAX_NODES, 0});
	REFUSED(s, ENOENT, "\"no node\" of the allocator: ENOENT", {1, 0xff, 0});
	REFUSED(s, ENOENT, "target -1: ENOENT", {1, UINT32_MAX, 0});
	REFUSED(s, ENOENT, "host and legacy bits together: ENOENT", {1, HOST | LEGACY, 0});
	REFUSED(s, ENOENT, "host bit and a node: ENOENT", {1, HOST | 1, 0});
	REFUSED(s, ENOENT, "legacy entry first of two: ENOENT", {0, LEGACY, 0}, {1, 0, 0});
	REFUSED(s, ENOENT, "legacy entry last of two: ENOENT", {1, HOST, 0}, {0, LEGACY, 0});
	REFUSED(s, ENOENT, "no pages on no such node: ENOENT", {0, 63, 0});
	REFUSED(s, ENOENT, "no such node before overflow: ENOENT", {HALF, 0, 0}, {HALF, 1, 0},
		{1, 63, 0});
	REFUSED(s, EINVAL, "sum of nodes wraps to 0: EINVAL", {HALF, 0, 0}, {HALF, 1, 0});
	REFUSED(s, EINVAL, "sum of nodes wraps to less than is free: EINVAL", {UINT64_MAX, 0, 0},
		{10, 1, 0});
}

/* max_pages is MAX_PAGES here, and the domain has no pages. */
static void test_limits(struct subject *s)
{
	struct memory memory = must_read_memory(s->m);
	uint64_t room0 = memory.node_free[0];
	uint64_t room = memory.free_pages;

	REFUSED(s, ENOMEM, "more than the node has, before max_pages: ENOMEM", {HUGE, 0, 0});
	REFUSED(s, ENOMEM, "2^64 - 1 pages of a node: ENOMEM", {UINT64_MAX, 1, 0});
	REFUSED(s, ENOMEM, "the second of two nodes: ENOMEM", {1, 0, 0}, {HUGE, 1, 0});
	REFUSED(s, EINVAL, "host entry over max_pages: EINVAL", {MAX_PAGES + 1, HOST, 0});
	REFUSED(s, EINVAL, "host entry of 2^64 - 1: EINVAL", {UINT64_MAX, HOST, 0});
	REFUSED(s, EINVAL, "host and node entries over max_pages: EINVAL",
		{MAX_PAGES - 10, HOST, 0}, {11, 0, 0});
	REFUSED(s, EINVAL, "host and node entries that wrap: EINVAL", {UINT64_MAX, HOST, 0},
		{1, 0, 0});
	REFUSED(s, EINVAL, "max_pages before the host's memory: EINVAL", {HUGE, HOST, 0});

	must_set_max_pages(s->m, s->domid, HUGE);
	REFUSED(s, ENOMEM, "one page more than the node has: ENOMEM", {room0 + 1, 0, 0});
	REFUSED(s, ENOMEM, "one page more than the host has: ENOMEM", {room + 1, HOST, 0});
	REFUSED(s, ENOMEM, "one page more than the host has, with a node: ENOMEM", {room, HOST, 0},
		{1, 0, 0});
	must_set_max_pages(s->m, s->domid, MAX_PAGES);
}

static void test_domains(struct subject *s)
{
	struct claim_entry entry = {1, HOST, 0};
	uint32_t domid = must_create_domain(s->m, HVM);
	struct claim_payload *payload;
	void *page;

	equal(SET(s->m, 30000, {1, HOST, 0}), -ESRCH, "no such domain: ESRCH");
	must_destroy_domain(s->m, domid);
	equal(SET(s->m, domid, {1, HOST, 0}), -ESRCH, "domain that is gone: ESRCH");

	domid = must_create_domain(s->m, HVM);
	populate(s->m, domid, 0, ANY_NODE, 1);
	page = must_hold_page(s->m, domid);
	must_destroy_domain(s->m, domid);
	equal(SET(s->m, domid, {1, HOST, 0}), -ESRCH, "domain that is dying: ESRCH");
	equal(SET(s->m, domid, {0, HOST, 0}), -ESRCH, "cancelling for a dying domain: ESRCH");
	equal(SET(s->m, domid, {10, LEGACY, 0}), -ESRCH, "legacy claim for a dying domain: ESRCH");
	equal(legacy_claim(s->m, domid, 10), -ESRCH, "XENMEM_claim_pages for it: ESRCH");
	equal(legacy_claim(s->m, domid, 0), 0, "XENMEM_claim_pages of 0 pages for it: fine");
	equal(set_claims(s->m, domid, &entry, 0), -EINVAL, "no entries before dying: EINVAL");
	claim_call_prepare(claim_call(s->m), domid, &entry, 1);
	payload = claim_call_payload(claim_call(s->m));
	payload->nr_claims = BEYOND;
	equal(issue(s), -E2BIG, "too many entries before dying: E2BIG");
	payload->nr_claims = 1;
	payload->entries = 0;
	equal(issue(s), -ESRCH, "dying before no array: ESRCH");
	check_holding(s->m, s->domid, &held, "  claims of the other domain are as before");
	release_page(s->m, page);
	usleep(50000);
}

void test_errors(struct machine *m)
{
	struct subject s = {.m = m, .domid = must_create_domain(m, HVM)};

	must_set_max_pages(m, s.domid, MAX_PAGES);
	equal(SET(m, s.domid, {100, HOST, 0}, {300, 1, 0}, {200, 0, 0}), 0,
	      "a set of three entries is installed");
	check_holding(m, s.domid, &held, "  and held");
	test_payload(&s);
	test_unreadable(&s);
	test_entries(&s);
	test_limits(&s);
	test_domains(&s);
	must_destroy_domain(m, s.domid);
	check_holding(m, prober(m), &(struct holding){0}, "death cancels host and node claims");
}
