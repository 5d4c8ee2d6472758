// SPDX-License-Identifier: GPL-2.0-only
#include "tests/lab_job.h"

#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>
#include <xencall.h>

#include "bench/xen_compat.h"
#include "lib/msg.h"

pid_t start_xentrace(const char *xentrace)
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

void stop_xentrace(pid_t pid)
{
	int status;

	usleep(50000);
	kill(pid, SIGTERM);
	if (waitpid(pid, &status, 0) != pid || status)
		die(EXIT_REGRESSION, "xentrace failed: wait status %d", status);
}

uint32_t new_domain(xc_interface *xc, uint64_t pages)
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
	uint32_t domid = DOMID_ANY;

	if (xc_domain_create(xc, &domid, &config))
		die(EXIT_USAGE, "cannot create a domain");
	if (xc_domain_setmaxmem(xc, domid, 4 * pages + 4096))
		die(EXIT_USAGE, "cannot set the domain's limit");
	return domid;
}

uint64_t host_outstanding(xc_interface *xc)
{
	xc_physinfo_t info;

	if (xc_physinfo(xc, &info))
		die(EXIT_USAGE, "physinfo failed");
	return info.outstanding_pages;
}

bool install_claims(uint32_t domid, const struct claim_entry *set, size_t n, uint64_t legacy)
{
	xencall_handle *calls = xencall_open(NULL, 0);
	struct claim_call *call;
	bool sets;
	int rc;

	if (!calls || claim_call_open(calls, &call))
		die(EXIT_USAGE, "cannot open the claim calls");
	rc = claim_set(call, domid, set, n);
	sets = rc != -ENOSYS;
	if (!sets) {
		claim_legacy_prepare(call, domid, legacy);
		rc = claim_legacy_issue(call);
	}
	if (rc)
		die(EXIT_REGRESSION, "the claim was refused: %s", strerror(-rc));
	claim_call_close(call);
	xencall_close(calls);
	return sets;
}

void populate(xc_interface *xc, uint32_t domid, unsigned int extents, unsigned int order,
	      unsigned int node)
{
	xen_pfn_t *frames = calloc(extents, sizeof(*frames));
	unsigned int i;

	if (!frames)
		die(EXIT_USAGE, "out of memory");
	/* Not from frame 0, whose page table would be shared with what the hypervisor puts there. */
	for (i = 0; i < extents; i++)
		frames[i] = (1UL << 9) + ((xen_pfn_t)i << order);
	if (xc_domain_populate_physmap_exact(xc, domid, extents, order, XENMEMF_exact_node(node),
					     frames))
		die(EXIT_REGRESSION, "populate failed");
	free(frames);
}
