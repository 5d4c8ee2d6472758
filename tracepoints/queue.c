// SPDX-License-Identifier: GPL-2.0-only
#include "tracepoints/queue.h"

#include <pthread.h>
#include <stdlib.h>

struct queue {
	pthread_mutex_t lock;
	pthread_cond_t more;
	struct window *first, **last;
	size_t bytes; /* taken ones count until the next is asked for */
	size_t taken;
	size_t limit;
	bool ended;
};

struct queue *queue_new(size_t limit)
{
	struct queue *queue = calloc(1, sizeof(*queue));

	if (!queue)
		return NULL;
	pthread_mutex_init(&queue->lock, NULL);
	pthread_cond_init(&queue->more, NULL);
	queue->last = &queue->first;
	queue->limit = limit;
	return queue;
}

void queue_free(struct queue *queue)
{
	if (!queue)
		return;
	while (queue->first) {
		struct window *window = queue->first;

		queue->first = window->next;
		free(window);
	}
	pthread_cond_destroy(&queue->more);
	pthread_mutex_destroy(&queue->lock);
	free(queue);
}

bool queue_has_room(struct queue *queue, size_t size)
{
	bool room;

	pthread_mutex_lock(&queue->lock);
	room = !queue->bytes || queue->bytes + size <= queue->limit;
	pthread_mutex_unlock(&queue->lock);
	return room;
}

void queue_put(struct queue *queue, struct window *window)
{
	window->next = NULL;
	pthread_mutex_lock(&queue->lock);
	*queue->last = window;
	queue->last = &window->next;
	queue->bytes += window->size;
	pthread_cond_signal(&queue->more);
	pthread_mutex_unlock(&queue->lock);
}

void queue_end(struct queue *queue)
{
	pthread_mutex_lock(&queue->lock);
	queue->ended = true;
	pthread_cond_signal(&queue->more);
	pthread_mutex_unlock(&queue->lock);
}

struct window *queue_take(struct queue *queue)
{
	struct window *window;

	pthread_mutex_lock(&queue->lock);
	queue->bytes -= queue->taken;
	queue->taken = 0;
	while (!queue->first && !queue->ended)
		pthread_cond_wait(&queue->more, &queue->lock);
	window = queue->first;
	if (window) {
		queue->first = window->next;
		if (!queue->first)
			queue->last = &queue->first;
		queue->taken = window->size;
	}
	pthread_mutex_unlock(&queue->lock);
	return window;
}
