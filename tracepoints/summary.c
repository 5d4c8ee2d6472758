// SPDX-License-Identifier: GPL-2.0-only
#include "tracepoints/summary.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tracepoints/summary_calls.h"

struct builder {
	struct summary *s;
	struct calls calls;
	struct pairing *pairing;
	int error; /* sticky -ENOMEM */
	bool seen_cpu[TRACE_CPUS_MAX];
	const struct select *select; /* NULL: all */
};

static void note(struct builder *b, struct summary_notes *notes, const struct trace_item *item,
		 uint32_t lost, const char *what)
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
	n->offset = item->offset;
	n->cpu = item->cpu;
	n->lost = lost;
	snprintf(n->what, sizeof(n->what), "%s", what);
}

static const char *odd_section(int error)
{
	return error == -EDOM ? "site, order or cover that cannot be: not counted"
			      : "too many different sections: not counted";
}

/* A record that was refused, by the error and, of calls, what they say of it. */
static void note_odd(struct builder *b, const struct trace_item *item, int error, const char *what)
{
	const struct catalog_event *event = catalog_find(item->event);
	char text[96] = "";

	if (error == -ENOMEM) {
		b->error = error;
		return;
	}
	strncat(text, event->name, 30);
	strcat(text, ": ");
	strncat(text, what, 60);
	note(b, &b->s->anomalies, item, 0, text);
}

static void note_odd_record(struct builder *b, const struct trace_record *record, int error,
			    const char *what)
{
	struct trace_item item;

	trace_get_item(record, &item);
	note_odd(b, &item, error, what);
}

static void add_call(struct builder *b, const struct trace_record *record)
{
	const char *what = NULL;
	struct trace_item item;
	int ret;

	trace_get_item(record, &item);
	ret = calls_add(&b->calls, &item, &what);
	if (ret || what)
		note_odd(b, &item, ret, what);
	pairing_add(b->pairing, &item);
}

#define WORDS_OF(name) (sizeof(struct trc_##name) / sizeof(uint32_t))
#define NAME_MAX_WORDS(subclass, minor, name, doc)                                                 \
	case TRC_##name: return WORDS_OF(name);

/* 0 of events that are not ours. */
static unsigned int max_words(uint32_t event)
{
	switch (event) {
		HEAP_EVENTS(NAME_MAX_WORDS)
	default:
		return 0;
	}
}

/* Without a time stamp it is part of no pair. */
static void add_other(struct builder *b, const struct trace_record *record)
{
	struct trace_item item;

	if (!TRACE_HEADER_HAS_TSC(record->header))
		return;
	trace_get_item(record, &item);
	pairing_add(b->pairing, &item);
}

static void add_rest(struct builder *b, const struct trace_record *record)
{
	unsigned int words = max_words(TRACE_HEADER_EVENT(record->header));

	if (!words) {
		add_other(b, record);
	} else if (TRACE_HEADER_WORDS(record->header) > words) {
		note_odd_record(b, record, -EDOM, "too many words: not counted");
	} else {
		b->s->ours++;
		add_call(b, record);
	}
}

static unsigned int keep_selected(const struct select *select, struct trace_record *run,
				  unsigned int count)
{
	unsigned int i, kept = 0;
	uint32_t words[8];

	for (i = 0; i < count; i++) {
		uint32_t header = run[i].header;

		trace_copy_words(&run[i], words);
		if (select_matches(select, TRACE_HEADER_EVENT(header), words,
				   TRACE_HEADER_WORDS(header)))
			run[kept++] = run[i];
	}
	return kept;
}

/* Records in order of time: those at the ends tell how long it took. */
static void add_time(struct summary *s, const struct trace_record *run, unsigned int count)
{
	const struct trace_record *first = run, *last = run + count;

	while (first < last && !TRACE_HEADER_HAS_TSC(first->header))
		first++;
	while (last > first && !TRACE_HEADER_HAS_TSC(last[-1].header))
		last--;
	if (first == last)
		return;
	if (first->tsc < s->first_tsc)
		s->first_tsc = first->tsc;
	if (last[-1].tsc > s->last_tsc)
		s->last_tsc = last[-1].tsc;
}

_Static_assert(WORDS_OF(heap_section) == TRACE_WORDS_MAX, "none of its records has too many");

/* Hot, as all that it calls for sections. */
static inline void add_record(struct builder *b, const struct trace_record *record)
{
	uint32_t event = TRACE_HEADER_EVENT(record->header);
	int ret;

	b->seen_cpu[record->cpu] = true;
	if (event == TRC_heap_section) {
		ret = sections_add_heap(b->s->sections, record);
	} else if (event == TRC_page_alloc_section &&
		   TRACE_HEADER_WORDS(record->header) <= WORDS_OF(page_alloc_section)) {
		ret = sections_add_page_alloc(b->s->sections, record);
	} else {
		add_rest(b, record);
		return;
	}
	b->s->ours++;
	if (__builtin_expect(ret, 0))
		note_odd_record(b, record, ret, odd_section(ret));
}

static void add_run(struct builder *b, struct trace_record *run, unsigned int count)
{
	if (b->select)
		count = keep_selected(b->select, run, count);
	add_time(b->s, run, count);
	b->s->records += count;
	for (unsigned int i = 0; i < count; i++)
		add_record(b, &run[i]);
}

static void add_item(struct builder *b, const struct trace_item *item)
{
	struct trace_record record;

	switch (item->type) {
	case TRACE_RECORD:
		trace_get_record(item, &record);
		add_run(b, &record, 1);
		break;
	case TRACE_LOST:
		b->s->lost += item->lost;
		note(b, &b->s->losses, item, item->lost, "");
		pairing_add(b->pairing, item);
		break;
	case TRACE_ANOMALY:
		b->s->skipped += item->size;
		note(b, &b->s->anomalies, item, 0, item->what);
		pairing_add(b->pairing, item);
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
	struct trace_record *run;
	struct trace_item item;
	unsigned int count;

	s->first_tsc = UINT64_MAX;
	while (!b->error) {
		count = trace_next_records(reader, &run);
		if (count)
			add_run(b, run, count);
		else if (trace_next(reader, &item) == TRACE_END)
			break;
		else
			add_item(b, &item);
	}
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
	s->sections = sections_new(by);
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
