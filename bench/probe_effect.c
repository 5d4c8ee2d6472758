// SPDX-License-Identifier: GPL-2.0-only
/*
 * Runs in dom0 of the lab: what a call costs that passes trace points, in instructions (ticks, in
 * exact mode), and how many records it makes. On a hypervisor without trace points, with them,
 * and with tracing on, for other events and for these, that is what they cost;
 * plots/section_trace_cost.c subtracts. Ticks are dom0's, too, whose kernel does not always take the
 * same path: scripts/trace-cost has the probe count those of the hypervisor.
 *
 *   claimperf-probe-effect [--idle|--on]     prints JSON: {"ops": [{"op", "sites", "times", …}]}
 */
#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>
#include <xencall.h>
#include <xenctrl.h>
#include <xenforeignmemory.h>
#include <xen/sysctl.h>
#include <xen/trace.h>

#include "bench/claim_call.h"
#include "bench/ticks.h"
#include "bench/xen_compat.h"
#include "lib/msg.h"
#include "tracepoints/events.h"

#define EXTENTS 64
#define WINDOWS 12
#define BUFFER_PAGES 256
#define ALL_OF_MEMORY 0x0010f000u
#define ALL_OF_SHADOW 0x0040f000u /* of which none of the calls makes any */
#define DIRTY_ORDER 4
#define SCRUB_US 2000
#define RECORD_WORDS 3 /* header, time stamp */

static xc_interface *xc;
static xencall_handle *calls;
static struct claim_call *claim;
static struct xen_sysctl *page_online;
static uint32_t domid, victim;
static xen_pfn_t frames[EXTENTS];
static xen_pfn_t next_frame = 1;

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

/* xc_mark_page_online() is in libxenguest, which is not there for every tree. */
static int open_page_call(void)
{
	uint32_t *status = xencall_alloc_buffer(calls, sizeof(*status));

	page_online = xencall_alloc_buffer(calls, sizeof(*page_online));
	if (!status || !page_online)
		return -ENOMEM;
	memset(page_online, 0, sizeof(*page_online));
	page_online->cmd = XEN_SYSCTL_page_offline_op;
	page_online->interface_version = XEN_SYSCTL_INTERFACE_VERSION;
	page_online->u.page_offline.cmd = sysctl_page_online;
	page_online->u.page_offline.start = page_online->u.page_offline.end = 0x100000;
	set_xen_guest_handle_raw(page_online->u.page_offline.status, status);
	return 0;
}

static int ask_page(void)
{
	return xencall1(calls, __HYPERVISOR_sysctl, (uintptr_t)page_online);
}

static uint32_t create_domain(void)
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
	uint32_t created = DOMID_ANY;

	if (xc_domain_create(xc, &created, &config) || xc_domain_setmaxmem(xc, created, 1 << 20))
		die(EXIT_USAGE, "cannot create a domain: %s", strerror(errno));
	return created;
}

static int create_victim(void)
{
	victim = create_domain();
	return 0;
}

static int kill_victim(void)
{
	return xc_domain_destroy(xc, victim);
}

static void remove_victim(void)
{
	if (victim && kill_victim())
		die(EXIT_USAGE, "cannot destroy a domain: %s", strerror(errno));
}

static void prepare_victim(void)
{
	create_victim();
}

/* Pages of a dead domain are left for the scrubber, which was done with all others. */
static void leave_dirty_pages(void)
{
	xen_pfn_t frame = 1UL << 9;

	usleep(10 * SCRUB_US);
	create_victim();
	if (xc_domain_populate_physmap_exact(xc, victim, 1, DIRTY_ORDER, 0, &frame) ||
	    kill_victim())
		die(EXIT_USAGE, "cannot leave dirty pages: %s", strerror(errno));
}

/* Which runs when no CPU has anything else to do. */
static int let_scrub(void)
{
	return usleep(SCRUB_US);
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

typedef bool record_filter(uint32_t event, const void *words);

static bool is_of_scrubber(uint32_t event, const void *words)
{
	struct trc_heap_section section;

	memcpy(&section, words, sizeof(section));
	return event == TRC_scrub_run ||
	       (event == TRC_heap_section && section.site == HEAP_SITE_SCRUB);
}

static bool is_of_share(uint32_t event, const void *words)
{
	struct trc_page_alloc_section section;

	memcpy(&section, words, sizeof(section));
	return event == TRC_page_alloc_section && section.site == HEAP_OWNER_SHARE;
}

/*
 * sites: sections with their lock and unlock, and calls traced as a whole, passed each time; 0 for
 * all that the probe sees. function: it alone counts, with the records wanted, and each call of it is
 * a site; of one window, which has all there is.
 */
static const struct op {
	const char *name;
	const char *what;
	unsigned int sites, times;
	void (*prepare)(void);
	int (*run)(void);
	const char *function;
	record_filter *wanted;
} ops[] = {
	{"populate", "64 order-0 extents: alloc_heap_pages, assign_pages", 0, 1, choose_frames,
	 populate, NULL, NULL},
	{"free", "64 pages freed: free_domheap_pages, free_heap_pages", 0, 1, populate_first,
	 give_back, NULL, NULL},
	{"claim_legacy", "XENMEM_claim_pages: the call, both locks", 2, 1, cancel_claims,
	 claim_pages, NULL, NULL},
	{"claim_set", "XEN_DOMCTL_claim_memory: the call, both locks", 2, 1, cancel_set,
	 install_set, NULL, NULL},
	{"info", "physinfo", 1, 1, NULL, ask_host, NULL, NULL},
	{"limit", "XEN_DOMCTL_max_mem", 1, 1, NULL, limit, NULL, NULL},
	{"offline", "online_page", 1, 1, NULL, ask_page, NULL, NULL},
	{"share", "share_xen_page_with_guest", 1, 1, remove_victim, create_victim,
	 "share_xen_page_with_guest", is_of_share},
	{"kill", "domain_kill: the call, relinquish_memory, pages freed", 0, 1, prepare_victim,
	 kill_victim, NULL, NULL},
	{"scrub", "scrub_free_pages: the run, its sections", 1, 1, leave_dirty_pages, let_scrub,
	 "scrub_free_pages", is_of_scrubber},
};

/* The trace buffer of the first CPU. */
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

/*
 * Records from one position of the buffer to another, all or those of interest. It is never full:
 * all is there.
 */
static unsigned int count_records(uint32_t from, uint32_t to, record_filter *wanted)
{
	unsigned int count = 0;

	while (from < to) {
		uint32_t words[RECORD_WORDS + HEAP_WORDS_MAX];

		memcpy(words, (char *)(buffer + 1) + from, sizeof(words));
		from += 4 * (1 + (words[0] >> 31) * 2 + (words[0] >> TRACE_EXTRA_SHIFT & 7));
		count += !wanted || wanted(words[0] & ((1U << TRACE_EXTRA_SHIFT) - 1),
					   words + RECORD_WORDS);
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
	unsigned int records = 0;

	MARKER(3);
	for (int i = 0; i < (op->function ? 1 : WINDOWS); i++) {
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
			records = count_records(position, produced(), op->wanted);
		}
	}
	printf(" {\"op\": \"%s\", \"what\": \"%s\", \"function\": \"%s\", \"sites\": %u, "
	       "\"times\": %u, \"instructions\": %lld, \"records\": %u}%s\n",
	       op->name, op->what, op->function ? op->function : "", op->sites,
	       op->times, best == UINT64_MAX ? -1 : (long long)best, records, last ? "" : ",");
}

static void measure_ops(bool on)
{
	size_t count = sizeof(ops) / sizeof(ops[0]);

	printf("{\"on\": %s, \"ops\": [\n", on ? "true" : "false");
	for (size_t i = 0; i < count; i++)
		measure(&ops[i], i + 1 == count);
	puts("]}");
}

int main(int argc, char **argv)
{
	bool idle = argc == 2 && !strcmp(argv[1], "--idle");
	bool on = idle || (argc == 2 && !strcmp(argv[1], "--on"));

	if (argc != 1 + on)
		die(EXIT_USAGE, "usage: claimperf-probe-effect [--idle|--on]");
	calls = xencall_open(NULL, 0);
	xc = xc_interface_open(NULL, NULL, 0);
	if (!xc || !calls || claim_call_open(calls, &claim) || open_page_call())
		die(EXIT_USAGE, "no Xen here");
	domid = create_domain();
	if (on)
		start_tracing(idle ? ALL_OF_SHADOW : ALL_OF_MEMORY);
	measure_ops(on);
	if (on)
		xc_tbuf_disable(xc);
	xc_domain_destroy(xc, domid);
	return 0;
}
