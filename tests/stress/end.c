// SPDX-License-Identifier: GPL-2.0-only
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <xenctrl.h>

#include "lib/msg.h"
#include "tests/contract/machine.h"
#include "tests/stress/domains.h"
#include "tests/stress/end.h"

#define SETTLE_MS 20
#define SETTLE_TRIES 500
#define MAX_DOMAINS 256

struct end {
	struct machine *m;
	xc_interface *xc;
	struct memory before;
};

struct end *open_end(void)
{
	struct end *end = calloc(1, sizeof(*end));
	if (!end)
		die(EXIT_USAGE, "out of memory");
	end->m = open_machine();
	end->xc = xc_interface_open(NULL, NULL, 0);
	if (claim_set(claim_call(end->m), DOM0, NULL, 0) == -ENOSYS)
		die(EXIT_SKIPPED, "this hypervisor has no claim sets");
	return end;
}

static void destroy_all(struct end *end, struct world *world)
{
	for (unsigned int i = 0; i < MAX_SLOTS; i++)
		if (world->slots[i].domid)
			xc_domain_destroy(end->xc, world->slots[i].domid);
	for (unsigned int i = world->stock_used; i < STOCK; i++)
		xc_domain_destroy(end->xc, world->stock[i]);
}

static void must_fill_stock(struct end *end, struct world *world)
{
	int rc = fill_stock(end->xc, world);

	if (rc)
		die(EXIT_USAGE, "creating domains: %s", strerror(-rc));
}

void must_begin_with_stock(struct end *end, struct world *world)
{
	must_fill_stock(end, world);
	destroy_all(end, world);
	sleep(1);
	end->before = must_read_memory(end->m);
	must_fill_stock(end, world);
}

unsigned int end_nodes(const struct end *end)
{
	return node_count(end->m);
}

static bool check(bool good, const char *name)
{
	printf("%s: %s\n", good ? "ok" : "not ok", name);
	return good;
}

static uint64_t sum_of_claims(struct end *end)
{
	xc_domaininfo_t info[MAX_DOMAINS];
	int found = xc_domain_getinfolist(end->xc, 0, MAX_DOMAINS, info);
	uint64_t sum = 0;

	for (int i = 0; i < found; i++)
		sum += info[i].outstanding_pages;
	return sum;
}

static bool check_survivors(struct end *end)
{
	struct memory now = must_read_memory(end->m);
	uint64_t nodes = 0, sum = sum_of_claims(end);

	for (unsigned int n = 0; n < node_count(end->m); n++)
		nodes += now.node_free[n];
	printf("%" PRIu64 " pages are claimed, by domains %" PRIu64 ", and %" PRIu64
	       " are free, of nodes %" PRIu64 "\n",
	       now.claimed_pages, sum, now.free_pages, nodes);
	return check(now.claimed_pages == sum, "claims of the domains left add up") &
	       check(now.claimed_pages <= now.free_pages, "there is memory for all of them") &
	       check(now.free_pages == nodes, "free pages of nodes add up");
}

static bool wait_for_memory(struct end *end)
{
	struct memory now;

	for (unsigned int i = 0; i < SETTLE_TRIES; i++) {
		now = must_read_memory(end->m);
		if (!memcmp(&now, &end->before, sizeof(now)))
			return true;
		usleep(SETTLE_MS * 1000);
	}
	printf("%" PRIu64 " pages are claimed, %" PRIu64 " are free of %" PRIu64 " before\n",
	       now.claimed_pages, now.free_pages, end->before.free_pages);
	for (unsigned int n = 0; n < node_count(end->m); n++)
		printf("  node %u: %" PRIu64 " of %" PRIu64 "\n", n, now.node_free[n],
		       end->before.node_free[n]);
	return false;
}

/* Each node in full, one at a time: so nothing of it counts as claimed. */
static bool claim_all_nodes(struct end *end)
{
	bool good = true;

	must_begin(end->m, HVM);
	for (unsigned int n = 0; n < node_count(end->m); n++)
		good &= !SET(end->m, prober(end->m), {node_free(end->m, n), n, 0}) &&
			SET(end->m, prober(end->m), {node_free(end->m, n) + 1, n, 0}) == -ENOMEM;
	xc_domain_destroy(end->xc, prober(end->m));
	return good;
}

bool check_end(struct end *end, struct world *world, bool *all_back)
{
	bool good = check_survivors(end);
	const char *complaint;

	destroy_all(end, world);
	*all_back = wait_for_memory(end);
	good &= check(!must_read_memory(end->m).claimed_pages, "without domains, no claims");
	good &= check(claim_all_nodes(end), "all of each node can be claimed, and no more");
	complaint = console_complaint(end->m);
	good &= check(!complaint, "Xen's console shows no warning, no failed assertion");
	if (complaint)
		puts(complaint);
	return good;
}
