// SPDX-License-Identifier: GPL-2.0-only
#include "tracepoints/skew.h"

#include <stdio.h>
#include <stdlib.h>

#include "tracepoints/skew_private.h"

int index_of(const struct meter *m, uint32_t cpu)
{
	unsigned int i;

	for (i = 0; i < m->skew->count; i++)
		if (m->skew->cpus[i].cpu == cpu)
			return (int)i;
	return -1;
}

/* The lowest one with enough sections to compare with. */
static void choose_reference(struct meter *m)
{
	unsigned int i, most = 0;

	for (i = 0; i < m->skew->count; i++)
		most = m->sections[i].count > most ? m->sections[i].count : most;
	for (i = 0; m->sections[i].count < most / 2; i++)
		;
	m->reference = i;
}

static void read_first_sections(struct meter *m)
{
	trace_rewind(m->reader);
	read_sections(m, SKEW_ITEMS, SECTIONS_MAX);
}

/* Make the reader's shifts what ahead[] says; none is negative, as a time might become so. */
static void apply_shifts(struct meter *m)
{
	int64_t most = 0, shift;
	bool changed = false;
	unsigned int i;

	for (i = 0; i < m->skew->count; i++)
		most = m->ahead[i] > most ? m->ahead[i] : most;
	for (i = 0; i < m->skew->count; i++) {
		struct skew_cpu *cpu = &m->skew->cpus[i];

		shift = most - m->ahead[i];
		trace_shift_cpu(m->reader, cpu->cpu, shift - cpu->shift);
		changed |= shift != cpu->shift;
		cpu->shift = shift;
	}
	if (changed)
		read_first_sections(m);
}

/*
 * Correct whose sections overlap with the reference's. Who still overlaps is refused, or left alone
 * if records that come late may explain it.
 */
static void compare_by_lock(struct meter *m)
{
	enum skew_state states[SKEW_CPUS], far[SKEW_CPUS];
	int64_t before[SKEW_CPUS];
	unsigned int i;

	apply_shifts(m);
	for (i = 0; i < m->skew->count; i++) {
		before[i] = m->ahead[i];
		states[i] = i == m->reference ? SKEW_NONE : judge_sections(m, i, SHARE_NEAR);
		m->placed[i] |= states[i] != SKEW_UNKNOWN;
		if (states[i] != SKEW_REFUSED)
			continue;
		far[i] = judge_sections(m, i, SHARE_FAR);
		find_ahead(m, i);
	}
	apply_shifts(m);
	for (i = 0; i < m->skew->count; i++) {
		if (states[i] != SKEW_REFUSED || judge_sections(m, i, SHARE_CORRECTED) == SKEW_NONE)
			continue;
		m->refused[i] |= far[i] == SKEW_REFUSED;
		m->ahead[i] = before[i];
	}
	apply_shifts(m);
}

static void judge(struct meter *m)
{
	struct skew *skew = m->skew;
	unsigned int i;

	for (i = 0; i < skew->count; i++)
		skew->refused += m->refused[i];
	skew->reference = m->reference;
	m->placed[skew->reference] = true;
	for (i = 0; i < skew->count; i++) {
		struct skew_cpu *cpu = &skew->cpus[i];

		m->ahead[i] = skew->refused ? 0 : m->ahead[i];
		cpu->ahead = m->ahead[i];
		cpu->state = m->placed[i] ? SKEW_NONE : SKEW_UNKNOWN;
		if (m->ahead[i])
			cpu->state = SKEW_CORRECTED;
		if (m->refused[i])
			cpu->state = SKEW_REFUSED;
		skew->corrected += cpu->state == SKEW_CORRECTED;
	}
	if (skew->refused)
		set_last_words(m->reader, "the CPUs' clocks contradict each other: order across "
					  "CPUs is not known");
}

/* Clocks that agree at first may drift apart: look again, here and there. */
static bool agree_at(struct meter *m, uint64_t place)
{
	struct skew *skew = m->skew;
	unsigned int i;

	start_merge_at(m->reader, place);
	read_sections(m, LATER_ITEMS, LATER_SECTIONS);
	for (i = 0; i < skew->count; i++) {
		if (!drifts_apart(m, i))
			continue;
		skew->cpus[i].state = SKEW_DRIFTED;
		skew->drifted++;
	}
	return !skew->drifted;
}

static void compare_later(struct meter *m)
{
	struct skew *skew = m->skew;
	char text[96];
	unsigned int i;

	m->reference = ALL_OTHERS;
	for (i = 0; i < m->reader->nr_places && agree_at(m, m->reader->places[i]); i++)
		;
	if (!skew->drifted)
		return;
	skew->drifted_from = m->reader->places[i];
	snprintf(text, sizeof(text),
		 "from byte %llu on the CPUs' clocks contradict each other: order across CPUs is unknown",
		 (unsigned long long)skew->drifted_from);
	set_last_words(m->reader, text);
}

static int compare_all(struct meter *m)
{
	int ret;

	read_first_sections(m);
	choose_reference(m);
	ret = compare_by_windows(m);
	if (ret)
		return ret;
	compare_by_lock(m);
	judge(m);
	apply_shifts(m);
	if (!m->skew->refused)
		compare_later(m);
	return 0;
}

int skew_correct(struct trace_reader *reader, struct skew *skew)
{
	struct meter m = {.reader = reader, .skew = skew};
	uint32_t cpus[SKEW_CPUS];
	unsigned int i;
	int ret = 0;

	memset(skew, 0, sizeof(*skew));
	skew->count = trace_get_cpus(reader, cpus, SKEW_CPUS);
	if (skew->count > SKEW_CPUS)
		skew->count = SKEW_CPUS;
	for (i = 0; i < skew->count; i++)
		skew->cpus[i].cpu = cpus[i];
	if (skew->count > 1) {
		m.sections = calloc(skew->count, sizeof(*m.sections));
		ret = m.sections ? compare_all(&m) : -ENOMEM;
		free(m.sections);
	}
	trace_rewind(reader);
	return ret;
}
