// SPDX-License-Identifier: GPL-2.0-only
/*
 * The claim dialects: each is emulated as its interface is described, in place of libxencall, and
 * must be found out without any change, and be spoken to in its own words.
 */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>
#include <xenctrl.h>
#include <xen/domctl.h>
#include <xen/memory.h>

#include "bench/dialect.h"

#define NODES 2
#define MAX_SET (64 + 1)
#define DOMID 7

/* The hypervisor: what dom0 or the one domain holds, and the last words it was told. */
static struct {
	int (*domctl)(uint32_t number, struct claim_payload *p);
	bool legacy, paused, pause_last, takes_empty;
	struct claim_entry claims[MAX_SET];
	uint32_t nr_claims;
	uint32_t domid, number, nr, word;
} xen;

static struct claim_entry *entries_of(const struct claim_payload *p)
{
	return (struct claim_entry *)(uintptr_t)p->entries;
}

static int check_entries(const struct claim_payload *p)
{
	const struct claim_entry *entries = entries_of(p);

	if (p->nr_claims > MAX_SET)
		return -E2BIG;
	if (!entries)
		return -EFAULT;
	for (uint32_t i = 0; i < p->nr_claims; i++)
		if (entries[i].pad)
			return -EINVAL;
	for (uint32_t i = 0; i < p->nr_claims; i++)
		if (entries[i].target >= NODES && entries[i].target != CLAIM_TARGET_HOST)
			return -ENOENT;
	return 0;
}

static int install(const struct claim_payload *p)
{
	int rc = check_entries(p);

	if (rc)
		return rc;
	xen.nr_claims = 0;
	for (uint32_t i = 0; i < p->nr_claims; i++)
		if (entries_of(p)[i].pages)
			xen.claims[xen.nr_claims++] = entries_of(p)[i];
	return 0;
}

static int read_out(struct claim_payload *p, int too_small)
{
	uint32_t room = p->nr_claims;

	p->nr_claims = xen.nr_claims;
	if (room < xen.nr_claims)
		return -too_small;
	memcpy(entries_of(p), xen.claims, xen.nr_claims * sizeof(*xen.claims));
	return 0;
}

static int speak_nothing(uint32_t number, struct claim_payload *p)
{
	(void)number;
	(void)p;
	return -ENOSYS;
}

static int speak_no_iommu(uint32_t number, struct claim_payload *p)
{
	(void)number;
	(void)p;
	return -EOPNOTSUPP;
}

/* Only asking is allowed. */
static int speak_forbidden(uint32_t number, struct claim_payload *p)
{
	return number == 92 ? read_out(p, ENOBUFS) : -EPERM;
}

static int speak_unknown(uint32_t number, struct claim_payload *p)
{
	(void)p;
	return number == 91 ? -E2BIG : -ENOSYS;
}

static int speak_v6(uint32_t number, struct claim_payload *p)
{
	if (number != 91)
		return -EOPNOTSUPP;
	return !p->nr_claims || p->pad ? -EINVAL : install(p);
}

static int speak_v7(uint32_t number, struct claim_payload *p)
{
	if (number != 91)
		return -ENOSYS;
	if (p->pad == 1)
		return read_out(p, ERANGE);
	return !p->nr_claims || p->pad ? -EINVAL : install(p);
}

static int set_v8(const struct claim_payload *p)
{
	if (!xen.paused && !xen.pause_last)
		return -EBUSY;
	for (uint32_t i = 0; i < p->nr_claims; i++)
		if (!entries_of(p)[i].pages && !xen.takes_empty)
			return -EINVAL;
	return xen.paused ? install(p) : -EBUSY;
}

static int speak_v8(uint32_t number, struct claim_payload *p)
{
	if (number == 92)
		return read_out(p, ENOBUFS);
	return number == 91 ? set_v8(p) : -ENOSYS;
}

/* libxencall, as far as it is used. */
void *xencall_alloc_buffer(xencall_handle *handle, size_t size)
{
	(void)handle;
	return calloc(1, size);
}

void xencall_free_buffer(xencall_handle *handle, void *p)
{
	(void)handle;
	free(p);
}

static int result(int rc)
{
	errno = -rc;
	return rc ? -1 : 0;
}

int xencall1(xencall_handle *handle, unsigned int op, uint64_t arg)
{
	struct xen_domctl *domctl = (void *)(uintptr_t)arg;
	struct claim_payload *p = (void *)&domctl->u;

	(void)handle;
	assert_int_equal(op, __HYPERVISOR_domctl);
	assert_int_equal(domctl->interface_version, XEN_DOMCTL_INTERFACE_VERSION);
	xen.domid = domctl->domain;
	xen.number = domctl->cmd;
	xen.nr = p->nr_claims;
	xen.word = p->pad;
	return result(xen.domctl(domctl->cmd, p));
}

int xencall2(xencall_handle *handle, unsigned int op, uint64_t arg1, uint64_t arg2)
{
	const struct xen_memory_reservation *r = (void *)(uintptr_t)arg2;

	(void)handle;
	assert_int_equal(op, __HYPERVISOR_memory_op);
	assert_int_equal(arg1, XENMEM_claim_pages);
	xen.number = 0;
	if (!xen.legacy)
		return result(-ENOSYS);
	if (r->extent_order || r->mem_flags)
		return result(-EINVAL);
	xen.nr_claims = r->nr_extents ? 1 : 0;
	xen.claims[0] = (struct claim_entry){r->nr_extents, CLAIM_TARGET_HOST, 0};
	return 0;
}

static const struct claim_entry held[] = {{5, 0, 0}, {3, CLAIM_TARGET_HOST, 0}};

static struct claim_call *open_call(void)
{
	struct claim_call *call;

	assert_int_equal(claim_call_open(NULL, &call), 0);
	return call;
}

/* With and without claims of the domain that is asked about. */
static void expect_dialect(const char *name)
{
	struct claim_call *call = open_call();

	for (uint32_t n = 0; n <= 2; n += 2) {
		memcpy(xen.claims, held, sizeof(held));
		xen.nr_claims = n;
		assert_string_equal(dialect_probe(call)->name, name);
		assert_int_equal(xen.nr_claims, n);
		assert_memory_equal(xen.claims, held, sizeof(held));
	}
	claim_call_close(call);
}

static void test_probe(void **state)
{
	static const struct {
		int (*domctl)(uint32_t number, struct claim_payload *p);
		const char *name;
	} speakers[] = {
		{speak_nothing, "legacy"}, {speak_no_iommu, "legacy"}, {speak_forbidden, "legacy"},
		{speak_unknown, "legacy"}, {speak_v6, "v6"},	       {speak_v7, "v7"},
		{speak_v8, "v8"},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(speakers) / sizeof(*speakers); i++) {
		memset(&xen, 0, sizeof(xen));
		xen.domctl = speakers[i].domctl;
		xen.legacy = true;
		expect_dialect(speakers[i].name);
		/* Whichever of its conditions v8 looks at first, or has at all. */
		xen.pause_last = true;
		expect_dialect(speakers[i].name);
		xen.paused = true;
		expect_dialect(speakers[i].name);
		xen.takes_empty = true;
		expect_dialect(speakers[i].name);
	}
	xen.domctl = speak_nothing;
	xen.legacy = false;
	expect_dialect("none");
}

static const struct dialect *meet(struct claim_call *call, int (*domctl)(uint32_t number,
									  struct claim_payload *p))
{
	memset(&xen, 0, sizeof(xen));
	xen.domctl = domctl;
	xen.legacy = true;
	xen.paused = true;
	return dialect_probe(call);
}

static int set(const struct dialect *d, struct claim_call *call, const struct claim_entry *entries,
	       size_t n)
{
	int rc = dialect_prepare_set(d, call, DOMID, entries, n);

	return rc ? rc : claim_call_issue(call);
}

static void expect_words(uint32_t number, uint32_t nr, uint32_t word)
{
	assert_int_equal(xen.domid, DOMID);
	assert_int_equal(xen.number, number);
	assert_int_equal(xen.nr, nr);
	assert_int_equal(xen.word, word);
}

/* The words of a release differ: one entry, or none. */
static void check_set(struct claim_call *call, const struct dialect *d, uint32_t release_entries)
{
	const struct claim_entry mixed[] = {{0, 1, 0}, {5, 0, 0}, {3, CLAIM_TARGET_HOST, 0}};
	const struct claim_entry cancel = {0, CLAIM_TARGET_HOST, 0};

	assert_int_equal(set(d, call, mixed, 3), 0);
	expect_words(91, d->empty_releases ? 2 : 3, 0);
	assert_int_equal(xen.nr_claims, 2);
	assert_memory_equal(xen.claims, held, sizeof(held));
	assert_int_equal(set(d, call, &cancel, 1), 0);
	expect_words(91, release_entries, 0);
	assert_int_equal(xen.nr_claims, 0);

	assert_int_equal(set(d, call, held, 2), 0);
	assert_int_equal(xen.nr_claims, 2);
	assert_int_equal(dialect_release(d, call, DOMID), 0);
	expect_words(91, release_entries, 0);
	assert_int_equal(xen.nr_claims, 0);
	assert_int_equal(dialect_prepare_set(d, call, DOMID, held, CLAIM_MAX_ENTRIES + 1), -E2BIG);
}

static void check_get(struct claim_call *call, const struct dialect *d, uint32_t number,
		      uint32_t word)
{
	struct claim_entry read[4];
	size_t n = 4;

	assert_int_equal(dialect_get(d, call, DOMID, read, &n), 0);
	expect_words(number, 4, word);
	assert_int_equal(n, 0);
	assert_int_equal(set(d, call, held, 2), 0);
	n = 1;
	assert_int_equal(dialect_get(d, call, DOMID, read, &n), -ENOBUFS);
	assert_int_equal(n, 2);
	assert_int_equal(dialect_get(d, call, DOMID, read, &n), 0);
	assert_int_equal(n, 2);
	assert_memory_equal(read, held, sizeof(held));
}

static void test_v6(void **state)
{
	struct claim_call *call = open_call();
	const struct dialect *d = meet(call, speak_v6);
	struct claim_entry read[4];
	size_t n = 4;

	(void)state;
	check_set(call, d, 1);
	assert_int_equal(dialect_get(d, call, DOMID, read, &n), -EOPNOTSUPP);
	claim_call_close(call);
}

static void test_v7(void **state)
{
	struct claim_call *call = open_call();
	const struct dialect *d = meet(call, speak_v7);

	(void)state;
	check_set(call, d, 1);
	check_get(call, d, 91, 1);
	claim_call_close(call);
}

static void test_v8(void **state)
{
	struct claim_call *call = open_call();
	const struct dialect *d = meet(call, speak_v8);

	(void)state;
	assert_true(d->needs_pause);
	check_set(call, d, 0);
	check_get(call, d, 92, 0);
	xen.paused = false;
	assert_int_equal(set(d, call, held, 2), -EBUSY);
	assert_int_equal(dialect_release(d, call, DOMID), -EBUSY);
	claim_call_close(call);
}

static void test_legacy(void **state)
{
	struct claim_call *call = open_call();
	const struct dialect *d = meet(call, speak_nothing);

	(void)state;
	assert_int_equal(set(d, call, held, 2), -EOPNOTSUPP);
	claim_legacy_prepare(call, DOMID, 4);
	assert_int_equal(claim_legacy_issue(call), 0);
	assert_int_equal(xen.nr_claims, 1);
	assert_int_equal(dialect_release(d, call, DOMID), 0);
	assert_int_equal(xen.nr_claims, 0);

	xen.legacy = false;
	d = dialect_probe(call);
	assert_int_equal(dialect_release(d, call, DOMID), 0);
	claim_call_close(call);
}

/* More than there is room for is taken for no answer. */
static int speak_lies(uint32_t number, struct claim_payload *p)
{
	if (number == 91 && p->pad == 1)
		p->nr_claims = 5;
	return 0;
}

static void test_lies(void **state)
{
	struct claim_call *call = open_call();
	const struct dialect *d = meet(call, speak_lies);
	struct claim_entry read[4];
	size_t n = 4;

	(void)state;
	assert_int_equal(dialect_get(d, call, DOMID, read, &n), -EPROTO);
	n = CLAIM_MAX_ENTRIES + 1;
	assert_int_equal(dialect_get(d, call, DOMID, read, &n), -E2BIG);
	claim_call_close(call);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_probe), cmocka_unit_test(test_v6),
		cmocka_unit_test(test_v7),    cmocka_unit_test(test_v8),
		cmocka_unit_test(test_legacy), cmocka_unit_test(test_lies),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
