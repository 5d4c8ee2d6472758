// SPDX-License-Identifier: GPL-2.0-only
#include "tracepoints/holdings.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

static uint64_t *find_domain(struct holdings *h, uint32_t domid)
{
	uint64_t **slot = &h->domains[domid];

	if (!*slot)
		*slot = calloc(HOLDING_NODES, sizeof(**slot));
	return *slot;
}

static void add_change(struct holdings *h, enum claim_cause cause, uint32_t domid, uint32_t node,
		       uint32_t pages)
{
	h->changes[h->nr_changes++] =
		(struct claim_change){.cause = cause, .domid = domid, .node = node, .pages = pages};
}

/* More than is known to be there: its start was not recorded. */
static void take_pages(uint64_t *pages, uint32_t taken)
{
	*pages -= *pages < taken ? *pages : taken;
}

static void redeem(struct holdings *h, uint64_t *pages, uint32_t domid, uint32_t node,
		   uint32_t taken)
{
	if (!taken)
		return;
	add_change(h, CLAIM_REDEEMED, domid, node, taken);
	take_pages(&pages[node], taken);
}

static void redeem_others(struct holdings *h, uint64_t *pages, const struct trc_heap_section *r)
{
	uint32_t left = r->from_other, node, taken;

	for (node = 0; left && node < HEAP_NODE_NONE; node++) {
		if (node == r->node)
			continue;
		taken = pages[node] < left ? (uint32_t)pages[node] : left;
		redeem(h, pages, r->domid, node, taken);
		left -= taken;
	}
	if (!left)
		return;
	add_change(h, CLAIM_REDEEMED, r->domid, 0, left);
	h->changes[h->nr_changes - 1].somewhere = true;
}

static int take_section(struct holdings *h, const struct trc_heap_section *r)
{
	uint64_t *pages;

	if (!r->from_node && !r->from_host && !r->from_other)
		return 0;
	pages = find_domain(h, r->domid);
	if (!pages)
		return -ENOMEM;
	if (r->node != HEAP_NODE_NONE)
		redeem(h, pages, r->domid, r->node, r->from_node);
	redeem(h, pages, r->domid, HEAP_NODE_NONE, r->from_host);
	redeem_others(h, pages, r);
	return 0;
}

static int change(struct holdings *h, enum claim_cause cause, uint32_t domid, uint32_t node,
		  uint32_t pages)
{
	uint64_t *held;

	if (node >= HOLDING_NODES || domid >= HOLDING_DOMAINS)
		return 0;
	held = find_domain(h, domid);
	if (!held)
		return -ENOMEM;
	add_change(h, cause, domid, node, pages);
	if (cause == CLAIM_INSTALLED)
		held[node] += pages;
	else
		take_pages(&held[node], pages);
	return 0;
}

int holdings_take(struct holdings *h, uint32_t event, const uint32_t *words)
{
	struct trc_heap_section section;
	struct trc_claim_entry entry;
	struct trc_claim_release release;

	h->nr_changes = 0;
	switch (event) {
	case TRC_heap_section:
		memcpy(&section, words, sizeof(section));
		return take_section(h, &section);
	case TRC_claim_entry:
		memcpy(&entry, words, sizeof(entry));
		return change(h, CLAIM_INSTALLED, entry.domid, entry.node, entry.pages);
	case TRC_claim_release:
		memcpy(&release, words, sizeof(release));
		return change(h, CLAIM_RELEASED, release.domid, release.node, release.pages);
	default: return 0;
	}
}

void holdings_free(struct holdings *h)
{
	unsigned int i;

	for (i = 0; i < HOLDING_DOMAINS; i++)
		free(h->domains[i]);
}
