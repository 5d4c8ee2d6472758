// SPDX-License-Identifier: GPL-2.0-only
/* What went on in a heap before the measurement. Nothing here is in Xen. */
#include <stdlib.h>

#include "bench/host/heap.h"
#include "bench/host/machine.h"

#define LARGEST_ORDER 9u /* that domains are built of: 2 MiB */

_Noreturn void host_abort(const char *fmt, ...) __attribute__((format(printf, 1, 2)));

struct block {
	unsigned long frame;
	unsigned int order;
};

struct past {
	struct heap_domain *domain; /* who had all blocks, and keeps the rest */
	struct block *blocks;
	size_t nr, room;
	uint64_t random;
};

static unsigned long below(struct past *p, unsigned long n)
{
	p->random = p->random * 6364136223846793005u + 1442695040888963407u;
	return (p->random >> 33) % n;
}

static void add_block(struct past *p, unsigned int node, unsigned int order)
{
	unsigned long frame = heap_alloc(p->domain, order, (int)node, HEAP_EXACT_NODE);

	if (!frame)
		host_abort("node %u has not the memory to be aged", node);
	if (p->nr == p->room) {
		p->room = p->room ? 2 * p->room : 1024;
		p->blocks = reallocarray(p->blocks, p->room, sizeof(*p->blocks));
		if (!p->blocks)
			host_abort("no memory for %zu blocks", p->room);
	}
	p->blocks[p->nr++] = (struct block){frame, order};
}

/* As many pages in blocks of each order. */
static unsigned int pick_order(struct past *p)
{
	unsigned int order = 0;

	while (order < LARGEST_ORDER && below(p, 2))
		order++;
	return order;
}

static void take_mixed(struct past *p, unsigned int node, unsigned long pages)
{
	unsigned int order;

	for (unsigned long taken = 0; taken < pages; taken += 1ul << order) {
		order = pick_order(p);
		add_block(p, node, order);
	}
}

/* Pairs of blocks, one of which is to be freed and cannot merge then; pages counts these. */
static void take_pairs(struct past *p, unsigned int node, unsigned int order, unsigned long pages)
{
	for (unsigned long taken = 0; taken < pages; taken += 1ul << order)
		add_block(p, node, order + 1);
}

static void shuffle(struct past *p)
{
	for (size_t i = p->nr; i > 1; i--) {
		size_t other = below(p, i);
		struct block block = p->blocks[other];

		p->blocks[other] = p->blocks[i - 1];
		p->blocks[i - 1] = block;
	}
}

static void free_half_of(struct past *p, const struct block *block)
{
	unsigned long half = 1ul << (block->order - 1);

	heap_free(block->frame + below(p, 2) * half, block->order - 1);
}

static void take(struct past *p, enum heap_history history, unsigned int node, unsigned long pages)
{
	if (history == HEAP_USED)
		take_mixed(p, node, pages);
	else
		take_pairs(p, node, 0, pages);
	if (history == HEAP_DIRTY)
		take_pairs(p, node, LARGEST_ORDER, pages);
}

static void give_back(struct past *p, enum heap_history history)
{
	for (size_t i = 0; i < p->nr; i++)
		if (history != HEAP_USED)
			free_half_of(p, &p->blocks[i]);
		else if (below(p, 2))
			heap_free(p->blocks[i].frame, p->blocks[i].order);
}

void heap_age(enum heap_history history, unsigned long pages, uint64_t seed)
{
	struct past p = {.random = seed};

	if (history == HEAP_FRESH)
		return;
	p.domain = heap_create_domain(~0ul);
	for (unsigned int node = 0; node < count_nodes(); node++)
		take(&p, history, node, pages);
	if (history == HEAP_DIRTY)
		heap_kill_domain(p.domain);
	shuffle(&p);
	give_back(&p, history);
	free(p.blocks);
}
