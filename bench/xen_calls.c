// SPDX-License-Identifier: GPL-2.0-only
/* The calls that can be measured: prepared first, then nothing but the hypercall. */
#include <errno.h>
#include <string.h>

#include "bench/reserve.h"
#include "bench/ticks.h"
#include "bench/xen_private.h"

#define UNTOLD 1 /* no size of a node */

int xen_buffers_open(struct xen *xen)
{
	struct xen_buffers *b = &xen->buffers;

	b->reservation = xencall_alloc_buffer(xen->calls, sizeof(*b->reservation));
	b->exchange = xencall_alloc_buffer(xen->calls, sizeof(*b->exchange));
	b->domctl = xencall_alloc_buffer(xen->calls, sizeof(*b->domctl));
	b->sysctl = xencall_alloc_buffer(xen->calls, sizeof(*b->sysctl));
	b->frames = xencall_alloc_buffer(xen->calls, XEN_MAX_EXTENTS * sizeof(*b->frames));
	b->given = xencall_alloc_buffer(xen->calls, XEN_MAX_EXTENTS * sizeof(*b->given));
	b->domains = xencall_alloc_buffer(xen->calls, XEN_MAX_LISTED * sizeof(*b->domains));
	b->nodes = xencall_alloc_buffer(xen->calls, XEN_MAX_NODES * sizeof(*b->nodes));
	return b->reservation && b->exchange && b->domctl && b->sysctl && b->frames && b->given &&
			       b->domains && b->nodes
		       ? 0
		       : -ENOMEM;
}

void xen_buffers_close(struct xen *xen)
{
	struct xen_buffers *b = &xen->buffers;

	xencall_free_buffer(xen->calls, b->nodes);
	xencall_free_buffer(xen->calls, b->domains);
	xencall_free_buffer(xen->calls, b->given);
	xencall_free_buffer(xen->calls, b->frames);
	xencall_free_buffer(xen->calls, b->sysctl);
	xencall_free_buffer(xen->calls, b->domctl);
	xencall_free_buffer(xen->calls, b->exchange);
	xencall_free_buffer(xen->calls, b->reservation);
}

const char *xen_cannot(const struct xen *xen, enum xen_call call)
{
	if (call == XEN_CLAIM_FLAWED && strcmp(xen->dialect->name, "v6"))
		return "these refusals are those of claim dialect v6";
	return NULL;
}

static void describe(xen_memory_reservation_t *r, uint32_t domid, unsigned int order,
		     xen_pfn_t *frames, unsigned int extents)
{
	memset(r, 0, sizeof(*r));
	set_xen_guest_handle_raw(r->extent_start, frames);
	r->nr_extents = extents;
	r->extent_order = order;
	r->domid = (domid_t)domid;
}

int xen_prepare_populate(struct xen *xen, uint32_t domid, unsigned int order, int node,
			 uint64_t first_frame, unsigned int extents)
{
	struct xen_buffers *b = &xen->buffers;
	int rc = reserve_spare(xen, domid, (uint64_t)extents << order);

	if (rc)
		return rc;
	if (extents > XEN_MAX_EXTENTS)
		return -E2BIG;
	for (unsigned int i = 0; i < extents; i++)
		b->frames[i] = first_frame + ((uint64_t)i << order);
	describe(b->reservation, domid, order, b->frames, extents);
	if (node == XEN_ANY_NODE)
		return 0;
	b->reservation->mem_flags = XENMEMF_node((unsigned int)XEN_NODE_OF(node));
	if (node == XEN_NODE_OF(node))
		b->reservation->mem_flags |= XENMEMF_exact_node_request;
	return 0;
}

int xen_prepare_decrease(struct xen *xen, uint32_t domid, unsigned int order, const uint64_t *frames,
			 unsigned int extents)
{
	struct xen_buffers *b = &xen->buffers;

	if (extents > XEN_MAX_EXTENTS)
		return -E2BIG;
	memmove(b->frames, frames, extents * sizeof(*frames));
	describe(b->reservation, domid, order, b->frames, extents);
	return 0;
}

/* What a PV domain gets has guest frames as well, which nobody looks at: those of the machine it loses. */
int xen_prepare_exchange(struct xen *xen, uint32_t domid, unsigned int order, const uint64_t *frames,
			 unsigned int extents, unsigned int given_order, unsigned int given)
{
	struct xen_buffers *b = &xen->buffers;
	int rc = reserve_spare(xen, domid, (uint64_t)given << given_order);

	if (rc)
		return rc;
	if (extents > XEN_MAX_EXTENTS || given > XEN_MAX_EXTENTS)
		return -E2BIG;
	memmove(b->frames, frames, extents * sizeof(*frames));
	for (unsigned int i = 0; i < given; i++)
		b->given[i] = (uint64_t)i << given_order;
	memset(b->exchange, 0, sizeof(*b->exchange));
	describe(&b->exchange->in, domid, order, b->frames, extents);
	describe(&b->exchange->out, domid, given_order, b->given, given);
	return 0;
}

const uint64_t *xen_frames(const struct xen *xen)
{
	return xen->buffers.frames;
}

const uint64_t *xen_given_frames(const struct xen *xen)
{
	return xen->buffers.given;
}

int xen_prepare_set(struct xen *xen, uint32_t domid, const struct xen_claim *set, unsigned int n)
{
	struct claim_entry entries[CLAIM_MAX_ENTRIES];
	uint64_t pages = 0;
	int rc;

	if (n > CLAIM_MAX_ENTRIES)
		return -E2BIG;
	for (unsigned int i = 0; i < n; i++) {
		entries[i] = (struct claim_entry){ .pages = set[i].pages, .target = set[i].target };
		pages += set[i].pages;
	}
	rc = reserve_spare(xen, domid, pages);
	if (!rc)
		rc = xen_pause_for_claims(xen, domid);
	if (rc)
		return rc;
	return dialect_prepare_set(xen->dialect, xen->claim, domid, entries, n);
}

int xen_prepare_flawed(struct xen *xen, uint32_t domid, const struct xen_claim *set, unsigned int n,
		       enum xen_flaw flaw)
{
	int rc = xen_prepare_set(xen, domid, set, n);
	struct claim_payload *payload = claim_call_payload(xen->claim);

	if (rc)
		return rc;
	switch (flaw) {
	case XEN_FLAW_NONE: break;
	case XEN_FLAW_NO_ENTRIES: payload->nr_claims = 0; break;
	case XEN_FLAW_PAD: payload->pad = 1; break;
	case XEN_FLAW_UNREADABLE: payload->entries = 0; break;
	case XEN_FLAW_ENTRY_PAD: claim_call_entries(xen->claim)[n - 1].pad = 1; break;
	}
	return 0;
}

int xen_prepare_legacy(struct xen *xen, uint32_t domid, uint64_t pages)
{
	uint64_t has = 0, claimed;
	int rc = reserve_spare(xen, domid, pages);

	if (!rc && pages)
		rc = xen_read_domain(xen, domid, &has, &claimed);
	/* The call counts what the domain has; 0 alone means cancel. */
	if (!rc)
		xen_prepare_legacy_total(xen, domid, pages ? has + pages : 0);
	return rc;
}

void xen_prepare_legacy_total(struct xen *xen, uint32_t domid, uint64_t pages)
{
	claim_legacy_prepare(xen->claim, domid, pages);
}

static struct xen_domctl *begin_domctl(struct xen *xen, uint32_t cmd, uint32_t domid)
{
	struct xen_domctl *domctl = xen->buffers.domctl;

	memset(domctl, 0, sizeof(*domctl));
	domctl->cmd = cmd;
	domctl->interface_version = XEN_DOMCTL_INTERFACE_VERSION;
	domctl->domain = (domid_t)domid;
	return domctl;
}

static struct xen_sysctl *begin_sysctl(struct xen *xen, uint32_t cmd)
{
	struct xen_sysctl *sysctl = xen->buffers.sysctl;

	memset(sysctl, 0, sizeof(*sysctl));
	sysctl->cmd = cmd;
	sysctl->interface_version = XEN_SYSCTL_INTERFACE_VERSION;
	return sysctl;
}

int xen_prepare_destroy(struct xen *xen, uint32_t domid)
{
	begin_domctl(xen, XEN_DOMCTL_destroydomain, domid);
	return 0;
}

int xen_prepare_info(struct xen *xen, enum xen_call call, uint32_t domid, unsigned int count)
{
	struct xen_buffers *b = &xen->buffers;
	struct xen_sysctl *sysctl;

	if (count > XEN_MAX_LISTED)
		return -E2BIG;
	switch (call) {
	case XEN_DOMAIN_INFO: begin_domctl(xen, XEN_DOMCTL_getdomaininfo, domid); return 0;
	case XEN_PHYSINFO: begin_sysctl(xen, XEN_SYSCTL_physinfo); return 0;
	case XEN_NUMAINFO:
		sysctl = begin_sysctl(xen, XEN_SYSCTL_numainfo);
		sysctl->u.numainfo.num_nodes = xen->nodes;
		for (unsigned int i = 0; i < XEN_MAX_NODES; i++)
			b->nodes[i].memsize = UNTOLD;
		set_xen_guest_handle_raw(sysctl->u.numainfo.meminfo, b->nodes);
		return 0;
	case XEN_DOMAIN_LIST:
		sysctl = begin_sysctl(xen, XEN_SYSCTL_getdomaininfolist);
		sysctl->u.getdomaininfolist.first_domain = (domid_t)domid;
		sysctl->u.getdomaininfolist.max_domains = count;
		set_xen_guest_handle_raw(sysctl->u.getdomaininfolist.buffer, b->domains);
		return 0;
	default: return -EINVAL;
	}
}

unsigned int xen_told(const struct xen *xen, enum xen_call call)
{
	const struct xen_buffers *b = &xen->buffers;
	unsigned int nodes = 0;

	switch (call) {
	case XEN_DOMAIN_INFO: return b->domctl->u.getdomaininfo.domain == b->domctl->domain;
	case XEN_DOMAIN_LIST: return b->sysctl->u.getdomaininfolist.num_domains;
	default:
		for (unsigned int i = 0; i < XEN_MAX_NODES; i++)
			nodes += b->nodes[i].memsize != UNTOLD;
		return nodes;
	}
}

/* The profiler looks for these instructions, which do nothing: nopl 0x434c500N(%rax). */
#define MARKER(n) asm volatile(".byte 0x0f, 0x1f, 0x80, " #n ", 0x50, 0x4c, 0x43" ::: "memory")

void xen_profile(struct xen *xen, bool on)
{
	xen->profiling = on;
	if (on)
		MARKER(3);
}

static long memory_op(struct xen *xen, unsigned int op, const void *arg)
{
	long rc = xencall2(xen->calls, __HYPERVISOR_memory_op, op, (uintptr_t)arg);

	return rc < 0 ? -errno : rc;
}

static long hypercall1(struct xen *xen, unsigned int op, const void *arg)
{
	long rc = xencall1(xen->calls, op, (uintptr_t)arg);

	return rc < 0 ? -errno : rc;
}

static long get_version(struct xen *xen)
{
	return xencall2(xen->calls, __HYPERVISOR_xen_version, XENVER_version, 0) > 0 ? 0 : -errno;
}

static long other_call(struct xen *xen, enum xen_call call)
{
	switch (call) {
	case XEN_CLAIM_FLAWED: return claim_call_issue(xen->claim);
	case XEN_DECREASE: return memory_op(xen, XENMEM_decrease_reservation, xen->buffers.reservation);
	case XEN_EXCHANGE: return memory_op(xen, XENMEM_exchange, xen->buffers.exchange);
	case XEN_DESTROY:
	case XEN_DOMAIN_INFO: return hypercall1(xen, __HYPERVISOR_domctl, xen->buffers.domctl);
	case XEN_DOMAIN_LIST:
	case XEN_PHYSINFO:
	case XEN_NUMAINFO: return hypercall1(xen, __HYPERVISOR_sysctl, xen->buffers.sysctl);
	case XEN_VERSION: return get_version(xen);
	case XEN_LOCK_PAIR: take_and_drop_lock(); return 0;
	case XEN_NOTHING: return 0;
	default: return -EINVAL;
	}
}

/* The oldest come first, so that their figures do not move when others are added. */
long xen_call(struct xen *xen, enum xen_call call)
{
	switch (call) {
	case XEN_POPULATE: {
		long rc = xencall2(xen->calls, __HYPERVISOR_memory_op, XENMEM_populate_physmap,
				   (uintptr_t)xen->buffers.reservation);

		return rc < 0 ? -errno : rc;
	}
	case XEN_CLAIM_SET: return claim_call_issue(xen->claim);
	case XEN_CLAIM_PAGES: return claim_legacy_issue(xen->claim);
	default: return other_call(xen, call);
	}
}

long xen_issue(struct xen *xen, enum xen_call call, uint64_t *ticks)
{
	uint64_t start;
	long rc;

	if (xen->profiling)
		MARKER(1);
	start = read_ticks();
	rc = xen_call(xen, call);
	*ticks = read_ticks() - start;
	if (xen->profiling)
		MARKER(2);
	return rc;
}
