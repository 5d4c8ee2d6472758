// SPDX-License-Identifier: GPL-2.0-only
/*
 * Writes a synthetic memory-class trace, the same for the same options: CPUs
 * that populate domains under one heap_lock, each waiting for the one before.
 * For benchmarks of the decoder, and as the good part of damaged samples.
 */
#include <argp.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lib/msg.h"
#include "lib/parse.h"
#include "tracepoints/catalog.h"
#include "tracepoints/reader.h"

#define SET_P2M_ENTRY 0x0010f004u
#define HEADER(event, words, timed) ((event) | (uint32_t)(words) << 28 | (uint32_t)(timed) << 31)

struct options {
	uint64_t bytes;
	uint64_t window; /* bytes after which all CPUs' buffers are written */
	uint64_t cpus;
	uint64_t skew;	/* of each CPU against the one before */
	uint64_t drift; /* cycles in a million that the last CPU's clock gains in the second half */
	bool unplug;
};

struct cpu {
	uint64_t now; /* true time */
	uint32_t *words;
	size_t count;
};

struct machine {
	struct options o;
	struct cpu *cpus;
	uint64_t random;
	uint64_t lock_free;
	uint64_t written;
	uint64_t middle; /* true time; 0 before */
	uint64_t extents;
};

/* xorshift64 */
static uint64_t next_random(struct machine *m)
{
	m->random ^= m->random << 13;
	m->random ^= m->random >> 7;
	m->random ^= m->random << 17;
	return m->random;
}

/* Mostly near base, sometimes up to 64 times as long. */
static uint32_t duration(struct machine *m, uint32_t base)
{
	uint64_t r = next_random(m);

	return base + (uint32_t)(r & 0xff) +
	       (base << (r >> 8 & 7    ? 0
			 : r >> 11 & 7 ? 1
				       : r >> 14 & 6)) /
		       4;
}

static void put(struct machine *m, unsigned int cpu, uint32_t event, bool timed, const void *data,
		size_t size)
{
	struct cpu *c = &m->cpus[cpu];
	uint64_t tsc = c->now + m->o.skew * cpu;
	bool drifts = m->middle && cpu == m->o.cpus - 1 && c->now > m->middle;
	uint32_t words[TRACE_WORDS_MAX] = {0};
	unsigned int n = (unsigned int)size / 4;

	if (drifts)
		tsc += (c->now - m->middle) * m->o.drift / 1000000;
	memcpy(words, data, size);
	while (timed && n && !words[n - 1])
		n--;
	c->words[c->count++] = HEADER(event, n, timed);
	if (timed) {
		c->words[c->count++] = (uint32_t)tsc;
		c->words[c->count++] = (uint32_t)(tsc >> 32);
	}
	memcpy(c->words + c->count, words, 4 * n);
	c->count += n;
	c->now += 60;
}

#define PUT(m, cpu, name, ...)                                                                     \
	do {                                                                                       \
		struct trc_##name words = {__VA_ARGS__};                                           \
		put(m, cpu, TRC_##name, true, &words, sizeof(words));                              \
	} while (0)

static void section(struct machine *m, unsigned int cpu, uint32_t domid, uint32_t site,
		    uint32_t order)
{
	struct cpu *c = &m->cpus[cpu];
	uint32_t hold = duration(m, order == 9 ? 4000 : 300), wait = 20;
	uint32_t node = cpu % 4,
		 redeemed = m->extents & 1 && site == HEAP_SITE_ALLOC ? 1u << order : 0;

	if (m->lock_free > c->now + wait)
		wait = (uint32_t)(m->lock_free - c->now) + 8;
	c->now += wait + hold;
	m->lock_free = c->now;
	c->now += 30;
	PUT(m, cpu, heap_section, .domid = domid, .site = site, .order = order, .node = node,
	    .wait = wait, .hold = hold, .from_node = redeemed);
}

/* One extent: taken, given to the domain, entered into its page table; some are freed again. */
static void populate_extent(struct machine *m, unsigned int cpu)
{
	uint32_t domid = 1 + cpu, order = m->extents % 16 ? 0 : 9, hold = duration(m, 80);
	uint32_t p2m[6] = {(uint32_t)m->extents, 0, (uint32_t)(m->extents * 7), 0, domid,
			   order << 16};

	m->extents++;
	m->cpus[cpu].now += duration(m, 500);
	section(m, cpu, domid, HEAP_SITE_ALLOC, order);
	m->cpus[cpu].now += hold + 20;
	PUT(m, cpu, page_alloc_section, .domid = domid, .site = HEAP_OWNER_ASSIGN, .order = order,
	    .wait = 12, .hold = hold);
	put(m, cpu, SET_P2M_ENTRY, false, p2m, sizeof(p2m));
	if (m->extents % 4 == 0)
		section(m, cpu, domid, HEAP_SITE_FREE, order);
	if (m->extents % 1024 == 0) {
		PUT(m, cpu, populate_physmap, .domid = domid, .asked = 1024, .done = 1024,
		    .cycles = 3000000);
		PUT(m, cpu, node_state, .node = cpu % 4, .free = 100000, .claimed = 5000);
	}
}

static void write_words(struct machine *m, const uint32_t *words, size_t count)
{
	if (fwrite(words, 4, count, stdout) != count)
		die(EXIT_USAGE, "cannot write: %s", strerror(errno));
	m->written += 4 * count;
}

static void write_windows(struct machine *m)
{
	uint32_t header[3] = {HEADER(TRACE_EVENT_CPU_CHANGE, 2, 0)};

	for (header[1] = 0; header[1] < m->o.cpus; header[1]++) {
		struct cpu *c = &m->cpus[header[1]];

		header[2] = (uint32_t)c->count * 4;
		if (!c->count)
			continue;
		write_words(m, header, 3);
		write_words(m, c->words, c->count);
		c->count = 0;
	}
}

/* The CPU whose time is earliest: it does the next extent. */
static unsigned int next_cpu(const struct machine *m)
{
	bool away = m->o.unplug && m->written > m->o.bytes / 4 && m->written < m->o.bytes / 4 * 3;
	unsigned int i, first = 0, end = (unsigned int)m->o.cpus - away;

	for (i = 0; i < end; i++)
		if (m->cpus[i].now < m->cpus[first].now)
			first = i;
	return first;
}

static void run_machine(struct machine *m)
{
	unsigned int cpu;

	while (m->written < m->o.bytes) {
		cpu = next_cpu(m);
		populate_extent(m, cpu);
		/* Who was away comes back at the time of the others. */
		if (m->o.unplug && m->cpus[m->o.cpus - 1].now < m->lock_free)
			m->cpus[m->o.cpus - 1].now = m->lock_free;
		if (m->cpus[cpu].count * 4 >= m->o.window)
			write_windows(m);
		if (!m->middle && m->written > m->o.bytes / 2)
			m->middle = m->cpus[cpu].now;
	}
}

static const struct argp_option option_table[] = {
	{"bytes", 'b', "SIZE", 0, "stop after so much (64M)", 0},
	{"window", 'w', "SIZE", 0, "size of a trace buffer (64K)", 0},
	{"cpus", 'c', "N", 0, "CPUs that record (4)", 0},
	{"skew", 's', "CYCLES", 0, "clock of each CPU ahead of the one before (0)", 0},
	{"drift", 'd', "CYCLES", 0,
	 "what the last CPU's clock gains in a million cycles, in the second half (0)", 0},
	{"unplug", 'u', NULL, 0, "the last CPU is away in the middle half", 0},
	{0},
};

static error_t parse_option(int key, char *arg, struct argp_state *state)
{
	struct options *o = state->input;

	switch (key) {
	case 'b':
		if (parse_size(arg, &o->bytes) || !o->bytes)
			argp_error(state, "--bytes takes a size, not '%s'", arg);
		return 0;
	case 'w':
		if (parse_size(arg, &o->window) || o->window < 1024 || o->window > 1u << 30)
			argp_error(state, "--window takes 1K to 1G, not '%s'", arg);
		return 0;
	case 'c':
		if (parse_u64(arg, 1, TRACE_CPUS_MAX, &o->cpus))
			argp_error(state, "--cpus takes 1 to %u, not '%s'", TRACE_CPUS_MAX, arg);
		return 0;
	case 's':
		if (parse_u64(arg, 0, 1ull << 40, &o->skew))
			argp_error(state, "--skew takes 0 to 2^40 cycles, not '%s'", arg);
		return 0;
	case 'd':
		if (parse_u64(arg, 0, 1000000, &o->drift))
			argp_error(state, "--drift takes 0 to 1000000 cycles, not '%s'", arg);
		return 0;
	case 'u': o->unplug = true; return 0;
	case ARGP_KEY_ARG:
		argp_error(state, "there are no arguments, but '%s' is one", arg);
		return 0;
	default: return ARGP_ERR_UNKNOWN;
	}
}

static void start_machine(struct machine *m)
{
	unsigned int i;

	m->random = 42;
	m->cpus = calloc(m->o.cpus, sizeof(*m->cpus));
	if (!m->cpus)
		die(EXIT_USAGE, "no memory");
	for (i = 0; i < m->o.cpus; i++) {
		m->cpus[i].now = 1000000 + i;
		m->cpus[i].words = malloc(m->o.window + 4096);
		if (!m->cpus[i].words)
			die(EXIT_USAGE, "no memory for windows of %llu bytes",
			    (unsigned long long)m->o.window);
	}
}

int main(int argc, char **argv)
{
	static const struct argp argp = {
		option_table,
		parse_option,
		NULL,
		"Write a synthetic memory-class trace to the standard output.\v"
		"Example:\n  gen-trace --bytes 1G --cpus 2 >trace.xen",
		NULL,
		NULL,
		NULL};
	struct machine m = {.o = {.bytes = 64u << 20, .window = 64u << 10, .cpus = 4}};

	argp_err_exit_status = EXIT_USAGE;
	argp_parse(&argp, argc, argv, 0, NULL, &m.o);
	start_machine(&m);
	run_machine(&m);
	write_windows(&m);
	if (fflush(stdout))
		die(EXIT_USAGE, "cannot write: %s", strerror(errno));
	return 0;
}
