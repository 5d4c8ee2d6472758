// SPDX-License-Identifier: GPL-2.0-only
/*
 * A shadow stack per vCPU. Registers are out of a plugin's reach, but not the addresses that code
 * touches: a call stores its return address into a slot of the stack, a return loads it from there.
 * Stacks grow downwards, so whatever was called from a slot at or below one that is written or read
 * anew is over:
 *
 * - A return ends the functions of its slot, a function that was entered by a jump (a tail call)
 *   together with the one that jumped.
 * - Functions that never return, such as those that switch contexts, end unseen. They count as
 *   unreturned, and last until the last call or return that was seen below them.
 * - Interrupts push no call. What they call lies below, and is part of what they interrupt.
 * - Of recursive calls each one counts, and the outermost has the inclusive instructions.
 */
#include <errno.h>
#include <stdlib.h>

#include "tracepoints/probe.h"

/* Xen's stacks have 32 KiB; calls without frames of their own do not come near this. */
#define MAX_DEPTH 1024

struct entry_point {
	size_t target;
	bool part;
};

struct frame {
	uint64_t slot; /* where the return address lies */
	uint64_t return_address;
	unsigned int entered; /* active functions before it */
};

struct active {
	size_t target;
	uint64_t since;
};

struct shadow {
	struct frame frames[MAX_DEPTH];
	struct active active[MAX_DEPTH];
	unsigned int depth, entered;
	uint64_t last_seen;   /* the last call or return */
	unsigned int *nested; /* by target: how often it is active */
};

/* Not by vCPU: one thread runs them all, and an access comes right after its instruction began. */
static uint64_t transfers_seen, returns_seen;

static struct {
	const struct selection *selection;
	struct shadow *shadows; /* by vCPU */
	struct figures *figures;
	struct entry_point *entry_points; /* by symbol */
} functions;

int allocate_functions(const struct selection *selection, unsigned int vcpus)
{
	functions.selection = selection;
	functions.shadows = calloc(vcpus, sizeof(*functions.shadows));
	functions.figures = calloc(selection->count, sizeof(*functions.figures));
	if (!functions.shadows || !functions.figures)
		return -ENOMEM;
	for (unsigned int i = 0; i < vcpus; i++) {
		functions.shadows[i].nested = calloc(selection->count, sizeof(unsigned int));
		if (!functions.shadows[i].nested)
			return -ENOMEM;
	}
	return 0;
}

struct entry_point *find_entry_point(const struct symbols *symbols, size_t symbol)
{
	long target = functions.selection->target_of[symbol];
	enum entry entry = entry_of_symbol(&symbols->list[symbol]);
	struct entry_point *point;

	if (target < 0 || entry == ENTRY_INNER)
		return NULL;
	if (!functions.entry_points)
		functions.entry_points = calloc(symbols->count, sizeof(*functions.entry_points));
	if (!functions.entry_points)
		return NULL;
	point = &functions.entry_points[symbol];
	*point = (struct entry_point){(size_t)target, entry == ENTRY_PART};
	return point;
}

static void leave_active(struct shadow *shadow, unsigned int down_to, uint64_t now, bool returned)
{
	while (shadow->entered > down_to) {
		struct active *active = &shadow->active[--shadow->entered];
		struct figures *figures = &functions.figures[active->target];

		figures->unreturned += !returned;
		/* Nothing may have been seen of an unreturned one. */
		if (--shadow->nested[active->target] == 0 && now > active->since)
			figures->inclusive += now - active->since;
	}
}

/* Frames below slot were left without a return. */
static void drop_frames(struct shadow *shadow, uint64_t slot)
{
	while (shadow->depth && shadow->frames[shadow->depth - 1].slot < slot)
		leave_active(shadow, shadow->frames[--shadow->depth].entered, shadow->last_seen,
			     false);
}

void leave_functions(unsigned int vcpu)
{
	drop_frames(&functions.shadows[vcpu], UINT64_MAX);
}

/* A call stores once, a return loads once; QEMU 7.2 may report accesses of later ones, too. */
static bool is_transfer(void)
{
	uint64_t transfers = read_counter(TRANSFERS);
	bool first = transfers != transfers_seen;

	transfers_seen = transfers;
	return first;
}

void on_call(unsigned int vcpu, qemu_plugin_meminfo_t info, uint64_t slot, void *data)
{
	struct shadow *shadow = &functions.shadows[vcpu];

	if (!qemu_plugin_mem_is_store(info) || !is_transfer())
		return;
	drop_frames(shadow, slot + 1);
	if (shadow->depth == MAX_DEPTH)
		leave_functions(vcpu);
	shadow->frames[shadow->depth++] =
		(struct frame){slot, (uint64_t)(uintptr_t)data, shadow->entered};
	shadow->last_seen = read_clock();
}

void on_return(unsigned int vcpu, qemu_plugin_meminfo_t info, uint64_t slot, void *data)
{
	struct shadow *shadow = &functions.shadows[vcpu];

	(void)data;
	if (qemu_plugin_mem_is_store(info) || !is_transfer())
		return;
	returns_seen++;
	drop_frames(shadow, slot);
	shadow->last_seen = read_clock();
	if (shadow->depth && shadow->frames[shadow->depth - 1].slot == slot)
		leave_active(shadow, shadow->frames[--shadow->depth].entered, shadow->last_seen,
			     true);
}

static bool inside_target(const struct shadow *shadow, size_t target)
{
	return shadow->entered && shadow->active[shadow->entered - 1].target == target;
}

void on_entry(unsigned int vcpu, void *data)
{
	struct shadow *shadow = &functions.shadows[vcpu];
	const struct entry_point *point = data;
	const struct frame *top = shadow->depth ? &shadow->frames[shadow->depth - 1] : NULL;

	/* A jump of a function to its own start is a loop; a part of it is no other function. */
	if (inside_target(shadow, point->target) && (point->part || top->entered < shadow->entered))
		return;
	functions.figures[point->target].calls++;
	if (!top || shadow->entered == MAX_DEPTH) {
		functions.figures[point->target].unreturned++;
		return;
	}
	shadow->active[shadow->entered++] = (struct active){point->target, read_clock()};
	shadow->nested[point->target]++;
}

/* See probe.h. */
static void read_accesses(size_t target, bool filter_works, struct figures *figures)
{
	uint64_t filtered = read_counter(counter_of(target, FILTERED));
	uint64_t others = read_counter(counter_of(target, ACCESSES)) - filtered;

	figures->loads = (filter_works ? filtered : others) +
			 read_counter(counter_of(target, TRANSFER_LOADS));
	figures->stores = (filter_works ? others : filtered) +
			  read_counter(counter_of(target, TRANSFER_STORES));
}

void read_functions(struct figures *figures)
{
	bool filter_works = read_counter(FILTERED_RETURNS) > returns_seen / 2;

	for (size_t i = 0; i < functions.selection->count; i++) {
		figures[i] = functions.figures[i];
		figures[i].own = read_counter(counter_of(i, OWN));
		read_accesses(i, filter_works, &figures[i]);
	}
}

uint64_t find_call_site(unsigned int vcpu, bool (*skip)(uint64_t address))
{
	const struct shadow *shadow = &functions.shadows[vcpu];

	for (unsigned int i = shadow->depth; i; i--)
		if (!skip(shadow->frames[i - 1].return_address))
			return shadow->frames[i - 1].return_address;
	return 0;
}
