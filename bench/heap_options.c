// SPDX-License-Identifier: GPL-2.0-only
#include "bench/heap_options.h"

#include <stdio.h>
#include <string.h>

#include "lib/clock.h"
#include "lib/msg.h"
#include "lib/options.h"
#include "lib/parse.h"

#define PAGE_BYTES 4096
#define DEFAULT_NODE_BYTES (16ull << 30)

enum { OPT_HEAP = 1024, OPT_MEMORY, OPT_CPUS, OPT_HISTORY };

static const struct argp_option argp_options[] = {
	{"heap", OPT_HEAP, "FILE", 0, "The allocator: what scripts/host/build prints", 0},
	{"memory", OPT_MEMORY, "SIZE", 0, "Memory of each node, a power of two (16G)", 0},
	{"cpus", OPT_CPUS, "N", 0, "CPUs of each node (1)", 0},
	{"history", OPT_HISTORY, "NAME", 0, "fresh, used, fragmented or dirty (fresh)", 0},
	{0},
};

static const char *const histories[] = {
	[HEAP_FRESH] = "fresh",
	[HEAP_USED] = "used",
	[HEAP_FRAGMENTED] = "fragmented",
	[HEAP_DIRTY] = "dirty",
	NULL,
};

const char *heap_history_name(enum heap_history history)
{
	return histories[history];
}

static uint64_t parse_memory(struct argp_state *state, const char *text)
{
	uint64_t bytes = 0;

	if (parse_size(text, &bytes) || bytes < PAGE_BYTES || (bytes & (bytes - 1)))
		argp_error(state, "--memory %s: not a power of two", text);
	return bytes;
}

static error_t parse_option(int key, char *arg, struct argp_state *state)
{
	struct heap_options *o = state->input;

	switch (key) {
	case OPT_HEAP: o->host.library = arg; break;
	case OPT_MEMORY: o->node_bytes = parse_memory(state, arg); break;
	case OPT_CPUS:
		o->host.config.node_cpus = option_number(state, "--cpus", arg, HEAP_MAX_THREADS);
		break;
	case OPT_HISTORY: o->host.history = (enum heap_history)option_word(state, "--history", arg, histories); break;
	default: return ARGP_ERR_UNKNOWN;
	}
	return 0;
}

const struct argp heap_argp = {.options = argp_options, .parser = parse_option};

/* Of this process, in KiB: /proc/self/status. */
static unsigned long peak_memory(void)
{
	FILE *in = fopen("/proc/self/status", "r");
	unsigned long kib = 0;
	char line[128];

	while (in && fgets(line, sizeof(line), in))
		if (sscanf(line, "VmHWM: %lu kB", &kib) == 1)
			break;
	if (in)
		fclose(in);
	return kib;
}

void heap_options_boot(struct heap_options *o, unsigned int nodes)
{
	struct heap_config *config = &o->host.config;
	uint64_t start = clock_ns();

	if (!o->host.library)
		die(EXIT_USAGE, "--heap is missing: the file that scripts/host/build prints");
	if (!o->node_bytes)
		o->node_bytes = DEFAULT_NODE_BYTES;
	config->nodes = nodes;
	config->node_pages = o->node_bytes / PAGE_BYTES;
	config->sparse = true;
	xen_host_boot(&o->host);
	o->start_seconds = (double)(clock_ns() - start) / 1e9;
	o->start_peak_kib = peak_memory();
}
