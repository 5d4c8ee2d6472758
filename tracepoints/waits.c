// SPDX-License-Identifier: GPL-2.0-only
#include "tracepoints/waits.h"

#include <string.h>

static inline void count_blocked(struct waits *waits, struct waits_entry *wait)
{
	if (wait->blocked)
		return;
	wait->blocked = true;
	waits->sites[wait->site].blocked++;
	waits->sites[wait->site].cycles += wait->acquired - wait->requested;
}

static inline void add_wait(struct waits *waits, struct waits_entry *wait,
			    const struct waits_entry *hold)
{
	uint64_t from = wait->requested > hold->acquired ? wait->requested : hold->acquired;
	uint64_t to = wait->acquired < hold->ended ? wait->acquired : hold->ended;
	struct waits_pair *pair = &waits->pairs[wait->site][hold->site];

	if (to <= from || hold->cpu == wait->cpu || hold->lock != wait->lock)
		return;
	pair->count++;
	pair->cycles += to - from;
	count_blocked(waits, wait);
}

static void enter_crowd(struct waits *waits, uint64_t number)
{
	const struct waits_entry *hold = waits_at(waits, number);
	struct waits_pair *sum = &waits->crowd[hold->site];

	sum->count++;
	sum->cycles += hold->ended - hold->acquired;
	waits->crowd_sites |= 1u << hold->site;
}

static void leave_crowd(struct waits *waits, uint64_t number)
{
	const struct waits_entry *hold = waits_at(waits, number);
	struct waits_pair *sum = &waits->crowd[hold->site];

	sum->count--;
	sum->cycles -= hold->ended - hold->acquired;
	if (!sum->count)
		waits->crowd_sites &= ~(1u << hold->site);
}

static void forget_crowd(struct waits *waits)
{
	memset(waits->crowd, 0, sizeof(waits->crowd));
	waits->crowd_sites = 0;
	waits->first = waits->last = 0;
}

/* Make the crowd the sections before the latest one that ended after it began to wait. */
static void gather_crowd(struct waits *waits, uint64_t requested)
{
	uint64_t end = waits->next - 1,
		 start = waits->next > WAITS_RING ? waits->next - WAITS_RING : 0;

	if (waits->first < start)
		forget_crowd(waits);
	while (waits->first < waits->last && waits_at(waits, waits->first)->ended <= requested)
		leave_crowd(waits, waits->first++);
	if (waits->first == waits->last)
		waits->first = waits->last = end;
	while (waits->last < end)
		enter_crowd(waits, waits->last++);
	while (waits->first > start && waits_at(waits, waits->first - 1)->ended > requested)
		enter_crowd(waits, --waits->first);
}

/* Holds that began before the wait, or ended after it, have less in common with it. */
static void trim_edges(struct waits *waits, const struct waits_entry *wait)
{
	struct waits_pair *pairs = waits->pairs[wait->site];
	const struct waits_entry *hold;
	uint64_t i;

	for (i = waits->first; i < waits->last; i++) {
		hold = waits_at(waits, i);
		if (hold->acquired >= wait->requested)
			break;
		pairs[hold->site].cycles -= wait->requested - hold->acquired;
	}
	for (i = waits->last; i-- > waits->first;) {
		hold = waits_at(waits, i);
		if (hold->ended <= wait->acquired)
			break;
		pairs[hold->site].cycles -= hold->ended - wait->acquired;
	}
}

static void add_crowd(struct waits *waits, struct waits_entry *wait)
{
	struct waits_pair *pairs = waits->pairs[wait->site];
	uint32_t sites;

	for (sites = waits->crowd_sites; sites; sites &= sites - 1) {
		unsigned int site = (unsigned int)__builtin_ctz(sites);

		pairs[site].count += waits->crowd[site].count;
		pairs[site].cycles += waits->crowd[site].cycles;
	}
	trim_edges(waits, wait);
	count_blocked(waits, wait);
}

/* Where many wait, sections go by one after the other: what they sum up to is known. */
static bool look_at_crowd(struct waits *waits, struct waits_entry *wait)
{
	if (wait->requested >= wait->acquired)
		return false;
	gather_crowd(waits, wait->requested);
	if (waits->first < waits->regular || waits->ended[wait->cpu % WAITS_RING] > wait->requested)
		return false;
	add_crowd(waits, wait);
	return true;
}

static void add_handover(struct waits *waits, const struct waits_entry *last,
			 const struct waits_entry *next)
{
	if (last->cpu != next->cpu && last->lock == next->lock && next->acquired >= last->ended)
		hist_record(&waits->handover, next->acquired - last->ended);
}

void waits_add_think(struct waits *waits, const struct waits_entry *next)
{
	uint64_t ended = waits->ended[next->cpu % WAITS_RING];

	if (ended && next->requested >= ended)
		hist_record(&waits->think[next->site], next->requested - ended);
}

void waits_look_back(struct waits *waits)
{
	struct waits_entry *wait = waits_at(waits, waits->next - 1), *hold;

	add_handover(waits, waits_at(waits, waits->next - 2), wait);
	if (waits->next > WAITS_CROWD &&
	    waits_at(waits, waits->next - 1 - WAITS_CROWD)->ended > wait->requested &&
	    look_at_crowd(waits, wait))
		return;
	for (uint64_t i = 2; i <= WAITS_RING && i <= waits->next; i++) {
		hold = waits_at(waits, waits->next - i);
		if (hold->ended <= wait->requested)
			break;
		add_wait(waits, wait, hold);
	}
}

void waits_look_late(struct waits *waits)
{
	const struct waits_entry *hold = waits_at(waits, waits->next - 1);
	struct waits_entry *wait;

	for (uint64_t i = 2; i <= WAITS_RING && i <= waits->next; i++) {
		wait = waits_at(waits, waits->next - i);
		if (wait->ended <= hold->acquired)
			break;
		add_wait(waits, wait, hold);
	}
}
