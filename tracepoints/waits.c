// SPDX-License-Identifier: GPL-2.0-only
#include "tracepoints/waits.h"

static uint64_t overlap(const struct waits_entry *wait, const struct waits_entry *hold)
{
	uint64_t from = wait->requested > hold->acquired ? wait->requested : hold->acquired;
	uint64_t to = wait->acquired < hold->ended ? wait->acquired : hold->ended;

	return to > from ? to - from : 0;
}

void waits_attribute(struct waits *waits, uint64_t age)
{
	struct waits_entry *wait = waits_at(waits, waits->next - age);
	uint64_t cycles, found = 0, i;

	wait->contended = false;
	for (i = 1; i <= WAITS_RING && i <= waits->next; i++) {
		const struct waits_entry *hold = waits_at(waits, waits->next - i);

		if (hold->ended <= wait->requested)
			break;
		if (hold->cpu == wait->cpu || hold->lock != wait->lock)
			continue;
		cycles = overlap(wait, hold);
		waits->pairs[wait->site][hold->site].cycles += cycles;
		waits->pairs[wait->site][hold->site].count += cycles > 0;
		found += cycles;
	}
	if (found) {
		waits->sites[wait->site].blocked++;
		waits->sites[wait->site].cycles += wait->acquired - wait->requested;
	}
}

void waits_note_late(struct waits *waits, const struct waits_entry *late)
{
	uint64_t i;

	for (i = 1; i < WAITS_DELAY && i <= waits->next; i++) {
		struct waits_entry *entry = waits_at(waits, waits->next - i);

		if (entry->ended <= late->acquired)
			break;
		entry->contended |= entry->lock == late->lock;
	}
}

void waits_finish(struct waits *waits)
{
	uint64_t age;

	for (age = WAITS_DELAY - 1; age; age--)
		if (age <= waits->next && waits_at(waits, waits->next - age)->contended)
			waits_attribute(waits, age);
}
