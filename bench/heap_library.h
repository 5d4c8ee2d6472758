/* SPDX-License-Identifier: GPL-2.0-only */
/* The functions of bench/host/heap.h from a library chosen at run time: one per hypervisor. */
#ifndef BENCH_HEAP_LIBRARY_H
#define BENCH_HEAP_LIBRARY_H

#include "bench/host/heap.h"

#define HEAP_FUNCTIONS(f)                                                                          \
	f(place) f(boot) f(age) f(enter_thread) f(leave_thread) f(create_domain) f(kill_domain)    \
	f(destroy_domain) f(set_max_pages) f(claim_set) f(claim_legacy) f(alloc) f(free)           \
	f(read_counters) f(read_domain) f(start_tracing) f(stop_tracing) f(write_trace)

#define HEAP_POINTER(name) typeof(heap_##name) *name;
struct heap_library {
	HEAP_FUNCTIONS(HEAP_POINTER)
};
#undef HEAP_POINTER

/* Never closed: Xen's memory stays mapped. Ends the program when it cannot be used. */
void heap_library_open(const char *path, struct heap_library *heap);

#endif
