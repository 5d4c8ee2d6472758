// SPDX-License-Identifier: GPL-2.0-only
/*
 * Runs in dom0 of a hypervisor that profiles its locks, with xentrace on. In each of some rounds it
 * takes heap_lock for no domain, claims pages for a new one, takes some offline and back, populates it from the last node, and
 * destroys it, with a cut between these phases.
 *
 * At a cut all witnesses are asked at a time when no other program runs. The plugin is told of it, and
 * the profile read, between two readings of the TSC. A trace without sections between these two ticks
 * was cut at the very same section.
 *
 * One line per cut:
 *
 *   cut PHASE DOMID BEFORE AFTER SECTIONS HOLD HOST DOMAIN PAGES
 *
 * PHASE is the one that ends here, DOMID the domain it is about. BEFORE and AFTER are ticks. SECTIONS and HOLD (ns)
 * are those of heap_lock since boot. HOST and DOMAIN are outstanding claims, read before BEFORE.
 * PAGES are the sections of the domain's page_alloc_lock, 0 when it is gone.
 *
 *   tool SECTIONS HOLD
 *
 * is what XENLOCKPROF printed of heap_lock, within the phase that follows.
 *
 * The trace goes to $OUT/t.xen.
 * Usage: agreement-job XENTRACE XENLOCKPROF ROUNDS ORDER EXTENTS
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "bench/ticks.h"
#include "lib/msg.h"
#include "lib/parse.h"
#include "tests/lab_job.h"

/* Wants types of xenctrl.h. */
#include <xenguest.h>

#define LOCKS_MAX 4096
#define ROUNDS_MAX 100
#define EXTENTS_MAX 4096
#define QUESTIONS 64
#define TOGGLED 16
#define TOGGLED_FROM (1UL << 18) /* frame at 1 GiB */

/* Nothing to the CPU; to the plugin a new section of its report (tracepoints/markers.c). */
#define NEXT_SECTION() asm volatile(".byte 0x0f, 0x1f, 0x80, 0x03, 0x50, 0x4c, 0x43" ::: "memory")

static xc_interface *xc;

static uint64_t domain_outstanding(uint32_t domid)
{
	xc_dominfo_t info;

	/* 0 pages once it is gone. */
	if (xc_domain_getinfo(xc, domid, 1, &info) != 1 || info.domid != domid)
		return 0;
	return info.nr_outstanding_pages;
}

/* What the profile has of a lock, of a domain or not; zeros when there is none such. */
static xc_lockprof_data_t find_lock(const xc_lockprof_data_t *locks, uint32_t count, const char *name,
				    int type, uint32_t domid)
{
	for (uint32_t i = 0; i < count && i < LOCKS_MAX; i++)
		if (locks[i].type == type && (uint32_t)locks[i].idx == domid &&
		    !strcmp(locks[i].name, name))
			return locks[i];
	return (xc_lockprof_data_t){ .lock_cnt = 0 };
}

static void cut_after(const char *phase, uint32_t domid)
{
	uint64_t before, after, time, host = host_outstanding(xc), domain = domain_outstanding(domid);
	DECLARE_HYPERCALL_BUFFER(xc_lockprof_data_t, locks);
	xc_lockprof_data_t heap, pages;
	uint32_t count = LOCKS_MAX;

	locks = xc_hypercall_buffer_alloc(xc, locks, LOCKS_MAX * sizeof(*locks));
	if (!locks)
		die(EXIT_USAGE, "out of memory");
	before = read_ticks();
	NEXT_SECTION();
	if (xc_lockprof_query(xc, &count, &time, HYPERCALL_BUFFER(locks)))
		die(EXIT_USAGE, "no lock profile: not a +lockprof hypervisor");
	after = read_ticks();
	heap = find_lock(locks, count, "heap_lock", LOCKPROF_TYPE_GLOBAL, 0);
	pages = find_lock(locks, count, "page_alloc_lock", LOCKPROF_TYPE_PERDOM, domid);
	xc_hypercall_buffer_free(xc, locks);
	if (!heap.lock_cnt)
		die(EXIT_REGRESSION, "no heap_lock among the %u locks of the profile", count);
	printf("cut %s %u %lu %lu %lu %lu %lu %lu %lu\n", phase, domid, before, after, heap.lock_cnt,
	       heap.lock_time, host, domain, pages.lock_cnt);
}

static void ask(void)
{
	unsigned int i;

	for (i = 0; i < QUESTIONS; i++)
		host_outstanding(xc);
}

/* The tool reads the profile somewhere in a phase of its own. No shell, whose files are not staged. */
static void run_xenlockprof(const char *program)
{
	uint64_t sections, seconds, ns;
	int ends[2], status;
	char line[512];
	FILE *output;
	pid_t pid;

	fflush(stdout);
	if (pipe(ends) || (pid = fork()) < 0)
		die(EXIT_USAGE, "cannot fork");
	if (!pid) {
		dup2(ends[1], STDOUT_FILENO);
		execl(program, program, NULL);
		_exit(127);
	}
	close(ends[1]);
	output = fdopen(ends[0], "r");
	while (output && fgets(line, sizeof(line), output))
		if (sscanf(line, "global lock heap_lock : lock: %lu( %lu.%lus)", &sections, &seconds,
			   &ns) == 3)
			printf("tool %lu %lu\n", sections, seconds * 1000000000 + ns);
	if (waitpid(pid, &status, 0) != pid || status)
		die(EXIT_REGRESSION, "%s failed", program);
	fclose(output);
}

/* Take some pages offline and put them back. */
static void toggle_pages(void)
{
	unsigned long frame = TOGGLED_FROM;
	uint32_t status;
	unsigned int i;

	for (i = 0; i < TOGGLED; frame++) {
		if (frame == 2 * TOGGLED_FROM)
			die(EXIT_REGRESSION, "no page can be taken offline");
		if (xc_mark_page_offline(xc, frame, frame, &status))
			continue; /* Xen uses it */
		if (xc_mark_page_online(xc, frame, frame, &status))
			die(EXIT_REGRESSION, "a page cannot come back online");
		i++;
	}
}

static unsigned int last_node(void)
{
	unsigned int nodes = 0;

	if (xc_numainfo(xc, &nodes, NULL, NULL) || !nodes)
		die(EXIT_USAGE, "numainfo failed");
	return nodes - 1;
}

/* A quarter more than will be taken: half on the node that will serve, the rest of it stays. */
static void claim(uint32_t domid, uint64_t pages, unsigned int node)
{
	const struct claim_entry set[] = {
		{pages / 2, node, 0}, {node ? pages / 4 : 3 * pages / 4, CLAIM_TARGET_HOST, 0},
		{pages / 2, 0, 0}};

	install_claims(domid, set, node ? 3 : 2, pages);
}

static void run_round(uint64_t extents, unsigned int order)
{
	unsigned int node = last_node();
	uint64_t pages = extents << order;
	uint32_t domid = new_domain(xc, pages);

	cut_after("create", domid);
	ask();
	cut_after("ask", domid);
	claim(domid, pages, node);
	cut_after("claim", domid);
	toggle_pages();
	cut_after("toggle", domid);
	populate(xc, domid, (unsigned int)extents, order, node);
	cut_after("populate", domid);
	xc_domain_destroy(xc, domid);
	/* For the last of its pages, which Xen frees when no CPU can look at the domain any more. */
	usleep(20000);
	cut_after("destroy", domid);
	/* For xentrace to empty the buffers. */
	usleep(20000);
}

int main(int argc, char **argv)
{
	uint64_t rounds, order, extents, i;
	pid_t tracer;

	if (argc != 6 || parse_u64(argv[3], 1, ROUNDS_MAX, &rounds) ||
	    parse_u64(argv[4], 0, 18, &order) || parse_u64(argv[5], 4, EXTENTS_MAX, &extents))
		die(EXIT_USAGE, "usage: XENTRACE XENLOCKPROF ROUNDS ORDER EXTENTS (4 to %u)", EXTENTS_MAX);
	if (!getenv("OUT") || chdir(getenv("OUT")))
		die(EXIT_USAGE, "no folder in $OUT");
	xc = xc_interface_open(NULL, NULL, 0);
	if (!xc)
		die(EXIT_USAGE, "no Xen here");
	tracer = start_xentrace(argv[1]);
	cut_after("none", 0);
	for (i = 0; i < rounds; i++)
		run_round(extents, (unsigned int)order);
	run_xenlockprof(argv[2]);
	cut_after("tool", 0);
	stop_xentrace(tracer);
	xc_interface_close(xc);
	return 0;
}
