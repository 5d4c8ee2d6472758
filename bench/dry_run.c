// SPDX-License-Identifier: GPL-2.0-only
/* --dry-run: what a run on this dom0 would do, in words. */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "bench/safe_run.h"
#include "lib/msg.h"

#define MIB(pages) ((unsigned long)(((pages) + 255) >> 8))
/*
 * Per case: free memory must stand still, domains come and go. Per page: it is cleared, taken and
 * given back.
 */
#define CASE_MS 300
#define PAGE_NS 2000

struct totals {
	unsigned int run, skipped;
	uint64_t pages; /* of all samples */
};

static void print_case(const struct session *s, const struct bench_case *c, struct totals *totals)
{
	struct safety_need need;
	char claimed[24] = "all";

	if (c->skip) {
		totals->skipped++;
		printf("  %-44s skipped: %s\n", c->name, c->skip);
		return;
	}
	safety_need(c, &s->cases.host, s->run.samples, &need);
	totals->run++;
	totals->pages += need.pages;
	if (!need.all)
		snprintf(claimed, sizeof(claimed), "%lu", MIB(need.claimed));
	printf("  %-44s %7u %8lu %8s  %s\n", c->name, need.domains, MIB(need.pages), claimed,
	       bench_where_name(c->where));
}

static void print_cases(const struct session *s, uint64_t most)
{
	struct totals totals = {0};

	printf("cases: %41s %7s %8s %8s  %s\n", "", "domains", "MiB", "claimed", "node");
	for (size_t i = 0; i < s->cases.count; i++)
		if (session_selects(s, &s->cases.cases[i]))
			print_case(s, &s->cases.cases[i], &totals);
	printf("  %u run, %u are skipped; at most %lu MiB at a time; about %lu s\n", totals.run,
	       totals.skipped, MIB(most),
	       (unsigned long)(1 + totals.run * CASE_MS / 1000 + totals.pages * PAGE_NS / 1000000000));
}

static void print_host(const struct safety_facts *f, const struct safety_options *o)
{
	printf("host: %lu MiB free, %lu MiB of them claimed; %lu MiB stay so for dom0\n",
	       MIB(f->memory.free_pages), MIB(f->memory.claimed_pages),
	       (unsigned long)(o->reserve >> 20));
	for (unsigned int node = 0; node < f->nodes; node++)
		printf("  node %u: %lu MiB free\n", node, MIB(f->memory.node_free_pages[node]));
}

static void print_changes(const struct safe_run *run)
{
	const struct machine_pin *pin = &run->facts.pin;

	printf("changes, put back at the end, by a guard if need be:\n");
	if (!run->facts.pin_error)
		printf("  vCPU %u of dom0, and the benchmark with it, stays on CPU %u; its affinity now: %s\n",
		       pin->vcpu, pin->cpu, pin->affinity);
	if (run->tracing)
		printf("  Xen's trace buffers are on at times, and off at the end\n");
	if (run->session->run.perf_dir)
		printf("  kprobes of dom0's kernel on the way of hypercalls, for perf\n");
	printf("  domains without vCPUs come and go, with their claims and their memory\n");
}

static unsigned int print_all(const char *heading, json_t *sentences)
{
	const json_t *sentence;
	size_t i;

	if (json_array_size(sentences))
		printf("%s\n", heading);
	json_array_foreach(sentences, i, sentence)
		printf("  %s\n", json_string_value(sentence));
	i = json_array_size(sentences);
	json_decref(sentences);
	return (unsigned int)i;
}

int safe_run_describe(struct safe_run *run)
{
	unsigned int refusals;
	uint64_t most;
	pid_t worker;
	int busy;

	if (safe_run_look(run))
		return EXIT_USAGE;
	busy = run_lock_look(RUN_LOCK_FILE, &worker, &run->facts.unrestored);
	most = safe_run_choose(run);
	print_host(&run->facts, run->options);
	print_cases(run->session, most);
	print_changes(run);
	print_all("warnings:", safety_warnings(&run->facts));
	refusals = print_all("it would not start:", safety_refusals(&run->facts, run->options, most));
	if (busy)
		printf("it would not start: another run is going on (process %d)\n", (int)worker);
	machine_close(run->machine);
	return refusals || busy ? EXIT_USAGE : 0;
}
