// SPDX-License-Identifier: GPL-2.0-only
#include "bench/scenarios.h"

#include <string.h>

#include "lib/msg.h"

#define SUPERPAGE_ORDER 9
#define SUPERPAGE (1ull << SUPERPAGE_ORDER)
#define DOMAINS 32

/* A domain, with equal shares of its memory on each of its nodes. */
struct guest {
	uint32_t domid;
	unsigned int first_node, nodes;
	uint64_t pages;
};

static void check(int rc, const struct guest *guest, const char *what)
{
	if (rc)
		die(EXIT_REGRESSION, "domain %u: %s: %s", guest->domid, what, strerror(-rc));
}

static uint64_t share_of(const struct guest *guest, unsigned int i)
{
	return guest->pages / guest->nodes + (i < guest->pages % guest->nodes);
}

static void create(const struct scenario_host *host, struct guest *guest)
{
	check(xen_create_domain(host->xen, XEN_HVM, guest->pages, &guest->domid), guest, "create");
}

static int claim_set(const struct scenario_host *host, const struct guest *guest)
{
	struct xen_claim set[XEN_MAX_NODES];

	for (unsigned int i = 0; i < guest->nodes; i++)
		set[i] = (struct xen_claim){share_of(guest, i), guest->first_node + i};
	return xen_claim_set(host->xen, guest->domid, set, guest->nodes);
}

static void check_holding(const struct scenario_host *host, const struct guest *guest,
			  uint64_t pages, uint64_t claimed)
{
	uint64_t has_pages, has_claimed;

	check(xen_read_domain(host->xen, guest->domid, &has_pages, &has_claimed), guest, "read");
	if (has_pages != pages || has_claimed != claimed)
		die(EXIT_REGRESSION, "domain %u has %lu pages and %lu claimed, not %lu and %lu",
		    guest->domid, has_pages, has_claimed, pages, claimed);
}

static void claim(const struct scenario_host *host, const struct guest *guest)
{
	if (host->claim == CLAIM_SET)
		check(claim_set(host, guest), guest, "claim a set");
	else if (host->claim == CLAIM_LEGACY)
		check(xen_claim_legacy(host->xen, guest->domid, guest->pages), guest, "claim");
	check_holding(host, guest, 0, host->claim == CLAIM_NONE ? 0 : guest->pages);
}

static void populate(const struct scenario_host *host, const struct guest *guest,
		     unsigned int order, unsigned int node, uint64_t extents)
{
	unsigned int batch;
	long done;

	for (; extents; extents -= batch) {
		batch = extents < XEN_MAX_EXTENTS ? (unsigned int)extents : XEN_MAX_EXTENTS;
		check(xen_prepare_populate(host->xen, guest->domid, order, (int)node, 0, batch),
		      guest, "prepare");
		done = xen_call(host->xen, XEN_POPULATE);
		if (done != (long)batch)
			die(EXIT_REGRESSION,
			    "domain %u: node %u gave %ld of %u extents of order %u", guest->domid,
			    node, done, batch, order);
	}
}

/* As a toolstack does it: superpages, but for the last 2 MiB and what is no multiple of them. */
static void build(const struct scenario_host *host, const struct guest *guest)
{
	for (unsigned int i = 0; i < guest->nodes; i++) {
		uint64_t share = share_of(guest, i);
		uint64_t superpages = share > SUPERPAGE ? share / SUPERPAGE - 1 : 0;
		unsigned int node = guest->first_node + i;

		populate(host, guest, SUPERPAGE_ORDER, node, superpages);
		populate(host, guest, 0, node, share - superpages * SUPERPAGE);
	}
	if (host->claim != CLAIM_NONE)
		check(xen_release_claims(host->xen, guest->domid), guest, "release");
	check_holding(host, guest, guest->pages, 0);
}

static void destroy(const struct scenario_host *host, const struct guest *guest)
{
	check(xen_destroy_domain(host->xen, guest->domid), guest, "destroy");
}

static void run_start(const struct scenario_host *host)
{
	(void)host;
}

static void run_build(const struct scenario_host *host)
{
	struct guest guest = {.nodes = host->nodes, .pages = host->pages};

	create(host, &guest);
	claim(host, &guest);
	build(host, &guest);
	destroy(host, &guest);
}

/* Small domains fit on a node: the first on the first, and so on. */
static void create_small(const struct scenario_host *host, struct guest *guest, unsigned int i)
{
	*guest = (struct guest){
		.first_node = i % host->nodes, .nodes = 1, .pages = host->pages / DOMAINS};
	create(host, guest);
}

static void run_many(const struct scenario_host *host)
{
	struct guest guests[DOMAINS];

	for (unsigned int i = 0; i < DOMAINS; i++) {
		create_small(host, &guests[i], i);
		claim(host, &guests[i]);
		build(host, &guests[i]);
	}
	for (unsigned int i = 0; i < DOMAINS; i++)
		destroy(host, &guests[i]);
}

static void run_storm(const struct scenario_host *host)
{
	struct guest guests[DOMAINS];

	for (unsigned int i = 0; i < DOMAINS; i++) {
		create_small(host, &guests[i], i);
		claim(host, &guests[i]);
	}
	for (unsigned int i = 0; i < DOMAINS; i++)
		build(host, &guests[i]);
	for (unsigned int i = 0; i < DOMAINS; i++)
		destroy(host, &guests[i]);
}

const struct scenario scenarios[] = {
	{"build", run_build}, {"many", run_many}, {"storm", run_storm}, {"start", run_start}, {0},
};

void scenario_run(const struct scenario *scenario, const struct scenario_host *host,
		  unsigned int repeat)
{
	struct xen_memory before, after;

	xen_read_memory(host->xen, &before);
	for (unsigned int i = 0; i < repeat; i++)
		scenario->run(host);
	xen_read_memory(host->xen, &after);
	if (memcmp(&before, &after, sizeof(before)))
		die(EXIT_REGRESSION, "%s: %lu pages free and %lu claimed, not %lu and %lu",
		    scenario->name, after.free_pages, after.claimed_pages, before.free_pages,
		    before.claimed_pages);
}
