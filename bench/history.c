// SPDX-License-Identifier: GPL-2.0-only
/*
 * bench_age_heap() and bench_age_sample(): what a heap went through before a case, made on one node by domains of their
 * own. PV ones, as these learn where their pages are. They keep what they do not give back.
 */
#include <stdlib.h>

#include "bench/bench.h"

/* A used heap has blocks up to so many pages, or what the case asks for. */
#define MIXED_ORDER 5u
#define DRAIN_EXTENTS 64
#define DRAIN_ORDER 9

struct block {
	uint64_t frame;
	unsigned int order;
};

/* Append `count` extents to the blocks. */
static int take(struct bench *b, uint32_t domain, unsigned int order, size_t count, struct block *blocks)
{
	while (count) {
		unsigned int part = count < XEN_MAX_EXTENTS ? (unsigned int)count : XEN_MAX_EXTENTS;

		if (bench_populate(b, domain, order, b->node, part))
			return -1;
		for (unsigned int i = 0; blocks && i < part; i++)
			*blocks++ = (struct block){xen_frames(b->xen)[i], order};
		count -= part;
	}
	return 0;
}

static int give(struct bench *b, uint32_t domain, const struct block *block)
{
	int rc = xen_prepare_decrease(b->xen, domain, block->order, &block->frame, 1);
	long done = rc ? rc : xen_call(b->xen, XEN_DECREASE);

	return done == 1 ? 0 : bench_fail(b, done < 0 ? (int)done : 0, "giving memory back");
}

/* The domain that has what is not free. */
static int keep(struct bench *b)
{
	return b->keeper ? 0 : bench_domain(b, XEN_PV, 0, &b->keeper);
}

/* As many blocks free as asked for, each beside one in use: nothing can merge with its neighbour. */
static int fragment(struct bench *b, unsigned int order, size_t count, struct block *blocks)
{
	if (keep(b) || take(b, b->keeper, order, 2 * count, blocks))
		return -1;
	for (size_t i = 0; i < 2 * count; i++)
		if (!(blocks[i].frame >> order & 1) && give(b, b->keeper, &blocks[i]))
			return -1;
	return 0;
}

/* The same sequence on every hypervisor (xorshift). */
static uint32_t next_random(uint32_t *state)
{
	*state ^= *state << 13;
	*state ^= *state >> 17;
	*state ^= *state << 5;
	return *state;
}

static unsigned int choose_order(uint32_t *random, unsigned int most, uint64_t left)
{
	unsigned int order = next_random(random) % (most + 1);

	while (1ull << order > left)
		order--;
	return order;
}

/* Give back so many pages of the blocks, in random order, and as near as whole blocks allow. */
static int give_some(struct bench *b, uint32_t *random, struct block *blocks, size_t count, uint64_t pages)
{
	while (count && pages) {
		size_t i = next_random(random) % count;

		if (1ull << blocks[i].order <= pages) {
			if (give(b, b->keeper, &blocks[i]))
				return -1;
			pages -= 1ull << blocks[i].order;
		}
		blocks[i] = blocks[--count];
	}
	return 0;
}

/* Twice as many pages were taken, in blocks of several sizes; half of them came back, in random order. */
static int use(struct bench *b, unsigned int order, uint64_t pages, struct block *blocks)
{
	unsigned int most = order > MIXED_ORDER ? order : MIXED_ORDER;
	uint32_t random = 1;
	size_t count = 0;

	if (keep(b))
		return -1;
	for (uint64_t left = 2 * pages; left; left -= 1ull << blocks[count++].order)
		if (take(b, b->keeper, choose_order(&random, most, left), 1, &blocks[count]))
			return -1;
	return give_some(b, &random, blocks, count, pages);
}

/* Requests of more than a page come from clean blocks while there are any on the node. */
static int drain(struct bench *b)
{
	long done;

	if (keep(b))
		return -1;
	do {
		int rc = xen_prepare_populate(b->xen, b->keeper, DRAIN_ORDER, b->node, 0, DRAIN_EXTENTS);

		done = rc ? rc : xen_call(b->xen, XEN_POPULATE);
	} while (done == DRAIN_EXTENTS);
	return done < 0 ? bench_fail(b, (int)done, "taking the large blocks of a node") : 0;
}

/*
 * What a dying domain leaves must be scrubbed before it is used again; a hypervisor with nothing else
 * to do does so soon. So there is a domain for each sample, to be destroyed right before.
 */
static int add_victims(struct bench *b, const struct bench_case *c)
{
	b->victim = b->nr_others;
	for (unsigned int i = 0; i < b->samples; i++)
		if (bench_domain(b, XEN_PV, 0, &b->others[b->nr_others]) ||
		    take(b, b->others[b->nr_others++], c->order, c->ops, NULL))
			return -1;
	/* Single pages are the dirty ones first, as long as there is no other that is alone. */
	return c->order ? drain(b) : 0;
}

static int destroy_victim(struct bench *b)
{
	int rc = xen_destroy_domain(b->xen, b->others[b->victim++]);

	return rc ? bench_fail(b, rc, "destroying a domain") : 0;
}

static int age(struct bench *b, const struct bench_case *c, unsigned int samples)
{
	size_t count = (size_t)c->ops * samples;
	struct block *blocks = calloc(2 * count << c->order, sizeof(*blocks));
	int rc;

	if (!blocks)
		return bench_fail(b, 0, "memory is short");
	if (c->heap == HEAP_IS_USED)
		rc = use(b, c->order, count << c->order, blocks);
	else
		rc = fragment(b, c->order, count, blocks);
	free(blocks);
	return rc;
}

int bench_age_heap(struct bench *b, const struct bench_case *c)
{
	bool alone = c->heap == HEAP_IS_FRAGMENTED || (c->heap == HEAP_IS_DIRTY && !c->order);

	if (alone && age(b, c, b->samples))
		return -1;
	if (c->heap == HEAP_IS_EMPTY)
		return drain(b);
	return c->heap == HEAP_IS_DIRTY ? add_victims(b, c) : 0;
}

int bench_age_sample(struct bench *b, const struct bench_case *c)
{
	switch (c->heap) {
	case HEAP_IS_USED: return age(b, c, 1);
	case HEAP_IS_DIRTY: return destroy_victim(b);
	default: return 0;
	}
}
