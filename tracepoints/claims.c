// SPDX-License-Identifier: GPL-2.0-only
#include "tracepoints/claims.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

static struct claim_domain *find_domain(struct claims *c, uint32_t domid)
{
	struct claim_domain **slot = &c->domains[domid];

	if (!*slot)
		*slot = calloc(1, sizeof(**slot));
	if (*slot)
		(*slot)->domid = domid;
	return *slot;
}

static uint32_t *find_current(struct claim_domain *d, uint32_t node, bool somewhere)
{
	return &d->current[somewhere ? HOLDING_NODES : node];
}

static int begin_life(struct claims *c, const struct claim_change *change, uint64_t tsc,
		      uint32_t *current, struct claim_life **out)
{
	struct claim_life *grown;

	if (c->nr_lives == CLAIM_LIVES_MAX) {
		c->not_kept++;
		return 0;
	}
	if (!(c->nr_lives & (c->nr_lives - 1))) {
		grown = realloc(c->lives,
				(c->nr_lives ? 2 * (size_t)c->nr_lives : 1) * sizeof(*grown));
		if (!grown)
			return -ENOMEM;
		c->lives = grown;
	}
	*out = &c->lives[c->nr_lives++];
	**out = (struct claim_life){.domid = change->domid,
				    .node = change->node,
				    .somewhere = change->somewhere,
				    .begin_tsc = tsc};
	*current = c->nr_lives;
	return 0;
}

/* The life that a change is about, a new one when there is none; *out is NULL when it is not kept.
 */
static int find_life(struct claims *c, const struct claim_change *change, uint64_t tsc,
		     struct claim_life **out)
{
	struct claim_domain *d = find_domain(c, change->domid);
	uint32_t *current;

	*out = NULL;
	if (!d)
		return -ENOMEM;
	current = find_current(d, change->node, change->somewhere);
	if (!*current)
		return begin_life(c, change, tsc, current, out);
	*out = &c->lives[*current - 1];
	return 0;
}

static void end_life(struct claims *c, struct claim_life *life, enum claim_end end, uint64_t tsc)
{
	life->end = end;
	life->end_tsc = tsc;
	*find_current(c->domains[life->domid], life->node, life->somewhere) = 0;
}

static int add_use(struct claim_life *life, const struct trc_heap_section *r, uint32_t pages)
{
	struct claim_use *uses, *use;
	unsigned int i;

	for (i = 0; i < life->nr_uses; i++)
		if (life->uses[i].site == r->site && life->uses[i].order == r->order &&
		    life->uses[i].node == r->node)
			break;
	if (i == life->nr_uses) {
		uses = realloc(life->uses, (i + 1) * sizeof(*uses));
		if (!uses)
			return -ENOMEM;
		life->uses = uses;
		uses[i] = (struct claim_use){.site = r->site, .order = r->order, .node = r->node};
		life->nr_uses++;
	}
	use = &life->uses[i];
	use->count++;
	use->pages += pages;
	return 0;
}

static void take_from(struct claim_life *life, uint32_t pages)
{
	uint64_t taken = pages < life->left ? pages : life->left;

	if (life->known)
		life->unexplained -= (int64_t)(pages - taken);
	life->left -= taken;
}

static int take_redeemed(struct claims *c, const struct claim_change *change, uint64_t tsc,
			 const struct trc_heap_section *r)
{
	struct claim_life *life;
	int ret = find_life(c, change, tsc, &life);

	if (ret || !life)
		return ret;
	take_from(life, change->pages);
	life->redeemed += change->pages;
	if (change->somewhere || (life->node != HEAP_NODE_NONE && life->node != r->node))
		life->off_node += change->pages;
	ret = add_use(life, r, change->pages);
	if (life->known && !life->left)
		end_life(c, life, CLAIM_USED_UP, tsc);
	return ret;
}

/* Where a claim goes on that should have ended, the records of its end are missing. */
static int take_installed(struct claims *c, const struct claim_change *change, uint64_t tsc)
{
	struct claim_life *life;
	int ret = find_life(c, change, tsc, &life);

	if (!ret && life && (life->known || life->redeemed || life->released)) {
		life->unexplained += (int64_t)life->left;
		life->left = 0;
		end_life(c, life, CLAIM_REPLACED, tsc);
		ret = find_life(c, change, tsc, &life);
	}
	if (ret || !life)
		return ret;
	life->known = true;
	life->installed = life->left = change->pages;
	return 0;
}

static int take_released(struct claims *c, const struct claim_change *change, uint64_t tsc,
			 uint32_t reason)
{
	static const enum claim_end ends[] = {[HEAP_RELEASE_REPLACED] = CLAIM_REPLACED,
					      [HEAP_RELEASE_CANCELLED] = CLAIM_CANCELLED,
					      [HEAP_RELEASE_DIED] = CLAIM_DIED};
	struct claim_life *life;
	int ret = find_life(c, change, tsc, &life);

	if (ret || !life)
		return ret;
	take_from(life, change->pages);
	life->released += change->pages;
	if (life->known)
		life->unexplained += (int64_t)life->left;
	life->left = 0;
	end_life(c, life, reason < sizeof(ends) / sizeof(ends[0]) ? ends[reason] : CLAIM_CANCELLED,
		 tsc);
	return 0;
}

static int take_change(struct claims *c, const struct claim_change *change,
		       const struct trace_item *item)
{
	struct trc_heap_section section;
	struct trc_claim_release release;

	switch (change->cause) {
	case CLAIM_INSTALLED: return take_installed(c, change, item->tsc);
	case CLAIM_RELEASED:
		memcpy(&release, item->words, sizeof(release));
		return take_released(c, change, item->tsc, release.reason);
	case CLAIM_REDEEMED:
	default:
		memcpy(&section, item->words, sizeof(section));
		return take_redeemed(c, change, item->tsc, &section);
	}
}

static int count_allocation(struct claims *c, const uint32_t *words)
{
	struct trc_heap_section r;
	struct claim_domain *d;

	memcpy(&r, words, sizeof(r));
	if (r.site != HEAP_SITE_ALLOC || r.node == HEAP_NODE_NONE || r.domid == HEAP_DOMID_NONE)
		return 0;
	d = find_domain(c, r.domid);
	if (!d)
		return -ENOMEM;
	d->allocated[r.node] += 1ull << r.order;
	return 0;
}

static int take_record(struct claims *c, const struct trace_item *item)
{
	const struct catalog_event *event = catalog_find(item->event);
	unsigned int i;
	int ret;

	if (!event || item->nr_words > event->nr_words)
		return 0;
	c->states += event->number == TRC_node_state;
	ret = pages_take(c->pages, event->number, item->words);
	if (!ret && event->number == TRC_heap_section)
		ret = count_allocation(c, item->words);
	for (i = 0; !ret && i < c->pages->holdings.nr_changes; i++)
		ret = take_change(c, &c->pages->holdings.changes[i], item);
	return ret;
}

static int by_domain(const void *left, const void *right)
{
	const struct claim_life *a = left, *b = right;

	if (a->domid != b->domid)
		return a->domid < b->domid ? -1 : 1;
	if (a->begin_tsc != b->begin_tsc)
		return a->begin_tsc < b->begin_tsc ? -1 : 1;
	return (a->node > b->node) - (a->node < b->node);
}

int claims_read(struct trace_reader *reader, struct claims **out)
{
	struct claims *c = calloc(1, sizeof(*c));
	struct trace_item item;
	int ret = 0;

	if (c)
		c->pages = pages_new();
	if (!c || !c->pages)
		ret = -ENOMEM;
	while (!ret && trace_next(reader, &item) != TRACE_END) {
		if (item.type == TRACE_RECORD)
			ret = take_record(c, &item);
		else if (item.type == TRACE_LOST)
			c->lost += item.lost;
		else if (item.type == TRACE_ANOMALY)
			c->anomalies++;
	}
	if (ret) {
		claims_free(c);
		return ret;
	}
	if (c->nr_lives)
		qsort(c->lives, c->nr_lives, sizeof(*c->lives), by_domain);
	*out = c;
	return 0;
}

void claims_free(struct claims *c)
{
	uint32_t i;

	if (!c)
		return;
	for (i = 0; i < c->nr_lives; i++)
		free(c->lives[i].uses);
	for (i = 0; i < HOLDING_DOMAINS; i++)
		free(c->domains[i]);
	free(c->lives);
	pages_free(c->pages);
	free(c);
}

uint64_t claims_count_unexplained(const struct claims *c)
{
	uint64_t count = 0;
	uint32_t i;

	for (i = 0; i < c->nr_lives; i++)
		count += c->lives[i].unexplained != 0;
	return count;
}

const char *claim_end_name(enum claim_end end)
{
	static const char *const names[] = {[CLAIM_OPEN] = "open",
					    [CLAIM_USED_UP] = "used up",
					    [CLAIM_REPLACED] = "replaced",
					    [CLAIM_CANCELLED] = "cancelled",
					    [CLAIM_DIED] = "died"};

	return names[end];
}
