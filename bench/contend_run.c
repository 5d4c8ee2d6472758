// SPDX-License-Identifier: GPL-2.0-only
#include <errno.h>
#include <limits.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "bench/contend.h"
#include "bench/gbench.h"
#include "lib/clock.h"
#include "lib/msg.h"

/* Single pages; 2^order of them go back one by one, so larger ones take fewer pairs. */
#define WARM_UP_PAIRS 200
/* Single pages: so many between two looks at the clock. */
#define UNWATCHED_PAIRS 32
/* The warm-up's part of the limit. */
#define WARM_UP_PART 10
/* Little enough to leave the allocations unharmed. */
#define CLAIM_PAGES 512

static const struct heap_library *heap;
static const struct heap_config *topology;
static bool claim_sets;
static uint64_t limit_ns;
static unsigned int cpus;

void contend_use(const struct heap_library *library, const struct heap_config *config, bool sets,
		 unsigned int limit_ms, unsigned int nr_cpus)
{
	heap = library;
	topology = config;
	claim_sets = sets;
	limit_ns = limit_ms * 1000000ul;
	cpus = nr_cpus;
}

void contend_set_up(struct contend *w)
{
	atomic_store(&w->arrived, 0);
	heap->read_counters(&w->before);
	for (unsigned int i = 0; i < w->c->threads; i++) {
		w->workers[i] = (struct contend_worker){0};
		w->workers[i].domain =
			w->c->shared && i ? w->workers[0].domain : heap->create_domain(UINT32_MAX);
	}
	if (w->c->installer)
		w->installer.domain = heap->create_domain(UINT32_MAX);
}

/* Call number n: a set replaces another one; a legacy claim can only be cancelled. */
static int ask_for_claims(struct heap_domain *d, unsigned long n)
{
	static const struct heap_claim sets[][2] = {
		{{CLAIM_PAGES, HEAP_CLAIM_HOST, 0}, {0}},
		{{CLAIM_PAGES, 0, 0}, {CLAIM_PAGES, HEAP_CLAIM_HOST, 0}},
		{{0, HEAP_CLAIM_HOST, 0}, {0}},
	};

	if (!claim_sets)
		return heap->claim_legacy(d, n % 2 ? 0 : CLAIM_PAGES);
	return heap->claim_set(d, sets[n % 3], n % 3 == 1 ? 2 : 1, 0);
}

static void *install(void *arg)
{
	struct contend_installer *in = arg;
	int rc = 0;

	heap->enter_thread();
	for (unsigned long n = 0; !rc && n < in->most &&
				  !atomic_load_explicit(&in->stop, memory_order_relaxed);
	     n++) {
		rc = ask_for_claims(in->domain, n);
		atomic_fetch_add_explicit(&in->calls, 1, memory_order_relaxed);
	}
	atomic_store(&in->error, rc);
	heap->leave_thread();
	return NULL;
}

void contend_start_installer(struct contend *w, unsigned long most)
{
	struct contend_installer *in = &w->installer;

	if (!w->c->installer)
		return;
	in->most = most;
	atomic_store(&in->stop, false);
	atomic_store(&in->calls, 0);
	atomic_store(&in->error, 0);
	in->running = !pthread_create(&in->thread, NULL, install, in);
	if (!in->running)
		die(EXIT_USAGE, "no thread for the installer");
	while (!atomic_load(&in->calls))
		sched_yield();
}

void contend_stop_installer(struct contend *w)
{
	struct contend_installer *in = &w->installer;

	if (in->running) {
		atomic_store(&in->stop, true);
		pthread_join(in->thread, NULL);
		if (atomic_load(&in->error))
			snprintf(w->error, sizeof(w->error), "a claim was refused: %s",
				 strerror(-atomic_load(&in->error)));
	}
	in->running = false;
}

static void destroy(struct heap_domain *d)
{
	heap->kill_domain(d);
	heap->destroy_domain(d);
}

void contend_tear_down(struct contend *w)
{
	struct heap_counters after;

	contend_stop_installer(w);
	if (w->c->installer)
		destroy(w->installer.domain);
	for (unsigned int i = 0; i < w->c->threads; i++) {
		if (w->workers[i].failed)
			snprintf(w->error, sizeof(w->error), "%lu allocations failed",
				 (unsigned long)w->workers[i].failed);
		if (!i || !w->c->shared)
			destroy(w->workers[i].domain);
	}
	heap->read_counters(&after);
	if (after.free != w->before.free || after.claimed != w->before.claimed)
		snprintf(w->error, sizeof(w->error),
			 "%lu pages free and %lu claimed in the end, %lu and %lu before",
			 after.free, after.claimed, w->before.free, w->before.claimed);
}

/* A domain is built on the node of the CPU that builds it, as long as there is memory. */
static int node_of_thread(unsigned int i)
{
	unsigned int cpus_of_node = topology->node_cpus ? topology->node_cpus : 1;

	return (int)(i / cpus_of_node % topology->nodes);
}

static uint64_t run_pairs(struct heap_domain *d, unsigned int order, int node, uint64_t pairs)
{
	uint64_t failed = 0;

	for (uint64_t i = 0; i < pairs; i++) {
		unsigned long frame = heap->alloc(d, order, node, HEAP_CREATING);

		if (frame)
			heap->free(frame, order);
		else
			failed++;
	}
	return failed;
}

/* With more threads than CPUs, one pair may wait for the scheduler as often as there are threads. */
static uint64_t unwatched_pairs(const struct contend_case *c)
{
	return c->order || c->threads + c->installer > cpus ? 1 : UNWATCHED_PAIRS;
}

/* What the worker is told at the end stays out of its loop. */
static void run_until(struct contend *w, unsigned int i, uint64_t pairs, uint64_t ns)
{
	const struct contend_case *c = w->c;
	struct contend_worker *worker = &w->workers[i];
	int node = node_of_thread(i);
	uint64_t cpu = clock_cpu_ns(), start = clock_ns(), now = start, done = 0, failed = 0;
	uint64_t some = unwatched_pairs(c);

	while (done < pairs && now - start < ns) {
		uint64_t next = some < pairs - done ? some : pairs - done;

		failed += run_pairs(worker->domain, c->order, node, next);
		done += next;
		now = clock_ns();
	}
	worker->start_ns = start;
	worker->end_ns = now;
	worker->cpu_ns = clock_cpu_ns() - cpu;
	worker->done = done;
	worker->failed = failed;
}

void contend_warm_up(struct contend *w, unsigned int i)
{
	run_until(w, i, (WARM_UP_PAIRS >> w->c->order) + 1, limit_ns / WARM_UP_PART);
}

void contend_work(struct contend *w, unsigned int i, uint64_t pairs)
{
	run_until(w, i, pairs, limit_ns);
}

void contend_wait(struct contend *w, unsigned int arrivals)
{
	atomic_fetch_add(&w->arrived, 1);
	while (atomic_load(&w->arrived) < arrivals)
		sched_yield();
}

static double share_run(const struct contend_worker *worker)
{
	uint64_t ns = worker->end_ns - worker->start_ns;

	return worker->cpu_ns < ns ? (double)worker->cpu_ns / (double)ns : 1;
}

struct contend_run contend_last_run(const struct contend *w, uint64_t pairs)
{
	uint64_t start = UINT64_MAX, end = 0, done = 0, asked = pairs * w->c->threads, ns;
	double ran = 1, share;

	for (unsigned int i = 0; i < w->c->threads; i++) {
		start = w->workers[i].start_ns < start ? w->workers[i].start_ns : start;
		end = w->workers[i].end_ns > end ? w->workers[i].end_ns : end;
		done += w->workers[i].done;
		share = share_run(&w->workers[i]);
		ran = share < ran ? share : ran;
	}
	ns = end - start;
	if (done < asked)
		ns = (uint64_t)((double)ns * (double)asked / (double)done);
	return (struct contend_run){.pairs = pairs,
				    .done = done,
				    .ns = ns,
				    .installs = w->c->installer ? w->installer.calls : 0,
				    .ran = ran};
}

void contend_gbench_setup(struct gbench_state *state, void *data)
{
	(void)state;
	contend_set_up(data);
	contend_start_installer(data, ULONG_MAX);
}

/*
 * The library lets all threads go at once, and has them wait for each other in the end. Its own
 * clock is not used: it has one per thread, and would count the warm-up.
 */
void contend_gbench_run(struct gbench_state *state, void *data)
{
	struct contend *w = data;
	unsigned int i = (unsigned int)gbench_thread(state);
	uint64_t pairs;

	if (i)
		heap->enter_thread();
	pairs = (uint64_t)gbench_begin_loop(state);
	if (pairs) {
		contend_warm_up(w, i);
		contend_wait(w, w->c->threads);
		contend_work(w, i, pairs);
	}
	gbench_end_loop(state);
	gbench_add_time_ns(state, (double)contend_last_run(w, pairs).ns);
	if (i)
		heap->leave_thread();
}

static void keep_run(struct contend *w, struct contend_run run)
{
	struct contend_run *grown = reallocarray(w->runs, w->nr_runs + 1, sizeof(*grown));

	if (!grown)
		die(EXIT_USAGE, "%s", strerror(ENOMEM));
	w->runs = grown;
	w->runs[w->nr_runs++] = run;
}

void contend_gbench_teardown(struct gbench_state *state, void *data)
{
	struct contend *w = data;

	contend_tear_down(w);
	keep_run(w, contend_last_run(w, (uint64_t)gbench_iterations(state)));
	if (w->error[0])
		gbench_fail(state, w->error);
}
