// SPDX-License-Identifier: GPL-2.0-only
/* One operation on both: what Xen answers must be what the specification allows. */
#include <stddef.h>

#include "tests/model/world.h"

#define FOUR_GIB_FRAMES (1ul << 20)

static struct spec_domain *owner(struct world *w, unsigned int domain)
{
	return domain == NO_DOMAIN ? NULL : &w->spec.domain[domain];
}

/* Is there an aligned block of free frames? Xen merges all it can, so it has one if there is. */
static bool has_block(const struct world *w, unsigned int node, unsigned int order)
{
	const unsigned char *frames = w->frames + node * w->config.node_pages;
	unsigned long size = 1ul << order, i, f;

	if (w->spec.free[node] < size)
		return false;
	for (f = 0; f < w->config.node_pages; f += size) {
		for (i = 0; i < size && frames[f + i] == FRAME_FREE; i++)
			;
		if (i == size)
			return true;
	}
	return false;
}

/* A request that the host permits. */
static bool may_serve(const struct world *w, const struct spec_request *r, const struct op *op,
		      unsigned int node)
{
	if ((op->flags & HEAP_EXACT_NODE) && op->node != HEAP_ANY_NODE &&
	    (unsigned int)op->node != node)
		return false;
	return spec_node_permits(&w->spec, r, node) && has_block(w, node, op->order);
}

/*
 * Nothing came back: no node may serve the request, or the domain may not have the pages. Which
 * node had served then shows in the claims only: follow the one that fits.
 */
static bool refusal_agrees(struct world *w, const struct spec_request *r, const struct op *op)
{
	bool could_serve = false;

	if (!spec_host_permits(&w->spec, r))
		return true;
	for (unsigned int n = 0; n < w->spec.nodes; n++) {
		if (!may_serve(w, r, op, n))
			continue;
		could_serve = true;
		spec_take(&w->spec, r, n);
		if (spec_assign(&w->spec, r, n))
			return world_differs(w, "Xen has no page for a request that is permitted");
		if (world_domain_agrees(w, op->domain))
			return true;
		*r->d = w->domain_before;
	}
	return !could_serve ||
	       world_differs(w, "claims changed in no way that serving it explains");
}

static bool take_frames(struct world *w, unsigned long frame, unsigned int order)
{
	if (frame & ((1ul << order) - 1))
		return world_differs(w, "frame %lu is not aligned to order %u", frame, order);
	for (unsigned long f = frame; f < frame + (1ul << order); f++) {
		if (f >= w->config.nodes * w->config.node_pages || w->frames[f] != FRAME_FREE)
			return world_differs(w, "frame %lu is not free", f);
		w->frames[f] = FRAME_USED;
	}
	return world_frames_agree(w, frame, 1ul << order);
}

static bool skip(struct world *w)
{
	w->skipped++;
	return true;
}

static bool step_alloc(struct world *w, const struct op *op)
{
	bool owned = !(op->flags & HEAP_NO_OWNER);
	struct spec_domain *d = owned ? owner(w, op->domain) : NULL;
	struct spec_request r = {.d = d, .pages = 1ul << op->order};
	unsigned long frame, held;
	unsigned int node;

	if (w->allocation_count == MAX_ALLOCATIONS)
		return skip(w);
	r.refcounted = d && !(op->flags & HEAP_NO_REFCOUNT);
	frame = heap_alloc(op->domain == NO_DOMAIN ? NULL : w->domain[op->domain], op->order,
			   op->node, op->flags);
	if (!frame)
		return refusal_agrees(w, &r, op);
	frame -= w->config.first_frame;
	node = frame / w->config.node_pages;
	if (node >= w->spec.nodes || !spec_host_permits(&w->spec, &r) ||
	    !may_serve(w, &r, op, node))
		return world_differs(w, "Xen serves it from node %u, which is not permitted", node);
	/* Memory below 4 GiB is the last that Xen gives away, whatever node is asked for. */
	if (op->node != HEAP_ANY_NODE && node != (unsigned int)op->node && !op->order &&
	    w->config.first_frame >= FOUR_GIB_FRAMES && may_serve(w, &r, op, op->node))
		return world_differs(w, "Xen serves it from node %u, not from the one asked for",
				     node);
	if (!take_frames(w, frame, op->order))
		return false;
	held = d ? d->pages + spec_domain_claims(&w->spec, d) : 0;
	spec_take(&w->spec, &r, node);
	if (!spec_assign(&w->spec, &r, node))
		return world_differs(w, "Xen serves a domain that may have no more");
	if (r.refcounted && d->pages + spec_domain_claims(&w->spec, d) > held &&
	    d->pages + spec_domain_claims(&w->spec, d) > d->max_pages)
		return world_differs(w, "pages and claims grew past max_pages");
	w->allocations[w->allocation_count++] =
		(struct allocation){.id = op->id,
				    .order = op->order,
				    .frame = frame,
				    .counted = r.refcounted,
				    .domain = owned ? op->domain : NO_DOMAIN};
	return true;
}

static bool free_allocation(struct world *w, unsigned int i)
{
	struct allocation a = w->allocations[i];

	heap_free(w->config.first_frame + a.frame, a.order);
	for (unsigned long f = a.frame; f < a.frame + (1ul << a.order); f++) {
		w->spec.free[f / w->config.node_pages] += w->frames[f] == FRAME_USED;
		w->frames[f] = w->frames[f] == FRAME_USED ? FRAME_FREE : FRAME_OFFLINE;
	}
	if (a.counted) {
		w->spec.domain[a.domain].pages -= 1ul << a.order;
		w->touched = a.domain;
	}
	w->allocations[i] = w->allocations[--w->allocation_count];
	return world_frames_agree(w, a.frame, 1ul << a.order);
}

static bool step_free(struct world *w, const struct op *op)
{
	unsigned int i = op->pages;

	if (i >= w->allocation_count || w->allocations[i].id != op->id)
		for (i = 0; i < w->allocation_count && w->allocations[i].id != op->id; i++)
			;
	return i < w->allocation_count ? free_allocation(w, i) : skip(w);
}

static bool step_destroy(struct world *w, const struct op *op)
{
	if (!w->spec.domain[op->domain].dying)
		return skip(w);
	for (unsigned int i = w->allocation_count; i-- > 0;)
		if (w->allocations[i].domain == op->domain && !free_allocation(w, i))
			return false;
	heap_destroy_domain(w->domain[op->domain]);
	w->spec.domain[op->domain].exists = false;
	return true;
}

static enum frame_state next_state(const struct world *w, unsigned long frame)
{
	return (frame + 1) % w->config.node_pages ? w->frames[frame + 1] : FRAME_OFFLINE;
}

/*
 * Xen, with and without claims, splits a free block around a page that goes offline into pieces
 * which are not aligned to their size, unless the page is the block's last. What comes of those is
 * not about claims: keep to last pages.
 */
static bool may_go_offline(const struct world *w, unsigned long frame)
{
	switch (w->frames[frame]) {
	case FRAME_FREE: return next_state(w, frame) != FRAME_FREE;
	case FRAME_USED: return next_state(w, frame) == FRAME_OFFLINE;
	default: return w->frames[frame] != FRAME_OF_XEN;
	}
}

static bool step_offline(struct world *w, const struct op *op)
{
	unsigned char *frame = &w->frames[op->pages];

	if (!may_go_offline(w, op->pages))
		return skip(w);
	w->spec.free[op->pages / w->config.node_pages] -= *frame == FRAME_FREE;
	if (*frame == FRAME_FREE)
		*frame = FRAME_OFFLINE;
	else if (*frame == FRAME_USED)
		*frame = FRAME_LEAVING;
	return world_same(w, "offlining, error", 0, heap_offline(w->config.first_frame + op->pages),
			  0) &&
	       world_frames_agree(w, op->pages, 1);
}

static bool step_online(struct world *w, const struct op *op)
{
	unsigned char *frame = &w->frames[op->pages];

	if (*frame != FRAME_OFFLINE && *frame != FRAME_LEAVING)
		return skip(w);
	if (op->pages && frame[-1] == FRAME_LEAVING)
		return skip(w);
	w->spec.free[op->pages / w->config.node_pages] += *frame == FRAME_OFFLINE;
	*frame = *frame == FRAME_OFFLINE ? FRAME_FREE : FRAME_USED;
	return world_same(w, "onlining, error", 0, heap_online(w->config.first_frame + op->pages),
			  0) &&
	       world_frames_agree(w, op->pages, 1);
}

const struct heap_claim *op_entries(const struct op *op)
{
	static struct heap_claim all[HEAP_MAX_NODES + 1];

	for (unsigned int i = 0; i < op->nr && i <= HEAP_MAX_NODES; i++)
		all[i] = op->set[i % SET_ENTRIES];
	return op->no_array ? NULL : all;
}

static bool same_result(struct world *w, int got, int expected)
{
	return got == expected || world_differs(w, "Xen answers %d, expected %d", got, expected);
}

static bool step_domain(struct world *w, const struct op *op)
{
	struct spec_domain *d = &w->spec.domain[op->domain];
	struct heap_domain *xen = w->domain[op->domain];
	const struct heap_claim *set;

	switch (op->kind) {
	case OP_KILL:
		spec_kill_domain(d);
		heap_kill_domain(xen);
		return true;
	case OP_MAX_PAGES:
		d->max_pages = op->pages;
		heap_set_max_pages(xen, op->pages);
		return true;
	case OP_LEGACY:
		return same_result(w, heap_claim_legacy(xen, op->pages),
				   spec_claim_legacy(&w->spec, d, op->pages));
	case OP_SET:
		set = op_entries(op);
		return same_result(w, heap_claim_set(xen, set, op->nr, op->pad),
				   spec_claim_set(&w->spec, d, set, op->nr, op->pad));
	case OP_DESTROY: return step_destroy(w, op);
	default: return step_alloc(w, op);
	}
}

static bool step_create(struct world *w, const struct op *op)
{
	struct spec_domain *d = &w->spec.domain[op->domain];

	if (d->exists)
		return skip(w);
	*d = (struct spec_domain){.exists = true, .max_pages = op->pages};
	w->domain[op->domain] = heap_create_domain(op->pages);
	return true;
}

static bool run_both(struct world *w, const struct op *op)
{
	switch (op->kind) {
	case OP_CREATE: return step_create(w, op);
	case OP_FREE: return step_free(w, op);
	case OP_OFFLINE: return step_offline(w, op);
	case OP_ONLINE: return step_online(w, op);
	default:
		if (op->domain == NO_DOMAIN)
			return step_alloc(w, op);
		if (!w->spec.domain[op->domain].exists)
			return skip(w);
		return world_domain_agrees(w, op->domain) && step_domain(w, op);
	}
}

bool world_step(struct world *w, const struct op *op)
{
	/* What belongs to nobody touches no domain: any will do. */
	unsigned int domain = op->domain == NO_DOMAIN ? 0 : op->domain;

	w->offlining = op->kind == OP_OFFLINE;
	world_begin_step(w, domain);
	return run_both(w, op) && world_changes_agree(w, domain);
}
