// SPDX-License-Identifier: GPL-2.0-only
#include "tracepoints/summary.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "tracepoints/summary_calls.h"

struct builder {
	struct summary *s;
	struct trace_item item;
	struct calls calls;
	struct pairing *pairing;
	int error; /* sticky -ENOMEM */
	bool seen_cpu[TRACE_CPUS_MAX];
	const struct select *select; /* NULL: all */
};

static void note(struct builder *b, struct summary_notes *notes, uint32_t lost, const char *what)
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
	n->offset = b->item.offset;
	n->cpu = b->item.cpu;
	n->lost = lost;
	strncpy(n->what, what, sizeof(n->what) - 1);
}

static const char *odd_section(int error)
{
	return error == -EDOM ? "site, order or cover that cannot be: not counted"
			      : "too many different sections: not counted";
}

/* A record that was refused, by the error and, of calls, what they say of it. */
static void note_odd(struct builder *b, int error, const char *what)
{
	const struct catalog_event *event = catalog_find(b->item.event);
	char text[96] = "";

	if (error == -ENOMEM) {
		b->error = error;
		return;
	}
	strncat(text, event->name, 30);
	strcat(text, ": ");
	strncat(text, what, 60);
	note(b, &b->s->anomalies, 0, text);
}

static void add_heap_section(struct builder *b)
{
	int ret = sections_add_heap(b->s->sections, &b->item);

	if (__builtin_expect(ret, 0))
		note_odd(b, ret, odd_section(ret));
}

static void add_page_alloc_section(struct builder *b)
{
	int ret = sections_add_page_alloc(b->s->sections, &b->item);

	if (__builtin_expect(ret, 0))
		note_odd(b, ret, odd_section(ret));
}

static void add_call(struct builder *b)
{
	const char *what = NULL;
	int ret = calls_add(&b->calls, &b->item, &what);

	if (ret || what)
		note_odd(b, ret, what);
	pairing_add(b->pairing, &b->item);
}

#define NAME_MAX_WORDS(subclass, minor, name, doc) \
	case TRC_##name: \
		return sizeof(struct trc_##name) / sizeof(uint32_t);

/* 0 of events that are not ours. */
static inline unsigned int max_words(uint32_t event)
{
	switch (event) {
		HEAP_EVENTS(NAME_MAX_WORDS)
	default:
		return 0;
	}
}

static inline void add_ours(struct builder *b, unsigned int words)
{
	if (__builtin_expect(b->item.nr_words > words, 0)) {
		note_odd(b, -EDOM, "too many words: not counted");
		return;
	}
	b->s->ours++;
	if (b->item.event == TRC_heap_section)
		add_heap_section(b);
	else if (b->item.event == TRC_page_alloc_section)
		add_page_alloc_section(b);
	else
		add_call(b);
}

/* Hot, as all that it calls for sections. */
static inline void add_record(struct builder *b)
{
	struct summary *s = b->s;
	unsigned int words = max_words(b->item.event);

	if (b->select &&
	    !select_matches(b->select, b->item.event, b->item.words, b->item.nr_words))
		return;
	s->records++;
	b->seen_cpu[b->item.cpu] = true;
	if (b->item.has_tsc) {
		if (b->item.tsc < s->first_tsc)
			s->first_tsc = b->item.tsc;
		if (b->item.tsc > s->last_tsc)
			s->last_tsc = b->item.tsc;
	}
	if (words)
		add_ours(b, words);
	else
		pairing_add(b->pairing, &b->item);
}

static void add_item(struct builder *b)
{
	switch (b->item.type) {
	case TRACE_RECORD:
		add_record(b);
		break;
	case TRACE_LOST:
		b->s->lost += b->item.lost;
		note(b, &b->s->losses, b->item.lost, "");
		pairing_add(b->pairing, &b->item);
		break;
	case TRACE_ANOMALY:
		b->s->skipped += b->item.size;
		note(b, &b->s->anomalies, 0, b->item.what);
		pairing_add(b->pairing, &b->item);
		break;
	case TRACE_WINDOW:
		b->s->windows++;
		break;
	default:
		break;
	}
}

static void add_span(void *context, const struct pair_span *span)
{
	struct builder *b = context;

	if (calls_add_span(&b->calls, span))
		b->error = -ENOMEM;
}

static int read_items(struct builder *b, struct trace_reader *reader)
{
	struct summary *s = b->s;

	s->first_tsc = UINT64_MAX;
	while (!b->error && trace_next(reader, &b->item) != TRACE_END)
		add_item(b);
	/* Spans without room are as good as lost. */
	s->lost += pairing_finish(b->pairing);
	s->bytes = trace_position(reader);
	s->sum_error = trace_get_sum(reader, &s->sum);
	if (s->first_tsc > s->last_tsc)
		s->first_tsc = s->last_tsc;
	for (unsigned int i = 0; i < TRACE_CPUS_MAX; i++)
		s->cpus += b->seen_cpu[i];
	return b->error;
}

int summary_read(struct trace_reader *reader, unsigned int by, struct summary **out)
{
	return summary_read_some(reader, by, NULL, out);
}

int summary_read_some(struct trace_reader *reader, unsigned int by, const struct select *select,
		      struct summary **out)
{
	struct builder *b = calloc(1, sizeof(*b));
	struct summary *s = calloc(1, sizeof(*s));
	int ret = -ENOMEM;

	if (!b || !s)
		goto out;
	b->s = s;
	b->select = select;
	b->calls.metrics = &s->metrics;
	s->sections = sections_new();
	b->pairing = pairing_new(pairs_of_shape(PAIR_RUNS) | pairs_of_shape(PAIR_BEGIN_END), add_span, b);
	if (!s->sections || !b->pairing)
		goto out;
	ret = read_items(b, reader);
	if (!ret)
		ret = sections_group(s->sections, by, &s->metrics);
	if (ret)
		goto out;
	metrics_sort(&s->metrics);
	*out = s;
	s = NULL;
out:
	summary_free(s);
	if (b)
		pairing_free(b->pairing);
	free(b);
	return ret;
}

void summary_free(struct summary *s)
{
	if (!s)
		return;
	sections_free(s->sections);
	metrics_free(&s->metrics);
	free(s->losses.notes);
	free(s->anomalies.notes);
	free(s);
}

uint64_t summary_window(const struct summary *s)
{
	uint64_t first = s->first_tsc;

	if (s->sections->first_request < first)
		first = s->sections->first_request;
	return s->last_tsc - first;
}

uint64_t summary_merge_lock(const struct summary *s, enum section_lock lock, struct hist *hold,
			    struct hist *wait)
{
	uint64_t pages = 0;

	for (unsigned int i = 0; i < s->sections->nr_cells; i++) {
		const struct section_cell *cell = s->sections->cells[i];

		if (cell->lock != lock)
			continue;
		pages += section_pages(cell);
		hist_merge(hold, &cell->hold);
		hist_merge(wait, &cell->wait);
	}
	return pages;
}
