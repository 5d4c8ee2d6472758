// SPDX-License-Identifier: GPL-2.0-only
/*
 * host-trace-job HEAP BYTES THREADS PAIRS FILE: so many threads allocate and free so many single
 * pages each, traced into buffers of so many bytes; the trace goes to FILE. Each pair makes a
 * record per section.
 */
#include <pthread.h>
#include <stdio.h>
#include <string.h>

#include "bench/heap_library.h"
#include "lib/msg.h"
#include "lib/parse.h"

static struct heap_library heap;
static uint64_t pairs;
static pthread_barrier_t all_done;

static uint64_t number(const char *text, uint64_t max)
{
	uint64_t value = 0;

	if (parse_u64(text, 1, max, &value))
		die(EXIT_USAGE, "%s: not a number from 1 to %lu", text, (unsigned long)max);
	return value;
}

static void *work(void *domain)
{
	heap.enter_thread();
	for (uint64_t i = 0; i < pairs; i++)
		heap.free(heap.alloc(domain, 0, HEAP_ANY_NODE, 0), 0);
	/* Who leaves early makes room for another one in the same buffer. */
	pthread_barrier_wait(&all_done);
	heap.leave_thread();
	return NULL;
}

static void run_threads(unsigned int count)
{
	pthread_t threads[HEAP_MAX_THREADS];

	pthread_barrier_init(&all_done, NULL, count);
	for (unsigned int i = 0; i < count; i++)
		if (pthread_create(&threads[i], NULL, work, heap.create_domain(UINT32_MAX)))
			die(EXIT_USAGE, "no thread");
	for (unsigned int i = 0; i < count; i++)
		pthread_join(threads[i], NULL);
}

int main(int argc, char **argv)
{
	const struct heap_config config = {
		.nodes = 1, .node_pages = 1 << 16, .first_frame = 1 << 20};
	uint64_t bytes;
	int rc;

	if (argc != 6)
		die(EXIT_USAGE, "usage: host-trace-job HEAP BYTES THREADS PAIRS FILE");
	heap_library_open(argv[1], &heap);
	bytes = number(argv[2], UINT32_MAX);
	pairs = number(argv[4], UINT32_MAX);
	heap.boot(&config);
	/* A trace that is replaced by the next one, as are its buffers. */
	rc = heap.start_tracing(2 * bytes);
	heap.claim_legacy(heap.create_domain(1), 1);
	heap.stop_tracing();
	if (!rc)
		rc = heap.start_tracing(bytes);
	if (!rc) {
		run_threads((unsigned int)number(argv[3], HEAP_MAX_THREADS - 1));
		heap.stop_tracing();
		rc = heap.write_trace(argv[5]);
	}
	if (rc)
		die(EXIT_REGRESSION, "%s: %s", argv[5], strerror(-rc));
	return 0;
}
