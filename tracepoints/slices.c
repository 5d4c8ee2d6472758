// SPDX-License-Identifier: GPL-2.0-only
/* Records become slices, instants and samples of counters. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "tracepoints/pages.h"
#include "tracepoints/tracks.h"

/* Bytes that a slice and a sample take at least, in any format. */
#define SLICE_BYTES 45
#define SAMPLE_BYTES 17

struct collector {
	struct export *e;
	struct tracks *t;
	struct pages *pages;
	const struct trace_item *item;
	const struct catalog_event *event;
	uint64_t bytes; /* at least, of what was found */
	bool started;	/* the counters of all nodes were put */
	bool shown;	/* the record made something */
	int error;
};

/* Room for one more, doubling at powers of two. */
static bool has_room(struct collector *c, void **array, uint32_t count, size_t size)
{
	void *grown;

	if (count & (count - 1))
		return true;
	grown = realloc(*array, (count ? 2 * (size_t)count : 1) * size);
	if (grown)
		*array = grown;
	else
		c->error = -ENOMEM;
	return grown;
}

static struct slice *add_slice(struct collector *c, track_key track, uint64_t begin, uint64_t end,
			       const char *name)
{
	struct slice *s;

	if (!has_room(c, (void **)&c->t->slices, c->t->nr_slices, sizeof(*s)))
		return NULL;
	s = &c->t->slices[c->t->nr_slices++];
	*s = (struct slice){.begin = begin,
			    .end = end,
			    .offset = c->item->offset,
			    .track = track,
			    .event = c->event,
			    .name = name ? name : "?",
			    .first = !c->shown};
	memcpy(s->words, c->item->words, sizeof(s->words));
	c->bytes += SLICE_BYTES;
	c->shown = true;
	return s;
}

static void add_instant(struct collector *c, track_key track, const char *name)
{
	struct slice *s = add_slice(c, track, c->item->tsc, c->item->tsc, name);

	if (s)
		s->instant = true;
}

static void add_sample(struct collector *c, track_key track, int64_t value)
{
	if (!has_room(c, (void **)&c->t->marks, c->t->nr_marks, sizeof(*c->t->marks)))
		return;
	c->t->marks[c->t->nr_marks] = (struct mark){.tsc = c->item->tsc,
						    .order = c->t->nr_marks,
						    .track = track,
						    .type = MARK_VALUE,
						    .value = value};
	c->t->nr_marks++;
	c->bytes += SAMPLE_BYTES;
}

static uint64_t before(uint64_t tsc, uint64_t cycles)
{
	return tsc > cycles ? tsc - cycles : 0;
}

/* A section ends with its record: that was made right after unlock. */
static void add_section(struct collector *c, track_key track, const char *site, uint32_t wait,
			uint32_t hold)
{
	uint64_t held = before(c->item->tsc, hold);
	struct slice *s;

	add_slice(c, track, held, c->item->tsc, site);
	s = wait ? add_slice(c, track, before(held, wait), held, "wait") : NULL;
	if (s)
		s->bare = true;
}

/* A call is shown on its CPU, around its sections, and on its domain. */
static void add_call(struct collector *c, uint32_t domid, uint32_t cycles)
{
	uint64_t begin = before(c->item->tsc, cycles);

	add_slice(c, TRACK_KEY(TRACK_CPU, c->item->cpu, 0), begin, c->item->tsc, c->event->name);
	if (domid != HEAP_DOMID_NONE)
		add_slice(c, TRACK_KEY(TRACK_DOMAIN, domid, 0), begin, c->item->tsc,
			  c->event->name);
}

static void collect_heap_section(struct collector *c, const struct trc_heap_section *r)
{
	add_section(c, TRACK_KEY(TRACK_CPU, c->item->cpu, 0), catalog_value_name("site", r->site),
		    r->wait, r->hold);
}

static void collect_page_alloc_section(struct collector *c, const struct trc_page_alloc_section *r)
{
	add_section(c, TRACK_KEY(TRACK_PAGE_ALLOC, c->item->cpu, 0),
		    catalog_value_name("owner", r->site), r->wait, r->hold);
}

static void collect_claim_install(struct collector *c, const struct trc_claim_install *r)
{
	add_call(c, r->domid, r->cycles);
}

static void collect_populate_physmap(struct collector *c, const struct trc_populate_physmap *r)
{
	add_call(c, r->domid, r->cycles);
}

static void collect_domain_teardown(struct collector *c, const struct trc_domain_teardown *r)
{
	add_call(c, r->domid, r->cycles);
}

static void collect_scrub_run(struct collector *c, const struct trc_scrub_run *r)
{
	add_call(c, HEAP_DOMID_NONE, r->cycles);
}

static void collect_claim_entry(struct collector *c, const struct trc_claim_entry *r)
{
	add_instant(c, TRACK_KEY(TRACK_DOMAIN, r->domid, 0), c->event->name);
}

static void collect_claim_release(struct collector *c, const struct trc_claim_release *r)
{
	add_instant(c, TRACK_KEY(TRACK_DOMAIN, r->domid, 0), c->event->name);
}

static void collect_domctl_retry(struct collector *c, const struct trc_domctl_retry *r)
{
	add_instant(c, TRACK_KEY(TRACK_DOMAIN, r->domid, 0), c->event->name);
}

/* The counters show it. */
static void collect_node_state(struct collector *c, const struct trc_node_state *r)
{
	(void)r;
	c->shown = true;
}

#define COLLECT_EVENT(subclass, minor, name, doc)                                                  \
	case TRC_##name: {                                                                         \
		struct trc_##name record;                                                          \
		memcpy(&record, c->item->words, sizeof(record));                                   \
		collect_##name(c, &record);                                                        \
		break;                                                                             \
	}

static void collect_record(struct collector *c)
{
	switch (c->event ? c->event->number : 0) {
		HEAP_EVENTS(COLLECT_EVENT)
	}
	c->e->without_slice += !c->shown;
}

/* From the first record that was lost to the first one that was not. */
static void collect_lost(struct collector *c)
{
	uint64_t begin = c->item->first_tsc < c->item->tsc ? c->item->first_tsc : c->item->tsc;
	struct slice *s = add_slice(c, TRACK_KEY(TRACK_CPU, c->item->cpu, 0), begin, c->item->tsc,
				    "records lost");

	if (s)
		s->words[0] = c->item->lost;
}

static void sample_node(struct collector *c, uint32_t node)
{
	const struct pages_account *a = &c->pages->nodes[node];

	add_sample(c, TRACK_KEY(a->known ? TRACK_FREE : TRACK_FREED, node, 0), a->free);
	add_sample(c, TRACK_KEY(a->known ? TRACK_CLAIMED : TRACK_CLAIMED_MORE, node, 0),
		   a->claimed);
}

static void sample_holder(struct collector *c)
{
	const struct holdings *h = &c->pages->holdings;
	uint64_t held = 0;
	unsigned int i;

	if (!h->nr_changes)
		return;
	for (i = 0; i < HOLDING_NODES; i++)
		held += h->domains[h->changes[0].domid][i];
	add_sample(c, TRACK_KEY(TRACK_HELD, h->changes[0].domid, 0), (int64_t)held);
}

/* Counters are followed from the start of the trace on, and shown where time is asked for. */
static void sample_counters(struct collector *c)
{
	unsigned int i;

	for (i = 0; !c->started && i < HOLDING_NODES; i++)
		if (c->pages->nodes[i].known)
			sample_node(c, i);
	for (i = 0; c->started && i < c->pages->nr_changed; i++)
		sample_node(c, c->pages->changed[i]);
	sample_holder(c);
	c->started = true;
}

static void collect_item(struct collector *c)
{
	struct trace_filter *filter = &c->e->filter;
	bool taken = export_takes(c->e, c->item, &c->event);

	c->shown = false;
	if (c->item->type == TRACE_ANOMALY || !c->item->has_tsc) {
		c->e->without_slice += taken && c->item->type == TRACE_RECORD;
		return;
	}
	if (c->event) {
		c->error = pages_take(c->pages, c->event->number, c->item->words);
		if (!c->error && filter_has_time(filter, c->item) &&
		    (filter_has_event(filter, catalog_find(TRC_node_state))))
			sample_counters(c);
	}
	if (taken && c->item->type == TRACE_RECORD)
		collect_record(c);
	else if (taken && c->item->type == TRACE_LOST)
		collect_lost(c);
}

/* What was only known to change, until a record said how many pages there are. */
static void correct_sample(struct mark *m, const struct pages *pages)
{
	const struct pages_account *a = &pages->nodes[TRACK_NUMBER(m->track) % HOLDING_NODES];

	if (!a->known)
		return;
	if (TRACK_KIND(m->track) == TRACK_FREED) {
		m->track = TRACK_KEY(TRACK_FREE, TRACK_NUMBER(m->track), 0);
		m->value += a->free_before;
	} else if (TRACK_KIND(m->track) == TRACK_CLAIMED_MORE) {
		m->track = TRACK_KEY(TRACK_CLAIMED, TRACK_NUMBER(m->track), 0);
		m->value += a->claimed_before;
	}
}

static int collect(struct export *e, struct tracks *t, struct pages *pages)
{
	struct trace_item item;
	struct collector c = {.e = e, .t = t, .pages = pages, .item = &item};
	uint32_t i;

	while (!c.error && trace_next(e->reader, &item) != TRACE_END) {
		if (c.bytes > e->sink.limit) {
			e->cut = true;
			e->cut_tsc = item.tsc;
			break;
		}
		if (item.type == TRACE_RECORD || item.type == TRACE_LOST ||
		    item.type == TRACE_ANOMALY)
			collect_item(&c);
	}
	for (i = 0; i < t->nr_marks; i++)
		correct_sample(&t->marks[i], pages);
	e->corrections = pages->corrections;
	e->worst = pages->worst;
	return c.error;
}

int tracks_read(struct export *e, struct tracks *t)
{
	struct pages *pages = pages_new();
	int ret = pages ? 0 : -ENOMEM;

	*t = (struct tracks){0};
	if (!ret)
		ret = collect(e, t, pages);
	pages_free(pages);
	if (!ret)
		ret = tracks_order(t);
	if (ret)
		tracks_free(t);
	return ret;
}
