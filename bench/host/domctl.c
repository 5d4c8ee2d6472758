/* SPDX-License-Identifier: GPL-2.0-only */
/* Of Xen's domctl, the call that installs claim sets; the linker drops the rest. */
#include "common/domctl.c"

#include "heap.h"
#include "trace.h"

/* What is below the first page cannot be read. */
unsigned int copy_from_guest_pv(void *to, const void __user *from, unsigned int len)
{
	if ((unsigned long)from < PAGE_SIZE)
		return len;
	memcpy(to, (const void *)from, len);
	return 0;
}

unsigned int copy_from_user_hvm(void *to, const void *from, unsigned int len)
{
	return copy_from_guest_pv(to, from, len);
}

int heap_claim_set(struct heap_domain *d, const struct heap_claim *claims, unsigned int nr,
		   uint32_t pad)
{
#ifdef HOST_CLAIM_SETS
	struct xen_domctl_claim_memory op = {.nr_claims = nr, .pad = pad};

	BUILD_BUG_ON(sizeof(*claims) != sizeof(memory_claim_t));
	op.claims.p = (memory_claim_t *)claims;
	return trace_install((struct domain *)d, HEAP_KIND_SET, nr,
			     install_claims((struct domain *)d, &op));
#else
	return -ENOSYS;
#endif
}
