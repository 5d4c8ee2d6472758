// SPDX-License-Identifier: GPL-2.0-only
/*
 * Compares what independent witnesses say of one run of tests/agreement_job.c, phase by phase: the
 * dump of its trace, the lock profile, the probe plugin, and the claim counters. Exits with 1 when
 * they disagree.
 *
 *   agreement SAID DUMP PROBE    what the job printed, what "claimperf trace dump" made of its
 *                                trace, and probe.json
 *
 * Counts and pages must be equal. Hold times differ by the instructions between the looks at the
 * clock: the trace reads it last, and first at the end; the profile reads it around that; and the
 * plugin sees the accesses to the lock around all. In the lab's exact mode an instruction is a tick,
 * and the time in between is always the same, but for one more or less when the trace is of a domain.
 * The phases "ask" (all for none) and "claim" (one for a domain) tell how much. Two more things
 * happen:
 *
 * - A timer interrupt falls in between. It always takes as long, so what is left must be whole ones,
 *   no more than the plugin saw in the phase, and each kind of phase must have a round without.
 * - The profile counts ns of a clock that Xen scales anew each second. It may be off by as many as
 *   rounding_ns(); the trace and the plugin agree to the tick.
 */
#include <inttypes.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lib/msg.h"
#include "tests/witnesses.h"

#define INTERRUPT_MIN 100 /* ticks */
#define INTERRUPT_MAX 1000

static struct run run;
/* Ticks per section that a witness has more than the trace, for no domain, and for any. */
static uint64_t gap[WITNESSES], gap_domain;
static bool disagree;

static void check(const struct phase *p, const char *what, uint64_t said, uint64_t wanted)
{
	if (said == wanted)
		return;
	printf("DIFFERS: cut %td, %s: %s: %" PRId64 ", not %" PRId64 "\n", p - run.phases, p->name,
	       what, (int64_t)said, (int64_t)wanted);
	disagree = true;
}

/* The least that a witness has more than the trace in a phase of this name. */
static uint64_t least_gap(const char *name, enum witness w)
{
	uint64_t least = UINT64_MAX;

	for (struct phase *p = run.phases + 1; p < run.phases + run.cuts; p++)
		if (!strcmp(p->name, name) && p->hold[w] - p->hold[TRACE] < least)
			least = p->hold[w] - p->hold[TRACE];
	return least;
}

static void find_gaps(void)
{
	struct phase *ask = run.phases + 1;
	uint64_t sections;

	while (ask < run.phases + run.cuts && strcmp(ask->name, "ask"))
		ask++;
	if (ask == run.phases + run.cuts || !ask->sections[PROBE])
		die(EXIT_REGRESSION, "the plugin has no sections in a phase ask");
	sections = ask->sections[PROBE];
	gap[PROFILE] = (least_gap("ask", PROFILE) + sections / 2) / sections;
	gap[PROBE] = least_gap("ask", PROBE) / sections;
	/* One section for the domain, one for the cut. */
	gap_domain = least_gap("claim", PROBE) - 2 * gap[PROBE];
}

static uint64_t expected_hold(enum witness w, uint64_t hold, uint64_t sections, uint64_t of_domain)
{
	return hold + gap[w] * sections + gap_domain * of_domain;
}

static void find_beyond(void)
{
	for (struct phase *p = run.phases + 1; p < run.phases + run.cuts; p++)
		for (enum witness w = PROFILE; w < WITNESSES; w++)
			p->beyond[w] = (int64_t)(p->hold[w] - expected_hold(w, p->hold[TRACE],
									    p->sections[w], p->of_domain));
}

/* The shortest time above 0 that the plugin has beyond, as the length of an interrupt. */
static int64_t interrupt_ticks(void)
{
	int64_t least = INT64_MAX;

	for (struct phase *p = run.phases + 1; p < run.phases + run.cuts; p++)
		if (p->beyond[PROBE] > 0 && p->beyond[PROBE] < least)
			least = p->beyond[PROBE];
	return least;
}

static int64_t rounding_ns(uint64_t hold)
{
	return 2 + (int64_t)(hold / 1000000);
}

static bool has_clean_round(const char *name)
{
	for (struct phase *p = run.phases + 1; p < run.phases + run.cuts; p++)
		if (!strcmp(p->name, name) && !p->beyond[PROBE])
			return true;
	return false;
}

static void check_hold(const struct phase *p)
{
	int64_t interrupt = interrupt_ticks(), rounding = rounding_ns(p->hold[PROFILE]), rest;

	if (p->beyond[PROBE] < 0 || p->beyond[PROBE] % interrupt ||
	    (p->beyond[PROBE] && (interrupt < INTERRUPT_MIN || interrupt > INTERRUPT_MAX)) ||
	    (uint64_t)(p->beyond[PROBE] / interrupt) > p->interrupts)
		check(p, "ticks between trace and plugin", (uint64_t)p->beyond[PROBE], 0);
	if (!has_clean_round(p->name))
		check(p, "rounds without an interrupt", 0, 1);
	/* Of the plugin's interrupts, those that the profile has, too. */
	for (rest = p->beyond[PROFILE]; rest > rounding && rest <= p->beyond[PROBE] + rounding;)
		rest -= interrupt;
	if (rest < -rounding || rest > rounding)
		check(p, "ticks between trace and profile", (uint64_t)p->beyond[PROFILE], 0);
}

static void check_phase(const struct phase *p)
{
	uint64_t claimed = p->installed - p->redeemed - p->released;

	check(p, "sections of the trace", p->sections[TRACE], p->sections[PROFILE]);
	check(p, "sections of the plugin", p->sections[PROBE], p->sections[PROFILE]);
	check(p, "releases that the plugin cannot match", p->unmatched, 0);
	for (size_t i = 0; places[i].sites; i++)
		check(p, places[i].functions, p->at_place[TRACE][i], p->at_place[PROBE][i]);
	check_hold(p);
	if (strcmp(p->name, "populate"))
		return;
	check(p, "claimed pages of the host", p[-1].host_claims + claimed, p->host_claims);
	check(p, "claimed pages of the domain", p[-1].domain_claims + claimed, p->domain_claims);
}

static void check_tool(const struct phase *last)
{
	int64_t beyond = (int64_t)(run.tool.held_ns - last[-1].held_ns -
		expected_hold(PROFILE, run.tool.hold, run.tool.locked - last[-1].locked, run.tool.of_domain));

	if (llabs(beyond) > rounding_ns(run.tool.hold))
		check(last, "ns beyond, in what xenlockprof printed", (uint64_t)beyond, 0);
}

static void compare(void)
{
	struct phase *last = &run.phases[run.cuts - 1];

	find_gaps();
	find_beyond();
	for (struct phase *p = run.phases + 1; p <= last; p++)
		check_phase(p);
	check_tool(last);
}

/* The sum of all phases of this name, at the first one. */
static void print_row(const struct phase *first)
{
	struct phase sum = { 0 };

	for (const struct phase *p = run.phases + 1; p < run.phases + run.cuts; p++) {
		if (strcmp(p->name, first->name))
			continue;
		if (p < first)
			return;
		for (enum witness w = TRACE; w < WITNESSES; w++) {
			sum.sections[w] += p->sections[w];
			sum.hold[w] += p->hold[w];
			sum.beyond[w] += p->beyond[w];
		}
		sum.interrupts += p->interrupts;
		sum.installed += p->installed;
		sum.redeemed += p->redeemed;
		sum.released += p->released;
		sum.host_claims += p->host_claims - p[-1].host_claims;
	}
	printf("%-9s %7lu %7lu %7lu %9lu %9lu %9lu %6ld %6ld %4lu %6lu %6lu %6lu %7ld\n", first->name,
	       sum.sections[TRACE], sum.sections[PROFILE], sum.sections[PROBE], sum.hold[TRACE],
	       sum.hold[PROFILE], sum.hold[PROBE], sum.beyond[PROFILE], sum.beyond[PROBE],
	       sum.interrupts, sum.installed, sum.redeemed, sum.released,
	       (int64_t)sum.host_claims);
}

static void print_table(void)
{
	printf("%-9s %23s %29s %13s %4s %28s\n", "", "sections", "hold, ticks", "interrupts in", "irqs",
	       "claimed pages");
	printf("%-9s %7s %7s %7s %9s %9s %9s %6s %6s %4s %6s %6s %6s %7s\n", "phase", "trace",
	       "profile", "plugin", "trace", "profile", "plugin", "prof.", "plugin", "", "in",
	       "redeem", "out", "counter");
	for (unsigned int i = 1; i < run.cuts; i++)
		print_row(&run.phases[i]);
	printf("Per section beyond the trace: the profile %lu ticks, the plugin %lu, both %lu more for a domain",
	       gap[PROFILE], gap[PROBE], gap_domain);
	if (interrupt_ticks() != INT64_MAX)
		printf("; besides, interrupts of %ld", interrupt_ticks());
	putchar('\n');
}

int main(int argc, char **argv)
{
	if (argc != 4)
		die(EXIT_USAGE, "usage: agreement SAID DUMP PROBE");
	read_said(&run, argv[1]);
	read_dump(&run, argv[2]);
	read_probe(&run, argv[3]);
	compare();
	print_table();
	return disagree ? EXIT_REGRESSION : 0;
}
