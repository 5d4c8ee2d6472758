// SPDX-License-Identifier: GPL-2.0-only
#include <errno.h>

#include "tests/contract/private.h"
#include "tests/stress/domains.h"

/* So little that it runs out: then pages are allocated, not mapped, and freed. Worth having. */
#define PAGING_POOL_BYTES (512ull << 10)

int create_domain(xc_interface *xc, bool hvm, uint32_t *domid)
{
	int rc = create_empty(xc, hvm ? HVM : PV, domid);

	if (rc)
		return rc;
	if (xc_domain_setmaxmem(xc, *domid, NO_LIMIT << (XC_PAGE_SHIFT - 10)) ||
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
