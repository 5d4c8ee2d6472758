/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Memory of a real host that stays free and unclaimed, for dom0 and for Xen itself. xen.c asks
 * before each call that takes memory, whatever the case; no cases are measured with it in the lab.
 * Threads may ask at the same time.
 */
#ifndef BENCH_RESERVE_H
#define BENCH_RESERVE_H

#include "bench/xen.h"

/* In pages; 0, as at the start: there is none, and nothing is asked. */
void reserve_set(uint64_t pages);

/*
 * The domain is to get that many pages, or to have them claimed: 0, or -ENOMEM when what its claims
 * do not cover would leave less than the reserve. What exceeds all free memory may pass, for Xen
 * refuses it.
 */
int reserve_spare(struct xen *xen, uint32_t domid, uint64_t pages);

/* The thread that asked will call no more. */
void reserve_leave(void);

/* Was anything refused since this was asked last? */
bool reserve_refused(void);

#endif
