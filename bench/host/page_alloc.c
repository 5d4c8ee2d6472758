/* SPDX-License-Identifier: GPL-2.0-only */
/* Xen's allocator as it is, and a look at what is static in it. */
#include "common/page_alloc.c"

#include "heap.h"
#include "machine.h"

/* What free_heap_pages() does with a buddy whose pages are marked free, and merges with no other.
 */
static void give_buddy(unsigned int node, unsigned long mfn, unsigned int order)
{
	struct page_info *pg = mfn_to_page(_mfn(mfn));
	unsigned int zone;

	/* Written before it is read, or Linux maps 15 more pages around it. */
	pg->count_info = PGC_state_free;
	zone = page_to_zone(pg);
	page_list_add_scrub(pg, node, zone, order, INVALID_DIRTY_IDX);
	avail[node][zone] += 1UL << order;
	total_avail_pages += 1UL << order;
#ifdef HOST_NODE_COUNTERS
	node_avail_pages[node] += 1UL << order;
#endif
}

static void keep_frames(unsigned long mfn, unsigned long nr)
{
	memset(mfn_to_page(_mfn(mfn)), 0, nr * sizeof(struct page_info));
}

/* As _init_heap_pages(), which writes all pages of all buddies. */
static void give_node(unsigned int node, unsigned long s, unsigned long e)
{
	bool use_tail = IS_ALIGNED(s, 1UL << MAX_ORDER) && ffsl(e) <= ffsl(s);
	unsigned long own = init_node_heap(node, s, e - s, &use_tail);

	keep_frames(use_tail ? e - own : s, own);
	if (use_tail)
		e -= own;
	else
		s += own;
	while (s < e) {
		unsigned int order = min(flsl(e - s), ffsl(s)) - 1;

		order = min(order, MAX_ORDER + 0U);
		give_buddy(node, s, order);
		s += 1UL << order;
	}
}

void start_sparse(void)
{
	struct bootmem_region *r = bootmem_region_list;
	unsigned int node;

	BUG_ON(nr_bootmem_regions != 1);
	/* Xen keeps frame 0 away from its heap. */
	if (!r->s)
		keep_frames(r->s++, 1);
	for_each_online_node(node)
		give_node(node, max(r->s, node_start_pfn(node)), min(r->e, node_end_pfn(node)));
	r->s = r->e;
}

void heap_read_host(struct heap_counters *counters)
{
	counters->free = total_avail_pages;
	counters->claimed = outstanding_claims;
	counters->flushes = tlbflush_clock - 1;
}

void heap_read_node(struct heap_counters *counters, unsigned int node)
{
	unsigned long sum = 0;
	unsigned int zone;

	for (zone = 0; zone < NR_ZONES; zone++)
		sum += avail[node][zone];
	counters->node[node].zones = sum;
	counters->node[node].dirty = node_need_scrub[node];
	counters->node[node].free = sum;
	counters->node[node].claimed = 0;
#ifdef HOST_NODE_COUNTERS
	counters->node[node].free = node_avail_pages[node];
#endif
#ifdef HOST_CLAIM_SETS
	counters->node[node].claimed = node_outstanding_claims[node];
#endif
}

void heap_read_counters(struct heap_counters *counters)
{
	unsigned int node;

	heap_read_host(counters);
	for_each_online_node(node)
		heap_read_node(counters, node);
}

void heap_read_orders(unsigned int node, unsigned long blocks[HEAP_ORDERS])
{
	unsigned int zone, order;
	struct page_info *pg;

	BUILD_BUG_ON(HEAP_ORDERS <= MAX_ORDER);
	memset(blocks, 0, HEAP_ORDERS * sizeof(*blocks));
	for (zone = 0; zone < NR_ZONES; zone++)
		for (order = 0; order <= MAX_ORDER; order++)
			page_list_for_each(pg, &heap(node, zone, order)) blocks[order]++;
}

void heap_read_domain(const struct heap_domain *heap_domain, struct heap_holding *holding)
{
	static const unsigned long none[HEAP_MAX_NODES];
	const struct domain *d = (const struct domain *)heap_domain;

	holding->pages = domain_tot_pages(d);
	holding->claims = none;
#ifdef HOST_CLAIM_SETS
	BUILD_BUG_ON(sizeof(d->claims) != sizeof(none));
	holding->host_claims = d->host_claims;
	holding->node_claims = d->node_claims;
	holding->claims = d->claims;
#else
	holding->host_claims = d->outstanding_pages;
	holding->node_claims = 0;
#endif
}
