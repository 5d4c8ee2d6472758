/* SPDX-License-Identifier: GPL-2.0-only */
/* The host target's side of bench/xen.h: which heap xen_open() opens. */
#ifndef BENCH_XEN_HOST_H
#define BENCH_XEN_HOST_H

#include <stdbool.h>

#include "bench/heap_library.h"

struct xen_host {
	const char *library; /* path of libheap.so */
	struct heap_config config;
	enum heap_history history;
	bool count; /* xen_issue() tells instructions, by callgrind, instead of ticks */
};

/* Start the heap: once, before xen_open(). Kept, not copied; where its frames are is decided here. */
void xen_host_boot(struct xen_host *host);

/* From now on, open the windows of bench/counters.h around the calls issued. */
void xen_host_count_events(bool on);

/* For threads and scenarios that go around the cases. */
const struct heap_library *xen_host_heap(void);

#endif
