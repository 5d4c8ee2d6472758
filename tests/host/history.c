// SPDX-License-Identifier: GPL-2.0-only
/* Ages a heap and checks that it has the properties which its history promises. */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "bench/host/heap.h"
#include "lib/msg.h"
#include "lib/parse.h"

#define NODES 3u
#define PAGES 5000ul
#define USED_PAGES 40000ul

struct node_state {
	unsigned long free, dirty, blocks[HEAP_ORDERS];
};

static const char *const names[] = {[HEAP_FRESH] = "fresh",
				    [HEAP_USED] = "used",
				    [HEAP_FRAGMENTED] = "fragmented",
				    [HEAP_DIRTY] = "dirty"};
static int failed;

static void check(bool is_true, unsigned int node, const char *what)
{
	if (is_true)
		return;
	printf("FAILED: node %u: %s\n", node, what);
	failed = EXIT_REGRESSION;
}

static struct node_state read_node(unsigned int node)
{
	static struct heap_counters c;
	struct node_state s;

	heap_read_counters(&c);
	s.free = c.node[node].free;
	s.dirty = c.node[node].dirty;
	heap_read_orders(node, s.blocks);
	return s;
}

static void print_node(unsigned int node, const struct node_state *s)
{
	printf("node %u free %lu dirty %lu:", node, s->free, s->dirty);
	for (unsigned int order = 0; order < HEAP_ORDERS; order++)
		printf(" %lu", s->blocks[order]);
	printf("\n");
}

static unsigned int count_small(const struct node_state *s)
{
	unsigned int orders = 0;

	for (unsigned int order = 0; order < 10; order++)
		orders += s->blocks[order] > 1;
	return orders;
}

static bool same_large_blocks(const struct node_state *a, const struct node_state *b)
{
	return !memcmp(a->blocks + 1, b->blocks + 1, sizeof(a->blocks) - sizeof(a->blocks[0]));
}

/* All single pages that a history promises; prints where they are. */
static void take_singles(struct heap_domain *d, unsigned int node, unsigned long frames[PAGES])
{
	for (unsigned long i = 0; i < PAGES; i++) {
		frames[i] = heap_alloc(d, 0, (int)node, HEAP_EXACT_NODE);
		printf("%#lx\n", frames[i]);
	}
}

/* Neither up nor down all the time. */
static bool in_random_order(const unsigned long frames[PAGES])
{
	unsigned long up = 0;

	for (unsigned long i = 1; i < PAGES; i++)
		up += frames[i] > frames[i - 1];
	return up > PAGES / 4 && up < PAGES * 3 / 4;
}

static void check_used(unsigned int node, const struct node_state *fresh,
		       const struct node_state *aged)
{
	unsigned long taken = fresh->free - aged->free;

	check(count_small(aged) == 10, node, "free blocks are not of all sizes");
	check(taken > USED_PAGES / 4 && taken < USED_PAGES * 3 / 4, node,
	      "not about half is in use");
	check(!aged->dirty, node, "pages are dirty");
}

static void check_singles(unsigned int node, const struct node_state *aged, bool dirty)
{
	static unsigned long frames[PAGES];
	struct heap_domain *d = heap_create_domain(PAGES);
	struct node_state taken, back;

	check(aged->blocks[0] >= PAGES, node, "too few single pages are free");
	take_singles(d, node, frames);
	taken = read_node(node);
	check(in_random_order(frames), node, "single pages come in the order of their frames");
	check(same_large_blocks(aged, &taken), node, "taking single pages splits blocks");
	check(aged->dirty - taken.dirty == (dirty ? PAGES : 0), node, "wrong number of scrubs");
	for (unsigned long i = 0; i < PAGES; i++)
		heap_free(frames[i], 0);
	back = read_node(node);
	check(same_large_blocks(aged, &back), node, "giving back single pages merges them");
}

static void check_node(enum heap_history history, unsigned int node, const struct node_state *fresh)
{
	struct node_state aged = read_node(node);

	print_node(node, &aged);
	switch (history) {
	case HEAP_FRESH: check(!memcmp(fresh, &aged, sizeof(aged)), node, "it changed"); break;
	case HEAP_USED: check_used(node, fresh, &aged); break;
	case HEAP_FRAGMENTED: check_singles(node, &aged, false); break;
	case HEAP_DIRTY:
		check(aged.dirty >= 2 * PAGES, node, "too few pages are dirty");
		check(aged.blocks[9] >= PAGES / 512, node, "too few blocks of 2 MiB");
		check_singles(node, &aged, true);
	}
}

int main(int argc, char **argv)
{
	struct heap_config config = {.nodes = NODES, .node_pages = 1 << 18, .sparse = true};
	struct node_state fresh[NODES];
	unsigned int history = 0;
	uint64_t seed;

	while (argc == 3 && history <= HEAP_DIRTY && strcmp(argv[1], names[history]))
		history++;
	if (argc != 3 || history > HEAP_DIRTY || parse_u64(argv[2], 0, UINT64_MAX, &seed))
		die(EXIT_USAGE, "usage: host-history fresh|used|fragmented|dirty SEED");
	heap_place(&config);
	heap_boot(&config);
	for (unsigned int node = 0; node < NODES; node++)
		fresh[node] = read_node(node);
	heap_age(history, history == HEAP_USED ? USED_PAGES : PAGES, seed);
	for (unsigned int node = 0; node < NODES; node++)
		check_node(history, node, &fresh[node]);
	return failed;
}
