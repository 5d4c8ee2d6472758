/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Who waited behind whom for a lock.
 *
 * A section's record is emitted at its end: it held the lock up to there, and waited before that.
 * Records come merged by time, so those that ended after a wait began are the latest ones. Some
 * arrive a little late (a CPU was interrupted between unlock and emission): a wait is looked at
 * only when a few more sections have come.
 *
 * Cycles of emission make a hold seem to end late, by tens of cycles; what a wait has in common
 * with it is off by that. What a section waits for its own CPU is no wait behind another.
 */
#ifndef CLAIMPERF_TRACEPOINTS_WAITS_H
#define CLAIMPERF_TRACEPOINTS_WAITS_H

#include <stdbool.h>
#include <stdint.h>

#define WAITS_SITES 32
/* More than a lock has waiters: a power of two. */
#define WAITS_RING 256
#define WAITS_DELAY 8

struct waits_entry {
	uint64_t requested, acquired, ended;
	uint32_t cpu;
	uint32_t lock; /* which of several: sections of different ones exclude nobody */
	uint8_t site;
	bool contended;
};

struct waits_pair {
	uint64_t count;  /* waits of one site that fell into holds of another */
	uint64_t cycles; /* they have in common */
};

struct waits_site {
	uint64_t blocked; /* sections that waited behind others */
	uint64_t cycles;  /* their waits; less of them may be found in holds of others */
};

struct waits {
	uint64_t next;
	struct waits_entry ring[WAITS_RING];
	struct waits_pair pairs[WAITS_SITES][WAITS_SITES]; /* waiter, holder */
	struct waits_site sites[WAITS_SITES];
};

/* Attribute the wait of the section that came so many sections ago. */
void waits_attribute(struct waits *waits, uint64_t age);

/* A section that got the lock before one that has already come: that one may have waited for it. */
void waits_note_late(struct waits *waits, const struct waits_entry *late);

/* Attribute what waits_add() has put off. */
void waits_finish(struct waits *waits);

static inline struct waits_entry *waits_at(struct waits *waits, uint64_t number)
{
	return &waits->ring[number % WAITS_RING];
}

/* For each section, in the order of their ends. Hot. */
static inline void waits_add(struct waits *waits, struct waits_entry section)
{
	const struct waits_entry *last = waits_at(waits, waits->next - 1);
	struct waits_entry *entry = waits_at(waits, waits->next);

	section.contended = last->ended > section.requested;
	*entry = section;
	if (section.acquired < last->acquired)
		waits_note_late(waits, entry);
	waits->next++;
	if (waits_at(waits, waits->next - WAITS_DELAY)->contended)
		waits_attribute(waits, WAITS_DELAY);
}

#endif
