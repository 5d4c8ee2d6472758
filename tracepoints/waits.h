/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Who waited behind whom for a lock.
 *
 * A section's record is emitted at its end: it held the lock up to there, and waited before that.
 * Records come merged by time, so those that ended after a wait began are the latest ones. A holder
 * may come after who waited for it, when its CPU was interrupted between unlock and emission: it is
 * then compared with the waits before it.
 *
 * Cycles of emission make a hold seem to end late, by tens of cycles; what a wait has in common
 * with it is off by that. What a section waits for its own CPU is no wait behind another.
 */
#ifndef CLAIMPERF_TRACEPOINTS_WAITS_H
#define CLAIMPERF_TRACEPOINTS_WAITS_H

#include <stdbool.h>
#include <stdint.h>

#include "lib/hist.h"

#define WAITS_SITES 32
/* More than a lock has waiters: a power of two. */
#define WAITS_RING 256
/* Fewer holds than this are looked at one by one. */
#define WAITS_CROWD 4

struct waits_entry {
	uint64_t requested, acquired, ended;
	uint16_t cpu;
	uint16_t lock; /* which of several: sections of different ones exclude nobody */
	uint8_t site;
	bool blocked; /* is counted as such */
};

struct waits_pair {
	uint64_t count;	 /* waits of one site that fell into holds of another */
	uint64_t cycles; /* they have in common */
};

struct waits_site {
	uint64_t blocked; /* sections that waited behind others */
	uint64_t cycles;  /* their waits; less of them may be found in holds of others */
};

struct waits {
	uint64_t next;
	/* The crowd: sections first to last - 1, and what they are in sum, by site; see waits.c. */
	uint64_t first, last;
	uint64_t regular; /* from here on sections followed one after the other */
	uint32_t crowd_sites;
	struct waits_pair crowd[WAITS_SITES];
	uint64_t ended[WAITS_RING]; /* when the last one of a CPU did, or of those that share its
				       place */
	struct waits_entry ring[WAITS_RING];
	struct waits_pair pairs[WAITS_SITES][WAITS_SITES]; /* waiter, holder */
	struct waits_site sites[WAITS_SITES];
	/* From the end of a hold to the next one, of another CPU that had asked for the lock. */
	struct hist handover;
	/*
	 * NULL, or by site: from the end of a CPU's last section, whichever, to when it asked for
	 * this one.
	 */
	struct hist *think;
};

/* The latest section waited while those before it ran; it ran while those before it waited. */
void waits_look_back(struct waits *waits);
void waits_look_late(struct waits *waits);

void waits_add_think(struct waits *waits, const struct waits_entry *next);

static inline struct waits_entry *waits_at(struct waits *waits, uint64_t number)
{
	return &waits->ring[number % WAITS_RING];
}

/* Of one lock, one after the other, as sections are but for holders that come late and damage. */
static inline bool waits_is_next(const struct waits_entry *last, const struct waits_entry *entry)
{
	return entry->acquired > last->acquired && entry->ended >= last->ended &&
	       entry->lock == last->lock && entry->acquired < entry->ended;
}

/* For each section, in the order of their ends. Hot. */
static inline void waits_add(struct waits *waits, uint64_t ended, uint32_t hold, uint32_t wait,
			     uint16_t cpu, uint16_t lock, uint8_t site)
{
	const struct waits_entry *last = waits_at(waits, waits->next - 1);
	struct waits_entry *entry = waits_at(waits, waits->next++);
	uint64_t acquired = ended - hold, requested = acquired - wait;

	*entry = (struct waits_entry){requested, acquired, ended, cpu, lock, site, false};
	if (__builtin_expect(!waits_is_next(last, entry), 0))
		waits->regular = waits->next;
	if (last->ended > requested)
		waits_look_back(waits);
	if (__builtin_expect(last->acquired > acquired, 0))
		waits_look_late(waits);
	if (__builtin_expect(!!waits->think, 0))
		waits_add_think(waits, entry);
	waits->ended[cpu % WAITS_RING] = ended;
}

#endif
