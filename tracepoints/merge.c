// SPDX-License-Identifier: GPL-2.0-only
/*
 * Which CPU comes next. The current cursor runs up to limit, the time of the
 * earliest other one; a binary heap holds the others. One CPU, or a long run
 * of one, costs a comparison per record.
 */
#include "tracepoints/reader_private.h"

static bool is_before(const struct cursor *a, const struct cursor *b)
{
	return a->key != b->key ? a->key < b->key : a->cpu < b->cpu;
}

static void sift_down(struct trace_reader *r, unsigned int at)
{
	struct cursor *c = r->heap[at];
	unsigned int child;

	while ((child = 2 * at + 1) < r->heap_size) {
		if (child + 1 < r->heap_size && is_before(r->heap[child + 1], r->heap[child]))
			child++;
		if (!is_before(r->heap[child], c))
			break;
		r->heap[at] = r->heap[child];
		at = child;
	}
	r->heap[at] = c;
}

static void set_limit(struct trace_reader *r)
{
	r->limit = r->heap_size ? r->heap[0]->key : UINT64_MAX;
}

/* The current cursor has nothing more: take the first of the heap. */
void finish_cursor(struct trace_reader *r)
{
	r->current = r->heap_size ? r->heap[0] : NULL;
	if (r->heap_size) {
		r->heap[0] = r->heap[--r->heap_size];
		if (r->heap_size)
			sift_down(r, 0);
	}
	set_limit(r);
}

/* The next item of the current cursor is at key, later than that of another one. */
void switch_cursor(struct trace_reader *r, uint64_t key)
{
	struct cursor *c = r->current;

	r->current = r->heap[0];
	c->key = key;
	r->heap[0] = c;
	sift_down(r, 0);
	set_limit(r);
}

/* All keys are 0, and the array ascends by CPU: a heap already. */
static void start_heap(struct trace_reader *r)
{
	unsigned int i;

	r->heap_size = 0;
	for (i = 0; i < r->nr_cursors; i++)
		if (!r->cursors[i].done)
			r->heap[r->heap_size++] = &r->cursors[i];
	finish_cursor(r);
}

void start_merge(struct trace_reader *r)
{
	unsigned int i;

	for (i = 0; i < r->nr_cursors; i++)
		start_cursor(r, &r->cursors[i], r->cursors[i].first);
	start_heap(r);
}

/* In the middle: with the next windows of all CPUs, but for those that have none in two rounds. */
void start_merge_at(struct trace_reader *r, uint64_t at)
{
	unsigned int i, left = r->nr_cursors;
	struct window w;
	struct cursor *c;

	for (i = 0; i < r->nr_cursors; i++)
		r->cursors[i].done = true;
	for (i = 0; left && i < 2 * r->nr_cursors && at < r->size; i++, at = w.next) {
		look_up_window(r, at, &w);
		c = find_cursor(r, w.cpu);
		if (!c->done)
			continue;
		start_cursor(r, c, at);
		left--;
	}
	start_heap(r);
}
