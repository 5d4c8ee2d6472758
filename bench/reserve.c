// SPDX-License-Identifier: GPL-2.0-only
#include <errno.h>
#include <pthread.h>

#include "bench/reserve.h"

static uint64_t reserve;
static bool refused;

/* Pages that calls were let pass for, and may not have yet: each thread's last one. */
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static uint64_t under_way;
static _Thread_local uint64_t own;

void reserve_set(uint64_t pages)
{
	reserve = pages;
}

static int spare(struct xen *xen, uint32_t domid, uint64_t pages)
{
	uint64_t has = 0, claimed = 0, left;
	struct xen_memory memory;
	int rc = xen_read_memory(xen, &memory);

	/* A domain that is gone, or does not exist yet, has claimed nothing. */
	if (!rc && xen_read_domain(xen, domid, &has, &claimed))
		claimed = 0;
	if (rc || pages <= claimed || pages - claimed > memory.free_pages)
		return rc;
	left = memory.free_pages > memory.claimed_pages ? memory.free_pages - memory.claimed_pages
							: 0;
	if (pages - claimed + under_way + reserve > left) {
		refused = true;
		return -ENOMEM;
	}
	own = pages - claimed;
	return 0;
}

int reserve_spare(struct xen *xen, uint32_t domid, uint64_t pages)
{
	int rc;

	if (!reserve)
		return 0;
	pthread_mutex_lock(&lock);
	under_way -= own;
	own = 0;
	rc = spare(xen, domid, pages);
	under_way += own;
	pthread_mutex_unlock(&lock);
	return rc;
}

void reserve_leave(void)
{
	pthread_mutex_lock(&lock);
	under_way -= own;
	own = 0;
	pthread_mutex_unlock(&lock);
}

bool reserve_refused(void)
{
	bool was = refused;

	refused = false;
	return was;
}
