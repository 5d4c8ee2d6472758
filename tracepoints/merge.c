// SPDX-License-Identifier: GPL-2.0-only
/*
 * Which CPU comes next. The current cursor runs up to limit, the time of the
 * earliest other one; a binary heap holds the others. One CPU, or a long run
 * of one, costs a comparison per record.
 */
#include "tracepoints/reader_private.h"

/* So that what is earlier is the smaller number; on equal times the lower CPU is. */
static waiting_t wait_until(const struct trace_reader *r, uint64_t key, const struct cursor *c)
{
	return (waiting_t)key << 64 | (uint64_t)(c - r->cursors);
}

/*
 * Put w in place of the first: all the way down what comes earlier moves up, then w goes up again,
 * mostly by no step, as who had its turn just now is seldom the next. No branch depends on times.
 */
static void replace_first(struct trace_reader *r, waiting_t w)
{
	const unsigned int size = r->heap_size;
	waiting_t *heap = r->heap;
	unsigned int at = 0, child, parent;

	for (child = 1; child + 1 < size; child = 2 * at + 1) {
		child += heap[child + 1] < heap[child];
		heap[at] = heap[child];
		at = child;
	}
	if (child < size) {
		heap[at] = heap[child];
		at = child;
	}
	for (; at; at = parent) {
		parent = (at - 1) / 2;
		if (w >= heap[parent])
			break;
		heap[at] = heap[parent];
	}
	heap[at] = w;
}

static struct cursor *first_waiting(const struct trace_reader *r)
{
	return &r->cursors[(uint64_t)r->heap[0]];
}

static void set_limit(struct trace_reader *r)
{
	r->limit = r->heap_size ? (uint64_t)(r->heap[0] >> 64) : UINT64_MAX;
}

/* The current cursor has nothing more: take the first of the heap. */
void finish_cursor(struct trace_reader *r)
{
	r->current = r->heap_size ? first_waiting(r) : NULL;
	if (r->heap_size && --r->heap_size)
		replace_first(r, r->heap[r->heap_size]);
	set_limit(r);
}

/* The next item of the current cursor is at key, later than that of another one. */
void switch_cursor(struct trace_reader *r, uint64_t key)
{
	waiting_t last = wait_until(r, key, r->current);

	r->current = first_waiting(r);
	replace_first(r, last);
	set_limit(r);
}

/* All keys are 0, and the array ascends by CPU: a heap already. */
static void start_heap(struct trace_reader *r)
{
	unsigned int i;

	r->heap_size = 0;
	r->run_at = r->run_count = 0;
	for (i = 0; i < r->nr_cursors; i++)
		if (!r->cursors[i].done)
			r->heap[r->heap_size++] = wait_until(r, 0, &r->cursors[i]);
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
