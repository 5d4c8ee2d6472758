/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Windows of trace records on their way from who takes them off Xen's buffers, and must never wait,
 * to who writes them, and may.
 */
#ifndef CLAIMPERF_TRACEPOINTS_QUEUE_H
#define CLAIMPERF_TRACEPOINTS_QUEUE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct window {
	struct window *next;
	uint32_t cpu;
	size_t size;
	char bytes[];
};

struct queue;

/* Holds up to limit bytes; NULL when memory is short. */
struct queue *queue_new(size_t limit);

/* Frees the windows that are left, too; NULL is fine. */
void queue_free(struct queue *queue);

/* Is there room? An empty queue takes a window of any size. */
bool queue_has_room(struct queue *queue, size_t size);

/* The window belongs to the queue. */
void queue_put(struct queue *queue, struct window *window);

/* No more windows will come. */
void queue_end(struct queue *queue);

/* The next one, to be freed, as soon as there is one; NULL after the end. */
struct window *queue_take(struct queue *queue);

#endif
