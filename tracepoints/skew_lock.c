// SPDX-License-Identifier: GPL-2.0-only
/* What sections of heap_lock say about clocks. */
#include <stdlib.h>

#include "tracepoints/catalog.h"
#include "tracepoints/skew_private.h"

/* So many overlaps by chance are needed for a statement. */
#define CHANCE_MIN 8
#define CHANCE_TRIALS 32
#define NEIGHBOURS 5
#define TURN_SECTIONS 16

/* Of the last sections in the order of the merge: the one before, and whether another CPU was near.
 */
struct turns {
	struct section last;
	int last_cpu;	   /* -1: none, or it is kept already */
	unsigned int left; /* sections to be kept after the last change of CPUs */
};

static void keep_section(struct meter *m, int cpu, const struct section *section)
{
	struct sections *s = &m->sections[cpu];

	if (s->count == m->most)
		return;
	s->all[s->count++] = *section;
	m->nr_full += s->count == m->most;
}

/* Where one CPU has the lock for long, nothing can be learnt: keep what is near a change. */
static void take_section(struct meter *m, struct turns *t, int cpu, int previous,
			 const struct section *section)
{
	if (previous >= 0 && cpu != previous) {
		if (t->last_cpu >= 0)
			keep_section(m, t->last_cpu, &t->last);
		t->left = TURN_SECTIONS;
	}
	t->last_cpu = t->left ? -1 : cpu;
	t->last = *section;
	if (t->left) {
		keep_section(m, cpu, section);
		t->left--;
	}
}

/* Sites whose records come right after the unlock, not when some more work is done. */
static bool is_prompt(uint32_t site)
{
	return site == HEAP_SITE_ALLOC || site == HEAP_SITE_ALLOC_SCRUB || site == HEAP_SITE_FREE;
}

/* From where the reader is. */
void read_sections(struct meter *m, unsigned int items, unsigned int most)
{
	struct turns turns = {.last_cpu = -1};
	struct trc_heap_section words;
	struct section section;
	struct trace_item item;
	unsigned int n, i;
	int cpu, previous = -1;

	m->most = most;
	m->nr_full = 0;
	for (i = 0; i < m->skew->count; i++)
		m->sections[i].count = 0;
	for (n = 0; n < items && m->nr_full < m->skew->count; n++) {
		if (trace_next(m->reader, &item) == TRACE_END)
			break;
		if (item.type != TRACE_RECORD || item.event != TRC_heap_section || !item.has_tsc)
			continue;
		memcpy(&words, item.words, sizeof(words));
		cpu = index_of(m, item.cpu);
		if (cpu < 0 || !is_prompt(words.site))
			continue;
		section = (struct section){item.tsc - words.hold, item.tsc};
		take_section(m, &turns, cpu, previous, &section);
		previous = cpu;
	}
}

static unsigned int count_with(const struct sections *s, const struct sections *ref, int64_t ahead)
{
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

/* How many sections of a overlap with one of the reference, if a's clock is ahead by so much? */
static unsigned int count_overlaps(const struct meter *m, unsigned int a, int64_t ahead)
{
	unsigned int i, overlaps = 0;

	if (m->reference != ALL_OTHERS)
		return count_with(&m->sections[a], &m->sections[m->reference], ahead);
	for (i = 0; i < m->skew->count; i++)
		if (i != a)
			overlaps += count_with(&m->sections[a], &m->sections[i], ahead);
	return overlaps;
}

/* As far as a may be moved, so that most of its sections are still among those of others. */
static int64_t get_room(const struct meter *m, unsigned int a)
{
	const struct sections *s = &m->sections[a];

	return s->count ? (int64_t)((s->all[s->count - 1].end - s->all[0].end) / 4) : 0;
}

/* How many overlap when clocks have nothing to do with each other. */
static unsigned int count_by_chance(const struct meter *m, unsigned int a)
{
	int64_t step = get_room(m, a) / CHANCE_TRIALS;
	unsigned int sum = 0;
	int i;

	for (i = 1; i <= CHANCE_TRIALS; i++)
		sum += count_overlaps(m, a, i * step) + count_overlaps(m, a, -i * step);
	return sum / (2 * CHANCE_TRIALS);
}

enum skew_state judge_sections(const struct meter *m, unsigned int a, unsigned int share)
{
	unsigned int chance = count_by_chance(m, a);

	if (chance < CHANCE_MIN)
		return SKEW_UNKNOWN;
	return count_overlaps(m, a, 0) > chance * share / 8 ? SKEW_REFUSED : SKEW_NONE;
}

/* Few overlap as long as clocks agree: what chance would give need not be known then. */
bool drifts_apart(const struct meter *m, unsigned int a)
{
	return count_overlaps(m, a, 0) > LATER_CHANCE * SHARE_LATER / 8 &&
	       count_by_chance(m, a) >= LATER_CHANCE &&
	       judge_sections(m, a, SHARE_LATER) == SKEW_REFUSED;
}

/*
 * The middle of the first stretch of the fewest overlaps around center; counted over some
 * neighbouring steps, as a single one may be good by chance.
 */
static unsigned int scan(const struct meter *m, unsigned int a, int64_t center, int64_t *ahead)
{
	unsigned int recent[NEIGHBOURS] = {0}, sum = 0, n = 0, least = UINT32_MAX;
	int64_t room = get_room(m, a), at, first = 0, last = 0;

	for (at = center - SKEW_RANGE; at <= center + SKEW_RANGE; at += SKEW_STEP) {
		if (at < -room || at > room)
			continue;
		sum -= recent[n % NEIGHBOURS];
		sum += recent[n % NEIGHBOURS] = count_overlaps(m, a, at);
		if (++n < NEIGHBOURS)
			continue;
		if (sum < least) {
			least = sum;
			first = last = at;
		} else if (sum == least && last == at - SKEW_STEP) {
			last = at;
		}
	}
	*ahead = n < NEIGHBOURS ? 0 : (first + last - (NEIGHBOURS - 1) * SKEW_STEP) / 2;
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
