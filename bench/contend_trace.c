// SPDX-License-Identifier: GPL-2.0-only
#include <stdio.h>
#include <string.h>

#include "bench/contend.h"
#include "bench/xen_host.h"
#include "lib/msg.h"

/* Single pages; 2^order of them go back one by one, each a section. */
#define TRACED_PAIRS 10000
#define TRACED_BLOCKS 50
/* What a call that asks for claims takes of a buffer, and more. */
#define CALL_BYTES 200

struct traced_thread {
	pthread_t thread;
	struct contend *w;
	unsigned int i;
	unsigned long bytes;
	int error;
};

/*
 * Tracing starts while none of them is in the heap. The first of them sees to it, as one more
 * thread would take the CPU of another when the gate opens, and they would not meet.
 */
static void run_traced(struct traced_thread *t)
{
	struct contend *w = t->w;
	unsigned int all = w->c->threads;

	contend_warm_up(w, t->i);
	contend_wait(w, all);
	if (!t->i) {
		t->error = xen_host_heap()->start_tracing(t->bytes);
		/* Where the others get no CPU, it would run far ahead, and its records be lost. */
		contend_start_installer(w, 1 + t->bytes / CALL_BYTES);
	}
	contend_wait(w, 2 * all);
	contend_work(w, t->i, w->traced.pairs);
	/* Who leaves early makes room for another one in the same buffer. */
	contend_wait(w, 3 * all);
}

static void *enter_and_run(void *arg)
{
	xen_host_heap()->enter_thread();
	run_traced(arg);
	xen_host_heap()->leave_thread();
	return NULL;
}

static int run_all(struct contend *w, unsigned long bytes)
{
	struct traced_thread threads[CONTEND_MAX_THREADS] = {{.w = w, .bytes = bytes}};

	for (unsigned int i = 1; i < w->c->threads; i++) {
		threads[i] = (struct traced_thread){.w = w, .i = i};
		if (pthread_create(&threads[i].thread, NULL, enter_and_run, &threads[i]))
			die(EXIT_USAGE, "no thread for %s", w->c->name);
	}
	run_traced(&threads[0]);
	for (unsigned int i = 1; i < w->c->threads; i++)
		pthread_join(threads[i].thread, NULL);
	return threads[0].error;
}

void contend_trace(struct contend *w, unsigned long bytes, const char *path)
{
	const struct heap_library *heap = xen_host_heap();
	uint64_t pairs = w->c->order ? TRACED_BLOCKS : TRACED_PAIRS;
	int rc;

	w->traced.pairs = pairs;
	contend_set_up(w);
	rc = run_all(w, bytes);
	contend_stop_installer(w);
	heap->stop_tracing();
	w->traced = contend_last_run(w, pairs);
	if (!rc)
		rc = heap->write_trace(path);
	contend_tear_down(w);
	w->has_trace = !rc;
	if (rc)
		snprintf(w->error, sizeof(w->error), "%.80s: %s", path, strerror(-rc));
}
