// SPDX-License-Identifier: GPL-2.0-only
/*
 * dom0 is a domain without claims, whose memory goes up and down. Most of these tests give it pages
 * which its kernel does not know of, and take them away again: a balloon that does as it is told.
 */
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <unistd.h>

#include "tests/contract/tap.h"
#include "tests/contract/tests.h"

#define BALLOON "/sys/devices/system/xen_memory/xen_memory0/"
#define KIB_PER_PAGE 4
#define BALLOON_PAGES 1024

static void give_room(struct machine *m)
{
	must_set_max_pages(m, DOM0, must_read_pages(m, DOM0) + 10000);
}

void test_balloon_host(struct machine *m)
{
	uint32_t holder = must_create(m);

	give_room(m);
	equal(populate(m, DOM0, 0, ANY_NODE, 100), 100, "nothing is claimed: dom0 gets 100 pages");
	must_free_pages(m, DOM0, 60);
	SET(m, holder, {host_free(m), HOST, 0});
	equal(populate(m, DOM0, 0, ANY_NODE, 1), 0, "it gave up 60, all is claimed: no page");
	equal(populate(m, DOM0, BIG_ORDER, ANY_NODE, 1), 0, "  no large one");
	must_free_pages(m, DOM0, 30);
	equal(populate(m, DOM0, 0, ANY_NODE, 40), 30, "it gives up 30 more: it gets 30, no more");
	HOLDS(m, holder, "the claim is as before", .host = host_free(m));
}

void test_balloon_node(struct machine *m)
{
	uint32_t holder = must_create(m);
	uint64_t all = node_free(m, 0);

	give_room(m);
	SET(m, holder, {all, 0, 0});
	equal(populate(m, DOM0, 0, 0, 1), 0, "no page of the claimed node");
	equal(populate(m, DOM0, 0, 1, 10), 10, "10 of another");
	equal(populate(m, DOM0, 0, ANY_NODE, 100), 100, "100 of any node");
	equal((int64_t)node_free(m, 0), (int64_t)all, "  which is another");
	HOLDS(m, holder, "the claim is as before", .node = {all});
}

void test_balloon_between(struct machine *m)
{
	uint32_t holder = must_create(m), other = must_create(m);
	uint64_t all;

	give_room(m);
	equal(populate(m, DOM0, 0, 0, 200), 200, "dom0 has 200 pages of node 0");
	all = node_free(m, 0);
	SET(m, holder, {all, 0, 0});
	must_free_pages(m, DOM0, 100);
	HOLDS(m, holder, "it gives up 100: the claim is as before", .node = {all});
	equal(SET(m, holder, {all + 100, 0, 0}), 0, "  but may grow by them");
	equal(SET(m, holder, {all + 101, 0, 0}), -ENOMEM, "  and no more");
	SET(m, holder, {all, 0, 0});
	equal(populate(m, other, 0, 0, 50), 50, "  or another gets some");
	equal(populate(m, holder, 0, 0, 300), 300, "the claim is redeemed in part");
	must_free_pages(m, DOM0, 50);
	HOLDS(m, holder, "dom0 gives up 50 more: the same is left", .node = {all - 300});
	equal(populate(m, DOM0, 0, 0, 200), 100, "it gets back what is unclaimed");
	HOLDS(m, holder, "  not what is claimed", .node = {all - 300});
}

void test_balloon_own(struct machine *m)
{
	uint32_t other = must_create(m);

	give_room(m);
	equal(SET(m, DOM0, {30, 0, 0}, {20, HOST, 0}), 0, "dom0 claims 50 pages");
	HOLDS(m, DOM0, "  and holds the claims", .host = 20, .node = {30});
	equal(SET(m, other, {host_free(m) - 50, HOST, 0}), 0, "  others have the rest");
	equal(populate(m, DOM0, 0, 0, 60), 50, "  so it gets 50");
	equal((int64_t)must_read_claimed(m, DOM0), 0, "  and no claim is left");
}

static bool read_kib(const char *name, uint64_t *kib)
{
	FILE *file = fopen(name, "r");
	bool good = file && fscanf(file, "%" SCNu64, kib) == 1;

	if (file)
		fclose(file);
	return good;
}

static void set_target(uint64_t kib)
{
	FILE *file = fopen(BALLOON "target_kb", "w");

	ok(file && fprintf(file, "%" PRIu64 "\n", kib) > 0 && !fclose(file), "target set");
}

/* The driver works in the background, and tries again a second after it was refused. */
static void wait_for_pages(struct machine *m, uint64_t pages, const char *name)
{
	for (unsigned int ms = 0; ms < 10000 && must_read_pages(m, DOM0) != pages; ms += 10)
		usleep(10000);
	equal((int64_t)must_read_pages(m, DOM0), (int64_t)pages, "%s", name);
}

void test_balloon_kernel(struct machine *m)
{
	uint64_t target, pages = must_read_pages(m, DOM0), all;
	uint32_t holder = must_create(m);

	if (!read_kib(BALLOON "target_kb", &target))
		abandon("dom0's kernel has no balloon");
	set_target(target - BALLOON_PAGES * KIB_PER_PAGE);
	wait_for_pages(m, pages - BALLOON_PAGES, "dom0 gives up 1024 pages");
	all = host_free(m);
	SET(m, holder, {all, HOST, 0});
	set_target(target);
	usleep(300000);
	equal((int64_t)must_read_pages(m, DOM0), (int64_t)(pages - BALLOON_PAGES),
	      "all is claimed: it gets none back");
	HOLDS(m, holder, "  the claim is as before", .host = all);
	SET(m, holder, {0, HOST, 0});
	wait_for_pages(m, pages, "nothing is: it gets them back");
}
