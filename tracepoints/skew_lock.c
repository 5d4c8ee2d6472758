// SPDX-License-Identifier: GPL-2.0-only
/* What sections of heap_lock say about clocks. */
#include <stdlib.h>

#include "tracepoints/catalog.h"
#include "tracepoints/skew_private.h"

/* So many overlaps by chance are needed for a statement. */
#define CHANCE_MIN 8
#define CHANCE_TRIALS 64
#define CHANCE_CYCLES 100003

void read_sections(struct meter *m)
{
	struct trc_heap_section words;
	struct trace_item item;
	struct sections *s;
	unsigned int n, i;
	int cpu;

	for (i = 0; i < m->skew->count; i++)
		m->sections[i].count = 0;
	trace_rewind(m->reader);
	for (n = 0; n < SKEW_ITEMS && trace_next(m->reader, &item) != TRACE_END; n++) {
		if (item.type != TRACE_RECORD || item.event != TRC_heap_section || !item.has_tsc)
			continue;
		cpu = index_of(m, item.cpu);
		if (cpu < 0 || m->sections[cpu].count == SECTIONS_MAX)
			continue;
		memcpy(&words, item.words, sizeof(words));
		s = &m->sections[cpu];
		s->all[s->count++] = (struct section){item.tsc - words.hold, item.tsc};
	}
}

/* How many sections of a overlap with one of the reference, if a's clock is ahead by so much? */
static unsigned int count_overlaps(const struct meter *m, unsigned int a, int64_t ahead)
{
	const struct sections *s = &m->sections[a], *ref = &m->sections[m->skew->reference];
	unsigned int i, k = 0, overlaps = 0;

	for (i = 0; i < s->count; i++) {
		uint64_t begin = s->all[i].begin - (uint64_t)ahead + SKEW_SLACK;
		uint64_t end = s->all[i].end - (uint64_t)ahead;

		while (k < ref->count && ref->all[k].end < begin)
			k++;
		overlaps += k < ref->count && ref->all[k].begin + SKEW_SLACK < end;
	}
	return overlaps;
}

/* How many overlap when clocks have nothing to do with each other. */
static unsigned int count_by_chance(const struct meter *m, unsigned int a)
{
	unsigned int sum = 0;
	int i;

	for (i = 1; i <= CHANCE_TRIALS / 2; i++)
		sum += count_overlaps(m, a, i * CHANCE_CYCLES) +
		       count_overlaps(m, a, -i * CHANCE_CYCLES);
	return sum / CHANCE_TRIALS;
}

enum skew_state judge_sections(const struct meter *m, unsigned int a)
{
	unsigned int chance = count_by_chance(m, a);

	if (chance < CHANCE_MIN)
		return SKEW_UNKNOWN;
	return count_overlaps(m, a, 0) > chance / 4 ? SKEW_REFUSED : SKEW_NONE;
}

/* The middle of the first stretch of the fewest overlaps around center. */
static unsigned int scan(const struct meter *m, unsigned int a, int64_t center, int64_t *ahead)
{
	unsigned int overlaps, least = UINT32_MAX;
	int64_t at, first = 0, last = 0;

	for (at = center - SKEW_RANGE; at <= center + SKEW_RANGE; at += SKEW_STEP) {
		overlaps = count_overlaps(m, a, at);
		if (overlaps < least) {
			least = overlaps;
			first = last = at;
		} else if (overlaps == least && last == at - SKEW_STEP) {
			last = at;
		}
	}
	*ahead = (first + last) / 2;
	return least;
}

void find_ahead(struct meter *m, unsigned int a)
{
	int64_t here, there;
	unsigned int least = scan(m, a, 0, &here);

	if (m->bounded[a] && scan(m, a, m->tight[a] - m->ahead[a], &there) < least)
		here = there;
	m->ahead[a] += here;
}
