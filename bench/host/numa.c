/* SPDX-License-Identifier: GPL-2.0-only */
/* The machine: nodes of equal size, one after the other, and Xen's tables about their frames. */
#include <xen/init.h>
#include <xen/mm.h>
#include <xen/numa.h>
#include <xen/pdx.h>
#include <xen/sched.h>

#include "heap.h"
#include "machine.h"

typeof(memnode_shift) memnode_shift;
unsigned long memnodemapsize;
u8 *memnodemap;
struct node_data node_data[MAX_NUMNODES];
nodemask_t node_online_map;
unsigned long __attribute__((weak)) max_page; /* from 4.18 on, page_alloc.c has it */
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

/* Where Xen's frame numbers end; the last one means none. */
#define FRAMES_END ((unsigned long)FRAMETABLE_NR)
#define LAST_FRAMES 512UL
#define LOW_FRAMES (1UL << (32 - PAGE_SHIFT))
/* As in Xen, but for tables so small that a program may want to fork for each trial. */
#define HUGE_FROM (32UL << 20)
#define TABLE_PAGE_FRAMES (PAGE_SIZE / sizeof(struct page_info))

/* The frames of all nodes; of them those which the heap gets; and those which domains are in. */
struct places {
	unsigned long first, end;
	unsigned long heap, heap_end;
	unsigned long domains;
};

void heap_place(struct heap_config *config)
{
	unsigned long end = LOW_FRAMES + config->nodes * config->node_pages + HEAP_MAX_DOMAINS;

	config->first_frame = end <= FRAMES_END ? LOW_FRAMES : 0;
	config->xen_pages = LOW_FRAMES - config->first_frame;
}

static void check_config(const struct heap_config *config)
{
	unsigned long pages = config->node_pages, first = config->first_frame;

	if (!config->nodes || config->nodes > HEAP_MAX_NODES)
		host_abort("%u nodes, not 1 to %u", config->nodes, HEAP_MAX_NODES);
	if (!pages || (pages & (pages - 1)))
		host_abort("nodes of %lu pages, which is no power of two", pages);
	if (first % min(pages, 512UL))
		host_abort("the first frame, %#lx, is no multiple of %lu", first,
			   min(pages, 512UL));
	if (config->xen_pages >= pages)
		host_abort("Xen keeps %lu pages, the first node has %lu", config->xen_pages, pages);
	if (config->sparse && (pages | config->xen_pages) % TABLE_PAGE_FRAMES)
		host_abort("sparse nodes of %lu pages, Xen keeps %lu: no multiples of %lu", pages,
			   config->xen_pages, TABLE_PAGE_FRAMES);
}

static struct places choose_places(const struct heap_config *config)
{
	struct places p = {.first = config->first_frame};

	/* Both factors first: their product must not wrap. */
	p.end = p.first + config->nodes * min(config->node_pages, FRAMES_END + 1);
	p.heap = p.first + config->xen_pages;
	p.heap_end = min(p.end, FRAMES_END - LAST_FRAMES);
	p.domains = config->xen_pages > HEAP_MAX_DOMAINS ? p.heap - HEAP_MAX_DOMAINS : p.end;
	if (p.first > FRAMES_END || max(p.end, p.domains + HEAP_MAX_DOMAINS) > FRAMES_END)
		host_abort("%u nodes of %lu pages from frame %#lx on: Xen has %#lx frames",
			   config->nodes, config->node_pages, p.first, FRAMES_END);
	return p;
}

static void map_tables(const struct places *p, bool sparse)
{
	unsigned long end = max(p->end, p->domains + HEAP_MAX_DOMAINS);
	unsigned long table = (unsigned long)&frame_table[p->heap];
	unsigned long size = (p->heap_end - p->heap) * sizeof(struct page_info);
	const struct page_info free_page = {.count_info = PGC_state_free};

	BUILD_BUG_ON(PAGE_SIZE % sizeof(struct page_info));
	host_map(FRAMETABLE_VIRT_START, ROUNDUP(end * sizeof(struct page_info), PAGE_SIZE));
	host_map((unsigned long)mfn_to_virt(p->first), (end - p->first) << PAGE_SHIFT);
	if (sparse)
		host_map_copies(table, size, &free_page, sizeof(free_page));
	else if (size >= HUGE_FROM)
		host_advise_huge(table, size);
	set_pdx_range(p->first, end);
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

unsigned int count_nodes(void)
{
	return num_online_nodes();
}

static void describe_nodes(const struct heap_config *config)
{
	unsigned long pages = config->node_pages;
	unsigned int node;

	/* Frames of nodes begin at multiples of this. */
	memnode_shift = ffsl(config->first_frame | pages) - 1;
	memnodemapsize = (max_page >> memnode_shift) + 1;
	memnodemap = host_calloc(memnodemapsize);
	for (node = 0; node < config->nodes; node++)
		describe_node(node, config->first_frame + node * pages, pages);
}

void heap_boot(const struct heap_config *config)
{
	struct places places;

	check_config(config);
	places = choose_places(config);
	host_catch_bugs();
	place_cpus(config->nodes, config->node_cpus);
	heap_enter_thread();
	map_tables(&places, config->sparse);
	describe_nodes(config);
	place_domains(places.domains);
	init_boot_pages(pfn_to_paddr(places.heap), pfn_to_paddr(places.heap_end));
	if (config->sparse)
		start_sparse();
	end_boot_allocator();
	heap_init_late();
}
