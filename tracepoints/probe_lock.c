// SPDX-License-Identifier: GPL-2.0-only
/*
 * Sections of heap_lock, from its own memory: a ticket lock of two 16-bit halves, the next ticket
 * to draw above the one that is served. Only its address and what kind of instruction touched it
 * can be seen, not the values, which follow from the order of events:
 *
 * - xadd draws a ticket, cmpxchg draws one if the lock is free (spin_trylock);
 * - who has drawn the first ticket of those not released holds the lock from the load on by which
 * he sees that it is his turn, or from his cmpxchg;
 * - any other store releases it.
 */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "tracepoints/probe.h"

#define TICKET_BYTES 4
#define MAX_WAITING 256

struct drawn {
	unsigned int vcpu;
	bool waits, holds;
	uint64_t asked, acquired;
	uint64_t site;
};

static struct {
	const struct symbols *symbols;
	uint64_t address;
	struct drawn queue[MAX_WAITING]; /* a ring, the holder first */
	unsigned int first, count;
	struct lock_tally *tallies[2];
	FILE *log; /* or NULL */
} lock;

void watch_lock(const struct symbols *symbols, uint64_t address)
{
	lock.symbols = symbols;
	lock.address = address;
}

bool handles_locks(const struct symbol *symbol)
{
	return strstr(symbol->name, "spin_") != NULL;
}

/* Our trace points take the lock by a function of theirs: its caller is the site. */
static bool is_locking(uint64_t address)
{
	long symbol = find_symbol(lock.symbols, address - 1);

	return symbol >= 0 && (handles_locks(&lock.symbols->list[symbol]) ||
			       strstr(lock.symbols->list[symbol].name, "_trace_"));
}

void tally_sections(struct lock_tally *first, struct lock_tally *second)
{
	lock.tallies[0] = first;
	lock.tallies[1] = second;
}

void log_sections(FILE *out)
{
	lock.log = out;
}

static void clear_site(struct lock_site *site, uint64_t address)
{
	memset(site, 0, sizeof(*site));
	site->address = address;
	site->hold.min = UINT64_MAX;
}

void clear_tally(struct lock_tally *tally)
{
	tally->count = 0;
	tally->unmatched = 0;
}

static struct lock_site *find_site(struct lock_tally *tally, uint64_t address)
{
	struct lock_site **sites;
	size_t i;

	for (i = 0; i < tally->count; i++)
		if (tally->sites[i]->address == address)
			return tally->sites[i];
	if (i == tally->capacity) {
		sites = reallocarray(tally->sites, i + 1, sizeof(*sites));
		if (!sites || !(sites[i] = malloc(sizeof(**sites))))
			abort(); /* a wrong count would be worse */
		tally->sites = sites;
		tally->capacity++;
	}
	tally->count++;
	clear_site(tally->sites[i], address);
	return tally->sites[i];
}

static void record_section(struct lock_tally *tally, const struct drawn *drawn, uint64_t now)
{
	struct lock_site *site = find_site(tally, drawn->site);
	uint64_t wait = drawn->acquired - drawn->asked;

	hist_record(&site->hold, now - drawn->acquired);
	if (!drawn->waits)
		return;
	site->waits++;
	site->wait_sum += wait;
	if (wait > site->wait_max)
		site->wait_max = wait;
}

static void log_section(const struct drawn *drawn, uint64_t now)
{
	print_site(lock.log, lock.symbols, drawn->site);
	fprintf(lock.log, " %" PRIu64 "\n", now - drawn->acquired);
}

static struct drawn *draw_ticket(unsigned int vcpu, uint64_t now)
{
	struct drawn *drawn;

	if (lock.count == MAX_WAITING)
		abort(); /* QEMU has no more vCPUs than that with this lab */
	drawn = &lock.queue[(lock.first + lock.count) % MAX_WAITING];
	*drawn = (struct drawn){
		.vcpu = vcpu, .waits = lock.count > 0, .asked = now, .acquired = now};
	drawn->site = find_call_site(vcpu, is_locking);
	lock.count++;
	return drawn;
}

static void release(uint64_t now)
{
	for (unsigned int i = 0; i < 2; i++) {
		if (!lock.tallies[i])
			continue;
		if (lock.count)
			record_section(lock.tallies[i], &lock.queue[lock.first], now);
		else
			lock.tallies[i]->unmatched++;
	}
	if (lock.count) {
		if (lock.log)
			log_section(&lock.queue[lock.first], now);
		lock.first = (lock.first + 1) % MAX_WAITING;
		lock.count--;
	}
}

static void see_turn(unsigned int vcpu, uint64_t now)
{
	struct drawn *first = &lock.queue[lock.first];

	if (!lock.count || first->holds || first->vcpu != vcpu)
		return;
	first->holds = true;
	first->acquired = now;
}

void on_lock_access(unsigned int vcpu, qemu_plugin_meminfo_t info, uint64_t address, void *data)
{
	enum lock_insn insn = (enum lock_insn)(uintptr_t)data;

	if (address - lock.address >= TICKET_BYTES)
		return;
	if (!qemu_plugin_mem_is_store(info))
		see_turn(vcpu, read_clock());
	else if (insn == LOCK_TICKET)
		draw_ticket(vcpu, read_clock());
	else if (insn == LOCK_OTHER)
		release(read_clock());
	else if (!lock.count)
		draw_ticket(vcpu, read_clock())->holds = true;
}
