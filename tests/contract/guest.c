// SPDX-License-Identifier: GPL-2.0-only
/*
 * The kernel of a PV domain that asks for what is not its to ask for, and says by its reason to
 * shut down what came of it. No C library.
 */
#include <errno.h>
#include <stdint.h>
#include <xenctrl.h>
#include <xen/domctl.h>
#include <xen/memory.h>
#include <xen/sched.h>

#include "bench/claim_call.h"
#include "tests/contract/guest.h"

/* Notes for the loader: physical memory is mapped from 0, and begin is where to start. */
#define NOTE(type, value) ".long 4, 2f - 1f, " type "\n.asciz \"Xen\"\n1: " value "\n2: .balign 4\n"
__asm__(".pushsection .note.Xen, \"a\", @note\n" NOTE("6", ".asciz \"claims\"") /* guest OS */
	NOTE("5", ".asciz \"xen-3.0\"")						/* Xen version */
	NOTE("8", ".asciz \"generic\"")						/* loader */
	NOTE("3", ".quad 0")							/* virtual base */
	NOTE("4", ".quad 0")	 /* physical offset */
	NOTE("1", ".quad begin") /* entry */
	".popsection\n");

static long hypercall(long number, const void *first, const void *second)
{
	__asm__ volatile("syscall"
			 : "+a"(number), "+D"(first), "+S"(second)
			 :
			 : "rcx", "r11", "memory");
	return number;
}

/* Neither call would change anything: dom0 holds no claim. */
static long cancel_by_set(void)
{
	static const struct claim_entry none = {.target = CLAIM_TARGET_HOST};
	static struct xen_domctl domctl = {
		.cmd = CLAIM_DOMCTL,
		.interface_version = XEN_DOMCTL_INTERFACE_VERSION,
	};
	struct claim_payload *payload = (struct claim_payload *)&domctl.u;

	payload->entries = (uintptr_t)&none;
	payload->nr_claims = 1;
	return hypercall(__HYPERVISOR_domctl, &domctl, NULL);
}

static long cancel_by_legacy(void)
{
	static struct xen_memory_reservation nothing;

	return hypercall(__HYPERVISOR_memory_op, (void *)XENMEM_claim_pages, &nothing);
}

__attribute__((noreturn, used)) void begin(void);
void begin(void)
{
	long set = cancel_by_set(), legacy = cancel_by_legacy();
	struct sched_shutdown shutdown = {.reason = GUEST_SURPRISED};

	if (!set)
		shutdown.reason = GUEST_SET;
	else if (!legacy)
		shutdown.reason = GUEST_CLAIMED;
	else if (set == -EPERM && legacy == -EPERM)
		shutdown.reason = GUEST_REFUSED;
	for (;;)
		hypercall(__HYPERVISOR_sched_op, (void *)SCHEDOP_shutdown, &shutdown);
}
