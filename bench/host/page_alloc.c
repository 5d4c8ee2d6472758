/* SPDX-License-Identifier: GPL-2.0-only */
/* Xen's allocator as it is, and a look at what is static in it. */
#include "common/page_alloc.c"

#include "heap.h"

void heap_read_counters(struct heap_counters *counters)
{
	unsigned int node, zone;

	counters->free = total_avail_pages;
	counters->claimed = outstanding_claims;
	for_each_online_node(node)
	{
		unsigned long sum = 0;

		for (zone = 0; zone < NR_ZONES; zone++)
			sum += avail[node][zone];
		counters->node[node].zones = sum;
#ifdef HOST_CLAIM_SETS
		counters->node[node].free = node_avail_pages[node];
		counters->node[node].claimed = node_outstanding_claims[node];
#else
		counters->node[node].free = sum;
		counters->node[node].claimed = 0;
#endif
	}
}

void heap_read_domain(const struct heap_domain *heap_domain, struct heap_holding *holding)
{
	const struct domain *d = (const struct domain *)heap_domain;

	holding->pages = domain_tot_pages(d);
#ifdef HOST_CLAIM_SETS
	holding->host_claims = d->host_claims;
	holding->node_claims = d->node_claims;
	memcpy(holding->claims, d->claims, sizeof(holding->claims));
#else
	memset(holding, 0, sizeof(*holding));
	holding->pages = domain_tot_pages(d);
	holding->host_claims = d->outstanding_pages;
#endif
}
