// SPDX-License-Identifier: GPL-2.0-only
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/model/world.h"

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

static bool domain_agrees(struct world *w, unsigned int i)
{
	const struct spec_domain *d = &w->spec.domain[i];
	unsigned long sum = spec_domain_node_claims(&w->spec, d);
	struct heap_holding xen;

	if (!d->exists)
		return true;
	heap_read_domain(w->domain[i], &xen);
	for (unsigned int n = 0; memcmp(xen.claims, d->claims, sizeof(xen.claims)); n++)
		if (xen.claims[n] != d->claims[n])
			return world_differs(
				w, "claims of domain %u on node %u: Xen has %lu, expected %lu", i,
				n, xen.claims[n], d->claims[n]);
	return world_same(w, "pages of domain", i, xen.pages, d->pages) &&
	       world_same(w, "host claims of domain", i, xen.host_claims, d->host_claims) &&
	       world_same(w, "node_claims of domain", i, xen.node_claims, sum);
}

/* Claims that nothing backs: only offlining makes more of them. */
static bool promises_kept(struct world *w, bool offlining)
{
	const struct spec *s = &w->spec;
	unsigned long free = spec_free(s), claimed = spec_claimed(s);
	unsigned long missing = claimed > free ? claimed - free : 0;
	bool kept = offlining || missing <= w->short_host;

	w->short_host = missing;
	for (unsigned int n = 0; n < s->nodes; n++) {
		claimed = spec_node_claimed(s, n);
		missing = claimed > s->free[n] ? claimed - s->free[n] : 0;
		kept &= offlining || missing <= w->short_node[n];
		w->short_node[n] = missing;
	}
	return kept || world_differs(w, "more is claimed than is free");
}

bool world_agrees(struct world *w, bool offlining)
{
	const struct spec *s = &w->spec;
	static struct heap_counters xen;

	heap_read_counters(&xen);
	for (unsigned int n = 0; n < s->nodes; n++)
		if (!world_same(w, "free pages of the zones of node", n, xen.node[n].zones,
				s->free[n]) ||
		    !world_same(w, "free pages of node", n, xen.node[n].free, s->free[n]) ||
		    !world_same(w, "claims on node", n, xen.node[n].claimed,
				spec_node_claimed(s, n)))
			return false;
	for (unsigned int i = 0; i < SPEC_DOMAINS; i++)
		if (!domain_agrees(w, i))
			return false;
	return world_same(w, "free pages of host", 0, xen.free, spec_free(s)) &&
	       world_same(w, "claims on host", 0, xen.claimed, spec_claimed(s)) &&
	       promises_kept(w, offlining);
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
}
