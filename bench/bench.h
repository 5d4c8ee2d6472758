/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The contract of a benchmark case. A case family is one file, case_NAME.c, that knows this header
 * only; it lists its cases for a host, brings a domain and claims into the state that a case is
 * about, and makes one measured call at a time.
 *
 * Units: pages of 4 KiB; ticks of the time stamp counter, which are executed instructions in the
 * lab's exact mode. One sample is one hypercall of `ops` operations: extents allocated, or 1 call.
 *
 * Fairness: the cases of a group run in one fresh machine, in the order listed, and what runs
 * there before a case is the same on every hypervisor that can run it.
 *
 * Errors: a function that fails calls bench_fail() with what was wrong and returns its -1; the
 * case is then reported as invalid, and nothing of it is averaged. The domains of a case are made
 * with bench_domain() and destroyed by the caller.
 */
#ifndef BENCH_BENCH_H
#define BENCH_BENCH_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "bench/branch.h"
#include "bench/plan.h"
#include "bench/xen.h"

#define BENCH_NAME 96
#define BENCH_MAX_PROOFS 4

struct bench_host {
	unsigned int nodes;
	unsigned int node_gib;	    /* of the largest node; 0: as much as a case asks for */
	unsigned int domains;	    /* that a case can make; 0: as many as it likes */
	bool legacy_claims, claim_sets;
	bool given_heap;	    /* what the heap went through is said elsewhere */
	const char *cannot[XEN_CALLS]; /* why such a call cannot be issued; NULL: it can */
};

/* What a case needs of the hypervisor. */
enum bench_need { NEEDS_NO_CLAIMS, NEEDS_LEGACY_CLAIMS, NEEDS_CLAIM_SETS };

/* Where an allocation may come from. */
enum bench_where { WHERE_ANY, WHERE_PREFERRED, WHERE_EXACT };

/* What the domain has claimed, or others have: bench/stake.h. */
enum bench_stake {
	STAKE_NONE, STAKE_LEGACY, STAKE_HOST, STAKE_NODE, STAKE_SET, STAKE_SET_HOST, STAKE_OTHER,
	STAKE_ELSEWHERE, STAKE_TIGHT, STAKE_TIGHT_NODE,
	STAKE_SET_2, STAKE_SET_4, STAKE_SET_8, STAKE_SET_16,
	STAKE_HALF, STAKE_HALF_NODE, STAKE_PART, STAKE_DOUBLE, STAKE_MIXED, STAKE_OTHER_NODE,
	STAKES
};

/* Memory that nobody has claimed: more than enough, or what the domain needs and no page more. */
enum bench_room { ROOM_PLENTY, ROOM_JUST };

/* What the heap went through before: bench/history.c. */
enum bench_heap { HEAP_IS_FRESH, HEAP_IS_USED, HEAP_IS_FRAGMENTED, HEAP_IS_DIRTY, HEAP_IS_EMPTY, HEAPS };

struct leaks;
struct bench;

/* Told right before and after each measured call, outside of what is measured. */
struct bench_watch {
	void (*before)(struct bench *b);
	void (*after)(struct bench *b);
	void *data;
};

struct bench_family;

struct bench_case {
	char name[BENCH_NAME];
	char group[32];
	/* The case to compare with where this one cannot run: as near as an unclaimed hypervisor
	 * gets. Empty: none, such a case runs everywhere. */
	char reference[BENCH_NAME];
	char claim[16];	   /* what is claimed, by whom */
	const char *skip;  /* why this host cannot run it; NULL: it can */
	const struct bench_family *family;
	unsigned int order;
	enum bench_where where;
	unsigned int ops;  /* operations per sample; more than 1: extents */
	uint64_t pages;	   /* that a sample takes; 0: those of its extents */
	unsigned int samples; /* at most, where more would not fit in memory; 0: as many as asked for */
	int kind;	   /* the family's own */
	unsigned int entries; /* of the claim set, 0 where it does not matter */
	unsigned int others;  /* further domains, which hold claims */
	enum xen_kind domain_kind;
	enum bench_stake stake;
	enum bench_room room;
	enum bench_heap heap;
	enum bench_profile profile; /* the smallest that has it */
	char about[160]; /* what it measures, in words: of docs/benchmarks.md */
	struct bench_proof proofs[BENCH_MAX_PROOFS]; /* what each sample takes */
	const char *no_branch; /* why it has none to prove; NULL: it has */
	int error;	   /* -errno that the measured call must return; 0: it succeeds */
	unsigned int node_gib; /* Lab: memory that each node must have; 0: any will do */
};

#define BENCH_MAX_OTHERS 256

/* What a case works with. Zeroed before each case, apart from the first three. */
struct bench {
	struct xen *xen;
	struct bench_host host;
	struct leaks *leaks;	    /* where it is kept what cases take; NULL: nowhere */
	char error[200];	    /* of bench_fail() */
	unsigned int samples;	    /* how often sample() will be called, warm-up included */
	uint32_t domain;	    /* the one that is measured */
	uint32_t others[BENCH_MAX_OTHERS]; /* those that hold claims against it */
	unsigned int nr_others;
	uint32_t keeper;	    /* one that has what is in use of an aged heap; 0: none */
	unsigned int victim;	    /* of the others, the one to be destroyed next */
	int node;		    /* for cases that are about one */
	uint64_t next_frame;	    /* guest frame of the next extent */
	uint64_t populated;	    /* pages */
	uint64_t claimed;	    /* pages of claims when sampling starts */
	const struct bench_watch *watch; /* NULL: nobody */
};

struct bench_list {
	struct bench_case *cases;
	size_t count;
	struct bench_host host;
};

struct bench_family {
	const char *name; /* names of its cases start with it */
	int (*list)(struct bench_list *list);
	/* Before the first sample. */
	int (*prepare)(struct bench *b, const struct bench_case *c);
	/* Bring the state back, then one measured call. */
	int (*sample)(struct bench *b, const struct bench_case *c, uint64_t *ticks);
	/* After the last sample: was the branch taken that the case is about? */
	int (*check)(struct bench *b, const struct bench_case *c);
};

extern const struct bench_family populate_family, claim_family, refused_family, free_family, balloon_family,
	destroy_family, exchange_family, claim_refused_family, info_family, calibrate_family;

/* Add a copy of a case to the list; 0 or -ENOMEM. */
int bench_add(struct bench_list *list, const struct bench_case *c);

/* One more branch that a sample takes so often; there must be room for it. */
void bench_prove(struct bench_case *c, enum bench_branch branch, unsigned int times);

/* Why a host cannot run a case with that need; NULL: it can. */
const char *bench_lacks(const struct bench_host *host, enum bench_need need);

/* Keep the message and return -1. err: -errno of the call that failed, or 0. */
int bench_fail(struct bench *b, int err, const char *fmt, ...)
	__attribute__((format(printf, 3, 4)));

/* Set b->node to the last node with that many free pages: far from the low memory drivers want. */
int bench_choose_node(struct bench *b, uint64_t pages);

/* What XENMEM calls of the case take for a node. */
int bench_node(const struct bench *b, const struct bench_case *c);

/* Add cases number 0 to count - 1 of a family. */
int bench_add_each(struct bench_list *list, int count, int (*add)(struct bench_list *list, int number));

/* Is there a case of that name? */
bool bench_listed(const struct bench_list *list, const char *name);

/* Why the nodes of a host are too small for the case, or too many for so large ones; NULL: they will do. */
const char *bench_too_small(const struct bench_host *host, const struct bench_case *c);

static inline const char *bench_heap_name(enum bench_heap heap)
{
	static const char *const names[HEAPS] = {"fresh", "used", "fragmented", "dirty", "empty"};

	return names[heap];
}

static inline const char *bench_where_name(enum bench_where where)
{
	return where == WHERE_ANY ? "any" : where == WHERE_EXACT ? "exact" : "preferred";
}

/* A new domain that will get that many pages. */
int bench_domain(struct bench *b, enum xen_kind kind, uint64_t pages, uint32_t *domid);

/* So many domains more in b->others, each with a claim of that many pages: legacy ones. */
int bench_others(struct bench *b, unsigned int count, uint64_t pages);

/* Populate without measuring, all of it or an error; frames from b->next_frame on. */
int bench_populate(struct bench *b, uint32_t domain, unsigned int order, int node, unsigned int extents);

/* The domain must have so many pages. */
int bench_check_pages(struct bench *b, uint64_t expected);

/* One measured call that must return `expected`. */
int bench_issue(struct bench *b, enum xen_call call, long expected, uint64_t *ticks);

/* Claims for `domain`, and the end of all of them. */
int bench_claim_legacy(struct bench *b, uint32_t domain, uint64_t pages);
int bench_claim_set(struct bench *b, uint32_t domain, const struct xen_claim *set, unsigned int n);
int bench_release(struct bench *b, uint32_t domain);

/* Claim every page that nobody has claimed, but so many: by the legacy call, or all of one node by a set. */
int bench_claim_rest(struct bench *b, uint32_t domain, uint64_t but);
int bench_claim_rest_of_node(struct bench *b, uint32_t domain, unsigned int node);

/*
 * Make all nodes split their free blocks in step. A block of 2^k extents costs one split more
 * than two of half that size, and where it starts depends on how much memory a hypervisor took
 * for itself. So allocate, to a domain of its own, up to a multiple of `extents` on each node.
 */
int bench_align_heap(struct bench *b, unsigned int order, unsigned int extents);

/*
 * Bring the heap of node b->node into the state that the case is about: once the node is chosen, and
 * what must be done anew before each sample. A used heap has blocks of all sizes, of which small ones go
 * first: no two samples would be alike.
 */
int bench_age_heap(struct bench *b, const struct bench_case *c);
int bench_age_sample(struct bench *b, const struct bench_case *c);

#endif
