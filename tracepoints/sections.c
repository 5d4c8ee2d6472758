// SPDX-License-Identifier: GPL-2.0-only
#include "tracepoints/sections.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

/* Slots of keys that cannot be, or found no room. */
#define SLOT_IMPOSSIBLE UINT16_MAX
#define SLOT_NO_ROOM (UINT16_MAX - 1)

/* Where the fields are, known to the compiler: bit fields in memory are loaded byte by byte. */
#define AT_HEAP(name, bits, type, unit, doc)                                                       \
	heap_##name##_at, heap_##name##_end = heap_##name##_at + (bits) - 1,
#define AT_PAGE_ALLOC(name, bits, type, unit, doc)                                                 \
	page_alloc_##name##_at, page_alloc_##name##_end = page_alloc_##name##_at + (bits) - 1,
enum { HEAP_FIELDS_heap_section(AT_HEAP) };
enum { HEAP_FIELDS_page_alloc_section(AT_PAGE_ALLOC) };
#define GET(words, field)                                                                          \
	catalog_get(&(const struct catalog_field){.offset = field##_at,                            \
						  .bits = field##_end - field##_at + 1},           \
		    words)
/* What identifies a cell is what follows the domain in the first word. */
_Static_assert(heap_site_at == 15 && heap_node_end == 31, "17 bits: site, order, node");
_Static_assert(page_alloc_site_at == 16 && page_alloc_order_end == 31, "16 bits: site, order");

static struct hist *new_thinks(void)
{
	struct hist *think = calloc(WAITS_SITES, sizeof(*think));

	for (unsigned int i = 0; think && i < WAITS_SITES; i++)
		think[i].min = UINT64_MAX;
	return think;
}

struct sections *sections_new(unsigned int by)
{
	struct sections *s = calloc(1, sizeof(*s));

	if (!s)
		return NULL;
	s->first_request = UINT64_MAX;
	for (unsigned int i = 0; i < SECTION_LOCKS; i++)
		s->waits[i].handover.min = UINT64_MAX;
	if (by & SECTION_THINK) {
		s->waits[SECTION_HEAP].think = new_thinks();
		if (!s->waits[SECTION_HEAP].think) {
			sections_free(s);
			return NULL;
		}
	}
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
	free(s->waits[SECTION_HEAP].think);
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

static inline int slot_error(uint16_t slot)
{
	if (__builtin_expect(slot < SLOT_NO_ROOM, 1))
		return 0;
	return slot == SLOT_IMPOSSIBLE ? -EDOM : -E2BIG;
}

static bool is_before(const struct section_record *a, const struct section_record *b)
{
	return a->hold != b->hold ? a->hold > b->hold : a->tsc < b->tsc;
}

static void keep_long(struct section_longest *longest, const struct section_cell *cell,
		      const struct trace_record *from, uint32_t wait, uint32_t hold)
{
	uint32_t event = TRACE_HEADER_EVENT(from->header), words[8];
	struct section_record record = {from->offset, from->tsc, from->cpu,  event,
					hold,	      wait,	 cell->site, {0}};
	unsigned int i = longest->nr < SECTION_LONGEST ? longest->nr++ : SECTION_LONGEST - 1;

	trace_copy_words(from, words);
	memcpy(record.words, words, sizeof(record.words));
	for (; i && is_before(&record, &longest->records[i - 1]); i--)
		longest->records[i] = longest->records[i - 1];
	longest->records[i] = record;
	if (longest->nr == SECTION_LONGEST)
		longest->least = 1ull + longest->records[SECTION_LONGEST - 1].hold;
}

/* What all sections have, whatever the lock. Hot. */
static inline __attribute__((always_inline)) void
add_section(struct sections *s, struct section_cell *cell, const struct trace_record *record,
	    enum section_lock which, uint16_t lock, uint32_t wait, uint32_t hold)
{
	struct section_longest *longest = &s->longest[which];
	uint64_t requested = record->tsc - hold - wait;

	hist_record(&cell->hold, hold);
	hist_record(&cell->wait, wait);
	if (__builtin_expect(hold == UINT32_MAX || wait == UINT32_MAX, 0))
		s->saturated++;
	if (!TRACE_HEADER_HAS_TSC(record->header))
		return;
	if (requested < s->first_request)
		s->first_request = requested;
	waits_add(&s->waits[which], record->tsc, hold, wait, (uint16_t)record->cpu, lock,
		  cell->site);
	if (__builtin_expect(hold >= longest->least, 0))
		keep_long(longest, cell, record, wait, hold);
}

static void add_fallback(struct section_fallback *f, const uint32_t *words)
{
	uint32_t claims = GET(words, heap_refused_claims), empty = GET(words, heap_refused_empty);
	unsigned int node = GET(words, heap_node);
	uint32_t nodes;

	f->count++;
	f->failed += node == HEAP_NODE_NONE;
	f->visited[__builtin_popcount(claims | empty)]++;
	f->served[node]++;
	f->refused_orders[GET(words, heap_order)] += (uint64_t)__builtin_popcount(claims);
	for (nodes = claims; nodes; nodes &= nodes - 1)
		f->refused_claims[__builtin_ctz(nodes)]++;
	for (nodes = empty; nodes; nodes &= nodes - 1)
		f->refused_empty[__builtin_ctz(nodes)]++;
}

static inline void add_redeem(struct hist *hist, uint32_t pages)
{
	if (pages)
		hist_record(hist, pages);
}

static void add_redeems(struct sections *s, const uint32_t *words)
{
	add_redeem(s->redeemed[0], GET(words, heap_from_node));
	add_redeem(s->redeemed[1], GET(words, heap_from_host));
	add_redeem(s->redeemed[2], GET(words, heap_from_other));
}

/* Is any bit from at to end set? Word by word: a load across what the reader stored apart waits. */
static inline bool has_bits(const uint32_t *words, unsigned int at, unsigned int end)
{
	uint32_t first = UINT32_MAX << at % 32, last = UINT32_MAX >> (31 - end % 32);

	if (at / 32 == end / 32)
		return words[at / 32] & first & last;
	return (words[at / 32] & first) || (words[end / 32] & last);
}
#define HAS(words, field) has_bits(words, field##_at, field##_end)

static inline unsigned int claim_of(const uint32_t *words)
{
	return (HAS(words, heap_from_node) ? SECTION_CLAIM_NODE : 0) |
	       (HAS(words, heap_from_host) ? SECTION_CLAIM_HOST : 0) |
	       (HAS(words, heap_from_other) ? SECTION_CLAIM_OTHER : 0);
}

static int new_heap_cell(struct sections *s, uint16_t *slot, const uint32_t *words,
			 unsigned int claim)
{
	unsigned int site = GET(words, heap_site), node = GET(words, heap_node);

	if (site == HEAP_SITE_ALLOC && node == HEAP_NODE_NONE)
		site = SECTION_ALLOC_FAILED;
	else if (site == SECTION_ALLOC_FAILED)
		site++;
	return new_cell(s, slot,
			(struct section_cell){
				.lock = SECTION_HEAP,
				.site = (uint8_t)site,
				.order = (uint8_t)GET(words, heap_order),
				.node = (uint8_t)node,
				.claim = (uint8_t)claim,
			});
}

static int new_page_alloc_cell(struct sections *s, uint16_t *slot, const uint32_t *words)
{
	return new_cell(s, slot,
			(struct section_cell){
				.lock = SECTION_PAGE_ALLOC,
				.site = (uint8_t)GET(words, page_alloc_site),
				.order = (uint8_t)GET(words, page_alloc_order),
				.node = HEAP_NODE_NONE,
			});
}

/* What most sections do not have. */
static inline int add_rest(struct sections *s, struct section_cell *cell, const uint32_t *words,
			   unsigned int claim)
{
	unsigned int host = GET(words, heap_host_cover), node = GET(words, heap_node_cover);

	if (host > HEAP_COVER_REFUSED || node > HEAP_COVER_REFUSED)
		return -EDOM;
	cell->covers[host | node << 2]++;
	if (claim)
		add_redeems(s, words);
	if ((GET(words, heap_refused_claims) | GET(words, heap_refused_empty)) &&
	    GET(words, heap_site) == HEAP_SITE_ALLOC)
		add_fallback(&s->fallback, words);
	return 0;
}

/* Most records have as many words as this; in others zeros make up for those that are missing. */
#define PLAIN_WORDS 3
_Static_assert(heap_from_node_at == 32 * PLAIN_WORDS, "a section without claims and fallback");
_Static_assert(page_alloc_hold_end == 32 * PLAIN_WORDS - 1, "all of it");

static inline bool copy_plain_words(const struct trace_record *record, uint32_t *words)
{
	unsigned int nr_words = TRACE_HEADER_WORDS(record->header);

	if (nr_words == PLAIN_WORDS)
		memcpy(words, record->words, 4 * PLAIN_WORDS);
	else
		trace_copy_words(record, words);
	return nr_words <= PLAIN_WORDS;
}

int sections_add_heap(struct sections *s, const struct trace_record *record)
{
	uint32_t words[8];
	bool plain = copy_plain_words(record, words);
	unsigned int claim = plain ? 0 : claim_of(words);
	uint16_t *slot = &s->heap_slots[(words[0] >> heap_site_at) << 3 | claim];
	struct section_cell *cell;
	int ret = *slot ? slot_error(*slot) : new_heap_cell(s, slot, words, claim);

	if (ret)
		return ret;
	cell = s->cells[*slot - 1];
	if (plain)
		cell->covers[0]++;
	else
		ret = add_rest(s, cell, words, claim);
	if (!ret)
		add_section(s, cell, record, SECTION_HEAP, 0, GET(words, heap_wait),
			    GET(words, heap_hold));
	return ret;
}

int sections_add_page_alloc(struct sections *s, const struct trace_record *record)
{
	uint32_t words[8];
	uint16_t *slot;
	int ret;

	copy_plain_words(record, words);
	slot = &s->page_alloc_slots[words[0] >> page_alloc_site_at];
	ret = *slot ? slot_error(*slot) : new_page_alloc_cell(s, slot, words);
	if (!ret)
		add_section(s, s->cells[*slot - 1], record, SECTION_PAGE_ALLOC,
			    (uint16_t)GET(words, page_alloc_domid), GET(words, page_alloc_wait),
			    GET(words, page_alloc_hold));
	return ret;
}
