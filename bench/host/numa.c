/* SPDX-License-Identifier: GPL-2.0-only */
/* The machine: nodes of equal size, one after the other, and Xen's tables about their frames. */
#include <xen/init.h>
#include <xen/mm.h>
#include <xen/numa.h>
#include <xen/pdx.h>
#include <xen/sched.h>

#include "heap.h"
#include "machine.h"

int memnode_shift;
u8 *memnodemap;
struct node_data node_data[MAX_NUMNODES];
nodemask_t node_online_map;
unsigned long max_page;
unsigned long highmem_start;
unsigned long xen_phys_start;
enum system_state system_state = SYS_STATE_active;

u8 __node_distance(nodeid_t a, nodeid_t b)
{
	return a == b ? 10 : 20;
}

unsigned int arch_get_dma_bitsize(void)
{
	return 32;
}

static void map_tables(unsigned long first, unsigned long end)
{
	unsigned long table = ROUNDUP(end * sizeof(struct page_info), PAGE_SIZE);

	host_map(FRAMETABLE_VIRT_START, table);
	host_map((unsigned long)mfn_to_virt(first), (end - first) << PAGE_SHIFT);
	set_pdx_range(first, end);
	max_page = end;
}

static void describe_node(unsigned int node, unsigned long first, unsigned long pages)
{
	unsigned long i;

	node_data[node].node_start_pfn = first;
	node_data[node].node_spanned_pages = pages;
	node_set_online(node);
	for (i = first >> memnode_shift; i < (first + pages) >> memnode_shift; i++)
		memnodemap[i] = node;
}

void heap_boot(const struct heap_config *config)
{
	unsigned long pages = config->node_pages, first = config->first_frame;
	unsigned long end = first + config->nodes * pages;
	unsigned int node;

	if (!config->nodes || config->nodes > HEAP_MAX_NODES || !pages || (pages & (pages - 1)) ||
	    first % pages)
		host_abort("impossible heap: %u nodes of %lu pages at %#lx", config->nodes, pages,
			   first);

	host_catch_bugs();
	heap_enter_thread();
	/* The frames behind the last node hold what Xen knows about domains. */
	map_tables(first, end + HEAP_MAX_DOMAINS);
	while (1UL << memnode_shift < pages)
		memnode_shift++;
	memnodemap = host_calloc((end >> memnode_shift) + 1 + HEAP_MAX_DOMAINS);
	for (node = 0; node < config->nodes; node++)
		describe_node(node, first + node * pages, pages);
	place_domains(end);
	init_boot_pages(pfn_to_paddr(first), pfn_to_paddr(end));
	end_boot_allocator();
	heap_init_late();
}
