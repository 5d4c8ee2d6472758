// SPDX-License-Identifier: GPL-2.0-only
/*
 * Runs in dom0: with xentrace on, claims pages for a new domain, populates it with order-9 extents
 * on node 0, and prints what a trace of that must contain.
 * The trace goes to $OUT/t.xen. Usage: trace-job XENTRACE EXTENTS
 */
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>
#include <xencall.h>
#include <xenctrl.h>

#include "bench/claim_call.h"
#include "lib/msg.h"
#include "lib/parse.h"

#define ORDER 9
#define EXTENTS_MAX 64

static pid_t start_xentrace(const char *xentrace)
{
	pid_t pid = fork();

	if (pid < 0)
		die(EXIT_USAGE, "cannot fork");
	if (!pid) {
		execl(xentrace, xentrace, "-D", "-e", "0x0010f000", "-S", "512", "t.xen", NULL);
		_exit(127);
	}
	/* It has no way to say that it is ready. */
	usleep(200000);
	return pid;
}

static void stop_xentrace(pid_t pid)
{
	int status;

	usleep(50000);
	kill(pid, SIGTERM);
	if (waitpid(pid, &status, 0) != pid || status)
		die(EXIT_REGRESSION, "xentrace failed: wait status %d", status);
}

static uint32_t new_domain(xc_interface *xc, uint64_t pages)
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
	uint32_t domid = 0;

	if (xc_domain_create(xc, &domid, &config))
		die(EXIT_USAGE, "cannot create a domain");
	if (xc_domain_setmaxmem(xc, domid, 4 * pages + 4096))
		die(EXIT_USAGE, "cannot set the domain's limit");
	return domid;
}

static uint64_t outstanding(xc_interface *xc)
{
	xc_physinfo_t info;

	if (xc_physinfo(xc, &info))
		die(EXIT_USAGE, "physinfo failed");
	return info.outstanding_pages;
}

/* Half on the node that will serve, a quarter from anywhere, an eighth on another node. */
static void claim(uint32_t domid, uint64_t pages)
{
	struct claim_entry set[] = {
		{pages / 2, 0, 0}, {pages / 4, CLAIM_TARGET_HOST, 0}, {pages / 8, 1, 0}};
	xencall_handle *calls = xencall_open(NULL, 0);
	struct claim_call *call;
	int rc;

	if (!calls || claim_call_open(calls, &call))
		die(EXIT_USAGE, "cannot open the claim calls");
	rc = claim_set(call, domid, set, 3);
	if (!rc) {
		printf("redeem node %lu\nredeem host %lu\nredeem other %lu\ninstall set 3\n",
		       pages / 2, pages / 4, pages / 8);
	} else {
		claim_legacy_prepare(call, domid, pages);
		rc = claim_legacy_issue(call);
		printf("redeem host %lu\ninstall legacy 1\n", pages);
	}
	if (rc)
		die(EXIT_REGRESSION, "the claim was refused: %s", strerror(-rc));
	claim_call_close(call);
	xencall_close(calls);
}

static void populate(xc_interface *xc, uint32_t domid, unsigned int extents)
{
	xen_pfn_t frames[EXTENTS_MAX];
	uint64_t before = outstanding(xc);
	unsigned int i;

	for (i = 0; i < extents; i++)
		frames[i] = (xen_pfn_t)(i + 1) << ORDER;
	if (xc_domain_populate_physmap_exact(xc, domid, extents, ORDER, XENMEMF_exact_node(0),
					     frames))
		die(EXIT_REGRESSION, "populate failed");
	printf("extents %u\nredeemed %lu\n", extents, before - outstanding(xc));
}

int main(int argc, char **argv)
{
	uint64_t extents, pages;
	xc_interface *xc;
	uint32_t domid;
	pid_t tracer;

	if (argc != 3 || parse_u64(argv[2], 8, EXTENTS_MAX, &extents))
		die(EXIT_USAGE, "usage: XENTRACE EXTENTS (8 to %u)", EXTENTS_MAX);
	if (!getenv("OUT") || chdir(getenv("OUT")))
		die(EXIT_USAGE, "no folder in $OUT");
	xc = xc_interface_open(NULL, NULL, 0);
	if (!xc)
		die(EXIT_USAGE, "no Xen here");
	pages = extents << ORDER;
	domid = new_domain(xc, pages);
	tracer = start_xentrace(argv[1]);
	claim(domid, pages);
	populate(xc, domid, (unsigned int)extents);
	stop_xentrace(tracer);
	xc_domain_destroy(xc, domid);
	xc_interface_close(xc);
	return 0;
}
