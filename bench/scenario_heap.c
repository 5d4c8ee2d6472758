// SPDX-License-Identifier: GPL-2.0-only
#include "bench/scenario_target.h"

#include "bench/heap_options.h"
#include "bench/scenario_play.h"
#include "lib/cpus.h"
#include "lib/msg.h"
#include "lib/options.h"

/* What ages a heap has one of its own, and each xen_open() looks around with another one. */
#define OTHER_DOMAINS 2

const char target_doc[] = "Plays a scenario on Xen's page allocator in this process.";
/* Who waits for a ticket lock spins: a thread that the scheduler stopped holds up all others. */
const unsigned int target_builders = 1;
const unsigned int target_max_domains = HEAP_MAX_DOMAINS - OTHER_DOMAINS;
const char target_cpu_time[] = "this process, with Xen's allocator";

void target_check_builders(unsigned int builders)
{
	if (builders > count_cpus())
		die(EXIT_USAGE,
		    "--builders %u: who waits for heap_lock spins, and there are %u CPUs", builders,
		    count_cpus());
}

static struct {
	struct heap_options heap;
	unsigned int nodes;
} options = {.nodes = 1};

enum { OPT_NODES = 256 };

static error_t parse_option(int key, char *arg, struct argp_state *state)
{
	if (key == ARGP_KEY_INIT)
		state->child_inputs[0] = &options.heap;
	else if (key == OPT_NODES)
		options.nodes = option_number(state, "--nodes", arg, XEN_MAX_NODES);
	else
		return ARGP_ERR_UNKNOWN;
	return 0;
}

static const struct argp argp = {
	.options =
		(const struct argp_option[]){
			{"nodes", OPT_NODES, "N", 0, "NUMA nodes, up to 64 (1)", 0}, {0}},
	.parser = parse_option,
	.children = (const struct argp_child[]){{&heap_argp, 0, NULL, 0}, {0}},
};

const struct argp_child target_children[] = {{&argp, 0, NULL, 0}, {0}};

void target_set_inputs(struct argp_state *state)
{
	state->child_inputs[0] = &options;
}

/* The heap is this process: a signal may end both. */
void target_start(void)
{
	heap_options_boot(&options.heap, options.nodes);
}

uint64_t target_reserve(void)
{
	return 0;
}

int target_begin(struct xen *xen)
{
	(void)xen;
	return 0;
}

int target_end(void)
{
	return 0;
}

void target_enter_thread(void)
{
	xen_host_heap()->enter_thread();
}

void target_leave_thread(void)
{
	xen_host_heap()->leave_thread();
}
