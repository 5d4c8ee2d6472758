// SPDX-License-Identifier: GPL-2.0-only
/* The rules of XENMEM_claim_pages, also as an entry of the new call. */
#include <errno.h>

#include "tests/contract/tests.h"

static const struct holding nothing;

static int claim_by_domctl(struct machine *m, uint32_t domid, uint64_t pages)
{
	return SET(m, domid, {pages, LEGACY, 0});
}

static void test_rules(struct machine *m, const char *by,
		       int (*claim)(struct machine *m, uint32_t domid, uint64_t pages))
{
	uint32_t domid = must_create_domain(m, HVM);

	must_set_max_pages(m, domid, 1000);
	equal(populate(m, domid, 0, ANY_NODE, 10), 10, "%s: a domain with 10 pages", by);
	equal(claim(m, domid, 9), -EINVAL, "%s: fewer than it has: EINVAL", by);
	equal(claim(m, domid, 10), -EINVAL,
	      "%s: as many as it has: EINVAL, as ever in this release", by);
	equal(claim(m, domid, 1001), -EINVAL, "%s: more than max_pages: EINVAL", by);
	check_holding(m, domid, &nothing, "  nothing is held");
	equal(claim(m, domid, 11), 0, "%s: one more than it has", by);
	check_holding(m, domid, &(struct holding){.host = 1}, "  is a claim of one page");
	equal(claim(m, domid, 0), 0, "%s: 0 pages cancel", by);
	equal(claim(m, domid, 1000), 0, "%s: max_pages", by);
	check_holding(m, domid, &(struct holding){.host = 990}, "  is a claim of what it lacks");
	equal(claim(m, domid, 1000), -EINVAL, "%s: a second claim: EINVAL", by);
	check_holding(m, domid, &(struct holding){.host = 990}, "  the first is as before");

	equal(SET(m, domid, {40, 1, 0}, {2, HOST, 0}), 0, "a set replaces a legacy claim");
	equal(claim(m, domid, 100), -EINVAL, "%s: a claim besides a set: EINVAL", by);
	SET(m, domid, {40, 1, 0});
	equal(claim(m, domid, 100), -EINVAL, "%s: a claim besides a node claim: EINVAL", by);
	check_holding(m, domid, &(struct holding){.node = {0, 40}}, "  the set is as before");
	equal(claim(m, domid, 0), 0, "%s: 0 pages cancel the set", by);
	check_holding(m, domid, &nothing, "  nothing is held");
	must_destroy_domain(m, domid);
}

static void test_memory(struct machine *m, const char *by,
			int (*claim)(struct machine *m, uint32_t domid, uint64_t pages))
{
	uint32_t domid = must_create_domain(m, HVM);
	uint64_t all;

	populate(m, domid, 0, ANY_NODE, 10);
	SET(m, prober(m), {1000, 0, 0}, {500, HOST, 0});
	all = unclaimed(m);
	equal(claim(m, domid, all + 11), -ENOMEM, "%s: more than is unclaimed: ENOMEM", by);
	equal(must_read_claimed(m, domid) == 0, 1, "  nothing is held");
	equal(claim(m, domid, all + 10), 0, "%s: all that is unclaimed", by);
	equal(unclaimed(m) == 0, 1, "  is gone then");
	equal(SET(m, domid, {5, 1, 0}), 0, "a set replaces it");
	legacy_claim(m, prober(m), 0);
	check_holding(m, domid, &(struct holding){.node = {0, 5}}, "  and is held");
	must_destroy_domain(m, domid);
	check_holding(m, prober(m), &nothing, "death cancels it");
}

void test_legacy(struct machine *m)
{
	test_rules(m, "XENMEM_claim_pages", legacy_claim);
	test_rules(m, "legacy entry", claim_by_domctl);
	test_memory(m, "XENMEM_claim_pages", legacy_claim);
	test_memory(m, "legacy entry", claim_by_domctl);
}
