// SPDX-License-Identifier: GPL-2.0-only
/* The end of a domain is that of its claims, whatever state they are in. */
#include <errno.h>

#include "bench/xen_compat.h"
#include "tests/contract/tap.h"
#include "tests/contract/tests.h"

static void kill(struct machine *m, uint32_t domid)
{
	must_destroy(m, domid);
	HOLDS_NOTHING(m, prober(m), "with its death, no claim is left");
}

void test_death_set(struct machine *m)
{
	uint32_t domid = must_create(m);

	equal(SET(m, domid, {20, 0, 0}, {30, HOST, 0}), 0, "claims on a node and on the host");
	kill(m, domid);
}

void test_death_redeemed(struct machine *m)
{
	uint32_t domid = must_create(m);

	SET(m, domid, {20, 0, 0}, {30, HOST, 0});
	populate(m, domid, 0, 0, 10);
	HOLDS(m, domid, "half of a node claim is left", .host = 30, .node = {10});
	kill(m, domid);
	domid = must_create(m);
	SET(m, domid, {20, 0, 0}, {30, HOST, 0});
	populate(m, domid, 0, 0, 35);
	HOLDS(m, domid, "half of a host claim is left", .host = 15);
	kill(m, domid);
}

void test_death_legacy(struct machine *m)
{
	uint32_t domid = must_create(m);

	populate(m, domid, 0, ANY_NODE, 10);
	equal(legacy_claim(m, domid, 50), 0, "10 pages, and a legacy claim of 50");
	populate(m, domid, 0, ANY_NODE, 15);
	HOLDS(m, domid, "  25 later", .host = 25);
	kill(m, domid);
}

void test_death_used_up(struct machine *m)
{
	uint32_t domid = must_create(m);

	SET(m, domid, {20, 0, 0}, {30, HOST, 0});
	populate(m, domid, 0, 0, 50);
	HOLDS_NOTHING(m, domid, "all is redeemed");
	kill(m, domid);
}

void test_death_all(struct machine *m)
{
	uint32_t domid = must_create(m), other = must_create(m);
	uint64_t all = host_free(m), all0 = node_free(m, 0);

	SET(m, domid, {all0, 0, 0}, {all - all0, HOST, 0});
	equal(SET(m, other, {1, HOST, 0}), -ENOMEM, "everything is claimed");
	equal(populate(m, other, 0, ANY_NODE, 1), 0, "  no page for another");
	must_destroy(m, domid);
	equal(SET(m, other, {all0, 0, 0}, {all - all0, HOST, 0}), 0, "another claims all of it");
	equal(populate(m, other, 0, ANY_NODE, 10), 10, "  and has pages of it");
}

void test_death_neighbour(struct machine *m)
{
	uint32_t domid = must_create(m), other = must_create(m);

	SET(m, other, {20, 0, 0}, {30, HOST, 0});
	SET(m, domid, {200, 0, 0}, {300, HOST, 0});
	populate(m, domid, 0, 0, 10);
	must_destroy(m, domid);
	HOLDS(m, other, "claims of another are as before", .host = 30, .node = {20});
}

void test_death_dying(struct machine *m)
{
	uint32_t domid = must_create(m);

	populate(m, domid, 0, 0, 10);
	SET(m, domid, {20, 0, 0}, {30, HOST, 0});
	must_kill_and_hold(m, domid);
	equal((int64_t)must_read_pages(m, domid), 1, "one page of it is mapped: it is dying");
	HOLDS_NOTHING(m, domid, "its claims are gone");
}

void test_death_refused(struct machine *m)
{
	uint32_t domid = must_create(m);

	populate(m, domid, 0, 0, 10);
	must_kill_and_hold(m, domid);
	equal(SET(m, domid, {1, HOST, 0}), -ESRCH, "a host claim");
	equal(SET(m, domid, {1, 0, 0}), -ESRCH, "a node claim");
	equal(SET(m, domid, {0, HOST, 0}), -ESRCH, "none");
	equal(SET(m, domid, {100, LEGACY, 0}), -ESRCH, "a legacy entry");
	/* Releases since 4.23 have an answer of their own to that call. */
	equal(legacy_claim(m, domid, 100), XEN_DOMCTL_INTERFACE_VERSION < 0x18 ? -ESRCH : -EINVAL,
	      "a legacy claim");
	HOLDS_NOTHING(m, domid, "nothing is held");
}
