// SPDX-License-Identifier: GPL-2.0-only
/*
 * Runs in dom0 of the lab: what a call costs that passes trace points, in instructions (ticks, in
 * exact mode), and how many records it makes. On a hypervisor without trace points, with them,
 * and with tracing on, for other events and for these, that is what they cost;
 * plots/section_trace_cost.c subtracts.
 *
 *   claimperf-probe-effect [--idle|--on]     prints JSON: {"ops": [{"op", "sites", "times", …}]}
 */
#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <xencall.h>
#include <xenctrl.h>
#include <xenforeignmemory.h>
#include <xenguest.h>
#include <xen/trace.h>

#include "bench/claim_call.h"
#include "bench/ticks.h"
#include "lib/msg.h"

#define EXTENTS 64
#define WINDOWS 12
#define BUFFER_PAGES 256
#define ALL_OF_MEMORY 0x0010f000u
#define ALL_OF_SHADOW 0x0040f000u /* of which none of the calls makes any */

static xc_interface *xc;
static struct claim_call *claim;
static uint32_t domid;
static xen_pfn_t frames[EXTENTS];
static xen_pfn_t next_frame = 1;
static bool has_sets;

static int populate(void)
{
	return xc_domain_populate_physmap_exact(xc, domid, EXTENTS, 0, 0, frames);
}

static int give_back(void)
{
	return xc_domain_decrease_reservation_exact(xc, domid, EXTENTS, 0, frames);
}

static int claim_pages(void)
{
	return claim_legacy_issue(claim);
}

static int install_set(void)
{
	return claim_call_issue(claim);
}

static int ask_host(void)
{
	xc_physinfo_t info;

	return xc_physinfo(xc, &info);
}

static int limit(void)
{
	return xc_domain_setmaxmem(xc, domid, 1 << 20);
}

static int ask_page(void)
{
	uint32_t status;

	return xc_mark_page_online(xc, 0x100000, 0x100000, &status);
}

static void choose_frames(void)
{
	for (unsigned int i = 0; i < EXTENTS; i++)
		frames[i] = next_frame++;
}

static void populate_first(void)
{
	choose_frames();
	if (populate())
		die(EXIT_USAGE, "cannot populate: %s", strerror(errno));
}

static void cancel_claims(void)
{
	xc_domain_claim_pages(xc, domid, 0);
	claim_legacy_prepare(claim, domid, next_frame + 1000);
}

static void cancel_set(void)
{
	static const struct claim_entry set[] = {{1000, 0, 0}, {1000, CLAIM_TARGET_HOST, 0}};

	xc_domain_claim_pages(xc, domid, 0);
	claim_call_prepare(claim, domid, set, 2);
}

/* sites: sections with their lock and unlock, and calls traced as a whole, passed each time. */
static const struct op {
	const char *name;
	const char *what;
	unsigned int sites, times;
	void (*prepare)(void);
	int (*run)(void);
} ops[] = {
	{"populate", "one order-0 extent: alloc_heap_pages, assign_pages", 2, EXTENTS,
	 choose_frames, populate},
	{"free", "one page freed: free_domheap_pages, free_heap_pages", 2, EXTENTS, populate_first,
	 give_back},
	{"claim_legacy", "XENMEM_claim_pages: the call, both locks", 2, 1, cancel_claims,
	 claim_pages},
	{"claim_set", "XEN_DOMCTL_claim_memory: the call, both locks", 2, 1, cancel_set,
	 install_set},
	{"info", "physinfo", 1, 1, NULL, ask_host},
	{"limit", "XEN_DOMCTL_max_mem", 1, 1, NULL, limit},
	{"offline", "online_page", 1, 1, NULL, ask_page},
};

/* The trace buffer of the only CPU. */
static struct t_buf *buffer;
static char *data[BUFFER_PAGES];
static uint32_t data_bytes;

static void *map(xenforeignmemory_handle *memory, size_t pages, const xen_pfn_t *mfns)
{
	void *mapped = xenforeignmemory_map(memory, DOMID_XEN, PROT_READ, pages, mfns, NULL);

	if (!mapped)
		die(EXIT_USAGE, "cannot map the trace buffer: %s", strerror(errno));
	return mapped;
}

static void start_tracing(uint32_t mask)
{
	xenforeignmemory_handle *memory = xenforeignmemory_open(NULL, 0);
	xen_pfn_t mfns[BUFFER_PAGES];
	unsigned long mfn, bytes;
	const uint32_t *list;
	struct t_info *info;

	if (!memory || xc_tbuf_set_evt_mask(xc, mask) ||
	    xc_tbuf_enable(xc, BUFFER_PAGES, &mfn, &bytes))
		die(EXIT_USAGE, "cannot trace: %s", strerror(errno));
	for (size_t i = 0; i < bytes / XC_PAGE_SIZE; i++)
		mfns[i] = mfn + i;
	info = map(memory, bytes / XC_PAGE_SIZE, mfns);
	list = (const uint32_t *)info + info->mfn_offset[0];
	for (size_t i = 0; i < info->tbuf_size; i++)
		mfns[i] = list[i];
	buffer = map(memory, info->tbuf_size, mfns);
	for (size_t i = 0; i < info->tbuf_size; i++)
		data[i] = (char *)buffer + i * XC_PAGE_SIZE;
	data_bytes = info->tbuf_size * XC_PAGE_SIZE - sizeof(*buffer);
}

static uint32_t produced(void)
{
	return buffer ? *(volatile uint32_t *)&buffer->prod : 0;
}

/* Records from one position of the buffer to another. It is never full: all is there. */
static unsigned int count_records(uint32_t from, uint32_t to)
{
	unsigned int count = 0;

	while (from < to) {
		uint32_t header;

		memcpy(&header, (char *)(buffer + 1) + from, sizeof(header));
		from += 4 * (1 + (header >> 31) * 2 + (header >> TRACE_EXTRA_SHIFT & 7));
		count++;
	}
	if (to > data_bytes)
		die(EXIT_REGRESSION, "the trace buffer is too small");
	return count;
}

/* For the profiler, as in bench/xen.c. */
#define MARKER(n) asm volatile(".byte 0x0f, 0x1f, 0x80, " #n ", 0x50, 0x4c, 0x43" ::: "memory")

/* Of the cheapest window. */
static void measure(const struct op *op, bool last)
{
	uint64_t best = UINT64_MAX;
	unsigned int records = 0, sites = op->sites;

	/* Without claim sets, claims follow tot_pages in a section of its own. */
	if (op->times > 1 && !has_sets)
		sites++;
	MARKER(3);
	for (int i = 0; i < WINDOWS; i++) {
		uint64_t begin, ticks;
		uint32_t position;
		int rc;

		if (op->prepare)
			op->prepare();
		position = produced();
		MARKER(1);
		begin = read_ticks();
		rc = op->run();
		ticks = read_ticks() - begin;
		MARKER(2);
		if (rc == -ENOSYS)
			continue;
		if (rc)
			die(EXIT_USAGE, "%s: %s", op->name, strerror(rc < -1 ? -rc : errno));
		if (ticks < best) {
			best = ticks;
			records = count_records(position, produced());
		}
	}
	printf(" {\"op\": \"%s\", \"what\": \"%s\", \"sites\": %u, \"times\": %u, "
	       "\"instructions\": %lld, \"records\": %u}%s\n",
	       op->name, op->what, sites, op->times, best == UINT64_MAX ? -1 : (long long)best,
	       records, last ? "" : ",");
}

static void create_domain(void)
{
	struct xen_domctl_createdomain config = {
		.flags = XEN_DOMCTL_CDF_hvm | XEN_DOMCTL_CDF_hap,
		.max_vcpus = 1,
		.max_evtchn_port = 1023,
		.max_grant_frames = 4,
		.max_maptrack_frames = 4,
		.grant_opts = 1,
		.arch.emulation_flags = XEN_X86_EMU_ALL & ~XEN_X86_EMU_VPCI,
	};

	if (xc_domain_create(xc, &domid, &config) || xc_domain_setmaxmem(xc, domid, 1 << 20))
		die(EXIT_USAGE, "cannot create a domain: %s", strerror(errno));
}

int main(int argc, char **argv)
{
	bool idle = argc == 2 && !strcmp(argv[1], "--idle");
	bool on = idle || (argc == 2 && !strcmp(argv[1], "--on"));
	xencall_handle *calls = xencall_open(NULL, 0);
	size_t count = sizeof(ops) / sizeof(ops[0]);

	if (argc != 1 + on)
		die(EXIT_USAGE, "usage: claimperf-probe-effect [--idle|--on]");
	xc = xc_interface_open(NULL, NULL, 0);
	if (!xc || !calls || claim_call_open(calls, &claim))
		die(EXIT_USAGE, "no Xen here");
	create_domain();
	cancel_set();
	has_sets = !install_set();
	xc_domain_claim_pages(xc, domid, 0);
	if (on)
		start_tracing(idle ? ALL_OF_SHADOW : ALL_OF_MEMORY);
	printf("{\"on\": %s, \"ops\": [\n", on ? "true" : "false");
	for (size_t i = 0; i < count; i++)
		measure(&ops[i], i + 1 == count);
	puts("]}");
	if (on)
		xc_tbuf_disable(xc);
	xc_domain_destroy(xc, domid);
	return 0;
}
