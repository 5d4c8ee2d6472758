// SPDX-License-Identifier: GPL-2.0-only
/*
 * Several threads claim, allocate, free and kill domains at once; between rounds, while all wait,
 * the sums must be right. Built with the thread sanitizer, which watches the rest.
 */
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>

#include "bench/host/heap.h"
#include "lib/msg.h"

#define THREADS 3
#define ROUNDS 20
#define OPS 3000
#define NODES 2
#define NODE_PAGES 256ul
#define OWN_PAGES 100
#define SHARED THREADS
#define MAX_PAGES 200

struct worker {
	pthread_t thread;
	unsigned int number, held;
	uint64_t random;
	struct {
		unsigned long frame;
		unsigned int order, domain;
	} pages[OWN_PAGES];
};

static struct heap_domain *domains[THREADS + 1];
static struct worker workers[THREADS];
static pthread_barrier_t barrier;
static struct heap_counters booted;

static unsigned int below(struct worker *w, unsigned int limit)
{
	w->random = w->random * 6364136223846793005u + 1442695040888963407u;
	return (w->random >> 33) % limit;
}

/* Its own domain, or the one that all share. */
static unsigned int pick_domain(struct worker *w)
{
	return below(w, 2) ? SHARED : w->number;
}

static void allocate(struct worker *w)
{
	unsigned int order = below(w, 3), domain = pick_domain(w);
	unsigned long frame;

	if (w->held == OWN_PAGES)
		return;
	frame = heap_alloc(domains[domain], order, (int)below(w, NODES + 1) - 1,
			   below(w, 2) ? HEAP_EXACT_NODE : 0);
	if (!frame)
		return;
	w->pages[w->held].frame = frame;
	w->pages[w->held].order = order;
	w->pages[w->held++].domain = domain;
}

static void free_one(struct worker *w, unsigned int i)
{
	heap_free(w->pages[i].frame, w->pages[i].order);
	w->pages[i] = w->pages[--w->held];
}

static void replace_domain(struct worker *w)
{
	heap_kill_domain(domains[w->number]);
	for (unsigned int i = w->held; i-- > 0;)
		if (w->pages[i].domain == w->number)
			free_one(w, i);
	heap_destroy_domain(domains[w->number]);
	domains[w->number] = heap_create_domain(MAX_PAGES);
}

static void claim(struct worker *w)
{
	struct heap_claim set[] = {
		{below(w, 60), 0, 0}, {below(w, 60), 1, 0}, {below(w, 60), HEAP_CLAIM_HOST, 0}};

	heap_claim_set(domains[pick_domain(w)], set, 1 + below(w, 3), 0);
}

static void work(struct worker *w)
{
	switch (below(w, 16)) {
	case 0: replace_domain(w); break;
	case 1 ... 4: claim(w); break;
	case 5:
		heap_claim_legacy(domains[pick_domain(w)], below(w, 2) * below(w, MAX_PAGES));
		break;
	case 6: heap_set_max_pages(domains[pick_domain(w)], MAX_PAGES - below(w, 20)); break;
	case 7 ... 10:
		if (w->held)
			free_one(w, below(w, w->held));
		break;
	default: allocate(w); break;
	}
}

static void *run(void *data)
{
	struct worker *w = data;

	heap_enter_thread();
	pthread_barrier_wait(&barrier);
	for (unsigned int round = 0; round < ROUNDS; round++) {
		for (unsigned int i = 0; i < OPS; i++)
			work(w);
		pthread_barrier_wait(&barrier);
		pthread_barrier_wait(&barrier);
	}
	return NULL;
}

static void check(unsigned long got, unsigned long expected, const char *what)
{
	if (got != expected)
		die(EXIT_REGRESSION, "%s: Xen has %lu, expected %lu", what, got, expected);
}

static void check_sums(void)
{
	unsigned long claimed = 0, free = 0, held[NODES] = {0}, on_node[NODES] = {0};
	struct heap_counters xen;
	struct heap_holding h;

	heap_read_counters(&xen);
	for (unsigned int i = 0; i <= THREADS; i++) {
		heap_read_domain(domains[i], &h);
		for (unsigned int n = 0; n < NODES; n++)
			on_node[n] += h.claims[n];
		check(h.node_claims, h.claims[0] + h.claims[1], "node_claims");
		claimed += h.host_claims + h.node_claims;
	}
	for (unsigned int t = 0; t < THREADS; t++)
		for (unsigned int i = 0; i < workers[t].held; i++)
			held[workers[t].pages[i].frame / NODE_PAGES % NODES] +=
				1ul << workers[t].pages[i].order;
	for (unsigned int n = 0; n < NODES; n++) {
		check(xen.node[n].free, xen.node[n].zones,
		      "free pages of a node, and of its zones");
		check(xen.node[n].free, booted.node[n].free - held[n], "free pages of a node");
		check(xen.node[n].claimed, on_node[n], "claims on a node");
		free += xen.node[n].free;
		if (xen.node[n].claimed > xen.node[n].free)
			die(EXIT_REGRESSION, "more is claimed on a node than is free");
	}
	check(xen.free, free, "free pages of the host");
	check(xen.claimed, claimed, "claims on the host");
	if (xen.claimed > xen.free)
		die(EXIT_REGRESSION, "more is claimed than is free");
}

int main(void)
{
	/* The first frame's node number, counted in nodes, is even: see check_sums(). */
	heap_boot(&(struct heap_config){
		.nodes = NODES, .node_pages = NODE_PAGES, .first_frame = 0x100000});
	heap_read_counters(&booted);
	pthread_barrier_init(&barrier, NULL, THREADS + 1);
	for (unsigned int i = 0; i <= THREADS; i++)
		domains[i] = heap_create_domain(MAX_PAGES);
	for (unsigned int i = 0; i < THREADS; i++) {
		workers[i].number = i;
		workers[i].random = i;
		if (pthread_create(&workers[i].thread, NULL, run, &workers[i]))
			die(EXIT_USAGE, "no threads");
	}
	pthread_barrier_wait(&barrier);
	for (unsigned int round = 0; round < ROUNDS; round++) {
		pthread_barrier_wait(&barrier);
		check_sums();
		pthread_barrier_wait(&barrier);
	}
	for (unsigned int i = 0; i < THREADS; i++)
		pthread_join(workers[i].thread, NULL);
	printf("%d rounds of %d operations by %d threads\n", ROUNDS, OPS, THREADS);
	return 0;
}
