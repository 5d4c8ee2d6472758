// SPDX-License-Identifier: GPL-2.0-only
/*
 * The rows of the error table which are about the call itself, one by one. Each call is made for a
 * domain that holds claims; after each failure they must be what they were.
 */
#include <errno.h>
#include <stdint.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "tests/contract/guest.h"
#include "tests/contract/holder.h"
#include "tests/contract/tap.h"
#include "tests/contract/tests.h"

#define MOST (MAX_NODES + 1) /* entries allowed */
#define HALF (1ull << 63)
#define NO_SUCH_DOMAIN 30000

/* A prepared call, the payload and entries of which the caller may spoil. */
static struct claim_payload *prepare(struct holder *h, size_t n)
{
	struct claim_entry entries[MOST + 1] = {{1, 0, 0}};

	for (uint32_t i = 1; i <= MOST; i++)
		entries[i] = (struct claim_entry){1, i == MAX_NODES ? HOST : i, 0};
	claim_call_prepare(claim_call(h->m), h->domid, entries, n);
	return claim_call_payload(claim_call(h->m));
}

static void refused(struct holder *h, int error, const char *why)
{
	check_refused(h, claim_call_issue(claim_call(h->m)), error, why);
}

void test_errors_no_entries(struct machine *m)
{
	struct holder h = must_create_holder(m);

	prepare(&h, 0);
	refused(&h, EINVAL, "no entries");
	prepare(&h, 0)->entries = 0;
	refused(&h, EINVAL, "no entries and no array");
}

void test_errors_privilege(struct machine *m)
{
	equal(must_run_guest(m), GUEST_REFUSED, "both calls are refused");
}

void test_errors_pad(struct machine *m)
{
	struct holder h = must_create_holder(m);

	prepare(&h, 1)->pad = 1;
	refused(&h, EINVAL, "lowest bit of the padding");
	prepare(&h, 1)->pad = 1u << 31;
	refused(&h, EINVAL, "highest bit of the padding");
	claim_call_prepare(claim_call(m), h.domid, (struct claim_entry[]){{0, LEGACY, 0}}, 1);
	claim_call_payload(claim_call(m))->pad = 1;
	refused(&h, EINVAL, "padding beside a legacy entry");
	claim_call_prepare(claim_call(m), h.domid, (struct claim_entry[]){{0, HOST, 0}}, 1);
	claim_call_payload(claim_call(m))->pad = 1;
	refused(&h, EINVAL, "padding beside an entry that cancels");
}

void test_errors_too_many(struct machine *m)
{
	struct holder h = must_create_holder(m);

	prepare(&h, MOST + 1);
	refused(&h, E2BIG, "one entry too many");
	prepare(&h, 1)->nr_claims = UINT32_MAX;
	refused(&h, E2BIG, "2^32 - 1 entries");
	prepare(&h, MOST);
	refused(&h, ENOENT, "the most that is allowed is looked at: not all are online nodes");
	prepare(&h, MOST);
	claim_call_entries(claim_call(m))[MOST - 1].pad = 1;
	refused(&h, EINVAL, "to the last of them");
}

void test_errors_no_domain(struct machine *m)
{
	struct holder h = must_create_holder(m);
	uint32_t gone = must_create(m);

	check_refused(&h, SET(m, NO_SUCH_DOMAIN, {1, HOST, 0}), ESRCH, "never was there");
	check_refused(&h, legacy_claim(m, NO_SUCH_DOMAIN, 1), EINVAL,
		      "for XENMEM_claim_pages, as ever");
	must_destroy(m, gone);
	check_refused(&h, SET(m, gone, {1, HOST, 0}), ESRCH, "is gone");
	check_refused(&h, SET(m, gone, {0, HOST, 0}), ESRCH, "is gone, claims be cancelled");
}

void test_errors_unreadable(struct machine *m)
{
	struct holder h = must_create_holder(m);
	size_t page = (size_t)sysconf(_SC_PAGESIZE);
	uint8_t *pages = mmap(NULL, 2 * page, PROT_READ | PROT_WRITE,
			      MAP_PRIVATE | MAP_ANONYMOUS | MAP_POPULATE, -1, 0);
	const struct claim_entry entry = {1, 0, 0};

	prepare(&h, 1)->entries = 0;
	refused(&h, EFAULT, "no array");
	prepare(&h, 1)->entries = 0xffff800000000000ull;
	refused(&h, EFAULT, "in Xen's own memory");
	munmap(pages + page, page);
	prepare(&h, 1)->entries = (uintptr_t)(pages + page);
	refused(&h, EFAULT, "not mapped");
	memcpy(pages + page - sizeof(entry), &entry, sizeof(entry));
	prepare(&h, 2)->entries = (uintptr_t)(pages + page - sizeof(entry));
	refused(&h, EFAULT, "the second of two is not mapped");
	munmap(pages, page);
}

void test_errors_entry_pad(struct machine *m)
{
	struct holder h = must_create_holder(m);

	REFUSED(&h, EINVAL, "lowest bit of an entry's padding", {1, 0, 1});
	REFUSED(&h, EINVAL, "highest bit, in the last entry", {1, 0, 0}, {1, HOST, 1u << 31});
	REFUSED(&h, EINVAL, "in the first of two", {1, 0, 1}, {1, HOST, 0});
	REFUSED(&h, EINVAL, "in a legacy entry", {0, LEGACY, 1});
	REFUSED(&h, EINVAL, "in an entry that cancels", {0, HOST, 1});
	REFUSED(&h, EINVAL, "in two entries that cancel each other", {1, 0, 1}, {1, HOST, 1});
}

void test_errors_legacy_among(struct machine *m)
{
	struct holder h = must_create_holder(m);

	REFUSED(&h, ENOENT, "first of two", {0, LEGACY, 0}, {1, 0, 0});
	REFUSED(&h, ENOENT, "last of two", {1, HOST, 0}, {0, LEGACY, 0});
	REFUSED(&h, ENOENT, "twice", {0, LEGACY, 0}, {0, LEGACY, 0});
	REFUSED(&h, ENOENT, "together with the host's bit", {1, HOST | LEGACY, 0});
	REFUSED(&h, ENOENT, "together with a node", {1, LEGACY | 1, 0});
}

void test_errors_twice(struct machine *m)
{
	struct holder h = must_create_holder(m);

	REFUSED(&h, EINVAL, "two host entries", {1, HOST, 0}, {1, HOST, 0});
	REFUSED(&h, EINVAL, "two empty host entries", {0, HOST, 0}, {0, HOST, 0});
	REFUSED(&h, EINVAL, "a node twice", {1, 0, 0}, {1, 0, 0});
	REFUSED(&h, EINVAL, "an empty one the second time", {1, 0, 0}, {0, 0, 0});
	REFUSED(&h, EINVAL, "with an entry in between", {1, 0, 0}, {1, HOST, 0}, {1, 0, 0});
	REFUSED(&h, EINVAL, "a node twice that is not there", {1, 63, 0}, {1, 63, 0});
}

void test_errors_no_node(struct machine *m)
{
	struct holder h = must_create_holder(m);

	REFUSED(&h, ENOENT, "the first node that is not there", {1, node_count(m), 0});
	REFUSED(&h, ENOENT, "the last that could be", {1, MAX_NODES - 1, 0});
	REFUSED(&h, ENOENT, "the first that could not", {1, MAX_NODES, 0});
	REFUSED(&h, ENOENT, "\"no node\" of the allocator", {1, 0xff, 0});
	REFUSED(&h, ENOENT, "node 0, were a target 8 bits wide", {1, 0x100, 0});
	REFUSED(&h, ENOENT, "target -1", {1, UINT32_MAX, 0});
	REFUSED(&h, ENOENT, "the host's bit and a node", {1, HOST | 1, 0});
	REFUSED(&h, ENOENT, "with no pages", {0, 63, 0});
	REFUSED(&h, ENOENT, "last of three", {1, 0, 0}, {1, HOST, 0}, {1, 63, 0});
}

void test_errors_overflow(struct machine *m)
{
	struct holder h = must_create_holder(m);

	REFUSED(&h, EINVAL, "the sum is 0", {HALF, 0, 0}, {HALF, 1, 0});
	REFUSED(&h, EINVAL, "the sum is less than is free", {UINT64_MAX, 0, 0}, {10, 1, 0});
	REFUSED(&h, EINVAL, "by the last of them", {10, 0, 0}, {UINT64_MAX, 1, 0});
	REFUSED(&h, ENOMEM, "2^64 - 1 is no overflow", {UINT64_MAX - 1, 0, 0}, {1, 1, 0});
}
