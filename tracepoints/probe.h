/* SPDX-License-Identifier: GPL-2.0-only */
/* What the parts of the probe plugin share; see probe.c. */
#ifndef TRACEPOINTS_PROBE_H
#define TRACEPOINTS_PROBE_H

#include <stdio.h>

#include "lib/hist.h"
#include "tracepoints/counters.h"
#include "tracepoints/probe_select.h"

/*
 * Counters of the translated code: instructions by who executes them, calls and returns, loads of returns as QEMU
 * filters them; then some for each target. Filters for loads alone are broken in QEMU 7.2: they let
 * pass stores alone. Accesses of both kinds are counted right, and what the filter for loads counts
 * for returns tells which of the two it counts in general. Jumps, calls and returns are counted by
 * themselves: at the end of a translation block QEMU 7.2 goes on to report accesses of others.
 */
enum area { IN_HYPERVISOR, IN_KERNEL, IN_USER, AREAS };
enum { TRANSFERS = AREAS, FILTERED_RETURNS, TARGET_COUNTERS };
enum { OWN, FILTERED, ACCESSES, TRANSFER_LOADS, TRANSFER_STORES, PER_TARGET };

static inline size_t counter_of(size_t target, unsigned int which)
{
	return TARGET_COUNTERS + target * PER_TARGET + which;
}

/* Instructions started so far. In a callback of an access the current one is among them. */
static inline uint64_t read_clock(void)
{
	return read_counter(IN_HYPERVISOR) + read_counter(IN_KERNEL) + read_counter(IN_USER);
}

/* What is known of a target. */
struct figures {
	uint64_t calls;
	uint64_t unreturned; /* of those, calls that were left in another way than by returning */
	uint64_t inclusive;
	uint64_t own;
	uint64_t loads;
	uint64_t stores;
};

/* What is known of the sections of a lock that were entered from one place. */
struct lock_site {
	uint64_t address; /* the return address of the call that took the lock */
	uint64_t waits;	  /* sections that had to wait */
	uint64_t wait_sum, wait_max;
	struct hist hold;
};

struct lock_tally {
	struct lock_site **sites;
	size_t count; /* of those in use; the others are kept for reuse */
	size_t capacity;
	uint64_t unmatched; /* releases of a lock that nobody was seen to take */
};

/* One stretch of the run. */
struct stretch {
	uint64_t instructions;
	uint64_t areas[AREAS]; /* which together are all instructions */
	struct figures *functions; /* by target */
	struct lock_tally lock;
};

/* probe_functions.c: follows calls and returns. */
int allocate_functions(const struct selection *selection, unsigned int vcpus);
/*
 * After accesses of a call, whose return address is data, and of a return; both count in TRANSFERS.
 * Before the first instruction of a symbol.
 */
void on_call(unsigned int vcpu, qemu_plugin_meminfo_t info, uint64_t slot, void *data);
void on_return(unsigned int vcpu, qemu_plugin_meminfo_t info, uint64_t slot, void *data);
void on_entry(unsigned int vcpu, void *data);
struct entry_point; /* data of on_entry */
struct entry_point *find_entry_point(const struct symbols *symbols, size_t symbol);
/* The vCPU runs a guest's program: it has left every function. */
void leave_functions(unsigned int vcpu);
void read_functions(struct figures *figures);
/* The return address of the innermost call that was made outside of functions which skip names. */
uint64_t find_call_site(unsigned int vcpu, bool (*skip)(uint64_t address));

/* probe_lock.c: follows heap_lock. */
void watch_lock(const struct symbols *symbols, uint64_t address);
/* Whether a function works on locks, so that its accesses have to be shown to on_lock_access. */
bool handles_locks(const struct symbol *symbol);
/* After an access; data says what kind of instruction made it. */
void on_lock_access(unsigned int vcpu, qemu_plugin_meminfo_t info, uint64_t address, void *data);
enum lock_insn { LOCK_OTHER, LOCK_TICKET, LOCK_TRY };
/* Where finished sections are counted: both, second may be NULL. */
void tally_sections(struct lock_tally *first, struct lock_tally *second);
void clear_tally(struct lock_tally *tally);
/* Also write each of them, as it ends, as a line: its site, its hold. */
void log_sections(FILE *out);

/* probe_translate.c: has an instruction of the hypervisor counted and shown to the parts above. */
void watch_hypervisor(const struct symbols *symbols, const struct selection *selection,
		      bool has_lock);
void follow_hypervisor(struct qemu_plugin_insn *insn, uint64_t address);

/* probe_write.c */
struct report {
	const struct symbols *symbols;
	const struct selection *selection;
	bool has_lock;
	uint64_t section, windows, unmatched;
	const struct stretch *all, *window; /* window: NULL if none */
};
void write_json(FILE *out, const struct report *report);
void write_text(FILE *out, const struct report *report);
/* FUNCTION+OFFSET of the call, which is before its return address. */
void print_site(FILE *out, const struct symbols *symbols, uint64_t address);

#endif
