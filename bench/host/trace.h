/* SPDX-License-Identifier: GPL-2.0-only */
/* Calls that Xen traces as a whole, in code that this library has not. */
#ifndef BENCH_HOST_TRACE_H
#define BENCH_HOST_TRACE_H

#ifdef HOST_TRACE_POINTS
#include <xen/heap_trace.h>
#define trace_install(d, kind, entries, call)                                                      \
	({                                                                                         \
		uint64_t start_ = heap_traces(HEAP_TRACE_CLAIMS) ? get_cycles() : 0;            \
		int rc_ = (call);                                                                  \
		if (start_)                                                                        \
			heap_trace_emit_install(d, kind, entries, rc_, start_);                    \
		rc_;                                                                               \
	})
#else
#define trace_install(d, kind, entries, call) (call)
#endif

#endif
