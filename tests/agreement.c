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
 * The phases "ask" (all for none) and "claim" (one for a domain) tell how much. Two more things happen:
 *
 * - A timer interrupt falls in between. It always takes as long, so what is left must be whole ones,
 *   no more than the plugin saw in the phase, and each kind of phase must have a round without.
 * - The profile counts ns of a clock that Xen scales anew each second. It may be off by as many as
 *   rounding_ns(); the trace and the plugin agree to the tick.
 */
#include <errno.h>
#include <inttypes.h>
#include <jansson.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lib/msg.h"

#define CUTS_MAX 200
#define LINE_BYTES 512
#define INTERRUPT_MIN 100 /* ticks */
#define INTERRUPT_MAX 1000

enum witness { TRACE, PROFILE, PROBE, WITNESSES };

/* What the trace and the plugin call the same places. Names have a blank on both sides. */
static const struct place {
	const char *sites, *functions;
} places[] = {
	{" alloc alloc_scrub ", " alloc_heap_pages "},
	{" free ", " free_heap_pages "},
	{" scrub ", " scrub_free_pages "},
	{" claim_legacy ", " domain_set_outstanding_pages "},
	{" claim_set ", " domain_set_claims "},
	{" claim_adjust ", " domain_adjust_tot_pages "},
	{" info ", " get_outstanding_claims "},
	{" offline ", " offline_page online_page "},
};
#define PLACES (sizeof(places) / sizeof(*places))

/* From one cut to the next. */
struct phase {
	char name[16];
	/* What the job read at the cut at its end: ticks around it, then counts since boot. */
	uint64_t before, after;
	uint64_t locked, held_ns, host_claims, domain_claims;
	/* What each has of the phase. */
	uint64_t sections[WITNESSES], hold[WITNESSES];
	uint64_t of_domain, redeemed; /* trace only: sections, pages */
	uint64_t interrupts;	      /* plugin only */
	uint64_t at_place[WITNESSES][PLACES]; /* sections; not of the profile */
	int64_t beyond[WITNESSES];    /* ticks more than the trace and the gap explain */
};

static struct phase phases[CUTS_MAX];
static unsigned int cuts;
/* What xenlockprof printed in the last phase, and what the trace has until as many were locked. */
static struct {
	uint64_t locked, held_ns, hold, of_domain;
} tool;
/* Ticks per section that a witness has more than the trace, for no domain, and for any. */
static uint64_t gap[WITNESSES], gap_domain;
static bool disagree;

static void check(const struct phase *p, const char *what, uint64_t said, uint64_t wanted)
{
	if (said == wanted)
		return;
	printf("DIFFERS: cut %td, %s: %s: %" PRId64 ", not %" PRId64 "\n", p - phases, p->name,
	       what, (int64_t)said, (int64_t)wanted);
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
	if (cuts < 3 || cuts == CUTS_MAX || !tool.locked)
		die(EXIT_USAGE, "%s: %u cuts are no run", path, cuts);
	for (p = phases + 1; p < phases + cuts; p++) {
		p->sections[PROFILE] = p->locked - p[-1].locked;
		p->hold[PROFILE] = p->held_ns - p[-1].held_ns;
	}
}

/* 0 when the record has no such field. */
static uint64_t field(const char *line, const char *name)
{
	const char *at = strstr(line, name);

	return at ? strtoull(at + strlen(name), NULL, 10) : 0;
}

/* The place whose sites or functions have the name that text starts with. */
static size_t find_place(const char *text, bool sites)
{
	char name[64];
	size_t i;

	snprintf(name, sizeof(name), " %.*s ", (int)strcspn(text, " .+"), text);
	for (i = 0; i < PLACES; i++)
		if (strstr(sites ? places[i].sites : places[i].functions, name))
			return i;
	die(EXIT_REGRESSION, "unknown place: %s", text);
}

static void add_section(struct phase *p, const char *line)
{
	const char *site = strstr(line, " site=");

	if (site)
		p->at_place[TRACE][find_place(site + strlen(" site="), true)]++;
	p->sections[TRACE]++;
	p->of_domain += !strstr(line, " domid=none");
	p->hold[TRACE] += field(line, " hold=");
	if (p == &phases[cuts - 1] && p->sections[TRACE] == tool.locked - p[-1].locked) {
		tool.hold = p->hold[TRACE];
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

static void read_sites(struct phase *p, const json_t *sites)
{
	const json_t *site;
	size_t i;

	json_array_foreach(sites, i, site) {
		const char *at = json_string_value(json_object_get(site, "site"));

		p->at_place[PROBE][find_place(at ? at : "", false)] +=
			(uint64_t)json_integer_value(json_object_get(site, "sections"));
	}
}

/* The plugin's section 1 begins at the first cut. */
static void read_probe(const char *path)
{
	json_error_t error;
	json_t *document = json_load_file(path, 0, &error);
	json_int_t sections, hold, interrupts, unmatched;
	json_t *sites;

	if (!document)
		die(EXIT_USAGE, "%s:%d: %s", path, error.line, error.text);
	for (unsigned int i = 1; i < cuts; i++) {
		json_t *section = json_array_get(json_object_get(document, "sections"), i - 1);

		if (json_unpack_ex(section, &error, 0,
				   "{s:{s:[{s:I}], s:{s:I, s:I, s:{s:I}, s:o}}}", "all", "functions",
				   "calls", &interrupts, "heap_lock", "unmatched", &unmatched,
				   "sections", &sections, "hold", "sum", &hold, "sites", &sites))
			die(EXIT_USAGE, "%s: section %u: %s", path, i, error.text);
		check(&phases[i], "releases that the plugin cannot match", (uint64_t)unmatched, 0);
		phases[i].sections[PROBE] = (uint64_t)sections;
		phases[i].hold[PROBE] = (uint64_t)hold;
		phases[i].interrupts = (uint64_t)interrupts;
		read_sites(&phases[i], sites);
	}
	json_decref(document);
}

/* The least that a witness has more than the trace in a phase of this name. */
static uint64_t least_gap(const char *name, enum witness w)
{
	uint64_t least = UINT64_MAX;

	for (struct phase *p = phases + 1; p < phases + cuts; p++)
		if (!strcmp(p->name, name) && p->hold[w] - p->hold[TRACE] < least)
			least = p->hold[w] - p->hold[TRACE];
	return least;
}

static void find_gaps(void)
{
	struct phase *ask = phases + 1;
	uint64_t sections;

	while (ask < phases + cuts && strcmp(ask->name, "ask"))
		ask++;
	if (ask == phases + cuts || !ask->sections[PROBE])
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
	for (struct phase *p = phases + 1; p < phases + cuts; p++)
		for (enum witness w = PROFILE; w < WITNESSES; w++)
			p->beyond[w] = (int64_t)(p->hold[w] - expected_hold(w, p->hold[TRACE],
									    p->sections[w], p->of_domain));
}

/* The shortest time above 0 that the plugin has beyond, as the length of an interrupt. */
static int64_t interrupt_ticks(void)
{
	int64_t least = INT64_MAX;

	for (struct phase *p = phases + 1; p < phases + cuts; p++)
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
	for (struct phase *p = phases + 1; p < phases + cuts; p++)
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
	check(p, "sections of the trace", p->sections[TRACE], p->sections[PROFILE]);
	check(p, "sections of the plugin", p->sections[PROBE], p->sections[PROFILE]);
	for (size_t i = 0; i < PLACES; i++)
		check(p, places[i].functions, p->at_place[TRACE][i], p->at_place[PROBE][i]);
	check_hold(p);
	if (strcmp(p->name, "populate"))
		return;
	check(p, "redeemed pages, host", p->redeemed, p[-1].host_claims - p->host_claims);
	check(p, "redeemed pages, domain", p->redeemed, p[-1].domain_claims - p->domain_claims);
}

static void check_tool(const struct phase *last)
{
	int64_t beyond = (int64_t)(tool.held_ns - last[-1].held_ns -
		expected_hold(PROFILE, tool.hold, tool.locked - last[-1].locked, tool.of_domain));

	if (llabs(beyond) > rounding_ns(tool.hold))
		check(last, "ns beyond, in what xenlockprof printed", (uint64_t)beyond, 0);
}

static void compare(void)
{
	struct phase *last = &phases[cuts - 1];

	find_gaps();
	find_beyond();
	for (struct phase *p = phases + 1; p <= last; p++)
		check_phase(p);
	check_tool(last);
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
		for (enum witness w = TRACE; w < WITNESSES; w++) {
			sum.sections[w] += p->sections[w];
			sum.hold[w] += p->hold[w];
			sum.beyond[w] += p->beyond[w];
		}
		sum.interrupts += p->interrupts;
		sum.redeemed += p->redeemed;
		sum.host_claims += p[-1].host_claims - p->host_claims;
	}
	printf("%-9s %7lu %7lu %7lu %9lu %9lu %9lu %6ld %6ld %4lu %7lu %7ld\n", first->name,
	       sum.sections[TRACE], sum.sections[PROFILE], sum.sections[PROBE], sum.hold[TRACE],
	       sum.hold[PROFILE], sum.hold[PROBE], sum.beyond[PROFILE], sum.beyond[PROBE],
	       sum.interrupts, sum.redeemed, (int64_t)sum.host_claims);
}

static void print_table(void)
{
	printf("%9s %23s %29s %13s %4s %15s\n%-9s %7s %7s %7s %9s %9s %9s %6s %6s %4s %7s %7s\n", "",
	       "sections", "hold, ticks", "interrupts in", "irqs", "redeemed pages", "phase", "trace",
	       "profile", "plugin", "trace", "profile", "plugin", "prof.", "plugin", "", "trace",
	       "counter");
	for (unsigned int i = 1; i < cuts; i++)
		print_row(&phases[i]);
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
	read_said(argv[1]);
	read_dump(argv[2]);
	read_probe(argv[3]);
	compare();
	print_table();
	return disagree ? EXIT_REGRESSION : 0;
}
