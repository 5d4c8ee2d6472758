// SPDX-License-Identifier: GPL-2.0-only
/*
 * Compares what independent witnesses say of one run of tests/agreement_job.c, phase by phase: the
 * dump of its trace, the lock profile, and the claim counters. Exits with 1 when they disagree.
 *
 * Usage: agreement SAID DUMP      what the job printed, what "claimperf trace dump" made of its trace
 *
 * Counts and pages must be equal. Of hold times this must hold to the tick, where the lab's exact
 * mode makes one instruction one tick and one ns: the profile's two readings of the clock enclose
 * those of the trace, so each section is longer there by the instructions in between ("gap"). They
 * take one path for a domain and one for none; the phases ask (all for none) and claim (one for a
 * domain) tell how long each is. A timer interrupt may fall into a gap. It always takes as long, so
 * what is left must be whole ones, and each kind of phase must have a round without any.
 */
#include <errno.h>
#include <inttypes.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lib/msg.h"

#define CUTS_MAX 200
#define LINE_BYTES 512
#define INTERRUPT_MIN 100 /* ticks */
#define INTERRUPT_MAX 1000
#define TIMER_MIN 1000000 /* from one to the next */

/* From one cut to the next. */
struct phase {
	char name[16];
	uint64_t before, after; /* ticks around the cut at its end */
	/* What the job read at that cut; counted since boot. */
	uint64_t locked, held_ns, host_claims, domain_claims;
	/* What the trace has in the phase. */
	uint64_t sections, of_domain, hold, redeemed;
	int64_t excess; /* ticks that the profile has beyond all that */
};

static struct phase phases[CUTS_MAX];
static unsigned int cuts;
static struct {
	uint64_t locked, held_ns; /* what xenlockprof printed, within the last phase */
	uint64_t hold, of_domain; /* what the trace has of that phase when as many were locked */
} tool;
static uint64_t gap_none, gap_domain; /* ticks per section */
static bool disagree;

static void check(const char *what, const struct phase *p, uint64_t said, uint64_t wanted)
{
	if (said == wanted)
		return;
	printf("DIFFERS: cut %td, %s: %s: %" PRId64 ", not %" PRId64 "\n", p - phases, p->name, what,
	       (int64_t)said, (int64_t)wanted);
	disagree = true;
}

static FILE *open_input(const char *path)
{
	FILE *file = fopen(path, "re");

	if (!file)
		die(EXIT_USAGE, "%s: %s", path, strerror(errno));
	return file;
}

static void read_said(const char *path)
{
	FILE *file = open_input(path);
	char line[LINE_BYTES];
	struct phase *p;

	while (cuts < CUTS_MAX && fgets(line, sizeof(line), file)) {
		p = &phases[cuts];
		if (sscanf(line, "cut %15s %lu %lu %lu %lu %lu %lu", p->name, &p->before, &p->after,
			   &p->locked, &p->held_ns, &p->host_claims, &p->domain_claims) == 7)
			cuts++;
		else if (sscanf(line, "tool %lu %lu", &tool.locked, &tool.held_ns) != 2)
			die(EXIT_USAGE, "%s: not a line of the job: %s", path, line);
	}
	fclose(file);
	if (cuts < 7 || cuts == CUTS_MAX || !tool.locked)
		die(EXIT_USAGE, "%s: %u cuts are no run", path, cuts);
}

/* 0 when the record has no such field. */
static uint64_t field(const char *line, const char *name)
{
	const char *at = strstr(line, name);

	return at ? strtoull(at + strlen(name), NULL, 10) : 0;
}

static void add_section(struct phase *p, const char *line)
{
	p->sections++;
	p->of_domain += !strstr(line, " domid=none");
	p->hold += field(line, " hold=");
	if (p == &phases[cuts - 1] && p->sections == tool.locked - p[-1].locked) {
		tool.hold = p->hold;
		tool.of_domain = p->of_domain;
	}
}

static void add_line(const char *line)
{
	static struct phase *p = phases; /* lines are in order of time */
	uint64_t tsc;

	if (strstr(line, " LOST ") || strstr(line, " ANOMALY "))
		die(EXIT_REGRESSION, "the trace is not whole: %s", line);
	if (sscanf(line, "%*u cpu%*u %lu", &tsc) != 1)
		return;
	while (p < phases + cuts && tsc > p->after)
		p++;
	if (p == phases || p == phases + cuts)
		return;
	p->redeemed += field(line, " from_node=") + field(line, " from_host=") +
		       field(line, " from_other=");
	if (!strstr(line, " heap_section "))
		return;
	if (tsc >= p->before)
		die(EXIT_REGRESSION, "a section within the cut after %s: %s", p->name, line);
	add_section(p, line);
}

static void read_dump(const char *path)
{
	FILE *file = open_input(path);
	char line[LINE_BYTES];

	while (fgets(line, sizeof(line), file))
		add_line(line);
	fclose(file);
}

static uint64_t expected_ns(uint64_t hold, uint64_t sections, uint64_t of_domain)
{
	return hold + gap_domain * of_domain + gap_none * (sections - of_domain);
}

/* The least that the profile's time is above the trace's, per phase of this name and section. */
static uint64_t shortest_gap(const char *name, uint64_t sections)
{
	uint64_t least = UINT64_MAX;

	for (struct phase *p = phases + 1; p < phases + cuts; p++) {
		uint64_t gap = p->held_ns - p[-1].held_ns - p->hold;

		if (!strcmp(p->name, name) && gap < least)
			least = gap;
	}
	return least / sections;
}

static int64_t least_excess(const char *name)
{
	int64_t least = INT64_MAX;

	for (struct phase *p = phases + 1; p < phases + cuts; p++)
		if (!strcmp(p->name, name) && p->excess < least)
			least = p->excess;
	return least;
}

/* The shortest excess, as the length of an interrupt; 0 when there is none. */
static int64_t interrupt_ticks(void)
{
	int64_t least = INT64_MAX;

	for (struct phase *p = phases + 1; p < phases + cuts; p++)
		if (p->excess > 0 && p->excess < least)
			least = p->excess;
	return least == INT64_MAX ? 0 : least;
}

/* An interrupt that only tells of the timer is short, and the timer rings now and then. */
static void check_excess(const struct phase *p)
{
	int64_t interrupt = interrupt_ticks();

	if (!p->excess)
		return;
	if (interrupt < INTERRUPT_MIN || interrupt > INTERRUPT_MAX || p->excess % interrupt ||
	    p->excess < 0 || (uint64_t)(p->excess / interrupt) > (p->after - p[-1].before) / TIMER_MIN + 1)
		check("ticks beyond, no interrupts", p, (uint64_t)p->excess, 0);
}

static void compare(void)
{
	struct phase *p, *last = &phases[cuts - 1];

	if (phases[2].locked == phases[1].locked)
		die(EXIT_REGRESSION, "the profile has no section in phase ask");
	gap_none = shortest_gap("ask", phases[2].locked - phases[1].locked);
	gap_domain = shortest_gap("claim", 1) - gap_none;
	for (p = phases + 1; p <= last; p++)
		p->excess = (int64_t)(p->held_ns - p[-1].held_ns -
				      expected_ns(p->hold, p->sections, p->of_domain));
	for (p = phases + 1; p <= last; p++) {
		check("sections", p, p->sections, p->locked - p[-1].locked);
		check_excess(p);
		if (strcmp(p->name, "populate"))
			continue;
		check("redeemed pages, host", p, p->redeemed, p[-1].host_claims - p->host_claims);
		check("redeemed pages, domain", p, p->redeemed, p[-1].domain_claims - p->domain_claims);
	}
	for (p = phases + 1; p <= last; p++)
		check("ticks beyond, in each round", p, (uint64_t)least_excess(p->name), 0);
	check("xenlockprof's time", last, tool.held_ns - last[-1].held_ns,
	      expected_ns(tool.hold, tool.locked - last[-1].locked, tool.of_domain));
}

/* The sum of all phases of this name, at the first one. */
static void print_row(const struct phase *first)
{
	struct phase sum = { 0 };

	for (const struct phase *p = phases + 1; p < phases + cuts; p++) {
		if (strcmp(p->name, first->name))
			continue;
		if (p < first)
			return;
		sum.sections += p->sections;
		sum.locked += p->locked - p[-1].locked;
		sum.hold += p->hold;
		sum.held_ns += p->held_ns - p[-1].held_ns;
		sum.excess += p->excess;
		sum.redeemed += p->redeemed;
		sum.host_claims += p[-1].host_claims - p->host_claims;
	}
	printf("%-9s %9lu %9lu %10lu %10lu %9lu %8ld %8lu %8ld\n", first->name, sum.sections, sum.locked,
	       sum.hold, sum.held_ns, sum.held_ns - sum.hold, sum.excess, sum.redeemed, sum.host_claims);
}

static void print_table(void)
{
	printf("%9s %19s %21s %18s %17s\n%-9s %9s %9s %10s %10s %9s %8s %8s %8s\n", "", "sections", "hold",
	       "difference", "redeemed", "phase", "trace", "profile", "trace", "profile", "clocks",
	       "rest", "trace", "counters");
	for (unsigned int i = 1; i < cuts; i++)
		print_row(&phases[i]);
	printf("between the clock readings: %lu ticks, %lu for a domain; an interrupt: %ld\n", gap_none,
	       gap_domain, interrupt_ticks());
}

int main(int argc, char **argv)
{
	if (argc != 3)
		die(EXIT_USAGE, "usage: agreement SAID DUMP");
	read_said(argv[1]);
	read_dump(argv[2]);
	compare();
	print_table();
	return disagree ? EXIT_REGRESSION : 0;
}
