// SPDX-License-Identifier: GPL-2.0-only
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "bench/safety.h"

#define PAGE_SHIFT 12
#define MIB_PAGES (1ull << (20 - PAGE_SHIFT))
/* Xen's own for a domain: its structures, and the least pool of page tables. */
#define DOMAIN_PAGES 384
/* The measured one, one that claims, one that keeps the heap in step. */
#define DOMAINS 3
/* Claims of cases that measure the claim call, by entry; what others add to theirs. */
#define CALL_PAGES 256
#define SLACK_PAGES 1024
/*
 * So much of a node the cases use to bring its free blocks in step, in samples; so often a heap is
 * aged.
 */
#define ALIGN_SAMPLES 4
#define AGE_TIMES 4

/* How many times what is allocated is claimed at most. */
static unsigned int claims_of(const struct bench_case *c, unsigned int nodes)
{
	switch (c->stake) {
	case STAKE_NONE: return 0;
	case STAKE_SET:
	case STAKE_SET_HOST:
	case STAKE_SET_2:
	case STAKE_SET_4:
	case STAKE_SET_8:
	case STAKE_SET_16: return nodes + 1;
	case STAKE_DOUBLE: return 2;
	default: return 1;
	}
}

/* Some leave nothing to others by what they are about, some to get memory of a certain kind. */
static bool takes_all(const struct bench_case *c)
{
	return c->stake == STAKE_TIGHT || c->stake == STAKE_TIGHT_NODE || c->stake == STAKE_PART ||
	       c->stake == STAKE_OTHER_NODE || c->room == ROOM_JUST || c->heap == HEAP_IS_EMPTY ||
	       (c->heap == HEAP_IS_DIRTY && c->order) ||
	       !strcmp(c->family->name, "refused");
}

/* Of all samples where they keep what they take; others give it back, some after they took more. */
static uint64_t allocated(const struct bench_case *c, unsigned int samples)
{
	uint64_t sample = c->pages ? c->pages : (uint64_t)c->ops << c->order;
	uint64_t times = 2;

	if (c->samples && c->samples < samples)
		samples = c->samples;
	if (!strcmp(c->family->name, "populate"))
		times = samples + 1;
	if (c->heap != HEAP_IS_FRESH)
		times *= 1 + AGE_TIMES;
	return times * sample + SLACK_PAGES;
}

void safety_need(const struct bench_case *c, const struct bench_host *host, unsigned int samples,
		 struct safety_need *need)
{
	uint64_t pages = allocated(c, samples);

	*need = (struct safety_need){.domains = DOMAINS + c->others, .all = takes_all(c)};
	need->claimed = claims_of(c, host->nodes) * pages + c->entries * CALL_PAGES + c->others;
	need->pages = need->claimed > pages ? need->claimed : pages;
	/* What is claimed elsewhere is not what is allocated. */
	if (c->stake == STAKE_OTHER || c->stake == STAKE_ELSEWHERE)
		need->pages += pages;
	need->pages += need->domains * DOMAIN_PAGES +
		       ((uint64_t)host->nodes * ALIGN_SAMPLES * c->ops << c->order);
}

uint64_t safety_unclaimed(const struct safety_facts *facts)
{
	const struct xen_memory *m = &facts->memory;

	return m->free_pages > m->claimed_pages ? m->free_pages - m->claimed_pages : 0;
}

uint64_t safety_reserve(const struct safety_options *options)
{
	return options->reserve >> PAGE_SHIFT;
}

bool safety_fits(uint64_t pages, const struct safety_facts *facts, const struct safety_options *options)
{
	return pages + safety_reserve(options) <= safety_unclaimed(facts);
}

const char *safety_skip(const struct safety_need *need, const struct safety_facts *facts,
			const struct safety_options *options)
{
	if (need->all && !options->claim_all)
		return "it claims all memory, the reserve of dom0 included: --claim-all runs it";
	if (options->what_fits && !safety_fits(need->pages, facts, options))
		return "it would take more memory than the reserve of dom0 leaves";
	return NULL;
}

__attribute__((format(printf, 2, 3))) static void add(json_t *list, const char *fmt, ...)
{
	va_list args;
	char *text;

	va_start(args, fmt);
	if (vasprintf(&text, fmt, args) < 0)
		text = NULL;
	va_end(args);
	json_array_append_new(list, json_string(text ? text : fmt));
	free(text);
}

static void list_domains(const struct safety_facts *facts, char *text, size_t size)
{
	size_t used = 0;

	for (unsigned int i = 0; i < facts->others && i < SAFETY_NAMED && used < size; i++)
		used += (size_t)snprintf(text + used, size - used, "%s%u", i ? ", " : "", facts->named[i]);
	if (facts->others > SAFETY_NAMED && used < size)
		snprintf(text + used, size - used, " …");
}

json_t *safety_refusals(const struct safety_facts *facts, const struct safety_options *options, uint64_t most)
{
	json_t *list = json_array();
	char domains[128] = "";

	if (facts->leftovers || facts->unrestored) {
		add(list, "a run that was killed left %u domain%s%s: claimperf clean removes what is left",
		    facts->leftovers, facts->leftovers == 1 ? "" : "s",
		    facts->unrestored ? ", and changes to dom0" : "");
		return list; /* memory may be short for that alone */
	}
	list_domains(facts, domains, sizeof(domains));
	if (facts->others && !options->beside_domains)
		add(list, "%u other domain%s (%s), which a benchmark would disturb: end %s, or --beside-domains",
		    facts->others, facts->others == 1 ? " runs" : "s run", domains,
		    facts->others == 1 ? "it" : "them");
	if (most && !safety_fits(most, facts, options))
		add(list, "%llu MiB are free and unclaimed, of which dom0 keeps %llu MiB (--reserve); the cases "
			  "need %llu MiB: choose fewer (--filter, --samples), or --what-fits",
		    (unsigned long long)(safety_unclaimed(facts) / MIB_PAGES),
		    (unsigned long long)(options->reserve >> 20),
		    (unsigned long long)((most + MIB_PAGES - 1) / MIB_PAGES));
	return list;
}

json_t *safety_warnings(const struct safety_facts *facts)
{
	const struct machine_power *power = &facts->power;
	json_t *list = json_array();

	if (facts->build.debug == MACHINE_YES)
		add(list, "this is a debug build of Xen: its figures are not those of a release");
	if (facts->build.lock_profile == MACHINE_YES)
		add(list, "this Xen profiles its locks, which makes each of them slower");
	if (facts->build.counters == MACHINE_YES)
		add(list, "this Xen has performance counters, which cost time");
	if (facts->build.debug == MACHINE_UNKNOWN)
		add(list, "whether this is a debug build of Xen is unknown: it has no /buildinfo/config");
	if (power->governor[0] && strcmp(power->governor, "performance"))
		add(list, "the CPU scales its frequency (%s): xenpm set-scaling-governor performance",
		    power->governor);
	if (power->turbo)
		add(list, "turbo mode is on: xenpm disable-turbo-mode");
	if (power->deepest_idle > 1)
		add(list, "the CPU may sleep as deep as C%u: xenpm set-max-cstate 1", power->deepest_idle);
	if (facts->pin_error)
		add(list, "no vCPU of dom0 can be pinned: %s", strerror(-facts->pin_error));
	if (facts->others)
		add(list, "other domains run: they take turns with dom0, and memory from the cases");
	return list;
}

static json_t *answer_to_json(enum machine_answer answer)
{
	return answer == MACHINE_UNKNOWN ? json_null() : json_boolean(answer == MACHINE_YES);
}

json_t *safety_to_json(const struct safety_facts *facts, const struct safety_options *options)
{
	json_t *pin = facts->pin_error ? json_null() :
					 json_pack("{s:i, s:i}", "vcpu", (int)facts->pin.vcpu, "cpu",
						   (int)facts->pin.cpu);

	return json_pack("{s:I, s:i, s:o, s:o, s:o, s:o, s:s, s:b, s:i, s:o}", "reserve",
			 (json_int_t)options->reserve, "other_domains", (int)facts->others, "debug",
			 answer_to_json(facts->build.debug), "lock_profile",
			 answer_to_json(facts->build.lock_profile), "perf_counters",
			 answer_to_json(facts->build.counters), "pinned", pin, "governor",
			 facts->power.governor, "turbo", facts->power.turbo, "deepest_idle",
			 (int)facts->power.deepest_idle, "warnings", safety_warnings(facts));
}
