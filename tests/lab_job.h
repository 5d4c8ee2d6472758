/* SPDX-License-Identifier: GPL-2.0-only */
/* What programs share that run in the lab's dom0 and know what a trace of them must contain. */
#ifndef CLAIMPERF_TESTS_LAB_JOB_H
#define CLAIMPERF_TESTS_LAB_JOB_H

#include <stddef.h>
#include <sys/types.h>
#include <xenctrl.h>

#include "bench/claim_call.h"

/* All of these end the program when they fail. */

/* Record the memory class into t.xen in the current folder. */
pid_t start_xentrace(const char *xentrace);
void stop_xentrace(pid_t pid);

/* An HVM domain that may have so many pages, and its page tables. */
uint32_t new_domain(xc_interface *xc, uint64_t pages);

/* Outstanding claims of all domains. Takes heap_lock. */
uint64_t host_outstanding(xc_interface *xc);

/* Install a set of n claims; with a hypervisor that has no sets, one legacy claim. False: the latter. */
bool install_claims(uint32_t domid, const struct claim_entry *set, size_t n, uint64_t legacy);

/* Take extents of an order from a node. */
void populate(xc_interface *xc, uint32_t domid, unsigned int extents, unsigned int order,
	      unsigned int node);

#endif
