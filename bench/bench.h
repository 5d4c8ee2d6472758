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
	bool legacy_claims, claim_sets;
};

/* What a case needs of the hypervisor. */
enum bench_need { NEEDS_NO_CLAIMS, NEEDS_LEGACY_CLAIMS, NEEDS_CLAIM_SETS };

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
	bool exact_node;   /* allocate from one node only; else from any */
	unsigned int ops;  /* operations per sample; more than 1: extents */
	int kind;	   /* the family's own */
	unsigned int entries; /* of the claim set, 0 where it does not matter */
	enum bench_profile profile; /* the smallest that has it */
	const char *about; /* what it measures, a line of docs/benchmarks.md; with any values in words */
	struct bench_proof proofs[BENCH_MAX_PROOFS]; /* what each sample takes; none: nothing to prove */
	int error;	   /* -errno that the measured call must return; 0: it succeeds */
	unsigned int node_gib; /* Lab: memory that each node must have; 0: any will do */
};

/* What a case works with. Zeroed before each case, apart from the first three. */
struct bench {
	struct xen *xen;
	struct bench_host host;
	struct leaks *leaks;	    /* where it is kept what cases take; NULL: nowhere */
	char error[200];	    /* of bench_fail() */
	unsigned int samples;	    /* how often sample() will be called, warm-up included */
	uint32_t domain;	    /* the one that is measured */
	uint32_t other;		    /* one that holds claims against it; 0: none */
	int node;		    /* for exact cases */
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

extern const struct bench_family populate_family, claim_family, refused_family;

/* Add a copy of a case to the list; 0 or -ENOMEM. */
int bench_add(struct bench_list *list, const struct bench_case *c);

/* Why a host cannot run a case with that need; NULL: it can. */
const char *bench_lacks(const struct bench_host *host, enum bench_need need);

/* Keep the message and return -1. err: -errno of the call that failed, or 0. */
int bench_fail(struct bench *b, int err, const char *fmt, ...)
	__attribute__((format(printf, 3, 4)));

/* Set b->node to the last node with that many free pages: far from the low memory drivers want. */
int bench_choose_node(struct bench *b, uint64_t pages);

/* A new domain that will get that many pages. */
int bench_domain(struct bench *b, enum xen_kind kind, uint64_t pages, uint32_t *domid);

/* One measured call that must return `expected`. */
int bench_issue(struct bench *b, enum xen_call call, long expected, uint64_t *ticks);

/* Claims for `domain`, and the end of all of them. */
int bench_claim_legacy(struct bench *b, uint32_t domain, uint64_t pages);
int bench_claim_set(struct bench *b, uint32_t domain, const struct xen_claim *set, unsigned int n);
int bench_release(struct bench *b, uint32_t domain);

/* Claim every page that nobody has claimed: by the legacy call, or all of one node by a set. */
int bench_claim_rest(struct bench *b, uint32_t domain);
int bench_claim_rest_of_node(struct bench *b, uint32_t domain, unsigned int node);

/*
 * Make all nodes split their free blocks in step. A block of 2^k extents costs one split more
 * than two of half that size, and where it starts depends on how much memory a hypervisor took
 * for itself. So allocate, to a domain of its own, up to a multiple of `extents` on each node.
 */
int bench_align_heap(struct bench *b, unsigned int order, unsigned int extents);

#endif
