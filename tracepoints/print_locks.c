// SPDX-License-Identifier: GPL-2.0-only
/* What a summary tells about locks beyond distributions by label. */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "tracepoints/dump.h"
#include "tracepoints/print.h"

#define BAR_WIDTH 50

static void print_lock_row(FILE *out, const char *lock, const char *what, const struct hist *h,
			   uint64_t window)
{
	char text[SHARE_TEXT];
	unsigned int i;

	fprintf(out, "%-16s %-5s %10" PRIu64, lock, what, h->count);
	for (i = 0; i < PRINT_QUANTILES; i++)
		fprintf(out, " %10" PRIu64, hist_quantile_ppm(h, print_quantiles[i].ppm));
	fprintf(out, " %10" PRIu64 " %14" PRIu64 " %9s\n", h->max, h->sum,
		format_share(h->sum, window, text));
}

static void print_lock(FILE *out, const struct summary *s, enum section_lock lock)
{
	struct hist *hold = hist_new(), *wait = hist_new();
	uint64_t pages;

	if (hold && wait) {
		pages = summary_merge_lock(s, lock, hold, wait);
		if (hold->count) {
			print_lock_row(out, section_lock_name(lock), "hold", hold,
				       summary_window(s));
			print_lock_row(out, "", "wait", wait, summary_window(s));
			fprintf(out, "%-16s sections of %" PRIu64 " pages\n", "", pages);
		}
	}
	free(hold);
	free(wait);
}

void print_locks(FILE *out, const struct summary *s)
{
	unsigned int i;

	if (!s->sections->nr_cells)
		return;
	fprintf(out, "\nlocks (cycles; share of the %" PRIu64 " cycles from the first request on)\n",
		summary_window(s));
	fprintf(out, "%-16s %-5s %10s", "lock", "", "count");
	for (i = 0; i < PRINT_QUANTILES; i++)
		fprintf(out, " %10s", print_quantiles[i].name);
	fprintf(out, " %10s %14s %9s\n", "max", "sum", "share");
	for (i = 0; i < SECTION_LOCKS; i++)
		print_lock(out, s, i);
}

static void print_waiter(FILE *out, enum section_lock lock, const struct waits *w, unsigned int waiter)
{
	uint64_t found = 0;
	unsigned int holder;

	for (holder = 0; holder < WAITS_SITES; holder++) {
		const struct waits_pair *pair = &w->pairs[waiter][holder];

		found += pair->cycles;
		if (pair->count)
			fprintf(out, "%-16s %-13s %-13s %10" PRIu64 " %14" PRIu64 " %10" PRIu64 "\n",
				section_lock_name(lock), section_site_name(lock, waiter),
				section_site_name(lock, holder), pair->count, pair->cycles,
				pair->cycles / pair->count);
	}
	fprintf(out, "%-16s %-13s %-13s %10" PRIu64 " %14" PRIu64 "\n", section_lock_name(lock),
		section_site_name(lock, waiter), "(all waits)", w->sites[waiter].blocked,
		w->sites[waiter].cycles);
	if (w->sites[waiter].cycles > found)
		fprintf(out, "%-16s %-13s %-13s %10s %14" PRIu64 "\n", section_lock_name(lock),
			section_site_name(lock, waiter), "(in no hold)", "",
			w->sites[waiter].cycles - found);
}

static void print_handover(FILE *out, enum section_lock lock, const struct hist *h)
{
	if (h->count)
		fprintf(out, "%-16s %-13s %-13s %10" PRIu64 " %14" PRIu64 " %10" PRIu64 "\n",
			section_lock_name(lock), "(any)", "(handover)", h->count, h->sum,
			h->sum / h->count);
}

void print_waited(FILE *out, const struct summary *s)
{
	bool any = false;

	for (unsigned int lock = 0; lock < SECTION_LOCKS; lock++) {
		const struct waits *w = &s->sections->waits[lock];

		for (unsigned int waiter = 0; waiter < WAITS_SITES; waiter++) {
			if (!w->sites[waiter].blocked)
				continue;
			if (!any)
				fprintf(out,
					"\nwaited behind others (cycles; artefacts in the lab's exact "
					"mode, where CPUs take turns)\n%-16s %-13s %-13s %10s %14s %10s\n",
					"lock", "waiter", "behind", "count", "cycles", "mean");
			any = true;
			print_waiter(out, lock, w, waiter);
		}
		print_handover(out, lock, &w->handover);
	}
}

struct trace_item section_item(const struct section_record *record)
{
	struct trace_item item = {.type = TRACE_RECORD,
				  .cpu = record->cpu,
				  .offset = record->offset,
				  .tsc = record->tsc,
				  .event = record->event,
				  .has_tsc = true,
				  .nr_words = catalog_find(record->event)->nr_words};

	memcpy(item.words, record->words, sizeof(record->words));
	return item;
}

static void print_records(FILE *out, const struct section_longest *longest, unsigned int top)
{
	struct dump *dump = dump_start(out, false);

	for (unsigned int i = 0; dump && i < longest->nr && i < top; i++) {
		struct trace_item item = section_item(&longest->records[i]);

		dump_item(dump, &item);
	}
	if (!dump || dump_end(dump))
		fputs("(cannot be shown)\n", out);
}

void print_longest(FILE *out, const struct summary *s, unsigned int top)
{
	for (unsigned int lock = 0; lock < SECTION_LOCKS; lock++) {
		const struct section_longest *longest = &s->sections->longest[lock];

		if (!longest->nr || !top)
			continue;
		fprintf(out, "\nlongest holds of %s (offset in the file, CPU, TSC, record)\n",
			section_lock_name(lock));
		print_records(out, longest, top);
	}
}

static const char *node_name(unsigned int node, char text[LABEL_TEXT])
{
	if (node == HEAP_NODE_NONE)
		return "none";
	snprintf(text, LABEL_TEXT, "%u%s", node, node == 31 ? " or more" : "");
	return text;
}

void print_fallback(FILE *out, const struct summary *s)
{
	const struct section_fallback *f = &s->sections->fallback;
	char text[LABEL_TEXT];
	unsigned int i;

	if (!f->count)
		return;
	fprintf(out,
		"\nnodes passed over by %" PRIu64 " allocations, %" PRIu64
		" of which found nothing\n%-13s %16s %16s %16s\n",
		f->count, f->failed, "node", "claims refused", "nothing free", "served instead");
	for (i = 0; i <= HEAP_NODE_NONE; i++) {
		uint64_t claims = i < 32 ? f->refused_claims[i] : 0;
		uint64_t empty = i < 32 ? f->refused_empty[i] : 0;

		if (claims || empty || f->served[i])
			fprintf(out, "%-13s %16" PRIu64 " %16" PRIu64 " %16" PRIu64 "\n",
				node_name(i, text), claims, empty, f->served[i]);
	}
	fprintf(out, "%-13s %16s\n", "passed over", "allocations");
	for (i = 0; i < 64; i++)
		if (f->visited[i])
			fprintf(out, "%-13u %16" PRIu64 "\n", i, f->visited[i]);
}

/* A row per power of two. */
void print_histogram(FILE *out, const struct hist *h)
{
	uint64_t counts[65] = {0}, most = 0;
	unsigned int i, last = 0, first = 64;

	for (i = hist_first(h); i <= hist_last(h); i++) {
		unsigned int row = hist_lower(i) ? 64 - (unsigned int)__builtin_clzll(hist_lower(i)) : 0;

		if (!h->buckets[i])
			continue;
		counts[row] += h->buckets[i];
		first = row < first ? row : first;
		last = row;
	}
	for (i = 0; i <= 64; i++)
		most = counts[i] > most ? counts[i] : most;
	for (i = first; i <= last; i++) {
		int width = most ? (int)((double)counts[i] * BAR_WIDTH / (double)most + 0.5) : 0;

		fprintf(out, "%12" PRIu64 " … %10" PRIu64 " %10" PRIu64 " %.*s\n",
			i ? (uint64_t)1 << (i - 1) : 0, i ? ((uint64_t)1 << (i - 1)) * 2 - 1 : 0,
			counts[i], width,
			"##################################################");
	}
}
