// SPDX-License-Identifier: GPL-2.0-only
#include <errno.h>

#include "tests/stress/domains.h"

/* So little that it runs out: then pages are allocated, not mapped, and freed. Worth having. */
#define PAGING_POOL_BYTES (512ull << 10)

int create_domain(xc_interface *xc, bool hvm, uint32_t *domid)
{
	struct xen_domctl_createdomain config = {
		.max_vcpus = 1,
		.max_evtchn_port = -1,
		.max_grant_frames = -1,
		.max_maptrack_frames = -1,
		.grant_opts = XEN_DOMCTL_GRANT_version(2),
	};

	if (hvm) {
		config.flags = XEN_DOMCTL_CDF_hvm | XEN_DOMCTL_CDF_hap;
		config.arch.emulation_flags = XEN_X86_EMU_ALL & ~XEN_X86_EMU_VPCI;
	}
	*domid = 0;
	if (xc_domain_create(xc, domid, &config) ||
	    xc_domain_setmaxmem(xc, *domid, NO_LIMIT << (XC_PAGE_SHIFT - 10)) ||
	    (hvm && xc_set_paging_mempool_size(xc, *domid, PAGING_POOL_BYTES)))
		return -errno;
	return 0;
}

int fill_stock(xc_interface *xc, struct world *world)
{
	for (unsigned int i = 0; i < STOCK; i++) {
		int rc = create_domain(xc, true, &world->stock[i]);

		if (rc)
			return rc;
	}
	return 0;
}
