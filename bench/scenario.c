// SPDX-License-Identifier: GPL-2.0-only
/* claimperf-scenario: runs a scenario without a word, so that it can be timed from outside. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "bench/heap_options.h"
#include "bench/scenarios.h"
#include "lib/msg.h"
#include "lib/options.h"
#include "lib/parse.h"

#define PAGE_BYTES 4096
#define MIN_SIZE (64ull << 20)
#define MAX_SIZE (1ull << 44)
#define MAX_REPEAT 1000000

static const char *const claim_names[CLAIM_MODES + 1] = {
	[CLAIM_BEST] = "best",
	[CLAIM_NONE] = "none",
	[CLAIM_LEGACY] = "legacy",
	[CLAIM_SET] = "set",
};

struct options {
	struct heap_options heap;
	struct scenario_host host;
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
	"Exit status: 0, 1 when pages are missing, claims are left or memory is not back, "
	"2 when it cannot run here.\n";

static uint64_t parse_pages(struct argp_state *state, const char *text)
{
	uint64_t bytes = 0;

	if (parse_size(text, &bytes) || bytes < MIN_SIZE || bytes > MAX_SIZE)
		argp_error(state, "--size %s: not a size from 64M to 16T", text);
	return bytes / PAGE_BYTES;
}

static void choose_scenario(struct argp_state *state, struct options *o, const char *name)
{
	if (o->scenario)
		argp_error(state, "one scenario at a time, not '%s' as well", name);
	for (const struct scenario *s = scenarios; s->name; s++)
		if (!strcmp(name, s->name))
			o->scenario = s;
	if (!o->scenario)
		argp_error(state, "'%s' is no scenario; see --help", name);
}

static void print_names(void)
{
	for (const struct scenario *s = scenarios; s->name; s++)
		puts(s->name);
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
	case OPT_CLAIM: o->host.claim = (enum claim_mode)option_word(state, "--claim", arg, claim_names); break;
	case OPT_REPEAT: o->repeat = option_number(state, "--repeat", arg, MAX_REPEAT); break;
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

static void settle_claim(struct scenario_host *host)
{
	bool sets = xen_has_claim_sets(host->xen);

	if (host->claim == CLAIM_SET && !sets)
		die(EXIT_USAGE, "--claim set: this hypervisor has no claim sets");
	if (host->claim == CLAIM_BEST)
		host->claim = sets ? CLAIM_SET : CLAIM_LEGACY;
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
	heap_options_boot(&o.heap, o.host.nodes);
	rc = xen_open(&o.host.xen);
	if (rc)
		die(EXIT_USAGE, "%s", strerror(-rc));
	settle_claim(&o.host);
	scenario_run(o.scenario, &o.host, o.repeat);
	xen_close(o.host.xen);
	return 0;
}
