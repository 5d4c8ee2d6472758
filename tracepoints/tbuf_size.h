/* SPDX-License-Identifier: GPL-2.0-only */
/* How large Xen's trace buffers can and should be. Sizes are in pages of 4 KiB for each CPU. */
#ifndef CLAIMPERF_TRACEPOINTS_TBUF_SIZE_H
#define CLAIMPERF_TRACEPOINTS_TBUF_SIZE_H

#include <stdint.h>

/* cpus: that there can be; Xen sets aside room for their lists of pages. */
uint32_t tbuf_pages_addressable(unsigned int cpus);

/* That fit into this much memory, for the CPUs that are online, lists included. */
uint32_t tbuf_pages_affordable(unsigned int cpus, unsigned int online, uint64_t memory_pages);

/*
 * For a CPU that records this much: twice what comes while the reader, which is woken when a buffer
 * is half full, is kept away for so long. At least some.
 */
uint64_t tbuf_pages_for(uint64_t bytes_per_second, unsigned int milliseconds);

#endif
