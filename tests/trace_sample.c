// SPDX-License-Identifier: GPL-2.0-only
/*
 * Writes a trace file of an invented host: domains claim memory, are populated and die, on several
 * CPUs that share heap_lock. For tests of what reads traces, and for pictures. The same arguments
 * give the same bytes.
 */
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lib/msg.h"
#include "lib/parse.h"
#include "tracepoints/catalog.h"
#include "tracepoints/reader.h"

#define CPUS_MAX 16
#define NODES_MAX 64
#define WINDOW_WORDS 1024
#define NODE_PAGES 262144u

struct cpu {
	uint32_t words[WINDOW_WORDS];
	unsigned int count;
	uint64_t now;
};

struct domain {
	uint32_t domid;
	uint64_t claims[NODES_MAX + 1]; /* the last: the host */
	uint64_t pages[NODES_MAX];
};

static struct cpu cpus[CPUS_MAX];
static uint64_t free_pages[NODES_MAX], claimed[NODES_MAX + 1];
static uint64_t lock_free_at, seed = 42;
static unsigned int nr_cpus, nr_nodes, nr_domains;
static bool without_states;

static uint32_t draw(uint32_t below)
{
	seed ^= seed << 13;
	seed ^= seed >> 7;
	seed ^= seed << 17;
	return (uint32_t)((seed >> 16) % below);
}

/* Mostly near least, sometimes many times that. */
static uint32_t draw_cycles(uint32_t least)
{
	uint32_t cycles = least + draw(least / 4 + 1);

	while (!draw(12))
		cycles += cycles / 2 + draw(cycles);
	return cycles;
}

static void flush_window(unsigned int cpu)
{
	uint32_t head[] = {TRACE_EVENT_CPU_CHANGE | 2u << 28, cpu, cpus[cpu].count * 4};

	if (!cpus[cpu].count)
		return;
	fwrite(head, sizeof(head), 1, stdout);
	fwrite(cpus[cpu].words, 4, cpus[cpu].count, stdout);
	cpus[cpu].count = 0;
}

static void put(unsigned int cpu, uint32_t event, const void *record, size_t size)
{
	struct cpu *c = &cpus[cpu];
	uint32_t words[HEAP_WORDS_MAX] = {0};
	uint32_t nr_words = (uint32_t)size / 4;

	memcpy(words, record, size);
	while (nr_words && !words[nr_words - 1])
		nr_words--;
	if (c->count + 3 + nr_words > WINDOW_WORDS)
		flush_window(cpu);
	c->words[c->count++] = event | nr_words << 28 | 1u << 31;
	c->words[c->count++] = (uint32_t)c->now;
	c->words[c->count++] = (uint32_t)(c->now >> 32);
	memcpy(c->words + c->count, words, 4 * (size_t)nr_words);
	c->count += nr_words;
	c->now += 250;
}

#define PUT(cpu, name, ...)                                                                        \
	put(cpu, TRC_##name, &(struct trc_##name){__VA_ARGS__}, sizeof(struct trc_##name))

static void take_lock(struct cpu *c, uint32_t cycles, uint32_t *wait, uint32_t *hold)
{
	uint64_t since = c->now += 40;

	if (lock_free_at > c->now)
		c->now = lock_free_at;
	*wait = (uint32_t)(c->now - since) + 20;
	c->now += 20;
	*hold = draw_cycles(cycles);
	lock_free_at = c->now += *hold;
	c->now += 30;
}

static void put_states(unsigned int cpu)
{
	uint64_t all_free = 0, all_claimed = claimed[nr_nodes];
	unsigned int node;

	if (without_states)
		return;
	for (node = 0; node < nr_nodes; node++) {
		all_free += free_pages[node];
		all_claimed += claimed[node];
		PUT(cpu, node_state, node, (uint32_t)free_pages[node], (uint32_t)claimed[node]);
	}
	PUT(cpu, node_state, HEAP_NODE_NONE, (uint32_t)all_free, (uint32_t)all_claimed);
}

static uint64_t redeem(struct domain *d, unsigned int node, uint64_t pages)
{
	uint64_t taken = d->claims[node] < pages ? d->claims[node] : pages;

	d->claims[node] -= taken;
	claimed[node] -= taken;
	return taken;
}

static void allocate(unsigned int cpu, struct domain *d, unsigned int order, unsigned int node)
{
	struct trc_heap_section r = {.domid = d->domid & 0x7fff,
				     .site = HEAP_SITE_ALLOC,
				     .order = order & 31,
				     .node = node & 127};
	uint64_t left = 1ull << order;
	uint32_t wait, hold;
	unsigned int other;

	take_lock(&cpus[cpu], 300 + (32u << order), &wait, &hold);
	r.wait = wait;
	r.hold = hold;
	r.from_node = (uint32_t)redeem(d, node, left) & 0xfffff;
	left -= r.from_node;
	r.from_host = (uint32_t)redeem(d, nr_nodes, left) & 0xfffff;
	left -= r.from_host;
	for (other = 0; other < nr_nodes; other++) {
		uint64_t taken = redeem(d, other, left);

		r.from_other += (uint32_t)taken & 0xfffff;
		left -= taken;
	}
	d->pages[node] += 1ull << order;
	free_pages[node] -= 1ull << order;
	put(cpu, TRC_heap_section, &r, sizeof(r));
	PUT(cpu, page_alloc_section, d->domid, HEAP_OWNER_ASSIGN, order, 30, draw_cycles(120));
}

static void populate(unsigned int cpu, struct domain *d, unsigned int order, uint32_t extents)
{
	uint64_t begin = cpus[cpu].now;
	uint32_t i;

	for (i = 0; i < extents; i++) {
		unsigned int node = draw(16) ? d->domid % nr_nodes : draw(nr_nodes);

		cpus[cpu].now += draw_cycles(1500);
		allocate(cpu, d, order, node);
	}
	PUT(cpu, populate_physmap, d->domid, order, extents, extents,
	    (uint32_t)(cpus[cpu].now - begin));
}

static void install(unsigned int cpu, struct domain *d, unsigned int node, uint32_t pages,
		    uint32_t host)
{
	uint64_t begin = cpus[cpu].now;
	struct trc_heap_section r = {
		.domid = d->domid & 0x7fff, .site = HEAP_SITE_CLAIM_SET, .node = HEAP_NODE_NONE};
	uint32_t wait, hold;

	take_lock(&cpus[cpu], 200, &wait, &hold);
	r.wait = wait;
	r.hold = hold;
	d->claims[node] += pages;
	claimed[node] += pages;
	d->claims[nr_nodes] += host;
	claimed[nr_nodes] += host;
	put(cpu, TRC_heap_section, &r, sizeof(r));
	PUT(cpu, claim_entry, d->domid, node, pages);
	if (host)
		PUT(cpu, claim_entry, d->domid, HEAP_NODE_NONE, host);
	PUT(cpu, claim_install, d->domid, HEAP_KIND_SET, host ? 2 : 1, 0,
	    (uint32_t)(cpus[cpu].now - begin));
	put_states(cpu);
}

static void release(unsigned int cpu, struct domain *d, unsigned int reason)
{
	unsigned int node;

	for (node = 0; node <= nr_nodes; node++) {
		if (!d->claims[node])
			continue;
		PUT(cpu, claim_release, d->domid, node == nr_nodes ? HEAP_NODE_NONE : node, reason,
		    (uint32_t)d->claims[node]);
		claimed[node] -= d->claims[node];
		d->claims[node] = 0;
	}
}

static void give_back(unsigned int cpu, struct domain *d, unsigned int node, unsigned int order)
{
	struct trc_heap_section r = {.domid = d->domid & 0x7fff,
				     .site = HEAP_SITE_FREE,
				     .order = order & 31,
				     .node = node & 127};
	uint32_t wait, hold;

	take_lock(&cpus[cpu], 150 + (8u << order), &wait, &hold);
	r.wait = wait;
	r.hold = hold;
	d->pages[node] -= 1ull << order;
	free_pages[node] += 1ull << order;
	put(cpu, TRC_heap_section, &r, sizeof(r));
}

static void kill_domain(unsigned int cpu, struct domain *d)
{
	uint64_t begin = cpus[cpu].now;
	uint32_t pages = 0;
	unsigned int node;

	release(cpu, d, HEAP_RELEASE_DIED);
	for (node = 0; node < nr_nodes; node++) {
		while (d->pages[node]) {
			unsigned int order = d->pages[node] >= 512 ? 9 : 0;

			cpus[cpu].now += draw_cycles(200);
			pages += 1u << order;
			give_back(cpu, d, node, order);
		}
	}
	PUT(cpu, domain_teardown, d->domid, 0, pages, (uint32_t)(cpus[cpu].now - begin));
}

static unsigned int earliest_cpu(void)
{
	unsigned int i, first = 0;

	for (i = 1; i < nr_cpus; i++)
		if (cpus[i].now < cpus[first].now)
			first = i;
	return first;
}

/* One step of a domain's life. */
static void step(struct domain *d, unsigned int at)
{
	unsigned int cpu = earliest_cpu();

	cpus[cpu].now += draw(20000);
	if (at == 0)
		install(cpu, d, d->domid % nr_nodes, 8192 + draw(8192), draw(2) * 1024);
	else if (at < 20)
		populate(cpu, d, 0, 64 + draw(64));
	else if (at < 36)
		populate(cpu, d, 9, 1);
	else if (at == 36 && d->domid % 4 == 0)
		release(cpu, d, HEAP_RELEASE_CANCELLED);
	else if (at == 38 && d->domid % 3)
		kill_domain(cpu, d);
}

static unsigned int parse_count(const char *text, unsigned int max)
{
	uint64_t value;

	if (parse_u64(text, 1, max, &value))
		die(EXIT_USAGE, "'%s' is not a number from 1 to %u", text, max);
	return (unsigned int)value;
}

int main(int argc, char **argv)
{
	struct domain *domains;
	unsigned int i, at;

	if (argc != 4 && (argc != 5 || strcmp(argv[4], "without-states")))
		die(EXIT_USAGE, "usage: trace-sample CPUS NODES DOMAINS [without-states] >FILE");
	without_states = argc == 5;
	nr_cpus = parse_count(argv[1], CPUS_MAX);
	nr_nodes = parse_count(argv[2], NODES_MAX);
	nr_domains = parse_count(argv[3], 10000);
	domains = calloc(nr_domains, sizeof(*domains));
	if (!domains)
		die(EXIT_USAGE, "out of memory");
	for (i = 0; i < nr_nodes; i++)
		free_pages[i] = NODE_PAGES;
	for (i = 0; i < nr_cpus; i++)
		cpus[i].now = 1000000 + 100 * i;
	put_states(0);
	/* A domain is a third of its life ahead of the next. */
	for (at = 0; at < 13 * nr_domains + 39; at++)
		for (i = at < 39 ? 0 : (at - 39) / 13; i < nr_domains && 13 * i <= at; i++) {
			domains[i].domid = i + 1;
			step(&domains[i], at - 13 * i);
		}
	put_states(earliest_cpu());
	for (i = 0; i < nr_cpus; i++)
		flush_window(i);
	free(domains);
	return fflush(stdout) ? EXIT_USAGE : 0;
}
