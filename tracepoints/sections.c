// SPDX-License-Identifier: GPL-2.0-only
#include "tracepoints/sections.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

/* Slots of keys that cannot be, or found no room. */
#define SLOT_IMPOSSIBLE UINT16_MAX
#define SLOT_NO_ROOM (UINT16_MAX - 1)

struct sections *sections_new(void)
{
	struct sections *s = calloc(1, sizeof(*s));

	if (!s)
		return NULL;
	s->first_request = UINT64_MAX;
	for (unsigned int i = 0; i < 3; i++) {
		s->redeemed[i] = hist_new();
		if (!s->redeemed[i]) {
			sections_free(s);
			return NULL;
		}
	}
	return s;
}

void sections_free(struct sections *s)
{
	if (!s)
		return;
	for (unsigned int i = 0; i < s->nr_cells; i++)
		free(s->cells[i]);
	for (unsigned int i = 0; i < 3; i++)
		free(s->redeemed[i]);
	free(s);
}

const char *section_lock_name(enum section_lock lock)
{
	return lock == SECTION_HEAP ? "heap_lock" : "page_alloc_lock";
}

const char *section_site_name(enum section_lock lock, unsigned int site)
{
	if (lock == SECTION_PAGE_ALLOC)
		return catalog_value_name("owner", site);
	return site == SECTION_ALLOC_FAILED ? "alloc_failed" : catalog_value_name("site", site);
}

const char *section_claim_name(unsigned int claim)
{
	static const char *const names[8] = {"none",  "node",  "host",  "mixed",
					     "other", "mixed", "mixed", "mixed"};

	return names[claim];
}

static int new_cell(struct sections *s, uint16_t *slot, struct section_cell key)
{
	struct section_cell *cell;

	if (key.order > SECTION_ORDER_MAX || !section_site_name(key.lock, key.site)) {
		*slot = SLOT_IMPOSSIBLE;
		return -EDOM;
	}
	if (s->nr_cells == SECTION_CELLS_MAX) {
		*slot = SLOT_NO_ROOM;
		return -E2BIG;
	}
	cell = calloc(1, sizeof(*cell));
	if (!cell)
		return -ENOMEM;
	cell->lock = key.lock;
	cell->site = key.site;
	cell->order = key.order;
	cell->node = key.node;
	cell->claim = key.claim;
	cell->hold.min = UINT64_MAX;
	cell->wait.min = UINT64_MAX;
	s->cells[s->nr_cells++] = cell;
	*slot = (uint16_t)s->nr_cells;
	return 0;
}

static int slot_error(uint16_t slot)
{
	return slot == SLOT_IMPOSSIBLE ? -EDOM : slot == SLOT_NO_ROOM ? -E2BIG : 0;
}

static bool is_before(const struct section_record *a, const struct section_record *b)
{
	return a->hold != b->hold ? a->hold > b->hold : a->tsc < b->tsc;
}

static void keep_long(struct section_longest *longest, const struct section_record *record)
{
	unsigned int i = longest->nr < SECTION_LONGEST ? longest->nr++ : SECTION_LONGEST - 1;

	for (; i && is_before(record, &longest->records[i - 1]); i--)
		longest->records[i] = longest->records[i - 1];
	longest->records[i] = *record;
	if (longest->nr == SECTION_LONGEST)
		longest->least = longest->records[SECTION_LONGEST - 1].hold;
}

/* What all sections have, whatever the lock. Hot. */
static inline void add_section(struct sections *s, struct section_cell *cell,
			       const struct trace_item *item, uint32_t lock, uint32_t wait,
			       uint32_t hold)
{
	struct section_longest *longest = &s->longest[cell->lock];
	uint64_t acquired = item->tsc - hold;

	hist_record(&cell->hold, hold);
	hist_record(&cell->wait, wait);
	if (__builtin_expect(hold == UINT32_MAX || wait == UINT32_MAX, 0))
		s->saturated++;
	if (!item->has_tsc)
		return;
	if (acquired - wait < s->first_request)
		s->first_request = acquired - wait;
	waits_add(&s->waits[cell->lock], (struct waits_entry){
						 .requested = acquired - wait,
						 .acquired = acquired,
						 .ended = item->tsc,
						 .cpu = item->cpu,
						 .lock = lock,
						 .site = cell->site,
					 });
	if (__builtin_expect(hold > longest->least || longest->nr < SECTION_LONGEST, 0)) {
		struct section_record record = {item->offset, item->tsc, item->cpu, item->event,
						hold,         wait,      cell->site, {0}};

		memcpy(record.words, item->words, sizeof(record.words));
		keep_long(longest, &record);
	}
}

static void add_fallback(struct section_fallback *f, const struct trc_heap_section *r)
{
	uint32_t nodes;

	f->count++;
	f->failed += r->node == HEAP_NODE_NONE;
	f->visited[__builtin_popcount(r->refused_claims | r->refused_empty)]++;
	f->served[r->node]++;
	f->refused_orders[r->order] += (uint64_t)__builtin_popcount(r->refused_claims);
	for (nodes = r->refused_claims; nodes; nodes &= nodes - 1)
		f->refused_claims[__builtin_ctz(nodes)]++;
	for (nodes = r->refused_empty; nodes; nodes &= nodes - 1)
		f->refused_empty[__builtin_ctz(nodes)]++;
}

static inline void add_redeem(struct hist *hist, uint32_t pages)
{
	if (pages)
		hist_record(hist, pages);
}

static int new_heap_cell(struct sections *s, uint16_t *slot, const struct trc_heap_section *r,
			 unsigned int claim)
{
	bool failed = r->site == HEAP_SITE_ALLOC && r->node == HEAP_NODE_NONE;

	return new_cell(s, slot,
			(struct section_cell){
				.lock = SECTION_HEAP,
				.site = failed ? SECTION_ALLOC_FAILED : (uint8_t)r->site,
				.order = (uint8_t)r->order,
				.node = (uint8_t)r->node,
				.claim = (uint8_t)claim,
			});
}

int sections_add_heap(struct sections *s, const struct trace_item *item)
{
	struct trc_heap_section r;
	struct section_cell *cell;
	unsigned int claim;
	uint16_t *slot;
	int ret;

	memcpy(&r, item->words, sizeof(r));
	if (r.host_cover > HEAP_COVER_REFUSED || r.node_cover > HEAP_COVER_REFUSED)
		return -EDOM;
	claim = (r.from_node ? SECTION_CLAIM_NODE : 0) | (r.from_host ? SECTION_CLAIM_HOST : 0) |
		(r.from_other ? SECTION_CLAIM_OTHER : 0);
	slot = &s->heap_slots[(item->words[0] >> 15) << 3 | claim];
	ret = *slot ? slot_error(*slot) : new_heap_cell(s, slot, &r, claim);
	if (ret)
		return ret;
	cell = s->cells[*slot - 1];
	cell->covers[r.host_cover | r.node_cover << 2]++;
	if (claim) {
		add_redeem(s->redeemed[0], r.from_node);
		add_redeem(s->redeemed[1], r.from_host);
		add_redeem(s->redeemed[2], r.from_other);
	}
	if (r.site == HEAP_SITE_ALLOC && (r.refused_claims | r.refused_empty))
		add_fallback(&s->fallback, &r);
	add_section(s, cell, item, 0, r.wait, r.hold);
	return 0;
}

int sections_add_page_alloc(struct sections *s, const struct trace_item *item)
{
	struct trc_page_alloc_section r;
	uint16_t *slot;
	int ret;

	memcpy(&r, item->words, sizeof(r));
	slot = &s->page_alloc_slots[item->words[0] >> 16];
	ret = *slot ? slot_error(*slot)
		    : new_cell(s, slot,
			       (struct section_cell){
				       .lock = SECTION_PAGE_ALLOC,
				       .site = (uint8_t)r.site,
				       .order = (uint8_t)r.order,
				       .node = HEAP_NODE_NONE,
			       });
	if (ret)
		return ret;
	add_section(s, s->cells[*slot - 1], item, r.domid, r.wait, r.hold);
	return 0;
}

void sections_finish(struct sections *s)
{
	for (unsigned int lock = 0; lock < SECTION_LOCKS; lock++)
		waits_finish(&s->waits[lock]);
}
