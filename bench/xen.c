// SPDX-License-Identifier: GPL-2.0-only
/* What the cases are about: host, domains and claims. The calls they measure are in xen_calls.c. */
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <time.h>
#include <unistd.h>

#include "bench/reserve.h"
#include "bench/xen_compat.h"
#include "bench/xen_private.h"

/* The first bytes of the handle (UUID) of every domain made here. */
static const char mark[] = "claimperf bench";

/* Far more than any host has, within what a 32-bit page count and a byte count can say. */
#define MAX_MEMORY_KIB (1ull << 40)
/* Each page table maps 512 small pages; some more for the levels above. Whole MiB are asked for. */
#define PAGES_PER_TABLE 512
#define TABLES_ABOVE 64
/* What Xen itself takes for a domain. */
#define STRUCTURE_PAGES 64
#define SETTLE_MS 10

/* physinfo tells how many nodes there could be; the last one with memory counts. */
static int read_host(struct xen *xen)
{
	xc_meminfo_t nodes[XEN_MAX_NODES];
	unsigned int count = XEN_MAX_NODES;
	xc_physinfo_t info;

	if (xc_physinfo(xen->xc, &info) || xc_numainfo(xen->xc, &count, nodes, NULL))
		return -errno;
	if (count > XEN_MAX_NODES)
		return -E2BIG;
	while (count > 1 && nodes[count - 1].memsize == XEN_INVALID_MEM_SZ)
		count--;
	xen->nodes = count;
	xen->tsc_khz = info.cpu_khz;
	return 0;
}

int xen_open(struct xen **out)
{
	struct xen *xen;
	int rc;

	/* libxenctrl prints its own puzzle where there is no Xen. */
	if (access("/dev/xen/privcmd", R_OK | W_OK) && access("/proc/xen/privcmd", R_OK | W_OK))
		return -ENODEV;
	xen = calloc(1, sizeof(*xen));
	if (!xen)
		return -ENOMEM;
	rc = -ENODEV;
	xen->xc = xc_interface_open(NULL, NULL, 0);
	xen->calls = xencall_open(NULL, 0);
	if (!xen->xc || !xen->calls)
		goto fail;
	rc = claim_call_open(xen->calls, &xen->claim);
	if (rc)
		goto fail;
	rc = xen_buffers_open(xen);
	if (rc)
		goto fail;
	rc = read_host(xen);
	if (rc)
		goto fail;
	xen->dialect = dialect_probe(xen->claim);
	*out = xen;
	return 0;
fail:
	xen_close(xen);
	return rc;
}

void xen_close(struct xen *xen)
{
	if (!xen)
		return;
	xen_destroy_domains(xen);
	if (xen->calls) {
		xen_buffers_close(xen);
		claim_call_close(xen->claim);
		xencall_close(xen->calls);
	}
	if (xen->foreign)
		xenforeignmemory_close(xen->foreign);
	if (xen->xc)
		xc_interface_close(xen->xc);
	free(xen);
}

unsigned int xen_list_domains(const struct xen *xen, uint32_t *domids, unsigned int max)
{
	for (unsigned int i = 0; i < xen->nr_domains && i < max; i++)
		domids[i] = xen->domains[i];
	return xen->nr_domains;
}

void xen_leave_domains(struct xen *xen)
{
	xen->nr_domains = 0;
}

unsigned int xen_nodes(const struct xen *xen)
{
	return xen->nodes;
}

uint64_t xen_tsc_khz(const struct xen *xen)
{
	return xen->tsc_khz;
}

const char *xen_dialect(const struct xen *xen)
{
	return xen->dialect->name;
}

bool xen_has_claim_sets(const struct xen *xen)
{
	return xen->dialect->set;
}

bool xen_has_legacy_claims(const struct xen *xen)
{
	return xen->dialect->legacy;
}

unsigned int xen_max_domains(const struct xen *xen)
{
	(void)xen;
	return XEN_MAX_DOMAINS;
}

/* Each takes what it needs for itself first. */
bool xen_heap_is_given(const struct xen *xen)
{
	(void)xen;
	return false;
}

int xen_read_memory(struct xen *xen, struct xen_memory *memory)
{
	xc_meminfo_t nodes[XEN_MAX_NODES];
	unsigned int count = xen->nodes;
	xc_physinfo_t info;

	if (xc_physinfo(xen->xc, &info) || xc_numainfo(xen->xc, &count, nodes, NULL))
		return -errno;
	memset(memory, 0, sizeof(*memory));
	memory->free_pages = info.free_pages;
	memory->claimed_pages = info.outstanding_pages;
	for (unsigned int i = 0; i < count && i < XEN_MAX_NODES; i++)
		if (nodes[i].memsize != XEN_INVALID_MEM_SZ)
			memory->node_free_pages[i] = nodes[i].memfree >> XC_PAGE_SHIFT;
	return 0;
}

int xen_settle(struct xen *xen, unsigned int still_ms, unsigned int most_ms)
{
	const struct timespec pause = { .tv_nsec = SETTLE_MS * 1000000l };
	uint64_t last = 0;
	unsigned int equal = 0;

	for (unsigned int i = 0; i < most_ms / SETTLE_MS; i++) {
		xc_physinfo_t info;

		if (xc_physinfo(xen->xc, &info))
			return -errno;
		equal = info.free_pages == last ? equal + 1 : 0;
		if (equal == still_ms / SETTLE_MS)
			return 0;
		last = info.free_pages;
		if (nanosleep(&pause, NULL))
			return -EINTR;
	}
	return -ETIMEDOUT;
}

static void describe_domain(struct xen_domctl_createdomain *config, enum xen_kind kind)
{
	memset(config, 0, sizeof(*config));
	memcpy(config->handle, mark, sizeof(mark));
	config->max_vcpus = 1;
	config->max_evtchn_port = -1;
	config->max_grant_frames = -1;
	config->max_maptrack_frames = -1;
	config->grant_opts = XEN_DOMCTL_GRANT_version(2);
	if (kind == XEN_PV)
		return;
	config->flags = XEN_DOMCTL_CDF_hvm | XEN_DOMCTL_CDF_hap;
	config->arch.emulation_flags = XEN_X86_EMU_ALL & ~XEN_X86_EMU_VPCI;
}

static uint64_t paging_pool_bytes(uint64_t pages)
{
	uint64_t tables = pages / PAGES_PER_TABLE + TABLES_ABOVE;

	return ((tables << XC_PAGE_SHIFT) + (1 << 20) - 1) >> 20 << 20;
}

int xen_create_domain(struct xen *xen, enum xen_kind kind, uint64_t pages, uint32_t *domid)
{
	struct xen_domctl_createdomain config;
	uint32_t id = DOMID_ANY;
	int rc;

	if (xen->nr_domains == XEN_MAX_DOMAINS)
		return -ENOSPC;
	rc = reserve_spare(xen, DOMID_INVALID,
			   (paging_pool_bytes(pages) >> XC_PAGE_SHIFT) + STRUCTURE_PAGES);
	if (rc)
		return rc;
	describe_domain(&config, kind);
	if (xc_domain_create(xen->xc, &id, &config))
		return -errno;
	xen->domains[xen->nr_domains++] = id;
	if (xc_domain_setmaxmem(xen->xc, id, MAX_MEMORY_KIB) ||
	    (kind == XEN_HVM && xc_set_paging_mempool_size(xen->xc, id, paging_pool_bytes(pages)))) {
		rc = -errno;
		xen_destroy_domain(xen, id);
		return rc;
	}
	*domid = id;
	return 0;
}

void xen_forget_domain(struct xen *xen, uint32_t domid)
{
	unsigned int kept = 0;

	for (unsigned int i = 0; i < xen->nr_domains; i++)
		if (xen->domains[i] != domid)
			xen->domains[kept++] = xen->domains[i];
	xen->nr_domains = kept;
}

int xen_destroy_domain(struct xen *xen, uint32_t domid)
{
	int rc = xc_domain_destroy(xen->xc, domid) ? -errno : 0;

	if (xen->held_page && xen->held_domain == domid) {
		xenforeignmemory_unmap(xen->foreign, xen->held_page, 1);
		xen->held_page = NULL;
	}
	xen_forget_domain(xen, domid);
	return rc;
}

int xen_keep_dying(struct xen *xen, uint32_t domid, uint64_t frame)
{
	xen_pfn_t pfn = frame;
	int rc = 0;

	if (!xen->foreign)
		xen->foreign = xenforeignmemory_open(NULL, 0);
	if (!xen->foreign)
		return -errno;
	xen->held_page = xenforeignmemory_map(xen->foreign, domid, PROT_READ, 1, &pfn, &rc);
	if (!xen->held_page)
		return -errno;
	xen->held_domain = domid;
	if (rc)
		return rc;
	return xc_domain_destroy(xen->xc, domid) ? -errno : 0;
}

int xen_set_max_pages(struct xen *xen, uint32_t domid, uint64_t pages)
{
	return xc_domain_setmaxmem(xen->xc, domid, pages << (XC_PAGE_SHIFT - 10)) ? -errno : 0;
}

void xen_destroy_domains(struct xen *xen)
{
	while (xen->nr_domains)
		xen_destroy_domain(xen, xen->domains[xen->nr_domains - 1]);
}

int xen_find_domain(struct xen *xen, bool marked, uint32_t *domid)
{
	for (uint32_t first = *domid;;) {
		xc_domaininfo_t info;
		int count = xc_domain_getinfolist(xen->xc, first, 1, &info);

		if (count < 0)
			return -errno;
		if (!count)
			return 0;
		if ((memcmp(info.handle, mark, sizeof(mark)) == 0) == marked) {
			*domid = info.domain;
			return 1;
		}
		first = info.domain + 1u;
	}
}

int xen_count_marked(struct xen *xen, unsigned int *count)
{
	int rc;

	*count = 0;
	for (uint32_t domid = 1; (rc = xen_find_domain(xen, true, &domid)) > 0; domid++)
		++*count;
	return rc;
}

int xen_clean(struct xen *xen, unsigned int *count)
{
	unsigned int left;
	int rc;

	*count = 0;
	for (uint32_t domid = 1; (rc = xen_find_domain(xen, true, &domid)) > 0; domid++) {
		/* Death cancels claims too; on a domain that will not die this at least does. */
		xen_release_claims(xen, domid);
		xen_destroy_domain(xen, domid);
		++*count;
	}
	if (!rc)
		rc = xen_count_marked(xen, &left);
	return rc ? rc : left ? -EBUSY : 0;
}

int xen_read_domain(struct xen *xen, uint32_t domid, uint64_t *pages, uint64_t *claimed)
{
	xc_domaininfo_t info;
	int count = xc_domain_getinfolist(xen->xc, domid, 1, &info);

	if (count < 0)
		return -errno;
	if (!count || info.domain != domid)
		return -ESRCH;
	*pages = info.tot_pages;
	*claimed = info.outstanding_pages;
	return 0;
}

int xen_claim_legacy(struct xen *xen, uint32_t domid, uint64_t pages)
{
	int rc = xen_prepare_legacy(xen, domid, pages);

	return rc ? rc : claim_legacy_issue(xen->claim);
}

int xen_claim_set(struct xen *xen, uint32_t domid, const struct xen_claim *set, unsigned int n)
{
	int rc = xen_prepare_set(xen, domid, set, n);

	return rc ? rc : claim_call_issue(xen->claim);
}

/* Most dialects do not care; on those that do, pauses would add up. */
int xen_pause_for_claims(struct xen *xen, uint32_t domid)
{
	xc_domaininfo_t info;

	if (!xen->dialect->needs_pause)
		return 0;
	if (xc_domain_getinfolist(xen->xc, domid, 1, &info) != 1 || info.domain != domid)
		return -ESRCH;
	if (info.flags & XEN_DOMINF_paused)
		return 0;
	return xc_domain_pause(xen->xc, domid) ? -errno : 0;
}

int xen_release_claims(struct xen *xen, uint32_t domid)
{
	int rc = xen_pause_for_claims(xen, domid);

	return rc ? rc : dialect_release(xen->dialect, xen->claim, domid);
}

int xen_read_claims(struct xen *xen, uint32_t domid, struct xen_claim *set, unsigned int *n)
{
	struct claim_entry entries[CLAIM_MAX_ENTRIES];
	size_t count = *n < CLAIM_MAX_ENTRIES ? *n : CLAIM_MAX_ENTRIES;
	int rc = dialect_get(xen->dialect, xen->claim, domid, entries, &count);

	if (rc)
		return rc;
	for (size_t i = 0; i < count; i++)
		set[i] = (struct xen_claim){ entries[i].pages, entries[i].target };
	*n = (unsigned int)count;
	return 0;
}

