// SPDX-License-Identifier: GPL-2.0-only
/* Where windows begin and end, and which of them are a CPU's. */
#include <errno.h>
#include <stdlib.h>

#include "tracepoints/reader_private.h"

bool is_window_at(const struct trace_reader *r, uint64_t offset)
{
	uint32_t bytes;

	if (r->size < WINDOW_BYTES || offset > r->size - WINDOW_BYTES ||
	    word_at(r, offset) != WINDOW_HEADER)
		return false;
	bytes = word_at(r, offset + 8);
	return word_at(r, offset + 4) < TRACE_CPUS_MAX && bytes && bytes % 4 == 0;
}

static uint64_t least(uint64_t a, uint64_t b)
{
	return a < b ? a : b;
}

static uint64_t find_window(struct trace_reader *r, uint64_t offset, uint64_t end)
{
	const uint32_t header = WINDOW_HEADER;
	const unsigned char *hit;

	while (offset < end) {
		uint64_t part = least(end - offset, SEARCHED_BYTES);

		/* A header may begin before the end of a part and go on behind. */
		hit = memmem(r->bytes + offset, least(part + 3, r->size - offset), &header,
			     sizeof(header));
		if (!hit) {
			release_pages(r, part);
			offset += part;
			continue;
		}
		offset = (uint64_t)(hit - r->bytes);
		if (is_window_at(r, offset))
			return offset;
		offset++;
	}
	return end;
}

void measure_window(struct trace_reader *r, uint64_t at, struct window *w)
{
	uint64_t end = at + WINDOW_BYTES + word_at(r, at + 8), limit;

	w->at = at;
	w->cpu = word_at(r, at + 4);
	w->end = w->next = end;
	w->short_by = 0;
	if (end == r->size || is_window_at(r, end))
		return;
	limit = end < r->size ? end : r->size;
	w->end = find_window(r, at + WINDOW_BYTES, limit);
	w->next = w->end < limit ? w->end : find_window(r, limit, r->size);
	w->short_by = end - w->end;
}

/* A file that is cut within its first header: bytes that no window precedes. */
static void measure_headless(const struct trace_reader *r, struct window *w)
{
	*w = (struct window){.next = r->size};
}

static struct cursor *add_cursor(struct trace_reader *r, uint32_t cpu, uint64_t first)
{
	struct cursor *all;

	if (!(r->nr_cursors & (r->nr_cursors - 1))) {
		all = realloc(r->cursors, (r->nr_cursors ? 2 * r->nr_cursors : 1) * sizeof(*all));
		if (!all)
			return NULL;
		r->cursors = all;
	}
	all = &r->cursors[r->nr_cursors++];
	*all = (struct cursor){.cpu = cpu, .first = first};
	return all;
}

static int by_cpu(const void *left, const void *right)
{
	const struct cursor *a = left, *b = right;

	return (a->cpu > b->cpu) - (a->cpu < b->cpu);
}

/* xentrace goes over the CPUs ascending. */
static void note_place(struct trace_reader *r, uint64_t at, bool begins_round)
{
	uint64_t step = r->size / PLACES_MAX > PLACE_BYTES ? r->size / PLACES_MAX : PLACE_BYTES;

	if (begins_round && r->nr_places < PLACES_MAX && at >= (r->nr_places + 1) * step)
		r->places[r->nr_places++] = at;
}

/* A CPU may come late, and with old records: all headers are looked at before the first item. */
int find_cursors(struct trace_reader *r)
{
	bool seen[TRACE_CPUS_MAX] = {false};
	struct window w = {0};
	uint64_t at;

	for (at = 0; is_window_at(r, at); at = w.next) {
		uint32_t last_cpu = w.cpu;

		measure_window(r, at, &w);
		note_place(r, at, w.cpu <= last_cpu);
		if (!seen[w.cpu] && !add_cursor(r, w.cpu, at))
			return -ENOMEM;
		seen[w.cpu] = true;
		pass_window(r, &w);
	}
	if (r->size && !at && !add_cursor(r, 0, 0))
		return -ENOMEM;
	if (r->nr_cursors)
		qsort(r->cursors, r->nr_cursors, sizeof(*r->cursors), by_cpu);
	r->heap = calloc(r->nr_cursors + 1, sizeof(*r->heap));
	return r->heap ? 0 : -ENOMEM;
}

static void enter_window(struct cursor *c)
{
	c->position = c->window.at;
	c->stop = 0;
	c->in_header = true;
	c->told_short = !c->window.short_by;
}

void start_cursor(struct trace_reader *r, struct cursor *c, uint64_t first)
{
	c->tsc = 0;
	c->done = false;
	if (is_window_at(r, first)) {
		measure_window(r, first, &c->window);
		enter_window(c);
	} else {
		measure_headless(r, &c->window);
		c->position = c->stop = 0;
		c->in_header = false;
		c->told_short = true;
	}
}

/* As measure_window(); its header, and the one after it, are touched once. */
void look_up_window(struct trace_reader *r, uint64_t at, struct window *w)
{
	uint64_t hash = at * 0x9e3779b97f4a7c15ull;
	struct window *known = &r->known[hash >> (64 - WINDOWS_KNOWN_BITS)];

	if (known->at != at || !known->next) {
		measure_window(r, at, known);
		pass_window(r, known);
	}
	*w = *known;
}

/* All of the window was handed out: on to the next one of that CPU. */
void next_window_of(struct trace_reader *r, struct cursor *c)
{
	uint64_t at = c->window.next;

	for (; at < r->size; at = c->window.next) {
		look_up_window(r, at, &c->window);
		if (c->window.cpu == c->cpu)
			break;
	}
	c->done = at >= r->size;
	if (!c->done)
		enter_window(c);
}
