/* SPDX-License-Identifier: GPL-2.0-only */
/* The options that say which heap a program runs on: --heap, --memory, --cpus, --history. */
#ifndef BENCH_HEAP_OPTIONS_H
#define BENCH_HEAP_OPTIONS_H

#include <argp.h>
#include <stdint.h>

#include "bench/xen_host.h"

struct heap_options {
	struct xen_host host;
	uint64_t node_bytes; /* 0: not given */
};

/* The child's input is a struct heap_options. Nodes are an option of the parent. */
extern const struct argp heap_argp;

/* A number from 1 to max; argp_error() when it is none. */
unsigned int heap_option_count(struct argp_state *state, const char *option, const char *text,
			       uint64_t max);

/* xen_host_boot(), once per process; ends the program when there is no --heap. */
void heap_options_boot(struct heap_options *o, unsigned int nodes);

#endif
