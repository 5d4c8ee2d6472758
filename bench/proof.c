// SPDX-License-Identifier: GPL-2.0-only
#include "bench/proof.h"

#include <stdio.h>
#include <string.h>

#include "tracepoints/catalog.h"
#include "tracepoints/raw.h"

#define ANY_DOMAIN UINT32_MAX

/*
 * Xen's own record of a hypercall by a PV domain (public/trace.h); numbers of hypercalls are those of
 * public/xen.h.
 */
enum { TRC_pv_hypercall = 0x20100d };
struct trc_pv_hypercall {
	uint32_t op : 20, arguments : 12;
};
enum { OP_XEN_VERSION = 17, OP_SYSCTL = 35, OP_DOMCTL = 36 };

static bool is_alloc(const struct trc_heap_section *r)
{
	return r->site == HEAP_SITE_ALLOC;
}

static bool is_served(const struct trc_heap_section *r)
{
	return is_alloc(r) && r->node != HEAP_NODE_NONE;
}

/* Claims that it redeemed. Without claim sets the section in which claims follow tot_pages tells. */
static unsigned int sources(const struct trc_heap_section *r)
{
	return (r->from_node != 0) + (r->from_host != 0) + (r->from_other != 0);
}

/* RULE(branch, event, what holds for a record r of it, given the case's error) */
#define RULES(RULE)                                                                                \
	RULE(ALLOC_FREE, heap_section, is_served(r) && r->host_cover == HEAP_COVER_UNCLAIMED)      \
	RULE(ALLOC_CLAIMED, heap_section, is_served(r) && r->host_cover == HEAP_COVER_CLAIMS)      \
	RULE(NODE_FREE, heap_section, is_served(r) && r->node_cover == HEAP_COVER_UNCLAIMED)       \
	RULE(NODE_CLAIMED, heap_section, is_served(r) && r->node_cover == HEAP_COVER_CLAIMS)       \
	RULE(REDEEM_NONE, heap_section, is_served(r) && !sources(r))                               \
	RULE(REDEEM_NODE, heap_section, sources(r) == 1 && r->from_node)                           \
	RULE(REDEEM_HOST, heap_section, sources(r) == 1 && r->from_host)                           \
	RULE(REDEEM_OTHER, heap_section, sources(r) == 1 && r->from_other)                         \
	RULE(REDEEM_MIXED, heap_section, sources(r) > 1)                                           \
	RULE(REFUSED_HOST, heap_section, is_alloc(r) && r->host_cover == HEAP_COVER_REFUSED)       \
	RULE(REFUSED_NODE, heap_section,                                                           \
	     is_alloc(r) && !is_served(r) && r->host_cover != HEAP_COVER_REFUSED && r->refused_claims) \
	RULE(PASSED_CLAIMS, heap_section, is_served(r) && r->refused_claims)                       \
	RULE(PASSED_EMPTY, heap_section, is_served(r) && r->refused_empty)                         \
	RULE(SCRUB, heap_section, r->site == HEAP_SITE_ALLOC_SCRUB)                                \
	RULE(FREE, heap_section, r->site == HEAP_SITE_FREE)                                        \
	RULE(CLAIM_LEGACY, claim_install, r->kind == HEAP_KIND_LEGACY && !r->error)                \
	RULE(CLAIM_SET, claim_install, r->kind == HEAP_KIND_SET && !r->error)                      \
	RULE(CLAIM_REFUSED, claim_install, error && r->error == (uint32_t)-error)                  \
	RULE(RELEASE, claim_release, true)                                                         \
	RULE(TEARDOWN, domain_teardown, true)                                                      \
	RULE(INFO, heap_section, r->site == HEAP_SITE_INFO)                                        \
	RULE(SYSCTL, pv_hypercall, r->op == OP_SYSCTL)                                             \
	RULE(DOMCTL, pv_hypercall, r->op == OP_DOMCTL)                                             \
	RULE(VERSION, pv_hypercall, r->op == OP_XEN_VERSION)

#define RULE_COUNT(branch, event, condition) +1
_Static_assert(RULES(RULE_COUNT) == BRANCHES - 1, "each branch but none has a rule");

#define RULE_FUNCTION(branch, event, condition)                                                    \
	static bool takes_##branch(const uint32_t *words, int error)                               \
	{                                                                                          \
		struct trc_##event record, *r = &record;                                           \
                                                                                                   \
		(void)error;                                                                       \
		memcpy(r, words, sizeof(*r));                                                      \
		return condition;                                                                  \
	}
RULES(RULE_FUNCTION)

#define RULE_ENTRY(branch, event, condition) [BRANCH_##branch] = {TRC_##event, takes_##branch},
static const struct rule {
	uint32_t event;
	bool (*holds)(const uint32_t *words, int error);
} rules[BRANCHES] = {RULES(RULE_ENTRY)};

/* Whom a record is about; of what asks for the state of all, and of calls of dom0, it is anyone. */
static uint32_t domain_of(const struct raw_record *record)
{
	struct trc_heap_section section;

	switch (record->event) {
	case TRC_heap_section:
		memcpy(&section, record->words, sizeof(section));
		return section.site == HEAP_SITE_INFO ? ANY_DOMAIN : section.domid;
	case TRC_claim_install:
	case TRC_claim_release:
	case TRC_domain_teardown:
		return record->words[0] & 0xffff; /* the first field of each */
	case TRC_pv_hypercall:
		return ANY_DOMAIN;
	default:
		return HEAP_DOMID_NONE;
	}
}

void proof_begin(struct proof *p, const struct bench_case *c)
{
	*p = (struct proof){.c = c};
}

static size_t nr_proofs(const struct bench_case *c)
{
	size_t n = 0;

	while (n < BENCH_MAX_PROOFS && c->proofs[n].branch != BRANCH_NONE)
		n++;
	return n;
}

uint32_t proof_mask(const struct bench_case *c)
{
	uint32_t mask = 0;

	for (size_t i = 0; i < nr_proofs(c); i++)
		mask |= rules[c->proofs[i].branch].event & ~0xfffu; /* class and subclass */
	return mask;
}

static void count_record(struct proof *p, const struct proof_window *window,
			 const struct raw_record *record)
{
	uint32_t domain = domain_of(record);

	if (record->tsc < window->first || record->tsc > window->last ||
	    (domain != ANY_DOMAIN && domain != window->domain))
		return;
	for (size_t i = 0; i < nr_proofs(p->c); i++) {
		const struct rule *rule = &rules[p->c->proofs[i].branch];

		if (record->event == rule->event && rule->holds(record->words, p->c->error))
			p->now[i]++;
	}
}

void proof_count(struct proof *p, const struct proof_window *window, const void *bytes, size_t size)
{
	const char *from = bytes, *end = from + size;
	struct raw_record record;
	size_t length;

	while ((length = raw_take(from, (size_t)(end - from), &record))) {
		if (record.event == TRACE_EVENT_LOST)
			p->lost += record.words[0];
		else
			count_record(p, window, &record);
		from += length;
	}
	p->nonsense += (uint64_t)(end - from);
}

void proof_end_sample(struct proof *p)
{
	for (size_t i = 0; i < nr_proofs(p->c); i++) {
		unsigned int times = p->c->proofs[i].times;

		if (times && p->now[i] != times && !p->failed[i]) {
			p->failed[i] = true;
			p->wrong[i] = p->now[i];
		}
		p->all[i] += p->now[i];
		p->now[i] = 0;
	}
}

int proof_judge(const struct proof *p, char error[PROOF_ERROR_SIZE])
{
	if (p->lost || p->nonsense) {
		snprintf(error, PROOF_ERROR_SIZE,
			 "its branches cannot be proven: %llu records of the trace were lost, %llu bytes are none",
			 (unsigned long long)p->lost, (unsigned long long)p->nonsense);
		return -1;
	}
	for (size_t i = 0; i < nr_proofs(p->c); i++) {
		const struct bench_proof *proof = &p->c->proofs[i];

		if (!p->failed[i] && (proof->times || p->all[i]))
			continue;
		snprintf(error, PROOF_ERROR_SIZE, "its branch was not seen: %s, expected %s%u, seen %llu",
			 branch_name(proof->branch), proof->times ? "" : "more than ", proof->times,
			 (unsigned long long)(proof->times ? p->wrong[i] : p->all[i]));
		return -1;
	}
	return 0;
}

json_t *proof_to_json(const struct proof *p)
{
	json_t *list = json_array();

	for (size_t i = 0; i < nr_proofs(p->c); i++) {
		const struct bench_proof *proof = &p->c->proofs[i];
		uint64_t seen = !proof->times ? p->all[i] : p->failed[i] ? p->wrong[i] : proof->times;
		json_t *one = json_pack("{s:s, s:i, s:I}", "branch", branch_name(proof->branch),
					"expected", (int)proof->times, "seen", (json_int_t)seen);

		if (json_array_append_new(list, one)) {
			json_decref(list);
			return NULL;
		}
	}
	return list;
}
