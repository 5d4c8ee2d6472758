/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Xen's page allocator as a library: xen/common/page_alloc.c of one patched tree, unmodified, with
 * Xen's own locks, on simulated NUMA nodes. Built by scripts/host/build; needs nothing but libc.
 *
 * One heap per process: what is static in Xen cannot be started again, so fork for a fresh one.
 * Memory is counted in pages of 4 KiB, frames are machine frame numbers. A failed assertion of Xen
 * ends the process. Errors are 0 or -errno, as Xen gives them.
 */
#ifndef BENCH_HOST_HEAP_H
#define BENCH_HOST_HEAP_H

#ifdef __XEN__
#include <xen/types.h>
#else
#include <stdbool.h>
#include <stdint.h>
#endif

#define HEAP_MAX_NODES 64
#define HEAP_MAX_DOMAINS 64
#define HEAP_MAX_THREADS 64
#define HEAP_ORDERS 21 /* at most; the largest blocks are as Xen is configured, 2^18 pages */
#define HEAP_ANY_NODE (-1)

/* Targets of claims that are no node. */
#define HEAP_CLAIM_LEGACY 0x40000000u
#define HEAP_CLAIM_HOST 0x80000000u

/* Exit status when Xen gave up: by a failed assertion, or by calling what is only a name here. */
#define HEAP_EXIT_ABORT 3

enum heap_flags {
	HEAP_EXACT_NODE = 1, /* that node or none; without it the node is where the search starts */
	HEAP_NO_REFCOUNT = 2, /* pages that do not count for the domain, and redeem no claim */
	HEAP_NO_OWNER = 4,    /* for the domain, but belongs to nobody; implies HEAP_NO_REFCOUNT */
	HEAP_CREATING = 8,    /* the domain never ran: no TLB can know the pages, none is flushed */
};

/*
 * What a heap went through, on every node. What stays in use belongs to a domain, one of
 * HEAP_MAX_DOMAINS, which is never destroyed.
 */
enum heap_history {
	HEAP_FRESH, /* nothing: all memory is in blocks as large as can be */
	/*
	 * So many pages were taken in blocks of 2^0 to 2^9, and about half of the blocks came back
	 * in random order: free blocks of all sizes. The rest stays in use.
	 */
	HEAP_USED,
	/*
	 * So many pages are free whose neighbour, which they would merge with, is in use: taking a
	 * page splits nothing, giving it back merges nothing. They come in random order. As many
	 * stay in use.
	 */
	HEAP_FRAGMENTED,
	/*
	 * As many single pages, and 2 MiB blocks of together as many pages, which a dying domain
	 * left: they must be scrubbed before use. A single page is served from them at once, others
	 * when nothing clean is left. As many stay in use, by a domain which is dying.
	 */
	HEAP_DIRTY,
};

struct heap_config {
	unsigned int nodes;
	unsigned long node_pages;  /* a power of two */
	unsigned long first_frame; /* a multiple of node_pages or 512; nodes follow from there */
	unsigned long xen_pages;   /* so many frames of the first node are never free */
	unsigned int node_cpus;	   /* thread n is on node n / node_cpus % nodes; 0 means 1 */
	/*
	 * Do not write what Xen knows about each frame, but map copies of one page of it: for hosts
	 * whose frame table does not fit in memory. The allocator cannot tell. Needs nodes, and
	 * xen_pages, of multiples of 128 pages.
	 */
	bool sparse;
};

/* As the toolstack passes it. */
struct heap_claim {
	uint64_t pages;
	uint32_t target; /* a node, or HEAP_CLAIM_ */
	uint32_t pad;
};

struct heap_counters {
	unsigned long free, claimed;
	unsigned long flushes; /* of TLBs, which were asked for */
	struct {
		unsigned long free;  /* the counter that claims are checked against */
		unsigned long zones; /* sum over the zones; the truth */
		unsigned long claimed;
		unsigned long dirty; /* free, but not scrubbed */
	} node[HEAP_MAX_NODES];
};

struct heap_holding {
	unsigned long pages; /* those that count against max_pages */
	unsigned long host_claims, node_claims;
	const unsigned long *claims; /* of HEAP_MAX_NODES nodes; Xen's own, no copy */
};

struct heap_domain;

#pragma GCC visibility push(default)

/*
 * Sets first_frame and xen_pages for nodes and node_pages: from 4 GiB on, as Xen looks below only
 * when nothing else is left. Up to 16 TiB, of which Xen can have no more, the first 4 GiB are its
 * own.
 */
void heap_place(struct heap_config *config);
/*
 * Once per process, before all else. All frames of all nodes are free then, but xen_pages, four of
 * each node, and the last 512 where Xen's frame numbers end (at 16 TiB).
 */
void heap_boot(const struct heap_config *config);
/* Once, before anything is claimed; what a seed gives once it always gives. */
void heap_age(enum heap_history history, unsigned long pages, uint64_t seed);
/* Every thread but the one that booted calls this first. */
void heap_enter_thread(void);
/* The last call of a thread, that another one may take its place. */
void heap_leave_thread(void);

struct heap_domain *heap_create_domain(unsigned long max_pages);
/* What domain_kill() does first: the domain is dying, its claims are cancelled. */
void heap_kill_domain(struct heap_domain *d);
/* It is dying, and all its pages were freed. */
void heap_destroy_domain(struct heap_domain *d);
void heap_set_max_pages(struct heap_domain *d, unsigned long pages);

/* XEN_DOMCTL_claim_memory, from its payload on; -ENOSYS where there are no claim sets. */
int heap_claim_set(struct heap_domain *d, const struct heap_claim *claims, unsigned int nr,
		   uint32_t pad);
/* XENMEM_claim_pages. */
int heap_claim_legacy(struct heap_domain *d, unsigned long pages);

/* The first of 2^order frames, or 0. d may be NULL: memory for Xen itself. */
unsigned long heap_alloc(struct heap_domain *d, unsigned int order, int node, unsigned int flags);
/* All of one heap_alloc(); an owner's pages go one by one. */
void heap_free(unsigned long frame, unsigned int order);
/* A page in use goes offline once it is freed. */
int heap_offline(unsigned long frame);
int heap_online(unsigned long frame);

bool heap_is_free(unsigned long frame);

/* These read without locks: for when nobody else allocates or claims. */
void heap_read_counters(struct heap_counters *counters);
/* Some of those: on many nodes, all take longer to read than an operation. */
void heap_read_host(struct heap_counters *counters);
void heap_read_node(struct heap_counters *counters, unsigned int node);
/* The free blocks of a node, by their size. */
void heap_read_orders(unsigned int node, unsigned long blocks[HEAP_ORDERS]);
void heap_read_domain(const struct heap_domain *d, struct heap_holding *holding);

/*
 * Trace points, of +trace variants; -EOPNOTSUPP in others. All three are for when no other thread is
 * in the heap. Each thread has a buffer of that many bytes; what finds no room in it is lost, and
 * counted. The file is one of xentrace's, of what was recorded since tracing started last.
 */
int heap_start_tracing(unsigned long bytes);
void heap_stop_tracing(void);
int heap_write_trace(const char *path);

#pragma GCC visibility pop

#endif
