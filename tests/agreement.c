// SPDX-License-Identifier: GPL-2.0-only
/*
 * Compares what independent witnesses say of one run of tests/agreement_job.c, phase by phase: the
 * dump of its trace, the lock profile, the probe plugin, and the claim counters. Exits with 1 when
 * they disagree.
 *
 *   agreement SAID DUMP PROBE HOLDS    what the job printed, what "claimperf trace dump" made of its
 *                                      trace, probe.json and the file of --probe-holds
 *
 * Counts of sections and pages must be equal, and the place of each section the same. Its hold
 * differs by the instructions between the looks at the clock, to the tick: in the lab's exact mode
 * an instruction is a tick. The plugin sees the accesses to the lock; the profile reads the clock
 * right within, always as many instructions later ("profile_gap"); and the trace within that. Of the
 * trace, a place has a few paths to there, each always as long, and taken by many sections.
 *
 * Two more things happen. A timer interrupt may fall in between, as rarely as the plugin saw some.
 * And the profile counts ns of a clock that Xen scales anew each second: rounding_ns().
 */
#include <inttypes.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lib/msg.h"
#include "tests/witnesses.h"

/* Sections that make a difference a path: more than interrupts can. */
#define COMMON 4
#define PATHS_MAX 64
#define PATH_TICKS_MAX 1000
#define INTERRUPT_MIN 100
#define INTERRUPT_MAX 500

static struct run run;
static struct path {
	uint64_t ticks, sections;
} paths[PLACES_MAX][PATHS_MAX]; /* of the plugin's hold beyond the trace's */
static uint64_t profile_gap;
static bool disagree;

static void check(const struct phase *p, const char *what, uint64_t said, uint64_t wanted)
{
	if (said == wanted)
		return;
	printf("DIFFERS: cut %td, %s: %s: %" PRId64 ", not %" PRId64 "\n", p - run.phases, p->name,
	       what, (int64_t)said, (int64_t)wanted);
	disagree = true;
}

static uint64_t beyond_trace(const struct phase *p, uint64_t section)
{
	return p->list[PLUGIN][section].hold - p->list[TRACE][section].hold;
}

static void add_path(size_t place, uint64_t ticks)
{
	struct path *path = paths[place], *end = path + PATHS_MAX;

	while (path < end && path->sections && path->ticks != ticks)
		path++;
	if (path == end)
		die(EXIT_REGRESSION, "sections of%sdiffer in all ways", places[place].sites);
	path->ticks = ticks;
	path->sections++;
}

/* Whether a path explains the difference; with interrupted, a path and an interrupt. */
static bool is_explained(size_t place, uint64_t ticks, bool interrupted)
{
	for (const struct path *path = paths[place]; path < paths[place] + PATHS_MAX; path++) {
		uint64_t rest = ticks - path->ticks;

		if (path->sections < COMMON || path->ticks > PATH_TICKS_MAX)
			continue;
		if (interrupted ? rest >= INTERRUPT_MIN && rest <= INTERRUPT_MAX : !rest)
			return true;
	}
	return false;
}

/* Returns whether the sections can be compared one by one. */
static bool check_counts(const struct phase *p)
{
	check(p, "sections of the trace", p->sections[TRACE], p->sections[PROFILE]);
	check(p, "sections of the plugin", p->sections[PLUGIN], p->sections[PROFILE]);
	check(p, "releases that the plugin cannot match", p->unmatched, 0);
	return p->sections[TRACE] == p->sections[PLUGIN];
}

static void find_paths(void)
{
	for (struct phase *p = run.phases + 1; p < run.phases + run.cuts; p++)
		for (uint64_t i = 0; check_counts(p) && i < p->sections[TRACE]; i++)
			add_path(p->list[PLUGIN][i].place, beyond_trace(p, i));
}

static void check_sections(const struct phase *p)
{
	uint64_t interrupts = 0;

	for (uint64_t i = 0; i < p->sections[TRACE]; i++) {
		size_t place = p->list[PLUGIN][i].place;
		uint64_t ticks = beyond_trace(p, i);

		check(p, places[place].functions, p->list[TRACE][i].place, place);
		if (is_explained(place, ticks, false))
			continue;
		if (is_explained(place, ticks, true))
			interrupts++;
		else
			check(p, "ticks between trace and plugin", ticks, 0);
	}
	if (interrupts > p->interrupts)
		check(p, "interrupts between trace and plugin", interrupts, p->interrupts);
}

/* From the sections of the first phase "ask", which are all alike; to the nearest, for rounding. */
static void find_profile_gap(void)
{
	for (struct phase *p = run.phases + 1; p < run.phases + run.cuts; p++) {
		if (strcmp(p->name, "ask") || !p->sections[PLUGIN])
			continue;
		profile_gap = (p->hold[PLUGIN] - p->hold[PROFILE] + p->sections[PLUGIN] / 2) /
			      p->sections[PLUGIN];
		return;
	}
	die(EXIT_REGRESSION, "the plugin has no sections in a phase ask");
}

static int64_t rounding_ns(uint64_t hold)
{
	return 2 + (int64_t)(hold / 1000000);
}

static void check_profile(const struct phase *p)
{
	int64_t rounding = rounding_ns(p->hold[PROFILE]);
	int64_t beyond = (int64_t)(p->hold[PLUGIN] - p->hold[PROFILE] -
				   profile_gap * p->sections[PROFILE]);

	if (beyond < -rounding ||
	    beyond > rounding + (int64_t)(p->interrupts * INTERRUPT_MAX) ||
	    (beyond > rounding && beyond < INTERRUPT_MIN))
		check(p, "ticks between profile and plugin", (uint64_t)beyond, 0);
}

/* The sections until the tool read the profile are the first of the last phase. */
static void check_tool(const struct phase *last)
{
	uint64_t sections = run.tool_locked - last[-1].locked, hold = 0;
	int64_t beyond;

	for (uint64_t i = 0; i < sections && i < last->sections[PLUGIN]; i++)
		hold += last->list[PLUGIN][i].hold - profile_gap;
	beyond = (int64_t)(run.tool_held_ns - last[-1].held_ns - hold);
	if (sections > last->sections[PLUGIN] || llabs(beyond) > rounding_ns(hold))
		check(last, "ns beyond, in what xenlockprof printed", (uint64_t)beyond, 0);
}

static void check_claims(const struct phase *p)
{
	uint64_t claimed = p->installed - p->redeemed - p->released;

	check(p, "claimed pages of the host", p[-1].host_claims + claimed, p->host_claims);
	check(p, "claimed pages of the domain", p[-1].domain_claims + claimed, p->domain_claims);
}

/* Of a domain that neither begins nor ends in the phase: there, pages of Xen are shared untraced. */
static void check_pages(const struct phase *p)
{
	if (p->domid && p[-1].domid == p->domid && strcmp(p->name, "destroy"))
		check(p, "sections of page_alloc_lock", p->page_sections,
		      p->pages_locked - p[-1].pages_locked);
}

static void compare(void)
{
	struct phase *last = &run.phases[run.cuts - 1];

	find_paths();
	find_profile_gap();
	for (struct phase *p = run.phases + 1; p <= last; p++) {
		if (p->sections[TRACE] == p->sections[PLUGIN])
			check_sections(p);
		check_profile(p);
		check_claims(p);
		check_pages(p);
	}
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
		}
		sum.interrupts += p->interrupts;
		sum.installed += p->installed;
		sum.redeemed += p->redeemed;
		sum.released += p->released;
		sum.host_claims += p->host_claims - p[-1].host_claims;
	}
	printf("%-9s %8lu %8lu %8lu %9lu %9lu %9lu %4lu %7lu %7lu %7lu %7ld\n", first->name,
	       sum.sections[TRACE], sum.sections[PROFILE], sum.sections[PLUGIN], sum.hold[TRACE],
	       sum.hold[PROFILE], sum.hold[PLUGIN], sum.interrupts, sum.installed, sum.redeemed,
	       sum.released, (int64_t)sum.host_claims);
}

static void print_table(void)
{
	printf("%9s %26s %29s %4s %31s\n", "", "sections", "hold, ticks", "irqs", "claimed pages");
	printf("%-9s %8s %8s %8s %9s %9s %9s %4s %7s %7s %7s %7s\n", "phase", "trace", "profile",
	       "plugin", "trace", "profile", "plugin", "", "+trace", "redeem", "release", "counter");
	for (unsigned int i = 1; i < run.cuts; i++)
		print_row(&run.phases[i]);
}

static void print_paths(void)
{
	printf("A section of the plugin is longer by %lu ticks than the profile's. Than the trace's, by",
	       profile_gap);
	for (size_t i = 0; places[i].sites; i++) {
		if (!paths[i][0].sections)
			continue;
		printf("\n %-32s", places[i].functions);
		for (size_t j = 0; j < PATHS_MAX && paths[i][j].sections; j++)
			printf(" %lu (%lu×)", paths[i][j].ticks, paths[i][j].sections);
	}
	putchar('\n');
}

int main(int argc, char **argv)
{
	if (argc != 5)
		die(EXIT_USAGE, "usage: agreement SAID DUMP PROBE HOLDS");
	read_said(&run, argv[1]);
	read_dump(&run, argv[2]);
	read_probe(&run, argv[3]);
	read_holds(&run, argv[4]);
	compare();
	print_table();
	print_paths();
	return disagree ? EXIT_REGRESSION : 0;
}
