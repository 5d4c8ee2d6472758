// SPDX-License-Identifier: GPL-2.0-only
#include "tests/witnesses.h"

#include <errno.h>
#include <jansson.h>
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
		if (sscanf(line, "cut %15s %u %lu %lu %lu %lu %lu %lu %lu", p->name, &p->domid,
			   &p->before, &p->after, &p->locked, &p->held_ns, &p->host_claims,
			   &p->domain_claims, &p->pages_locked) == 9)
			run->cuts++;
		else if (sscanf(line, "tool %lu %lu", &run->tool_locked, &run->tool_held_ns) != 2)
			die(EXIT_USAGE, "%s: not a line of the job: %s", path, line);
	}
	fclose(file);
	if (run->cuts < 3 || run->cuts == CUTS_MAX || !run->tool_locked)
		die(EXIT_USAGE, "%s: %u cuts are no run", path, run->cuts);
	for (p = run->phases + 1; p < run->phases + run->cuts; p++) {
		p->sections[PROFILE] = p->locked - p[-1].locked;
		p->hold[PROFILE] = p->held_ns - p[-1].held_ns;
	}
}

/* The place that has a name, of length characters, among its sites or functions. */
static size_t find_place(enum witness w, const char *text, size_t length)
{
	char name[64];
	size_t i;

	snprintf(name, sizeof(name), " %.*s ", (int)length, text);
	for (i = 0; places[i].sites; i++)
		if (strstr(w == TRACE ? places[i].sites : places[i].functions, name))
			return i;
	die(EXIT_REGRESSION, "no place is called%s", name);
}

static void add_section(struct phase *p, enum witness w, size_t place, uint64_t hold)
{
	uint64_t n = p->sections[w]++;

	/* It grows by doubling. */
	if (!(n & (n - 1)))
		p->list[w] = reallocarray(p->list[w], n ? 2 * n : 1, sizeof(*p->list[w]));
	if (!p->list[w])
		die(EXIT_USAGE, "out of memory");
	p->list[w][n] = (struct section){ place, hold };
	p->hold[w] += hold;
}

/* 0 when the record has no such field. */
static uint64_t field(const char *line, const char *name)
{
	const char *at = strstr(line, name);

	return at ? strtoull(at + strlen(name), NULL, 10) : 0;
}

static void add_record(struct phase *p, uint64_t tsc, const char *line)
{
	const char *site = strstr(line, " site=");

	p->redeemed += field(line, " from_node=") + field(line, " from_host=") +
		       field(line, " from_other=");
	if (strstr(line, " claim_entry "))
		p->installed += field(line, " pages=");
	if (strstr(line, " claim_release "))
		p->released += field(line, " pages=");
	if (strstr(line, " page_alloc_section ") && field(line, " domid=") == p->domid)
		p->page_sections++;
	if (!strstr(line, " heap_section ") || !site)
		return;
	if (tsc >= p->before)
		die(EXIT_REGRESSION, "a section within the cut after %s: %s", p->name, line);
	site += strlen(" site=");
	add_section(p, TRACE, find_place(TRACE, site, strcspn(site, " ")), field(line, " hold="));
}

void read_dump(struct run *run, const char *path)
{
	struct phase *p = run->phases, *end = p + run->cuts;
	FILE *file = open_input(path);
	char line[LINE_BYTES];
	uint64_t tsc;

	while (fgets(line, sizeof(line), file)) {
		if (strstr(line, " LOST ") || strstr(line, " ANOMALY "))
			die(EXIT_REGRESSION, "%s: the trace is not whole: %s", path, line);
		if (sscanf(line, "%*u cpu%*u %lu", &tsc) != 1)
			continue;
		/* They are in order of time. */
		while (p < end && tsc > p->after)
			p++;
		if (p > run->phases && p < end)
			add_record(p, tsc, line);
	}
	fclose(file);
}

/* The plugin's section 1 begins at the first cut. */
void read_probe(struct run *run, const char *path)
{
	json_error_t error;
	json_t *document = json_load_file(path, 0, &error);
	json_int_t interrupts, unmatched;

	if (!document)
		die(EXIT_USAGE, "%s:%d: %s", path, error.line, error.text);
	for (unsigned int i = 1; i < run->cuts; i++) {
		json_t *section = json_array_get(json_object_get(document, "sections"), i - 1);

		if (json_unpack_ex(section, &error, 0, "{s:{s:[{s:I}], s:{s:I}}}", "all", "functions",
				   "calls", &interrupts, "heap_lock", "unmatched", &unmatched))
			die(EXIT_USAGE, "%s: section %u: %s", path, i, error.text);
		run->phases[i].interrupts = (uint64_t)interrupts;
		run->phases[i].unmatched = (uint64_t)unmatched;
	}
	json_decref(document);
}

/* While tracing is on, some functions run in a copy that is compiled for it. */
static size_t function_length(const char *text)
{
	const char *traced = strstr(text, "_traced");

	return traced ? (size_t)(traced - text) : strcspn(text, ".+ ");
}

void read_holds(struct run *run, const char *path)
{
	FILE *file = open_input(path);
	char line[LINE_BYTES], site[LINE_BYTES];
	unsigned int i = 0;
	uint64_t hold;

	while (fgets(line, sizeof(line), file)) {
		if (sscanf(line, "section %u", &i) == 1 || !i || i >= run->cuts)
			continue;
		if (sscanf(line, "%511s %lu", site, &hold) != 2)
			die(EXIT_USAGE, "%s: not a section: %s", path, line);
		add_section(&run->phases[i], PLUGIN, find_place(PLUGIN, site, function_length(site)),
			    hold);
	}
	fclose(file);
}
