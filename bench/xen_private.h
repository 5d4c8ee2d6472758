/* SPDX-License-Identifier: GPL-2.0-only */
/* What xen.c and xen_calls.c share: the two files here that include xenctrl. */
#ifndef BENCH_XEN_PRIVATE_H
#define BENCH_XEN_PRIVATE_H

#include <xenctrl.h>
#include <xencall.h>
#include <xenforeignmemory.h>
#include <xen/memory.h>

#include "bench/claim_call.h"
#include "bench/dialect.h"
#include "bench/xen.h"

/* Filled by the functions that prepare a call; all in memory that hypercalls may use. */
struct xen_buffers {
	xen_memory_reservation_t *reservation;
	xen_memory_exchange_t *exchange;
	struct xen_domctl *domctl;
	struct xen_sysctl *sysctl;
	xen_pfn_t *frames; /* of a reservation, or those that an exchange takes */
	xen_pfn_t *given;  /* those that it gives */
	xen_domctl_getdomaininfo_t *domains;
	xen_sysctl_meminfo_t *nodes;
};

struct xen {
	xc_interface *xc;
	xencall_handle *calls;
	struct claim_call *claim;
	struct xen_buffers buffers;
	unsigned int nodes;
	uint64_t tsc_khz;
	const struct dialect *dialect;
	bool profiling;
	uint32_t domains[XEN_MAX_DOMAINS];
	unsigned int nr_domains;
	xenforeignmemory_handle *foreign; /* NULL: nothing was mapped yet */
	void *held_page;		  /* of a domain that is kept dying; NULL */
	uint32_t held_domain;
};

int xen_buffers_open(struct xen *xen);
void xen_buffers_close(struct xen *xen);

/* Pause it, where the dialect wants that for claims. */
int xen_pause_for_claims(struct xen *xen, uint32_t domid);

#endif
