// SPDX-License-Identifier: GPL-2.0-only
/* What a section of the run has to tell, for programs and for people; docs/probe.md explains it. */
#include <inttypes.h>
#include <string.h>

#include "tracepoints/probe.h"

/* With more targets than this, those that were not called are left out. */
#define ALWAYS_SHOWN 64

#define U64 "%" PRIu64

static bool is_shown(const struct report *report, size_t target, const struct figures *f)
{
	return report->selection->count <= ALWAYS_SHOWN || f->calls || f->own || f->inclusive;
	(void)target;
}

void print_site(FILE *out, const struct symbols *symbols, uint64_t address)
{
	long symbol = find_symbol(symbols, address - 1);

	if (symbol < 0) {
		fputs("[unknown]", out);
		return;
	}
	print_symbol(out, &symbols->list[symbol]);
	fprintf(out, "+0x%" PRIx64, address - symbols->list[symbol].start);
}

static void print_json_functions(FILE *out, const struct report *report,
				 const struct stretch *stretch)
{
	const char *comma = "";

	fputs("\"functions\": [", out);
	for (size_t i = 0; i < report->selection->count; i++) {
		const struct followed *target = &report->selection->targets[i];
		const struct figures *f = &stretch->functions[i];

		if (!is_shown(report, i, f))
			continue;
		fprintf(out,
			"%s\n  {\"name\": \"%s\", \"parts\": %u, \"calls\": " U64
			", \"unreturned\": " U64 ", \"inclusive\": " U64 ", \"own\": " U64
			", \"loads\": " U64 ", \"stores\": " U64 "}",
			comma, target->name, target->parts, f->calls, f->unreturned, f->inclusive,
			f->own, f->loads, f->stores);
		comma = ",";
	}
	fputs("]", out);
}

static void print_json_hold(FILE *out, const struct hist *h)
{
	const char *comma = "";

	fprintf(out,
		"\"hold\": {\"sum\": " U64 ", \"min\": " U64 ", \"max\": " U64 ", \"p50\": " U64
		", \"p99\": " U64 ", \"histogram\": [",
		h->sum, h->count ? h->min : 0, h->max, hist_quantile(h, 500),
		hist_quantile(h, 990));
	for (unsigned int i = 0; i < HIST_BUCKETS; i++) {
		if (!h->buckets[i])
			continue;
		fprintf(out, "%s[" U64 ", " U64 ", " U64 "]", comma, hist_lower(i), hist_upper(i),
			h->buckets[i]);
		comma = ", ";
	}
	fputs("]}", out);
}

static void print_json_site(FILE *out, const struct lock_site *site)
{
	fprintf(out,
		"\"sections\": " U64 ", \"waits\": " U64 ", \"wait\": {\"sum\": " U64
		", \"max\": " U64 "}, ",
		site->hold.count, site->waits, site->wait_sum, site->wait_max);
	print_json_hold(out, &site->hold);
}

static struct lock_site sum_sites(const struct lock_tally *tally)
{
	struct lock_site sum = {.hold.min = UINT64_MAX};

	for (size_t i = 0; i < tally->count; i++) {
		const struct lock_site *site = tally->sites[i];

		hist_merge(&sum.hold, &site->hold);
		sum.waits += site->waits;
		sum.wait_sum += site->wait_sum;
		if (site->wait_max > sum.wait_max)
			sum.wait_max = site->wait_max;
	}
	return sum;
}

static void print_json_lock(FILE *out, const struct report *report, const struct lock_tally *tally)
{
	struct lock_site sum = sum_sites(tally);

	fprintf(out, ",\n \"heap_lock\": {\"unmatched\": " U64 ", ", tally->unmatched);
	print_json_site(out, &sum);
	fputs(",\n  \"sites\": [", out);
	for (size_t i = 0; i < tally->count; i++) {
		fprintf(out, "%s\n   {\"site\": \"", i ? "," : "");
		print_site(out, report->symbols, tally->sites[i]->address);
		fputs("\", ", out);
		print_json_site(out, tally->sites[i]);
		fputs("}", out);
	}
	fputs("]}", out);
}

static void print_json_stretch(FILE *out, const struct report *report,
			       const struct stretch *stretch)
{
	fprintf(out, "{\"instructions\": " U64 ", \"areas\": {\"hypervisor\": " U64 ", \"kernel\": " U64 ", \"user\": " U64 "},\n ",
		stretch->instructions, stretch->areas[IN_HYPERVISOR], stretch->areas[IN_KERNEL],
		stretch->areas[IN_USER]);
	print_json_functions(out, report, stretch);
	if (report->has_lock)
		print_json_lock(out, report, &stretch->lock);
	fputs("}", out);
}

void write_json(FILE *out, const struct report *report)
{
	fprintf(out,
		"{\"section\": " U64 ", \"windows\": " U64 ", \"unmatched\": " U64 ",\n \"all\": ",
		report->section, report->windows, report->unmatched);
	print_json_stretch(out, report, report->all);
	if (report->window) {
		fputs(",\n \"window\": ", out);
		print_json_stretch(out, report, report->window);
	}
	fputs("}", out);
}

static void print_functions(FILE *out, const struct report *report, const struct stretch *stretch)
{
	fprintf(out, "%-36s %10s %10s %14s %12s %14s %12s %12s\n", "function", "calls",
		"unreturned", "inclusive", "per call", "own", "loads", "stores");
	for (size_t i = 0; i < report->selection->count; i++) {
		const struct figures *f = &stretch->functions[i];

		if (!is_shown(report, i, f))
			continue;
		fprintf(out,
			"%-36s %10" PRIu64 " %10" PRIu64 " %14" PRIu64 " %12.1f %14" PRIu64
			" %12" PRIu64 " %12" PRIu64 "\n",
			report->selection->targets[i].name, f->calls, f->unreturned, f->inclusive,
			f->calls ? (double)f->inclusive / (double)f->calls : 0, f->own, f->loads,
			f->stores);
	}
}

static void print_holds(FILE *out, const struct lock_site *site)
{
	const struct hist *h = &site->hold;

	fprintf(out,
		" %10" PRIu64 " %14" PRIu64 " %8" PRIu64 " %8" PRIu64 " %8" PRIu64 " %8" PRIu64
		" %8" PRIu64 " %12" PRIu64 "\n",
		h->count, h->sum, h->count ? h->min : 0, hist_quantile(h, 500),
		hist_quantile(h, 990), h->max, site->waits, site->wait_sum);
}

static void print_lock(FILE *out, const struct report *report, const struct lock_tally *tally)
{
	struct lock_site sum = sum_sites(tally);

	fprintf(out, "%-36s %10s %14s %8s %8s %8s %8s %8s %12s\n", "heap_lock taken at", "sections",
		"hold", "min", "p50", "p99", "max", "waits", "wait");
	for (size_t i = 0; i < tally->count; i++) {
		char name[128];
		FILE *text = fmemopen(name, sizeof(name), "w");

		if (!text)
			continue;
		print_site(text, report->symbols, tally->sites[i]->address);
		fclose(text);
		fprintf(out, "%-36.127s", name);
		print_holds(out, tally->sites[i]);
	}
	fprintf(out, "%-36s", "all");
	print_holds(out, &sum);
	if (tally->unmatched)
		fprintf(out, "%" PRIu64 " releases without a section\n", tally->unmatched);
}

void write_text(FILE *out, const struct report *report)
{
	/* Without sections, windows are of all kinds of work. */
	const struct stretch *stretch =
		report->section && report->window ? report->window : report->all;

	if (report->section)
		fprintf(out, "section " U64 ", %s, ", report->section,
			report->window ? "the cheapest window" : "no window");
	fprintf(out, U64 " instructions: hypervisor " U64 ", kernel " U64 ", user " U64 "\n",
		stretch->instructions, stretch->areas[IN_HYPERVISOR], stretch->areas[IN_KERNEL],
		stretch->areas[IN_USER]);
	print_functions(out, report, stretch);
	if (report->has_lock)
		print_lock(out, report, &stretch->lock);
}
