// SPDX-License-Identifier: GPL-2.0-only
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>
#include <xenctrl.h>
#include <xenforeignmemory.h>
#include <xenguest.h>

#include "lib/msg.h"
#include "tests/contract/machine.h"

#define MAX_DOMAINS 64
#define MAX_BATCH 1024
#define PAGING_POOL_BYTES (4ull << 20)
#define UNLIMITED_KIB (1ull << 40)

struct domain {
	enum kind kind;
	bool alive;
	uint64_t next_frame;
	uint64_t lowest_frame; /* not freed yet */
};

struct machine {
	xc_interface *xc;
	xencall_handle *calls;
	xenforeignmemory_handle *foreign;
	struct claim_call *claim;
	unsigned int nodes;
	uint32_t prober;
	uint32_t console_index;
	char console[1 << 16];
	xen_pfn_t frames[MAX_BATCH];
	struct domain domains[MAX_DOMAINS]; /* by domid */
};

static void must(bool good, const char *what)
{
	if (!good)
		die(2, "%s: %s", what, strerror(errno));
}

struct claim_call *claim_call(struct machine *m)
{
	return m->claim;
}

unsigned int node_count(const struct machine *m)
{
	return m->nodes;
}

uint32_t prober(const struct machine *m)
{
	return m->prober;
}

struct memory must_read_memory(struct machine *m)
{
	xc_meminfo_t nodes[MAX_NODES];
	unsigned int count = MAX_NODES;
	struct memory memory = {0};
	xc_physinfo_t info;

	must(!xc_physinfo(m->xc, &info) && !xc_numainfo(m->xc, &count, nodes, NULL), "physinfo");
	memory.free_pages = info.free_pages;
	memory.claimed_pages = info.outstanding_pages;
	m->nodes = 0;
	for (unsigned int n = 0; n < count; n++) {
		if (nodes[n].memsize == XEN_INVALID_MEM_SZ)
			break;
		memory.node_free[n] = nodes[n].memfree >> XC_PAGE_SHIFT;
		m->nodes++;
	}
	return memory;
}

uint64_t unclaimed(struct machine *m)
{
	struct memory memory = must_read_memory(m);

	return memory.free_pages - memory.claimed_pages;
}

static unsigned int read_console(struct machine *m)
{
	unsigned int size = sizeof(m->console) - 1;

	must(!xc_readconsolering(m->xc, m->console, &size, 0, 1, &m->console_index), "console");
	m->console[size] = '\0';
	return size;
}

const char *console_complaint(struct machine *m)
{
	static const char *const bad[] = {"WARN",	"BUG",	 "Assertion",
					  "assertion",	"FATAL", "Call trace",
					  "call trace", "c=0x",	 "Fault"};

	while (read_console(m))
		for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
			if (strstr(m->console, bad[i]))
				return m->console;
	return NULL;
}

struct machine *must_open_machine(void)
{
	struct machine *m = calloc(1, sizeof(*m));

	must(m, "memory");
	m->xc = xc_interface_open(NULL, NULL, 0);
	m->calls = xencall_open(NULL, 0);
	m->foreign = xenforeignmemory_open(NULL, 0);
	must(m->xc && m->calls && m->foreign, "no Xen here");
	must(!claim_call_open(m->calls, &m->claim), "claim call");
	while (read_console(m))
		;
	m->prober = must_create_domain(m, HVM);
	must_read_memory(m);
	return m;
}

void close_machine(struct machine *m)
{
	for (uint32_t domid = 0; domid < MAX_DOMAINS; domid++)
		if (m->domains[domid].alive)
			must_destroy_domain(m, domid);
	claim_call_close(m->claim);
	xenforeignmemory_close(m->foreign);
	xencall_close(m->calls);
	xc_interface_close(m->xc);
	free(m);
}

/* Xen's own bookkeeping for the domain is allocated before, and freed after, any test looks. */
uint32_t must_create_domain(struct machine *m, enum kind kind)
{
	struct xen_domctl_createdomain config = {
		.max_vcpus = 1,
		.max_evtchn_port = -1,
		.max_grant_frames = -1,
		.max_maptrack_frames = -1,
		.grant_opts = XEN_DOMCTL_GRANT_version(2),
	};
	uint32_t domid = 0;

	if (kind == HVM) {
		config.flags = XEN_DOMCTL_CDF_hvm | XEN_DOMCTL_CDF_hap;
		config.arch.emulation_flags = XEN_X86_EMU_ALL & ~XEN_X86_EMU_VPCI;
	}
	must(!xc_domain_create(m->xc, &domid, &config) && domid < MAX_DOMAINS, "create domain");
	must(!xc_domain_setmaxmem(m->xc, domid, UNLIMITED_KIB), "maxmem");
	must(kind == PV || !grow_paging_pool(m, domid, PAGING_POOL_BYTES), "paging pool");
	m->domains[domid] = (struct domain){.kind = kind, .alive = true};
	return domid;
}

void must_destroy_domain(struct machine *m, uint32_t domid)
{
	must(!xc_domain_destroy(m->xc, domid), "destroy domain");
	/* Xen frees what it kept about the domain a little later. */
	usleep(50000);
	m->domains[domid].alive = false;
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

uint64_t must_read_claimed(struct machine *m, uint32_t domid)
{
	return read_domain(m, domid).outstanding_pages;
}

void *must_hold_page(struct machine *m, uint32_t domid)
{
	xen_pfn_t frame = m->domains[domid].lowest_frame;
	int error = 0;
	void *page = xenforeignmemory_map(m->foreign, domid, PROT_READ, 1, &frame, &error);

	must(page && !error, "map a page");
	return page;
}

void release_page(struct machine *m, void *page)
{
	xenforeignmemory_unmap(m->foreign, page, 1);
}

unsigned int populate(struct machine *m, uint32_t domid, unsigned int order, int node,
		      unsigned int extents)
{
	struct domain *d = &m->domains[domid];
	int done;

	must(extents <= MAX_BATCH, "batch");
	/* Extents lie at multiples of their size. */
	d->next_frame = (d->next_frame + (1ull << order) - 1) >> order << order;
	for (unsigned int i = 0; i < extents; i++)
		m->frames[i] = d->next_frame + ((uint64_t)i << order);
	done = xc_domain_populate_physmap(
		m->xc, domid, extents, order,
		node == ANY_NODE ? 0 : XENMEMF_exact_node((unsigned int)node), m->frames);
	if (done < 0)
		return 0;
	d->next_frame += (uint64_t)done << order;
	return (unsigned int)done;
}

void must_free_pages(struct machine *m, uint32_t domid, unsigned int n)
{
	for (unsigned int i = 0; i < n; i++)
		m->frames[i] = m->domains[domid].lowest_frame++;
	must(!xc_domain_decrease_reservation_exact(m->xc, domid, n, 0, m->frames), "free pages");
}

int grow_paging_pool(struct machine *m, uint32_t domid, uint64_t bytes)
{
	return xc_set_paging_mempool_size(m->xc, domid, bytes) ? -errno : 0;
}

uint64_t must_find_free_page(struct machine *m, unsigned int node)
{
	uint32_t domid = must_create_domain(m, PV);
	xen_pfn_t frame;

	/* A PV domain is told where its pages are. */
	must(populate(m, domid, 0, (int)node, 1) == 1, "a page of the node");
	frame = m->frames[0];
	must(!xc_domain_decrease_reservation_exact(m->xc, domid, 1, 0, &frame), "free the page");
	return frame;
}

void must_offline(struct machine *m, uint64_t frame)
{
	uint32_t status = 0;

	must(!xc_mark_page_offline(m->xc, frame, frame, &status), "offline");
	if ((status & PG_OFFLINE_STATUS_MASK) != PG_OFFLINE_OFFLINED)
		die(EXIT_USAGE, "the page was not free to be taken offline (status %#x)", status);
}

void must_online(struct machine *m, uint64_t frame)
{
	uint32_t status = 0;

	must(!xc_mark_page_online(m->xc, frame, frame, &status), "online");
}

int set_claims(struct machine *m, uint32_t domid, const struct claim_entry *entries, size_t n)
{
	return claim_set(m->claim, domid, entries, n);
}

int legacy_claim(struct machine *m, uint32_t domid, uint64_t pages)
{
	claim_legacy_prepare(m->claim, domid, pages);
	return claim_legacy_issue(m->claim);
}
