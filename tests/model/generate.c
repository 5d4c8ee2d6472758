// SPDX-License-Identifier: GPL-2.0-only
#include "tests/model/generate.h"

#define UNLIMITED (1ul << 30)

/* splitmix64 */
static uint64_t draw(uint64_t *random)
{
	uint64_t z = *random += 0x9e3779b97f4a7c15;

	z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9;
	z = (z ^ (z >> 27)) * 0x94d049bb133111eb;
	return z ^ (z >> 31);
}

static unsigned long below(uint64_t *random, unsigned long limit)
{
	return limit ? draw(random) % limit : 0;
}

static bool one_in(uint64_t *random, unsigned int n)
{
	return !below(random, n);
}

/* Often just what fits, or one more or less. */
static unsigned long near(uint64_t *random, unsigned long limit)
{
	switch (below(random, 8)) {
	case 0: return limit;
	case 1: return limit + 1;
	case 2: return limit ? limit - 1 : 0;
	case 3: return limit / 2;
	case 4: return 0;
	case 5: return below(random, limit + 1);
	default: return below(random, 20);
	}
}

static uint32_t draw_target(const struct world *w, uint64_t *random)
{
	switch (below(random, 60)) {
	case 0: return w->spec.nodes;
	case 1: return HEAP_MAX_NODES - 1;
	case 2: return HEAP_MAX_NODES;
	case 3: return HEAP_CLAIM_LEGACY;
	case 4: return 0xffffffff;
	case 5 ... 19: return HEAP_CLAIM_HOST;
	default: return below(random, w->spec.nodes);
	}
}

/* Mostly a set that names nothing twice. */
static void draw_targets(const struct world *w, uint64_t *random, struct op *op)
{
	bool twice = one_in(random, 12);
	uint32_t target;

	for (unsigned int i = 0; i < SET_ENTRIES; i++) {
		target = draw_target(w, random);
		for (unsigned int j = 0; j < i && j < op->nr; j++)
			if (!twice && op->set[j].target == target) {
				target = draw_target(w, random);
				j = -1u;
				if (op->nr > w->spec.nodes)
					op->nr--;
			}
		op->set[i] = (struct heap_claim){.target = target, .pad = one_in(random, 400)};
	}
}

static void draw_amounts(const struct world *w, uint64_t *random, struct op *op)
{
	const struct spec_domain *d = &w->spec.domain[op->domain];
	unsigned long host = spec_unclaimed(&w->spec) + spec_domain_claims(&w->spec, d);
	unsigned long limit = d->max_pages > d->pages ? d->max_pages - d->pages : 0;
	bool by_limit = one_in(random, 3);

	if (by_limit && limit < host)
		host = limit;
	for (unsigned int i = 0; i < SET_ENTRIES; i++) {
		uint32_t node = op->set[i].target;
		unsigned long fits = host;

		if (node < w->spec.nodes)
			fits = spec_node_unclaimed(&w->spec, node) + d->claims[node];
		op->set[i].pages = near(random, fits < host ? fits : host);
		if (one_in(random, 80))
			op->set[i].pages = UINT64_MAX - below(random, 3);
		host -= op->set[i].pages < host ? op->set[i].pages : host;
	}
}

static void generate_set(const struct world *w, uint64_t *random, struct op *op)
{
	op->nr = 1 + below(random, 4);
	draw_targets(w, random, op);
	if (one_in(random, 100))
		op->nr = (const unsigned int[]){0, HEAP_MAX_NODES + 1, HEAP_MAX_NODES + 2,
						-1u}[below(random, 4)];
	op->pad = one_in(random, 200);
	op->no_array = one_in(random, 200);
	draw_amounts(w, random, op);
}

static void generate_alloc(const struct world *w, uint64_t *random, struct op *op)
{
	op->domain = one_in(random, 12) ? NO_DOMAIN : op->domain;
	op->order = one_in(random, 3) ? below(random, MAX_ORDER_USED + 1) : 0;
	op->node = one_in(random, 4) ? HEAP_ANY_NODE : (int)below(random, w->spec.nodes);
	op->flags = one_in(random, 2) ? HEAP_EXACT_NODE : 0;
	if (one_in(random, 8))
		op->flags |= HEAP_NO_REFCOUNT;
	if (one_in(random, 24))
		op->flags |= HEAP_NO_OWNER;
}

static enum op_kind draw_kind(const struct world *w, uint64_t *random)
{
	unsigned int free_share = 20 + 20 * (w->allocation_count > 3000);

	switch (below(random, 100)) {
	case 0: return OP_OFFLINE;
	case 1 ... 2: return OP_ONLINE;
	case 3 ... 4: return OP_MAX_PAGES;
	case 5 ... 7: return OP_LEGACY;
	case 8 ... 22: return OP_SET;
	case 23: return one_in(random, 6) ? OP_KILL : OP_DESTROY;
	default: return below(random, 77) < free_share ? OP_FREE : OP_ALLOC;
	}
}

/* A frame, of those that are or are not offline: to look for one makes both happen. */
static unsigned long draw_frame(const struct world *w, uint64_t *random, bool offline)
{
	unsigned long frames = w->config.nodes * w->config.node_pages, frame = 0;

	for (unsigned int i = 0; i < 200; i++) {
		frame = below(random, frames);
		if ((w->frames[frame] == FRAME_OFFLINE || w->frames[frame] == FRAME_LEAVING) ==
		    offline)
			break;
	}
	return frame;
}

static unsigned long draw_max_pages(const struct world *w, uint64_t *random, unsigned int domain)
{
	const struct spec_domain *d = &w->spec.domain[domain];

	if (one_in(random, 3))
		return UNLIMITED;
	return near(random, d->pages + spec_domain_claims(&w->spec, d)) + 50 * one_in(random, 2);
}

void generate_op(const struct world *w, uint64_t *random, unsigned int id, struct op *op)
{
	const struct spec_domain *d;

	*op = (struct op){.kind = draw_kind(w, random), .id = id};
	op->domain = below(random, SPEC_DOMAINS);
	d = &w->spec.domain[op->domain];
	if (!d->exists)
		op->kind = OP_CREATE;
	switch (op->kind) {
	case OP_CREATE:
		op->pages = one_in(random, 2) ? UNLIMITED : below(random, w->config.node_pages);
		break;
	case OP_MAX_PAGES: op->pages = draw_max_pages(w, random, op->domain); break;
	case OP_SET: generate_set(w, random, op); break;
	case OP_LEGACY:
		if (!one_in(random, 4))
			op->pages = d->pages + near(random, spec_unclaimed(&w->spec));
		break;
	case OP_ALLOC: generate_alloc(w, random, op); break;
	case OP_FREE:
		op->id = 0;
		op->pages = below(random, w->allocation_count);
		if (w->allocation_count)
			op->id = w->allocations[op->pages].id;
		break;
	case OP_OFFLINE:
	case OP_ONLINE: op->pages = draw_frame(w, random, op->kind == OP_ONLINE); break;
	default: break;
	}
}
