// SPDX-License-Identifier: GPL-2.0-only
/*
 * Starts a heap, runs random operations on it and prints all that comes back, which depends on
 * nothing but the arguments and the state the heap was started in. Nothing goes offline: Xen cuts
 * the block around such a page into blocks which are not aligned, and may crash on them later.
 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "bench/host/heap.h"
#include "lib/msg.h"
#include "lib/parse.h"

#define DOMAINS 6u
#define HELD 400u
#define MAX_PAGES (1ul << 31)

struct block {
	unsigned long frame;
	unsigned int order, domain; /* DOMAINS: Xen itself */
};

static uint64_t state = 1;
static struct heap_config config;
static struct heap_domain *domains[DOMAINS + 1];
static struct block held[HELD];
static unsigned int nr_held;

static unsigned int below(unsigned int n)
{
	state = state * 6364136223846793005u + 1442695040888963407u;
	return (unsigned int)(state >> 33) % n;
}

/* Mostly small. A large one that is dirty would be scrubbed, which takes memory for real. */
static unsigned int pick_order(unsigned int domain)
{
	if (domain < DOMAINS && !below(100))
		return below(HEAP_ORDERS);
	return below(1 + below(10));
}

static void allocate(void)
{
	unsigned int domain = below(DOMAINS + 1), order = pick_order(domain), flags = 0;
	int node = (int)below(config.nodes + 1) - 1;
	unsigned long frame;

	if (node >= 0 && below(2))
		flags |= HEAP_EXACT_NODE;
	if (domain < DOMAINS && !below(8))
		flags |= below(2) ? HEAP_NO_REFCOUNT : HEAP_NO_OWNER;
	if (below(2))
		flags |= HEAP_CREATING;
	frame = heap_alloc(domains[domain], order, node, flags);
	printf("alloc %u order %u node %d flags %u: %#lx\n", domain, order, node, flags, frame);
	if (frame)
		held[nr_held++] = (struct block){frame, order, domain};
}

static void release(unsigned int i)
{
	printf("free %#lx order %u\n", held[i].frame, held[i].order);
	heap_free(held[i].frame, held[i].order);
	held[i] = held[--nr_held];
}

/* Large blocks go before it dies: see pick_order(). */
static void replace_domain(unsigned int domain)
{
	for (unsigned int dead = 0; dead < 2; dead++) {
		for (unsigned int i = nr_held; i-- > 0;)
			if (held[i].domain == domain && (dead || held[i].order > 9))
				release(i);
		if (!dead)
			heap_kill_domain(domains[domain]);
	}
	heap_destroy_domain(domains[domain]);
	domains[domain] = heap_create_domain(MAX_PAGES);
	printf("domain %u is new\n", domain);
}

static void claim(struct heap_domain *d)
{
	struct heap_claim set[] = {{below(5000), below(config.nodes), 0},
				   {below(5000), HEAP_CLAIM_HOST, 0}};

	if (below(4))
		printf("claim: %d\n", heap_claim_set(d, set, 1 + below(2), 0));
	else
		printf("legacy claim: %d\n", heap_claim_legacy(d, below(3) * 100000ul));
}

static void operate(void)
{
	unsigned int what = below(1000);

	if (what < 8)
		replace_domain(below(DOMAINS));
	else if (what < 80)
		claim(domains[below(DOMAINS)]);
	else if (nr_held == HELD || (nr_held && what < 500))
		release(below(nr_held));
	else
		allocate();
}

static void print_state(void)
{
	static struct heap_counters c;
	unsigned long blocks[HEAP_ORDERS];

	heap_read_counters(&c);
	printf("free %lu claimed %lu flushes %lu\n", c.free, c.claimed, c.flushes);
	for (unsigned int node = 0; node < config.nodes; node++) {
		printf("node %u free %lu in zones %lu claimed %lu:", node, c.node[node].free,
		       c.node[node].zones, c.node[node].claimed);
		heap_read_orders(node, blocks);
		for (unsigned int order = 0; order < HEAP_ORDERS; order++)
			printf(" %lu", blocks[order]);
		printf("\n");
	}
}

/* Frame by frame, where these are not too many to look at. */
static void print_free_frames(void)
{
	unsigned long pages = config.nodes * config.node_pages;
	bool was_free = false;

	for (unsigned long i = 0; i < pages && pages < 1ul << 28; i++) {
		bool is_free = heap_is_free(config.first_frame + i);

		if (is_free != was_free)
			printf("%sfree from %#lx on\n", is_free ? "" : "not ",
			       config.first_frame + i);
		was_free = is_free;
	}
}

static void visit_nodes(void)
{
	for (unsigned int node = 0; node < config.nodes; node++)
		for (unsigned int order = 0; order < 10; order += 9)
			printf("node %u order %u: %#lx\n", node, order,
			       heap_alloc(NULL, order, (int)node, HEAP_EXACT_NODE));
}

/* The most memory that this process ever had. */
static void report_memory(void)
{
	FILE *status = fopen("/proc/self/status", "re");
	char line[200];

	while (status && fgets(line, sizeof(line), status))
		if (!strncmp(line, "VmHWM:", 6))
			fputs(line, stderr);
	if (status)
		fclose(status);
}

static uint64_t number(char **argv, int i)
{
	uint64_t n;

	if (parse_u64(argv[i], 0, UINT64_MAX, &n))
		die(EXIT_USAGE, "'%s' is not a number", argv[i]);
	return n;
}

int main(int argc, char **argv)
{
	if (argc != 7)
		die(EXIT_USAGE,
		    "usage: host-replay NODES NODE_PAGES FIRST_FRAME|any XEN_PAGES SPARSE OPS");
	config.nodes = (unsigned int)number(argv, 1);
	config.node_pages = number(argv, 2);
	if (strcmp(argv[3], "any")) {
		config.first_frame = number(argv, 3);
		config.xen_pages = number(argv, 4);
	} else {
		heap_place(&config);
	}
	config.sparse = number(argv, 5);
	config.node_cpus = 1;
	heap_boot(&config);
	for (unsigned int i = 0; i < DOMAINS; i++)
		domains[i] = heap_create_domain(MAX_PAGES);
	print_state();
	print_free_frames();
	visit_nodes();
	for (uint64_t ops = number(argv, 6), i = 1; i <= ops; i++) {
		operate();
		if (i % 500 == 0 || i == ops)
			print_state();
	}
	report_memory();
	return 0;
}
