// SPDX-License-Identifier: GPL-2.0-only
#include <errno.h>

#include "bench/reserve.h"

static uint64_t reserve;
static bool refused;

void reserve_set(uint64_t pages)
{
	reserve = pages;
}

int reserve_spare(struct xen *xen, uint32_t domid, uint64_t pages)
{
	uint64_t has = 0, claimed = 0, left;
	struct xen_memory memory;
	int rc;

	if (!reserve)
		return 0;
	rc = xen_read_memory(xen, &memory);
	/* A domain that is gone, or does not exist yet, has claimed nothing. */
	if (!rc && xen_read_domain(xen, domid, &has, &claimed))
		claimed = 0;
	if (rc || pages <= claimed || pages - claimed > memory.free_pages)
		return rc;
	left = memory.free_pages > memory.claimed_pages ? memory.free_pages - memory.claimed_pages : 0;
	if (pages - claimed + reserve <= left)
		return 0;
	refused = true;
	return -ENOMEM;
}

bool reserve_refused(void)
{
	bool was = refused;

	refused = false;
	return was;
}
