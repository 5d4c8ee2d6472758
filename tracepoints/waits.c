// SPDX-License-Identifier: GPL-2.0-only
#include "tracepoints/waits.h"

static void add_wait(struct waits *waits, struct waits_entry *wait, const struct waits_entry *hold)
{
	uint64_t from = wait->requested > hold->acquired ? wait->requested : hold->acquired;
	uint64_t to = wait->acquired < hold->ended ? wait->acquired : hold->ended;
	struct waits_pair *pair = &waits->pairs[wait->site][hold->site];

	if (to <= from || hold->cpu == wait->cpu || hold->lock != wait->lock)
		return;
	pair->count++;
	pair->cycles += to - from;
	if (wait->blocked)
		return;
	wait->blocked = true;
	waits->sites[wait->site].blocked++;
	waits->sites[wait->site].cycles += wait->acquired - wait->requested;
}

void waits_look_back(struct waits *waits)
{
	struct waits_entry *wait = waits_at(waits, waits->next - 1), *hold;

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
