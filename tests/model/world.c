// SPDX-License-Identifier: GPL-2.0-only
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/model/world.h"

/* Room for the figures of all nodes; each use reads what it compares. */
static struct heap_counters xen;

bool world_differs(struct world *w, const char *fmt, ...)
{
	va_list args;

	va_start(args, fmt);
	vsnprintf(w->text, sizeof(w->text), fmt, args);
	va_end(args);
	return false;
}

bool world_same(struct world *w, const char *what, unsigned int index, unsigned long got,
		unsigned long expected)
{
	if (got == expected)
		return true;
	return world_differs(w, "%s %u: Xen has %lu, expected %lu", what, index, got, expected);
}

bool world_domain_agrees(struct world *w, unsigned int i)
{
	const struct spec_domain *d = &w->spec.domain[i];
	struct heap_holding holding;

	if (!d->exists)
		return true;
	heap_read_domain(w->domain[i], &holding);
	for (unsigned int n = 0; memcmp(holding.claims, d->claims, sizeof(d->claims)); n++)
		if (holding.claims[n] != d->claims[n])
			return world_differs(
				w, "claims of domain %u on node %u: Xen has %lu, expected %lu", i,
				n, holding.claims[n], d->claims[n]);
	return world_same(w, "pages of domain", i, holding.pages, d->pages) &&
	       world_same(w, "host claims of domain", i, holding.host_claims, d->host_claims) &&
	       world_same(w, "node_claims of domain", i, holding.node_claims,
			  spec_domain_node_claims(&w->spec, d));
}

/* Claims that nothing backs: only offlining makes more of them. */
static bool promises_kept(struct world *w, unsigned long *missing, unsigned long free,
			  unsigned long claimed)
{
	unsigned long before = *missing;

	*missing = claimed > free ? claimed - free : 0;
	return w->offlining || *missing <= before ||
	       world_differs(w, "more is claimed than is free");
}

static bool node_agrees(struct world *w, unsigned int n)
{
	unsigned long free = w->spec.free[n], claimed = spec_node_claimed(&w->spec, n);

	return world_same(w, "free pages of the zones of node", n, xen.node[n].zones, free) &&
	       world_same(w, "free pages of node", n, xen.node[n].free, free) &&
	       world_same(w, "claims on node", n, xen.node[n].claimed, claimed) &&
	       promises_kept(w, &w->short_node[n], free, claimed);
}

static bool host_agrees(struct world *w, unsigned long free, unsigned long claimed)
{
	return world_same(w, "free pages of host", 0, xen.free, free) &&
	       world_same(w, "claims on host", 0, xen.claimed, claimed) &&
	       promises_kept(w, &w->short_host, free, claimed);
}

bool world_agrees(struct world *w)
{
	heap_read_counters(&xen);
	for (unsigned int n = 0; n < w->spec.nodes; n++)
		if (!node_agrees(w, n))
			return false;
	for (unsigned int i = 0; i < SPEC_DOMAINS; i++)
		if (!world_domain_agrees(w, i))
			return false;
	return host_agrees(w, spec_free(&w->spec), spec_claimed(&w->spec));
}

void world_begin_step(struct world *w, unsigned int domain)
{
	w->domain_before = w->spec.domain[domain];
	w->touched = domain;
}

bool world_changes_agree(struct world *w, unsigned int domain)
{
	const struct spec_domain *now = &w->spec.domain[domain], *before = &w->domain_before;

	heap_read_host(&xen);
	w->claimed += now->host_claims - before->host_claims;
	for (unsigned int n = 0; n < w->spec.nodes; n++) {
		unsigned long freed = w->spec.free[n] - w->free_before[n];
		unsigned long claimed = now->claims[n] - before->claims[n];

		if (!(freed | claimed))
			continue;
		w->free += freed;
		w->free_before[n] = w->spec.free[n];
		w->claimed += claimed;
		heap_read_node(&xen, n);
		if (!node_agrees(w, n))
			return false;
	}
	return world_domain_agrees(w, w->touched) && host_agrees(w, w->free, w->claimed);
}

bool world_frames_agree(struct world *w, unsigned long first, unsigned long count)
{
	for (unsigned long f = first; f < first + count; f++)
		if (heap_is_free(w->config.first_frame + f) != (w->frames[f] == FRAME_FREE))
			return world_differs(w, "frame %lu: Xen has it %s, expected otherwise", f,
					     w->frames[f] == FRAME_FREE ? "in use" : "free");
	return true;
}

void world_boot(struct world *w, const struct heap_config *config)
{
	unsigned long pages = config->node_pages;

	*w = (struct world){.config = *config, .spec.nodes = config->nodes};
	w->frames = calloc(config->nodes, pages);
	heap_boot(config);
	for (unsigned long f = 0; f < config->nodes * pages; f++)
		if (heap_is_free(config->first_frame + f)) {
			w->frames[f] = FRAME_FREE;
			w->spec.free[f / pages]++;
		}
	w->free = spec_free(&w->spec);
	memcpy(w->free_before, w->spec.free, sizeof(w->free_before));
}
