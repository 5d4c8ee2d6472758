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
	/* What it took to have a heap. */
	double start_seconds;
	unsigned long start_peak_kib; /* of this process */
};

/* The child's input is a struct heap_options. Nodes are an option of the parent. */
extern const struct argp heap_argp;

const char *heap_history_name(enum heap_history history);

/* xen_host_boot(), once per process; ends the program when there is no --heap. */
void heap_options_boot(struct heap_options *o, unsigned int nodes);

#endif
