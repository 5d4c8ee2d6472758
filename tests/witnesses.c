// SPDX-License-Identifier: GPL-2.0-only
#include "tests/witnesses.h"

#include <errno.h>
#include <jansson.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lib/msg.h"

#define LINE_BYTES 512

const struct place places[] = {
	{" alloc alloc_scrub ", " alloc_heap_pages "},
	{" free ", " free_heap_pages "},
	{" scrub ", " scrub_free_pages "},
	{" claim_legacy ", " domain_set_outstanding_pages "},
	{" claim_set ", " domain_set_claims "},
	{" claim_adjust ", " domain_adjust_tot_pages "},
	{" info ", " get_outstanding_claims "},
	{" offline ", " offline_page online_page "},
	{NULL, NULL},
};

static FILE *open_input(const char *path)
{
	FILE *file = fopen(path, "re");

	if (!file)
		die(EXIT_USAGE, "%s: %s", path, strerror(errno));
	return file;
}

void read_said(struct run *run, const char *path)
{
	FILE *file = open_input(path);
	char line[LINE_BYTES];
	struct phase *p;

	while (run->cuts < CUTS_MAX && fgets(line, sizeof(line), file)) {
		p = &run->phases[run->cuts];
		if (sscanf(line, "cut %15s %lu %lu %lu %lu %lu %lu", p->name, &p->before, &p->after,
			   &p->locked, &p->held_ns, &p->host_claims, &p->domain_claims) == 7)
			run->cuts++;
		else if (sscanf(line, "tool %lu %lu", &run->tool.locked, &run->tool.held_ns) != 2)
			die(EXIT_USAGE, "%s: not a line of the job: %s", path, line);
	}
	fclose(file);
	if (run->cuts < 3 || run->cuts == CUTS_MAX || !run->tool.locked)
		die(EXIT_USAGE, "%s: %u run->cuts are no run", path, run->cuts);
	for (p = run->phases + 1; p < run->phases + run->cuts; p++) {
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
	for (i = 0; places[i].sites; i++)
		if (strstr(sites ? places[i].sites : places[i].functions, name))
			return i;
	die(EXIT_REGRESSION, "unknown place: %s", text);
}

static void add_section(struct run *run, struct phase *p, const char *line)
{
	const char *site = strstr(line, " site=");

	if (site)
		p->at_place[TRACE][find_place(site + strlen(" site="), true)]++;
	p->sections[TRACE]++;
	p->of_domain += !strstr(line, " domid=none");
	p->hold[TRACE] += field(line, " hold=");
	if (p == &run->phases[run->cuts - 1] && p->sections[TRACE] == run->tool.locked - p[-1].locked) {
		run->tool.hold = p->hold[TRACE];
		run->tool.of_domain = p->of_domain;
	}
}

static void add_line(struct run *run, const char *line)
{
	struct phase *p = run->phases, *end = p + run->cuts;
	uint64_t tsc;

	if (strstr(line, " LOST ") || strstr(line, " ANOMALY "))
		die(EXIT_REGRESSION, "the trace is not whole: %s", line);
	if (sscanf(line, "%*u cpu%*u %lu", &tsc) != 1)
		return;
	while (p < end && tsc > p->after)
		p++;
	if (p == run->phases || p == end)
		return;
	p->redeemed += field(line, " from_node=") + field(line, " from_host=") +
		       field(line, " from_other=");
	if (strstr(line, " claim_entry "))
		p->installed += field(line, " pages=");
	if (strstr(line, " claim_release "))
		p->released += field(line, " pages=");
	if (!strstr(line, " heap_section "))
		return;
	if (tsc >= p->before)
		die(EXIT_REGRESSION, "a section within the cut after %s: %s", p->name, line);
	add_section(run, p, line);
}

void read_dump(struct run *run, const char *path)
{
	FILE *file = open_input(path);
	char line[LINE_BYTES];

	while (fgets(line, sizeof(line), file))
		add_line(run, line);
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
void read_probe(struct run *run, const char *path)
{
	json_error_t error;
	json_t *document = json_load_file(path, 0, &error);
	json_int_t sections, hold, interrupts, unmatched;
	json_t *sites;

	if (!document)
		die(EXIT_USAGE, "%s:%d: %s", path, error.line, error.text);
	for (unsigned int i = 1; i < run->cuts; i++) {
		json_t *section = json_array_get(json_object_get(document, "sections"), i - 1);

		if (json_unpack_ex(section, &error, 0,
				   "{s:{s:[{s:I}], s:{s:I, s:I, s:{s:I}, s:o}}}", "all", "functions",
				   "calls", &interrupts, "heap_lock", "unmatched", &unmatched,
				   "sections", &sections, "hold", "sum", &hold, "sites", &sites))
			die(EXIT_USAGE, "%s: section %u: %s", path, i, error.text);
		run->phases[i].unmatched = (uint64_t)unmatched;
		run->phases[i].sections[PROBE] = (uint64_t)sections;
		run->phases[i].hold[PROBE] = (uint64_t)hold;
		run->phases[i].interrupts = (uint64_t)interrupts;
		read_sites(&run->phases[i], sites);
	}
	json_decref(document);
}

