// SPDX-License-Identifier: GPL-2.0-only
/*
 * What claims.ml needs beyond the binding: figures that it does not read, and a stop in front of
 * the hypercall (linked with --wrap=xc_domain_claim_memory).
 */
#include <caml/memory.h>
#include <caml/mlvalues.h>
#include <malloc.h>
#include <semaphore.h>
#include <stdatomic.h>
#include <time.h>
#include <xenctrl.h>

#define STOP_SECONDS 5
#define MAX_NODES 64

int __real_xc_domain_claim_memory(xc_interface *xc, uint32_t domid, uint32_t nr_claims,
				  memory_claim_t *claims);
int __wrap_xc_domain_claim_memory(xc_interface *xc, uint32_t domid, uint32_t nr_claims,
				  memory_claim_t *claims);
value claimed_pages(value xc, value domid);
value free_pages_of_node(value xc, value node);
value stop_next_call(value unit);
value is_stopped(value unit);
value go_on(value unit);
value used_bytes(value unit);

static atomic_bool stop, stopped;
static sem_t go;

int __wrap_xc_domain_claim_memory(xc_interface *xc, uint32_t domid, uint32_t nr_claims,
				  memory_claim_t *claims)
{
	struct timespec limit;

	if (atomic_exchange(&stop, false)) {
		clock_gettime(CLOCK_REALTIME, &limit);
		limit.tv_sec += STOP_SECONDS;
		atomic_store(&stopped, true);
		if (sem_timedwait(&go, &limit))
			return -1;
	}
	return __real_xc_domain_claim_memory(xc, domid, nr_claims, claims);
}

value stop_next_call(value unit)
{
	sem_init(&go, 0, 0);
	atomic_store(&stopped, false);
	atomic_store(&stop, true);
	return unit;
}

value is_stopped(value unit)
{
	(void)unit;
	return Val_bool(atomic_load(&stopped));
}

value go_on(value unit)
{
	sem_post(&go);
	return unit;
}

/* Here and below -1: the call failed. */
value claimed_pages(value xc, value domid)
{
	xc_domaininfo_t info;

	if (xc_domain_getinfolist((xc_interface *)xc, (uint32_t)Int_val(domid), 1, &info) != 1)
		return Val_int(-1);
	return Val_long(info.outstanding_pages);
}

value free_pages_of_node(value xc, value node)
{
	xc_meminfo_t nodes[MAX_NODES];
	unsigned int count = MAX_NODES;

	if (xc_numainfo((xc_interface *)xc, &count, nodes, NULL) ||
	    (unsigned int)Int_val(node) >= count)
		return Val_int(-1);
	return Val_long(nodes[Int_val(node)].memfree >> XC_PAGE_SHIFT);
}

/* Of what malloc() gave out and did not map apart, as it does with OCaml's own heap. */
value used_bytes(value unit)
{
	(void)unit;
	return Val_long((long)mallinfo2().uordblks);
}
