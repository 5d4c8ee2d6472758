// SPDX-License-Identifier: GPL-2.0-only
/* xc_domain_claim_memory() of the patched libxenctrl: set, refused, released. */
#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <xenctrl.h>

#define PAGES 4096
#define HOST XEN_DOMCTL_CLAIM_MEMORY_HOST

static bool failed;

static void check(const char *what, bool good)
{
	printf("%s - %s\n", good ? "ok" : "not ok", what);
	failed |= !good;
}

static uint64_t claimed_pages(xc_interface *xc, uint32_t domid)
{
	xc_domaininfo_t info = { .outstanding_pages = UINT64_MAX };

	return xc_domain_getinfolist(xc, domid, 1, &info) == 1 ? info.outstanding_pages : UINT64_MAX;
}

static void test_claims(xc_interface *xc, uint32_t domid)
{
	memory_claim_t set[] = { { .pages = PAGES, .target = 1 }, { .pages = 1, .target = HOST } };
	memory_claim_t unknown = { .pages = 1, .target = 50 };
	memory_claim_t huge = { .pages = 1ull << 40, .target = 1 };
	memory_claim_t nothing = { .target = HOST };

	check("set", !xc_domain_claim_memory(xc, domid, 2, set) &&
			     claimed_pages(xc, domid) == PAGES + 1);
	check("an unknown node is refused",
	      xc_domain_claim_memory(xc, domid, 1, &unknown) == -1 && errno == ENOENT);
	check("too much is refused",
	      xc_domain_claim_memory(xc, domid, 1, &huge) == -1 && errno == ENOMEM);
	check("no claims are refused",
	      xc_domain_claim_memory(xc, domid, 0, NULL) == -1 && errno == EINVAL);
	check("the claims are as before", claimed_pages(xc, domid) == PAGES + 1);
	check("released", !xc_domain_claim_memory(xc, domid, 1, &nothing) &&
				  !claimed_pages(xc, domid));
}

int main(void)
{
	struct xen_domctl_createdomain config = {
		.flags = XEN_DOMCTL_CDF_hvm | XEN_DOMCTL_CDF_hap,
		.max_vcpus = 1,
		.max_grant_frames = -1,
		.max_maptrack_frames = -1,
		.grant_opts = XEN_DOMCTL_GRANT_version(2),
		.arch.emulation_flags = XEN_X86_EMU_LAPIC,
	};
	xc_interface *xc = xc_interface_open(NULL, NULL, 0);
	uint32_t domid = 0;

	if (!xc || xc_domain_create(xc, &domid, &config) ||
	    xc_domain_setmaxmem(xc, domid, 1ull << 40)) {
		fprintf(stderr, "no domain: %s\n", strerror(errno));
		return 2;
	}
	test_claims(xc, domid);
	xc_domain_destroy(xc, domid);
	xc_interface_close(xc);
	return failed;
}
