// SPDX-License-Identifier: GPL-2.0-only
#include "tracepoints/pages.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

struct pages *pages_new(void)
{
	return calloc(1, sizeof(struct pages));
}

static void mark_changed(struct pages *p, uint32_t node)
{
	if (!p->nodes[node].changed)
		p->changed[p->nr_changed++] = (uint8_t)node;
	p->nodes[node].changed = true;
}

static void mark_unchanged(struct pages *p)
{
	while (p->nr_changed)
		p->nodes[p->changed[--p->nr_changed]].changed = false;
}

static void add_pages(struct pages *p, uint32_t node, int64_t free_pages, int64_t claimed)
{
	p->nodes[node].free += free_pages;
	p->nodes[node].claimed += claimed;
	mark_changed(p, node);
}

static void add_changes(struct pages *p)
{
	const struct claim_change *c;
	unsigned int i;
	int64_t pages;

	for (i = 0; i < p->holdings.nr_changes; i++) {
		c = &p->holdings.changes[i];
		pages = c->cause == CLAIM_INSTALLED ? (int64_t)c->pages : -(int64_t)c->pages;
		add_pages(p, HEAP_NODE_NONE, 0, pages);
		if (c->node != HEAP_NODE_NONE && !c->somewhere)
			add_pages(p, c->node, 0, pages);
	}
}

static void take_section(struct pages *p, const struct trc_heap_section *r)
{
	int64_t pages = 1ll << r->order;

	if (r->node == HEAP_NODE_NONE || (r->site != HEAP_SITE_ALLOC && r->site != HEAP_SITE_FREE))
		return;
	if (r->site == HEAP_SITE_ALLOC)
		pages = -pages;
	add_pages(p, r->node, pages, 0);
	add_pages(p, HEAP_NODE_NONE, pages, 0);
}

static void note_drift(struct pages *p, int64_t followed, int64_t stated)
{
	uint64_t drift = (uint64_t)llabs(followed - stated);

	if (!drift)
		return;
	p->corrections++;
	if (drift > p->worst)
		p->worst = drift;
}

static void take_state(struct pages *p, const struct trc_node_state *r)
{
	struct pages_account *a;

	if (r->node >= HOLDING_NODES)
		return;
	a = &p->nodes[r->node];
	if (a->known) {
		note_drift(p, a->free, r->free);
		note_drift(p, a->claimed, r->claimed);
	} else {
		a->free_before = r->free - a->free;
		a->claimed_before = r->claimed - a->claimed;
	}
	a->known = true;
	a->free = r->free;
	a->claimed = r->claimed;
	mark_changed(p, r->node);
}

int pages_take(struct pages *p, uint32_t event, const uint32_t *words)
{
	struct trc_heap_section section;
	struct trc_node_state state;
	int ret;

	mark_unchanged(p);
	ret = holdings_take(&p->holdings, event, words);
	if (ret)
		return ret;
	add_changes(p);
	if (event == TRC_heap_section) {
		memcpy(&section, words, sizeof(section));
		take_section(p, &section);
	} else if (event == TRC_node_state) {
		memcpy(&state, words, sizeof(state));
		take_state(p, &state);
	}
	return 0;
}

void pages_free(struct pages *p)
{
	if (p)
		holdings_free(&p->holdings);
	free(p);
}
