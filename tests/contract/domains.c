// SPDX-License-Identifier: GPL-2.0-only
/* The domains of a test, and their pages. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "bench/xen_compat.h"
#include "tests/contract/private.h"
#include "tests/contract/tap.h"

#define PAGING_POOL_BYTES (4ull << 20)

struct domain *find_domain(struct machine *m, uint32_t domid)
{
	for (unsigned int i = 0; i < m->nr_domains; i++)
		if (m->domains[i].domid == domid)
			return &m->domains[i];
	abandon("domain %u is none of this test", domid);
}

int create_empty(xc_interface *xc, enum kind kind, uint32_t *domid)
{
	struct xen_domctl_createdomain config = {
		.max_vcpus = 1,
		.max_evtchn_port = -1,
		.max_grant_frames = -1,
		.max_maptrack_frames = -1,
		.grant_opts = XEN_DOMCTL_GRANT_version(2),
	};

	if (kind == HVM) {
		config.flags = XEN_DOMCTL_CDF_hvm | XEN_DOMCTL_CDF_hap;
		config.arch.emulation_flags = XEN_X86_EMU_ALL & ~XEN_X86_EMU_VPCI;
	}
	*domid = DOMID_ANY;
	return xc_domain_create(xc, domid, &config) ? -errno : 0;
}

static int create(struct machine *m, enum kind kind)
{
	struct domain *d = &m->domains[m->nr_domains];
	int rc;

	if (m->nr_domains == MAX_DOMAINS)
		abandon("too many domains");
	memset(d, 0, sizeof(*d));
	rc = create_empty(m->xc, kind, &d->domid);
	if (rc)
		return rc;
	d->kind = kind;
	d->alive = true;
	m->nr_domains++;
	return 0;
}

int try_create(struct machine *m)
{
	return create(m, m->kind);
}

uint32_t must_create_kind(struct machine *m, enum kind kind)
{
	int rc = create(m, kind);
	uint32_t domid = m->domains[m->nr_domains - 1].domid;

	if (rc)
		abandon("create a domain: %s", strerror(-rc));
	must_set_max_pages(m, domid, NO_LIMIT);
	must(kind == PV || !grow_paging_pool(m, domid, PAGING_POOL_BYTES), "paging pool");
	return domid;
}

uint32_t must_create(struct machine *m)
{
	return must_create_kind(m, m->kind);
}

int destroy(struct machine *m, struct domain *d)
{
	if (!d->alive)
		return 0;
	d->alive = false;
	return xc_domain_destroy(m->xc, d->domid);
}

void must_destroy(struct machine *m, uint32_t domid)
{
	must(!destroy(m, find_domain(m, domid)), "destroy domain");
	/* Xen frees what it kept about the domain a little later. */
	usleep(50000);
}

void must_set_max_pages(struct machine *m, uint32_t domid, uint64_t pages)
{
	must(!xc_domain_setmaxmem(m->xc, domid, pages << (XC_PAGE_SHIFT - 10)), "maxmem");
}

static xc_domaininfo_t read_domain(struct machine *m, uint32_t domid)
{
	xc_domaininfo_t info;

	must(xc_domain_getinfolist(m->xc, domid, 1, &info) == 1 && info.domain == domid, "domain");
	return info;
}

uint64_t must_read_pages(struct machine *m, uint32_t domid)
{
	return read_domain(m, domid).tot_pages;
}

uint64_t must_read_max_pages(struct machine *m, uint32_t domid)
{
	return read_domain(m, domid).max_pages;
}

uint64_t must_read_claimed(struct machine *m, uint32_t domid)
{
	return read_domain(m, domid).outstanding_pages;
}

/* The machine frame if the domain is PV, else the guest's. */
static xen_pfn_t last_frame(struct machine *m, uint32_t domid)
{
	struct domain *d = find_domain(m, domid);

	if (!d->kept)
		abandon("domain %u has no single page", domid);
	return d->frames[d->kept - 1];
}

void must_kill_and_hold(struct machine *m, uint32_t domid)
{
	struct domain *d = find_domain(m, domid);
	xen_pfn_t frame = last_frame(m, domid);
	int error = 0;

	m->mapped = xenforeignmemory_map(m->foreign, domid, PROT_READ, 1, &frame, &error);
	must(m->mapped && !error, "map a page");
	must(!destroy(m, d), "destroy domain");
	usleep(50000);
}

static uint32_t flags_of(int where)
{
	if (where == ANY_NODE)
		return 0;
	if (where & NEAR(0))
		return XENMEMF_node((unsigned int)(where & ~NEAR(0)));
	return XENMEMF_exact_node((unsigned int)where);
}

unsigned int populate(struct machine *m, uint32_t domid, unsigned int order, int where,
		      unsigned int extents)
{
	struct domain *d = find_domain(m, domid);
	int done;

	must(extents <= MAX_BATCH && d->kept + extents <= MAX_KEPT, "batch");
	/* Extents lie at multiples of their size. */
	d->next_frame = (d->next_frame + (1ull << order) - 1) >> order << order;
	for (unsigned int i = 0; i < extents; i++)
		m->batch[i] = d->next_frame + ((uint64_t)i << order);
	done = xc_domain_populate_physmap(m->xc, domid, extents, order, flags_of(where), m->batch);
	if (done <= 0)
		return 0;
	d->next_frame += (uint64_t)done << order;
	for (int i = 0; !order && i < done; i++)
		d->frames[d->kept++] = m->batch[i];
	return (unsigned int)done;
}

void must_free_pages(struct machine *m, uint32_t domid, unsigned int n)
{
	struct domain *d = find_domain(m, domid);

	if (d->kept < n)
		abandon("domain %u has no %u single pages", domid, n);
	d->kept -= n;
	must(!xc_domain_decrease_reservation_exact(m->xc, domid, n, 0, d->frames + d->kept),
	     "free pages");
}

int grow_paging_pool(struct machine *m, uint32_t domid, uint64_t bytes)
{
	return xc_set_paging_mempool_size(m->xc, domid, bytes) ? -errno : 0;
}

int borrow_pages(struct machine *m, uint64_t frame)
{
	static uint32_t status[2 * 4096 / sizeof(uint32_t)];
	const uint64_t frames = sizeof(status) / sizeof(status[0]);

	/* It keeps the answer there until it is copied out: a word for each of the frames. */
	return xc_query_page_offline_status(m->xc, frame - frames + 1, frame, status) ? -errno : 0;
}

void must_set_affinity(struct machine *m, uint32_t domid, unsigned int node)
{
	xc_nodemap_t map = xc_nodemap_alloc(m->xc);
	int rc;

	must(map, "node map");
	map[node / 8] |= (uint8_t)(1 << node % 8);
	rc = xc_domain_node_setaffinity(m->xc, domid, map);
	free(map);
	must(!rc, "node affinity");
}

int exchange_page(struct machine *m, uint32_t domid)
{
	struct domain *d = find_domain(m, domid);
	xen_pfn_t in = last_frame(m, domid), out = d->next_frame++;
	int rc = xc_domain_memory_exchange_pages(m->xc, domid, 1, 0, &in, 1, 0, &out);

	if (rc)
		return -errno;
	d->frames[d->kept - 1] = out;
	return 0;
}

void must_populate_on_demand(struct machine *m, uint32_t domid, unsigned int pages)
{
	struct domain *d = find_domain(m, domid);

	must(pages <= MAX_BATCH, "batch");
	for (unsigned int i = 0; i < pages; i++)
		m->batch[i] = d->next_frame++;
	must(!xc_domain_populate_physmap_exact(m->xc, domid, pages, 0, XENMEMF_populate_on_demand,
					       m->batch),
	     "populate on demand");
}

int fill_cache(struct machine *m, uint32_t domid, uint64_t pages)
{
	return xc_domain_set_pod_target(m->xc, domid, pages, NULL, NULL, NULL) ? -errno : 0;
}

int bring_online(struct machine *m, uint64_t frame)
{
	uint32_t status = 0;

	return xc_mark_page_online(m->xc, frame, frame, &status);
}

/* Returns Xen's status word. */
static uint32_t mark_offline(struct machine *m, uint64_t frame)
{
	uint32_t status = 0;

	must(!xc_mark_page_offline(m->xc, frame, frame, &status), "offline");
	m->offline[m->offlined++] = frame;
	return status;
}

uint64_t must_find_free_page(struct machine *m, unsigned int node)
{
	uint32_t domid = must_create_kind(m, PV), status;
	uint64_t frame;

	/* A PV domain is told where its pages are. Some, Xen takes for a part of itself. */
	for (;;) {
		must(populate(m, domid, 0, (int)node, 1) == 1, "a page of the node");
		frame = last_frame(m, domid);
		must_free_pages(m, domid, 1);
		if (!xc_mark_page_offline(m->xc, frame, frame, &status))
			break;
		must(errno == EPERM && populate(m, domid, 0, (int)node, 1) == 1, "offline");
	}
	must(!bring_online(m, frame), "online");
	return frame;
}

void must_offline(struct machine *m, uint64_t frame)
{
	if ((mark_offline(m, frame) & PG_OFFLINE_STATUS_MASK) != PG_OFFLINE_OFFLINED)
		abandon("the page was not free to be taken offline");
}

void must_offline_used(struct machine *m, uint64_t frame, uint32_t domid)
{
	uint32_t status = mark_offline(m, frame);

	if ((status & PG_OFFLINE_STATUS_MASK) != PG_OFFLINE_PENDING ||
	    status >> PG_OFFLINE_OWNER_SHIFT != domid)
		abandon("the page was not the domain's when taken offline");
}

void must_online(struct machine *m, uint64_t frame)
{
	if (!m->offlined || m->offline[m->offlined - 1] != frame)
		abandon("not the page that went offline last");
	m->offlined--;
	must(!bring_online(m, frame), "online");
}
