// SPDX-License-Identifier: GPL-2.0-only
/*
 * claimperf-scenario: what a host does with whole domains, on Xen's allocator in this process. It
 * prints nothing, so that it can be timed from outside, and checks what it did.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "bench/heap_options.h"
#include "bench/xen.h"
#include "lib/msg.h"
#include "lib/options.h"
#include "lib/parse.h"

#define PAGE_BYTES 4096
#define SUPERPAGE_ORDER 9
#define SUPERPAGE (1ull << SUPERPAGE_ORDER)
#define DOMAINS 32
#define MIN_SIZE (64ull << 20)
#define MAX_SIZE (1ull << 44)

enum claim_mode { CLAIM_BEST, CLAIM_NONE, CLAIM_LEGACY, CLAIM_SET, CLAIM_MODES };

static const char *const claim_names[CLAIM_MODES] = {
	[CLAIM_BEST] = "best",
	[CLAIM_NONE] = "none",
	[CLAIM_LEGACY] = "legacy",
	[CLAIM_SET] = "set",
};

/* A domain, with equal shares of its memory on each of its nodes. */
struct guest {
	uint32_t domid;
	unsigned int first_node, nodes;
	uint64_t pages;
};

struct host {
	struct xen *xen;
	enum claim_mode claim;
	unsigned int nodes;
	uint64_t pages; /* of all domains of the scenario */
};

struct scenario {
	const char *name;
	void (*run)(const struct host *host);
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

static void create(const struct host *host, struct guest *guest)
{
	check(xen_create_domain(host->xen, XEN_HVM, guest->pages, &guest->domid), guest, "create");
}

static int claim_set(const struct host *host, const struct guest *guest)
{
	struct xen_claim set[XEN_MAX_NODES];

	for (unsigned int i = 0; i < guest->nodes; i++)
		set[i] = (struct xen_claim){share_of(guest, i), guest->first_node + i};
	return xen_claim_set(host->xen, guest->domid, set, guest->nodes);
}

static void check_holding(const struct host *host, const struct guest *guest, uint64_t pages,
			  uint64_t claimed)
{
	uint64_t has_pages, has_claimed;

	check(xen_read_domain(host->xen, guest->domid, &has_pages, &has_claimed), guest, "read");
	if (has_pages != pages || has_claimed != claimed)
		die(EXIT_REGRESSION, "domain %u has %lu pages and %lu claimed, not %lu and %lu",
		    guest->domid, has_pages, has_claimed, pages, claimed);
}

static void claim(const struct host *host, const struct guest *guest)
{
	if (host->claim == CLAIM_SET)
		check(claim_set(host, guest), guest, "claim a set");
	else if (host->claim == CLAIM_LEGACY)
		check(xen_claim_legacy(host->xen, guest->domid, guest->pages), guest, "claim");
	check_holding(host, guest, 0, host->claim == CLAIM_NONE ? 0 : guest->pages);
}

static void populate(const struct host *host, const struct guest *guest, unsigned int order,
		     unsigned int node, uint64_t extents)
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
static void build(const struct host *host, const struct guest *guest)
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

static void destroy(const struct host *host, const struct guest *guest)
{
	check(xen_destroy_domain(host->xen, guest->domid), guest, "destroy");
}

static void run_start(const struct host *host)
{
	(void)host;
}

static void run_build(const struct host *host)
{
	struct guest guest = {.nodes = host->nodes, .pages = host->pages};

	create(host, &guest);
	claim(host, &guest);
	build(host, &guest);
	destroy(host, &guest);
}

/* Small domains fit on a node: the first on the first, and so on. */
static void create_small(const struct host *host, struct guest *guest, unsigned int i)
{
	*guest = (struct guest){
		.first_node = i % host->nodes, .nodes = 1, .pages = host->pages / DOMAINS};
	create(host, guest);
}

static void run_many(const struct host *host)
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

static void run_storm(const struct host *host)
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

static const struct scenario scenarios[] = {
	{"build", run_build},
	{"many", run_many},
	{"storm", run_storm},
	{"start", run_start},
};
#define SCENARIOS (sizeof(scenarios) / sizeof(*scenarios))

struct options {
	struct heap_options heap;
	struct host host;
	const struct scenario *scenario;
	unsigned int repeat;
};

enum { OPT_NODES = 256, OPT_SIZE, OPT_CLAIM, OPT_REPEAT, OPT_LIST };

static const struct argp_option argp_options[] = {
	{"nodes", OPT_NODES, "N", 0, "NUMA nodes, up to 64 (1)", 0},
	{"size", OPT_SIZE, "SIZE", 0, "Memory of all domains together (4G)", 0},
	{"claim", OPT_CLAIM, "best|none|legacy|set", 0,
	 "What a domain claims before it is built; best: a set, or the legacy claim where the "
	 "hypervisor has no sets (best)",
	 0},
	{"repeat", OPT_REPEAT, "N", 0, "Times that the scenario is run (4)", 0},
	{"list", OPT_LIST, NULL, 0, "Print the names of the scenarios", 0},
	{0},
};

static const char doc[] =
	"Runs a scenario on Xen's page allocator in this process; claimperf scenario times it.\v"
	"Scenarios:\n"
	"  build  one domain over all nodes: create, claim, populate node by node with\n"
	"         superpages and a tail of 2 MiB in single pages, release what is left\n"
	"         of the claim, destroy. How long does a big domain take?\n"
	"  many   32 domains, each on a node, are claimed for and built one after the\n"
	"         other, then destroyed. How long does it take to fill a host?\n"
	"  storm  the same, but all claim before the first is built. What do the claims\n"
	"         of others cost when everything boots at once?\n"
	"  start  nothing: what is in the times of the others besides their work.\n\n"
	"Exit status: 0, 1 when pages are missing, claims are left or memory is not back, 2 when "
	"it "
	"cannot run here.\n";

static uint64_t parse_pages(struct argp_state *state, const char *text)
{
	uint64_t bytes = 0;

	if (parse_size(text, &bytes) || bytes < MIN_SIZE || bytes > MAX_SIZE)
		argp_error(state, "--size %s: not a size from 64M to 16T", text);
	return bytes / PAGE_BYTES;
}

static enum claim_mode parse_claim(struct argp_state *state, const char *text)
{
	for (unsigned int i = 0; i < CLAIM_MODES; i++)
		if (!strcmp(text, claim_names[i]))
			return (enum claim_mode)i;
	argp_error(state, "--claim %s: neither best, none, legacy nor set", text);
	return CLAIM_BEST;
}

static void choose_scenario(struct argp_state *state, struct options *o, const char *name)
{
	if (o->scenario)
		argp_error(state, "one scenario at a time, not '%s' as well", name);
	for (unsigned int i = 0; i < SCENARIOS; i++)
		if (!strcmp(name, scenarios[i].name))
			o->scenario = &scenarios[i];
	if (!o->scenario)
		argp_error(state, "'%s' is no scenario; see --help", name);
}

static void print_names(void)
{
	for (unsigned int i = 0; i < SCENARIOS; i++)
		puts(scenarios[i].name);
	exit(0);
}

static error_t parse_option(int key, char *arg, struct argp_state *state)
{
	struct options *o = state->input;

	switch (key) {
	case ARGP_KEY_INIT: state->child_inputs[0] = &o->heap; break;
	case OPT_NODES:
		o->host.nodes = option_number(state, "--nodes", arg, XEN_MAX_NODES);
		break;
	case OPT_SIZE: o->host.pages = parse_pages(state, arg); break;
	case OPT_CLAIM: o->host.claim = parse_claim(state, arg); break;
	case OPT_REPEAT: o->repeat = option_number(state, "--repeat", arg, 1000000); break;
	case OPT_LIST: print_names(); break;
	case ARGP_KEY_ARG: choose_scenario(state, o, arg); break;
	case ARGP_KEY_END:
		if (!o->scenario)
			argp_error(state, "which scenario? See --help");
		break;
	default: return ARGP_ERR_UNKNOWN;
	}
	return 0;
}

static const struct argp argp = {
	.options = argp_options,
	.parser = parse_option,
	.children = (const struct argp_child[]){{&heap_argp, 0, NULL, 0}, {0}},
	.args_doc = "SCENARIO",
	.doc = doc,
};

static void settle_claim(struct host *host)
{
	bool sets = xen_has_claim_sets(host->xen);

	if (host->claim == CLAIM_SET && !sets)
		die(EXIT_USAGE, "--claim set: this hypervisor has no claim sets");
	if (host->claim == CLAIM_BEST)
		host->claim = sets ? CLAIM_SET : CLAIM_LEGACY;
}

static void run(const struct host *host, const struct scenario *scenario, unsigned int repeat)
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

int main(int argc, char **argv)
{
	struct options o = {
		.host = {.nodes = 1, .pages = (4ull << 30) / PAGE_BYTES},
		.repeat = 4,
	};
	int rc;

	argp_err_exit_status = EXIT_USAGE;
	argp_parse(&argp, argc, argv, 0, NULL, &o);
	/* Nothing is timed in here, so that nobody waits for the clock to be calibrated. */
	o.heap.host.count = true;
	heap_options_boot(&o.heap, o.host.nodes);
	rc = xen_open(&o.host.xen);
	if (rc)
		die(EXIT_USAGE, "%s", strerror(-rc));
	settle_claim(&o.host);
	run(&o.host, o.scenario, o.repeat);
	xen_close(o.host.xen);
	return 0;
}
