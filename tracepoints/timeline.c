// SPDX-License-Identifier: GPL-2.0-only
#include "tracepoints/timeline.h"

#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "tracepoints/catalog.h"

static void find_limits(struct trace_reader *reader, struct timeline *t)
{
	struct trace_item item;
	bool some = false;

	while (trace_next(reader, &item) != TRACE_END) {
		t->anomalies += item.type == TRACE_ANOMALY;
		t->lost += item.type == TRACE_LOST ? item.lost : 0;
		if (item.type != TRACE_RECORD || !item.has_tsc)
			continue;
		if (!some || item.tsc < t->first_tsc)
			t->first_tsc = item.tsc;
		if (!some || item.tsc > t->last_tsc)
			t->last_tsc = item.tsc;
		some = true;
	}
	t->bin_cycles = (t->last_tsc - t->first_tsc) / t->bins + 1;
}

static void add_hold(struct timeline *t, unsigned int bin, uint32_t hold)
{
	unsigned int low = 0, high = TIMELINE_HOLDS - 1, middle;

	/* The last bucket whose lower edge is not above. */
	while (low < high) {
		middle = (low + high + 1) / 2;
		if (hist_lower(middle * TIMELINE_MERGED) <= hold)
			low = middle;
		else
			high = middle - 1;
	}
	t->holds[bin][low]++;
	t->sections++;
}

static struct timeline_node *find_node(struct timeline *t, uint32_t node)
{
	if (!t->nodes[node])
		t->nodes[node] = calloc(1, sizeof(*t->nodes[node]));
	return t->nodes[node];
}

/* Follows nodes from bin to bin: what they had at the end of one, they have at the start of the
 * next. */
struct follower {
	struct timeline *t;
	struct pages *pages;
	unsigned int bin;
};

static void begin_bin(struct follower *f)
{
	uint32_t node;

	f->bin++;
	for (node = 0; node < HOLDING_NODES; node++) {
		if (!f->t->nodes[node])
			continue;
		f->t->nodes[node]->free[f->bin] = f->pages->nodes[node].free;
		f->t->nodes[node]->claimed[f->bin] = f->pages->nodes[node].claimed;
	}
}

static int note_node(struct follower *f, uint32_t node)
{
	const struct pages_account *a = &f->pages->nodes[node];
	struct timeline_node *n = find_node(f->t, node);

	if (!n)
		return -ENOMEM;
	/* A correction counts from here on. */
	if (!n->known && a->known) {
		n->free[f->bin] += a->free_before;
		n->claimed[f->bin] += a->claimed_before;
	}
	n->known = a->known;
	if (a->free < n->free[f->bin])
		n->free[f->bin] = a->free;
	if (a->claimed > n->claimed[f->bin])
		n->claimed[f->bin] = a->claimed;
	return 0;
}

/* Earlier bins know only how much pages changed by: that was before the record that said how many
 * there are. */
static void add_before(struct follower *f, uint32_t node, unsigned int bins)
{
	const struct pages_account *a = &f->pages->nodes[node];
	struct timeline_node *n = f->t->nodes[node];
	unsigned int i;

	for (i = 0; i < bins; i++) {
		n->free[i] += a->free_before;
		n->claimed[i] += a->claimed_before;
	}
}

static int take_record(struct follower *f, const struct trace_item *item)
{
	const struct catalog_event *event = catalog_find(item->event);
	struct trc_heap_section section;
	unsigned int i;
	bool was_known;
	int ret;

	while (f->bin + 1 < f->t->bins &&
	       item->tsc - f->t->first_tsc >= (f->bin + 1) * f->t->bin_cycles)
		begin_bin(f);
	if (!event || item->nr_words > event->nr_words)
		return 0;
	if (event->number == TRC_heap_section) {
		memcpy(&section, item->words, sizeof(section));
		add_hold(f->t, f->bin, section.hold);
	}
	ret = pages_take(f->pages, event->number, item->words);
	for (i = 0; !ret && i < f->pages->nr_changed; i++) {
		uint32_t node = f->pages->changed[i];

		was_known = f->t->nodes[node] && f->t->nodes[node]->known;
		ret = note_node(f, node);
		if (!ret && !was_known && f->t->nodes[node]->known)
			add_before(f, node, f->bin);
	}
	return ret;
}

static int read_bins(struct trace_reader *reader, struct timeline *t)
{
	struct follower f = {.t = t, .pages = pages_new()};
	struct trace_item item;
	int ret = f.pages ? 0 : -ENOMEM;

	while (!ret && trace_next(reader, &item) != TRACE_END)
		if (item.type == TRACE_RECORD && item.has_tsc)
			ret = take_record(&f, &item);
	while (!ret && f.bin + 1 < t->bins)
		begin_bin(&f);
	pages_free(f.pages);
	return ret;
}

int timeline_read(struct trace_reader *reader, unsigned int bins, struct timeline **out)
{
	struct timeline *t = calloc(1, sizeof(*t));
	int ret;

	if (!t)
		return -ENOMEM;
	t->bins = bins;
	find_limits(reader, t);
	trace_rewind(reader);
	ret = read_bins(reader, t);
	if (ret) {
		timeline_free(t);
		return ret;
	}
	*out = t;
	return 0;
}

void timeline_free(struct timeline *t)
{
	unsigned int i;

	for (i = 0; t && i < HOLDING_NODES; i++)
		free(t->nodes[i]);
	free(t);
}

static void print_holds(FILE *out, const struct timeline *t)
{
	const char *comma = "";
	unsigned int bin, hold;

	for (bin = 0; bin < t->bins; bin++)
		for (hold = 0; hold < TIMELINE_HOLDS; hold++) {
			if (!t->holds[bin][hold])
				continue;
			fprintf(out, "%s[%u,%" PRIu64 ",%" PRIu64 ",%" PRIu32 "]", comma, bin,
				hist_lower(hold * TIMELINE_MERGED),
				hist_upper(hold * TIMELINE_MERGED + TIMELINE_MERGED - 1),
				t->holds[bin][hold]);
			comma = ",";
		}
}

static void print_pages(FILE *out, const char *name, const int64_t *pages, unsigned int bins)
{
	unsigned int i;

	fprintf(out, ",\"%s\":[", name);
	for (i = 0; i < bins; i++)
		fprintf(out, "%s%" PRId64, i ? "," : "", pages[i]);
	fputs("]", out);
}

static void print_nodes(FILE *out, const struct timeline *t)
{
	const char *comma = "";
	uint32_t node;

	for (node = 0; node < HOLDING_NODES; node++) {
		const struct timeline_node *n = t->nodes[node];

		if (!n)
			continue;
		fprintf(out, "%s{\"node\":", comma);
		if (node == HEAP_NODE_NONE)
			fputs("null", out);
		else
			fprintf(out, "%" PRIu32, node);
		fprintf(out, ",\"known\":%s", n->known ? "true" : "false");
		print_pages(out, "free", n->free, t->bins);
		print_pages(out, "claimed", n->claimed, t->bins);
		fputs("}", out);
		comma = ",\n";
	}
}

void timeline_print(FILE *out, const struct timeline *t)
{
	fprintf(out,
		"{\"bins\":%u,\"bin_cycles\":%" PRIu64 ",\"first_tsc\":%" PRIu64
		",\"last_tsc\":%" PRIu64 ",\"sections\":%" PRIu64 ",\"lost\":%" PRIu64
		",\"anomaly_count\":%" PRIu64 ",\n\"holds\":[",
		t->bins, t->bin_cycles, t->first_tsc, t->last_tsc, t->sections, t->lost,
		t->anomalies);
	print_holds(out, t);
	fputs("],\n\"nodes\":[", out);
	print_nodes(out, t);
	fputs("]}\n", out);
}
