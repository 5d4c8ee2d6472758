/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What the benchmark asks of a hypervisor. xen.c alone knows libxenctrl; nothing of it shows here.
 *
 * Functions return 0 or -errno, the hypervisor's errors included. Memory is counted in pages of
 * 4 KiB. Nothing here is thread-safe.
 */
#ifndef BENCH_XEN_H
#define BENCH_XEN_H

#include <stdbool.h>
#include <stdint.h>

#define XEN_MAX_NODES 64
#define XEN_ANY_NODE (-1)
/* Where to allocate: a number alone is that node or none; this is that node while it has memory. */
#define XEN_PREFER(node) ((node) | 1 << 16)
#define XEN_NODE_OF(node) ((node) & 0xffff)

#define XEN_MAX_DOMAINS 320 /* made through one struct xen and not destroyed */

/* Targets of a claim that are no node. */
#define XEN_CLAIM_HOST 0x80000000u
#define XEN_CLAIM_LEGACY 0x40000000u

struct xen;

struct xen_claim {
	uint64_t pages;
	uint32_t target; /* node, XEN_CLAIM_HOST or XEN_CLAIM_LEGACY */
};

struct xen_memory {
	uint64_t free_pages;
	uint64_t claimed_pages; /* outstanding, of all domains */
	uint64_t node_free_pages[XEN_MAX_NODES];
};

enum xen_kind {
	XEN_HVM, /* hardware-assisted paging; what the cases populate */
	XEN_PV,	 /* learns the machine address of each page it is given */
};

/* Needs a running Xen and root. */
int xen_open(struct xen **out);

/* Destroys every domain made through xen, which releases their claims; NULL is fine. */
void xen_close(struct xen *xen);

/* Those made through xen and not destroyed: how many there are; the first max of them. */
unsigned int xen_list_domains(const struct xen *xen, uint32_t *domids, unsigned int max);

/* Forget the domains instead: for machines that are thrown away as soon as the run is over. */
void xen_leave_domains(struct xen *xen);

unsigned int xen_nodes(const struct xen *xen);
uint64_t xen_tsc_khz(const struct xen *xen);

/* The name of its claim interface: none, legacy, v6, v7 or v8; and what that offers. */
const char *xen_dialect(const struct xen *xen);
bool xen_has_claim_sets(const struct xen *xen);
bool xen_has_legacy_claims(const struct xen *xen);

/* That can be made at a time, at most. */
unsigned int xen_max_domains(const struct xen *xen);

/* Does the heap start the same under every hypervisor, so that nothing needs to be aligned? */
bool xen_heap_is_given(const struct xen *xen);

/* Takes heap_lock: never inside a measured window. */
int xen_read_memory(struct xen *xen, struct xen_memory *memory);

/*
 * Wait until free memory has stood still for so long, in steps of 10 ms; -ETIMEDOUT if that takes more
 * than most_ms, -EINTR after a signal.
 */
int xen_settle(struct xen *xen, unsigned int still_ms, unsigned int most_ms);

/*
 * A domain without vCPUs and memory, with page tables for that many pages and no limit to its
 * memory; it bears the benchmark's mark.
 */
int xen_create_domain(struct xen *xen, enum xen_kind kind, uint64_t pages, uint32_t *domid);
int xen_destroy_domain(struct xen *xen, uint32_t domid);

/* It was destroyed by XEN_DESTROY. */
void xen_forget_domain(struct xen *xen, uint32_t domid);

/*
 * Destroy a domain and keep it from being gone: it is dying until xen_destroy_domain(). frame: one of
 * its pages. One domain at a time.
 */
int xen_keep_dying(struct xen *xen, uint32_t domid, uint64_t frame);

/* The limit of a new domain is beyond any host. */
int xen_set_max_pages(struct xen *xen, uint32_t domid, uint64_t pages);

/* All that were made through xen; what cannot be destroyed is left to xen_clean(). */
void xen_destroy_domains(struct xen *xen);

/* The first domain from *domid up that bears the mark, whoever made it, or does not: 1, or 0 when there is none. */
int xen_find_domain(struct xen *xen, bool marked, uint32_t *domid);

/* Domains that bear the mark. */
int xen_count_marked(struct xen *xen, unsigned int *count);

/* Cancel the claims of marked domains and destroy these; *count says how many there were. */
int xen_clean(struct xen *xen, unsigned int *count);

/* Pages the domain has, and pages it has claimed. */
int xen_read_domain(struct xen *xen, uint32_t domid, uint64_t *pages, uint64_t *claimed);

/* Claim beyond what the domain has, by XENMEM_claim_pages; 0 cancels its claims. */
int xen_claim_legacy(struct xen *xen, uint32_t domid, uint64_t pages);

/*
 * Replace the claims of a domain; without pages: release them. Where the dialect wants it, the
 * domain is paused first.
 */
int xen_claim_set(struct xen *xen, uint32_t domid, const struct xen_claim *set, unsigned int n);
int xen_release_claims(struct xen *xen, uint32_t domid);

/* The claims of a domain, *n entries at most. -EOPNOTSUPP: this hypervisor does not tell. */
int xen_read_claims(struct xen *xen, uint32_t domid, struct xen_claim *set, unsigned int *n);

/*
 * Calls that can be measured are prepared first; xen_issue() then makes nothing but the call
 * between two readings of the time stamp counter, in ticks. Its result is that of the hypercall:
 * extents populated, 0, or -errno.
 */
enum xen_call {
	XEN_POPULATE,
	XEN_CLAIM_SET,
	XEN_CLAIM_PAGES,  /* the legacy call */
	XEN_CLAIM_FLAWED, /* a set with something wrong in it */
	XEN_DECREASE,
	XEN_EXCHANGE,
	XEN_DESTROY,
	XEN_DOMAIN_INFO,
	XEN_DOMAIN_LIST,
	XEN_PHYSINFO,
	XEN_NUMAINFO,
	/* Calibration; these need no preparation. */
	XEN_VERSION, /* the hypercall that does next to nothing */
	XEN_LOCK_PAIR,
	XEN_NOTHING,
	XEN_CALLS
};

#define XEN_MAX_EXTENTS 1024
#define XEN_MAX_LISTED 256

/* Those of the allocator itself; the others are of what is around it in a hypervisor. */
static inline bool xen_is_allocator_call(enum xen_call call)
{
	return call <= XEN_DECREASE || call == XEN_LOCK_PAIR || call == XEN_NOTHING;
}

/* Why that call cannot be issued here; NULL: it can. */
const char *xen_cannot(const struct xen *xen, enum xen_call call);

/* node: XEN_ANY_NODE, a node, or XEN_PREFER(). Frames from first_frame up, contiguous. */
int xen_prepare_populate(struct xen *xen, uint32_t domid, unsigned int order, int node,
			 uint64_t first_frame, unsigned int extents);

/*
 * Give extents back. Frames are those of the domain: its own, or of the machine for a PV domain,
 * as xen_frames() tells them.
 */
int xen_prepare_decrease(struct xen *xen, uint32_t domid, unsigned int order, const uint64_t *frames,
			 unsigned int extents);

/* Of a PV domain: give those back for as much memory of another order, given_order. */
int xen_prepare_exchange(struct xen *xen, uint32_t domid, unsigned int order, const uint64_t *frames,
			 unsigned int extents, unsigned int given_order, unsigned int given);

/* Frames of the last populate call, good for a decrease; and those that an exchange brought. */
const uint64_t *xen_frames(const struct xen *xen);
const uint64_t *xen_given_frames(const struct xen *xen);

/* Afterwards xen_forget_domain(). */
int xen_prepare_destroy(struct xen *xen, uint32_t domid);

/* Of a domain, or of so many from that one on; the other two know neither. */
int xen_prepare_info(struct xen *xen, enum xen_call call, uint32_t domid, unsigned int count);
/* What the last call told of: XEN_NUMAINFO nodes, XEN_DOMAIN_INFO and XEN_DOMAIN_LIST domains. */
unsigned int xen_told(const struct xen *xen, enum xen_call call);

int xen_prepare_set(struct xen *xen, uint32_t domid, const struct xen_claim *set, unsigned int n);

/* What is wrong with a set that its entries cannot say; of entries it is the last. */
enum xen_flaw {
	XEN_FLAW_NONE,
	XEN_FLAW_NO_ENTRIES,
	XEN_FLAW_PAD,
	XEN_FLAW_UNREADABLE,
	XEN_FLAW_ENTRY_PAD,
};
int xen_prepare_flawed(struct xen *xen, uint32_t domid, const struct xen_claim *set, unsigned int n,
		       enum xen_flaw flaw);

/* pages: beyond those the domain has now; or all in all, as the call itself counts. */
int xen_prepare_legacy(struct xen *xen, uint32_t domid, uint64_t pages);
void xen_prepare_legacy_total(struct xen *xen, uint32_t domid, uint64_t pages);

long xen_issue(struct xen *xen, enum xen_call call, uint64_t *ticks);

/* The same without measuring. */
long xen_call(struct xen *xen, enum xen_call call);

/*
 * Tell the profiler, if one is listening, that the next case begins, and show it the calls issued
 * from here on; or, with on false, show it no more.
 */
void xen_profile(struct xen *xen, bool on);

#endif
