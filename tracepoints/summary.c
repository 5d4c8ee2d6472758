// SPDX-License-Identifier: GPL-2.0-only
#include "tracepoints/summary.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tracepoints/catalog.h"

/* Larger than Xen's MAX_ORDER on any architecture: a word beyond is damage. */
#define ORDER_MAX 20
/* An entry for each of at most 64 nodes and one for the host, doubled. */
#define ENTRIES_MAX 130
#define METRICS_MAX 4096

struct builder {
	struct summary *s;
	struct trace_item item;
	int error; /* sticky -ENOMEM */
	bool seen_cpu[TRACE_CPUS_MAX];
	uint16_t slots[METRICS_MAX]; /* hash table: index + 1 into s->metrics */
};

static void note(struct builder *b, struct summary_notes *notes, uint64_t offset, uint32_t lost,
		 const char *what)
{
	struct summary_note *n;

	if (notes->count++ >= SUMMARY_NOTES_MAX)
		return;
	if (!notes->notes)
		notes->notes = calloc(SUMMARY_NOTES_MAX, sizeof(*notes->notes));
	if (!notes->notes) {
		b->error = -ENOMEM;
		return;
	}
	n = &notes->notes[notes->kept++];
	n->offset = offset;
	n->cpu = b->item.cpu;
	n->lost = lost;
	snprintf(n->what, sizeof(n->what), "%s", what);
}

static void odd(struct builder *b, const char *event, const char *what)
{
	char text[96];

	snprintf(text, sizeof(text), "%s: %s", event, what);
	note(b, &b->s->anomalies, b->item.offset, 0, text);
}

/* Metrics in the order of output; the rest of the key are the labels. */
enum metric_id { HOLD, WAIT, CHECK, REDEEM, INSTALL, POPULATE, POPULATE_EXTENTS };

static const struct {
	const char *name;
	const char *unit;
} metric_kinds[] = {
	[HOLD] = {"hold", "cycles"},
	[WAIT] = {"wait", "cycles"},
	[CHECK] = {"check", "pages"},
	[REDEEM] = {"redeem", "pages"},
	[INSTALL] = {"install", "cycles"},
	[POPULATE] = {"populate", "cycles"},
	[POPULATE_EXTENTS] = {"populate_extents", "extents"},
};

#define METRIC_KEY(id, a, b, c)                                                                    \
	((uint64_t)(id) << 56 | (uint64_t)(a) << 48 | (uint64_t)(b) << 32 | (uint64_t)(c))

static struct summary_metric *add_metric(struct builder *b, uint64_t key)
{
	struct summary *s = b->s;
	struct summary_metric *metrics, *m;

	if (!(s->nr_metrics & (s->nr_metrics - 1))) {
		metrics = realloc(s->metrics, (s->nr_metrics ? 2 * s->nr_metrics : 1) * sizeof(*m));
		if (!metrics)
			return NULL;
		s->metrics = metrics;
	}
	m = &s->metrics[s->nr_metrics];
	memset(m, 0, sizeof(*m));
	m->hist = hist_new();
	if (!m->hist)
		return NULL;
	s->nr_metrics++;
	m->key = key;
	m->name = metric_kinds[key >> 56].name;
	m->unit = metric_kinds[key >> 56].unit;
	return m;
}

/* Record value under key; labels are set by the first that comes. */
static void record(struct builder *b, uint64_t key, uint64_t value,
		   const struct summary_label *labels, unsigned int nr_labels)
{
	unsigned int slot = (unsigned int)((key * 0x9e3779b97f4a7c15ull) >> 52);
	struct summary_metric *m;

	for (; b->slots[slot]; slot = (slot + 1) % METRICS_MAX) {
		m = &b->s->metrics[b->slots[slot] - 1];
		if (m->key == key) {
			hist_record(m->hist, value);
			return;
		}
	}
	if (b->s->nr_metrics == METRICS_MAX - 1) {
		odd(b, metric_kinds[key >> 56].name, "too many different labels: not counted");
		return;
	}
	m = add_metric(b, key);
	if (!m) {
		b->error = -ENOMEM;
		return;
	}
	b->slots[slot] = (uint16_t)b->s->nr_metrics;
	memcpy(m->labels, labels, nr_labels * sizeof(*labels));
	hist_record(m->hist, value);
}

static bool order_is_odd(struct builder *b, const char *event, uint32_t order)
{
	if (order <= ORDER_MAX)
		return false;
	odd(b, event, "order out of range: not counted");
	return true;
}

static void note_saturated(struct builder *b, const char *event, uint32_t cycles)
{
	if (cycles == UINT32_MAX)
		odd(b, event, "cycles beyond 32 bits: counted as 4294967295");
}


static void add_check(struct builder *b, const char *check, uint32_t cover, uint32_t order)
{
	const char *verdict = cover == HEAP_COVER_REFUSED ? "refused" : "permitted";
	const char *by = cover == HEAP_COVER_REFUSED ? "none" : catalog_value_name("cover", cover);
	struct summary_label labels[] = {
		{"check", check, 0}, {"verdict", verdict, 0}, {"cover", by, 0}};

	record(b, METRIC_KEY(CHECK, check[0] == 'n', cover, 0), 1ull << order, labels, 3);
}

static void add_checks(struct builder *b, const struct trc_heap_section *r)
{
	int refused = __builtin_popcount(r->refused_claims);

	add_check(b, "host", r->host_cover, r->order);
	if (r->node != HEAP_NODE_NONE)
		add_check(b, "node", r->node_cover, r->order);
	while (refused--)
		add_check(b, "node", HEAP_COVER_REFUSED, r->order);
}

static void add_redeem(struct builder *b, unsigned int nr, const char *from, uint32_t pages)
{
	struct summary_label label = {"from", from, 0};

	if (pages)
		record(b, METRIC_KEY(REDEEM, nr, 0, 0), pages, &label, 1);
}

static void add_redeems(struct builder *b, const struct trc_heap_section *r)
{
	add_redeem(b, 0, "node", r->from_node);
	add_redeem(b, 1, "host", r->from_host);
	add_redeem(b, 2, "other", r->from_other);
}

static void add_heap_section(struct builder *b, const struct trc_heap_section *r)
{
	/* What found nothing did other work: a site of its own. */
	bool failed = r->site == HEAP_SITE_ALLOC && r->node == HEAP_NODE_NONE;
	const char *site = failed ? "alloc_failed" : catalog_value_name("site", r->site);
	struct summary_label labels[] = {{"site", site, 0}, {"order", NULL, r->order}};

	if (!site) {
		odd(b, "heap_section", "unknown site: not counted");
		return;
	}
	if (order_is_odd(b, "heap_section", r->order))
		return;
	note_saturated(b, "heap_section", r->wait);
	note_saturated(b, "heap_section", r->hold);
	record(b, METRIC_KEY(HOLD, 2 * r->site + failed, r->order, 0), r->hold, labels, 2);
	record(b, METRIC_KEY(WAIT, 2 * r->site + failed, r->order, 0), r->wait, labels, 2);
	if (r->site == HEAP_SITE_ALLOC)
		add_checks(b, r);
	add_redeems(b, r);
}

static const char *error_name(uint32_t error)
{
	const char *name = error && error < 4096 ? strerrorname_np((int)error) : NULL;

	return error ? name : "0";
}

static void add_claim_install(struct builder *b, const struct trc_claim_install *r)
{
	const char *kind = catalog_value_name("kind", r->kind), *error = error_name(r->error);
	/* A set that is too big is refused: its size says no more than that. */
	uint32_t entries = r->entries < ENTRIES_MAX ? r->entries : ENTRIES_MAX;
	struct summary_label labels[] = {
		{"kind", kind, 0}, {"entries", NULL, entries}, {"error", error, 0}};

	if (!kind || !error) {
		odd(b, "claim_install", "unknown kind or error: not counted");
		return;
	}
	note_saturated(b, "claim_install", r->cycles);
	record(b, METRIC_KEY(INSTALL, r->kind, entries, r->error), r->cycles, labels, 3);
}

static void add_populate_physmap(struct builder *b, const struct trc_populate_physmap *r)
{
	struct summary_label label = {"order", NULL, r->order};

	if (order_is_odd(b, "populate_physmap", r->order))
		return;
	if (r->done > r->asked) {
		odd(b, "populate_physmap", "more extents done than asked: not counted");
		return;
	}
	note_saturated(b, "populate_physmap", r->cycles);
	record(b, METRIC_KEY(POPULATE, r->order, 0, 0), r->cycles, &label, 1);
	record(b, METRIC_KEY(POPULATE_EXTENTS, r->order, 0, 0), r->done, &label, 1);
}

/* Dumped only, so far. */
#define IGNORE_EVENT(name)                                                                         \
	static void add_##name(struct builder *b, const struct trc_##name *r)                      \
	{                                                                                          \
		(void)b;                                                                           \
		(void)r;                                                                           \
	}
IGNORE_EVENT(claim_entry)
IGNORE_EVENT(claim_release)
IGNORE_EVENT(node_state)
IGNORE_EVENT(domctl_retry)
IGNORE_EVENT(domain_teardown)
IGNORE_EVENT(scrub_run)
IGNORE_EVENT(page_alloc_section)

#define ADD_EVENT(subclass, minor, name, doc)                                                                \
	case TRC_##name: {                                                                         \
		struct trc_##name words;                                                           \
		memcpy(&words, b->item.words, sizeof(words));                                      \
		add_##name(b, &words);                                                             \
		break;                                                                             \
	}

static void add_record(struct builder *b)
{
	const struct catalog_event *event = catalog_find(b->item.event);

	b->s->records++;
	if (!b->seen_cpu[b->item.cpu]) {
		b->seen_cpu[b->item.cpu] = true;
		b->s->cpus++;
	}
	if (b->item.has_tsc) {
		if (!b->s->first_tsc || b->item.tsc < b->s->first_tsc)
			b->s->first_tsc = b->item.tsc;
		if (b->item.tsc > b->s->last_tsc)
			b->s->last_tsc = b->item.tsc;
	}
	if (!event)
		return;
	if (b->item.nr_words > event->nr_words) {
		odd(b, event->name, "too many words: not counted");
		return;
	}
	b->s->ours++;
	switch (b->item.event) {
		HEAP_EVENTS(ADD_EVENT)
	}
}

static void add_item(struct builder *b)
{
	switch (b->item.type) {
	case TRACE_RECORD:
		add_record(b);
		break;
	case TRACE_LOST:
		b->s->lost += b->item.lost;
		note(b, &b->s->losses, b->item.offset, b->item.lost, "");
		break;
	case TRACE_ANOMALY:
		b->s->skipped += b->item.size;
		note(b, &b->s->anomalies, b->item.offset, 0, b->item.what);
		break;
	case TRACE_WINDOW:
		b->s->windows++;
		break;
	case TRACE_WRAP:
	case TRACE_END:
		break;
	}
}

static int by_key(const void *left, const void *right)
{
	const struct summary_metric *a = left, *b = right;

	return (a->key > b->key) - (a->key < b->key);
}

int summary_read(struct trace_reader *reader, struct summary **out)
{
	struct builder *b = calloc(1, sizeof(*b));
	struct summary *s = calloc(1, sizeof(*s));
	int ret = -ENOMEM;

	if (!b || !s)
		goto out;
	b->s = s;
	while (!b->error && trace_next(reader, &b->item) != TRACE_END)
		add_item(b);
	ret = b->error;
	if (ret)
		goto out;
	s->bytes = trace_position(reader);
	if (s->nr_metrics)
		qsort(s->metrics, s->nr_metrics, sizeof(*s->metrics), by_key);
	*out = s;
	s = NULL;
out:
	summary_free(s);
	free(b);
	return ret;
}

void summary_free(struct summary *s)
{
	unsigned int i;

	if (!s)
		return;
	for (i = 0; i < s->nr_metrics; i++)
		free(s->metrics[i].hist);
	free(s->metrics);
	free(s->losses.notes);
	free(s->anomalies.notes);
	free(s);
}
