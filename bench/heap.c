// SPDX-License-Identifier: GPL-2.0-only
/* bench_align_heap(): the same start for every hypervisor, whatever it took for itself. */
#include "bench/bench.h"

#define TRIES 64

/* Allocate from one node; *run says how many of the last frames lie one below the other. */
static int allocate(struct bench *b, uint32_t domain, unsigned int order, int node,
		    unsigned int extents, uint64_t *last, unsigned int *run)
{
	const uint64_t *frames = xen_frames(b->xen);

	if (bench_populate(b, domain, order, node, extents))
		return -1;
	for (unsigned int i = 0; i < extents; i++) {
		*run = frames[i] + (1ull << order) == *last ? *run + 1 : 1;
		*last = frames[i];
	}
	return 0;
}

/* A free block is handed out from its upper end down; its lower end is aligned to its size. */
static int align_node(struct bench *b, uint32_t domain, unsigned int order, unsigned int extents,
		      int node)
{
	uint64_t last = 0;
	unsigned int run = 0;

	for (unsigned int i = 0; i < TRIES; i++) {
		unsigned int left;

		/* Smaller fragments come first. They are used up when a whole block came in one. */
		if (allocate(b, domain, order, node, extents, &last, &run))
			return -1;
		if (run < extents)
			continue;
		left = (unsigned int)(last >> order) % extents;
		if (left && allocate(b, domain, order, node, left, &last, &run))
			return -1;
		if (run >= extents + left)
			return 0;
	}
	/* A much used heap: the minimum over the samples has to do. */
	return 0;
}

int bench_align_heap(struct bench *b, unsigned int order, unsigned int extents)
{
	struct xen_memory memory;
	uint32_t domain;
	int rc;

	if (xen_heap_is_given(b->xen))
		return 0;
	rc = xen_read_memory(b->xen, &memory);
	if (rc)
		return bench_fail(b, rc, "reading free memory");
	if (bench_domain(b, XEN_PV, 0, &domain))
		return -1;
	b->next_frame = 0;
	for (unsigned int node = 0; node < b->host.nodes; node++) {
		/* Nodes without memory, and nearly full ones, stay as they are. */
		if (memory.node_free_pages[node] < (8ull * extents << order))
			continue;
		if (align_node(b, domain, order, extents, (int)node))
			return -1;
	}
	return 0;
}
