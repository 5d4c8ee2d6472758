// SPDX-License-Identifier: GPL-2.0-only
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <xenctrl.h>
#include <xen/domctl.h>
#include <xen/memory.h>

#include "bench/claim_call.h"

struct claim_call {
	xencall_handle *xcall;
	struct xen_domctl *domctl;
	struct claim_entry *entries;
	struct xen_memory_reservation *reservation;
};

_Static_assert(sizeof(struct claim_entry) == 16, "wire layout");
_Static_assert(sizeof(struct claim_payload) == 16, "wire layout");

int claim_call_open(xencall_handle *xcall, struct claim_call **out)
{
	struct claim_call *call = calloc(1, sizeof(*call));

	if (!call)
		return -ENOMEM;

	call->xcall = xcall;
	call->domctl = xencall_alloc_buffer(xcall, sizeof(*call->domctl));
	call->entries = xencall_alloc_buffer(xcall, CLAIM_MAX_ENTRIES * sizeof(*call->entries));
	call->reservation = xencall_alloc_buffer(xcall, sizeof(*call->reservation));
	if (!call->domctl || !call->entries || !call->reservation) {
		claim_call_close(call);
		return -ENOMEM;
	}

	*out = call;
	return 0;
}

void claim_call_close(struct claim_call *call)
{
	if (!call)
		return;
	xencall_free_buffer(call->xcall, call->reservation);
	xencall_free_buffer(call->xcall, call->entries);
	xencall_free_buffer(call->xcall, call->domctl);
	free(call);
}

struct claim_payload *claim_call_payload(struct claim_call *call)
{
	/* The union's members all start here; the newer ones are not in these headers. */
	return (struct claim_payload *)&call->domctl->u;
}

struct claim_entry *claim_call_entries(struct claim_call *call)
{
	return call->entries;
}

int claim_call_prepare_op(struct claim_call *call, uint32_t domctl, uint32_t domid, uint32_t mode,
			  const struct claim_entry *entries, size_t n)
{
	struct claim_payload *payload = claim_call_payload(call);

	if (n > CLAIM_MAX_ENTRIES)
		return -E2BIG;

	memset(call->domctl, 0, sizeof(*call->domctl));
	call->domctl->cmd = domctl;
	call->domctl->interface_version = XEN_DOMCTL_INTERFACE_VERSION;
	call->domctl->domain = (domid_t)domid;

	if (entries)
		memcpy(call->entries, entries, n * sizeof(*entries));
	else
		memset(call->entries, 0, n * sizeof(*entries));
	payload->entries = (uintptr_t)call->entries;
	payload->nr_claims = (uint32_t)n;
	payload->pad = mode;
	return 0;
}

int claim_call_prepare(struct claim_call *call, uint32_t domid, const struct claim_entry *entries,
		       size_t n)
{
	return claim_call_prepare_op(call, CLAIM_DOMCTL, domid, 0, entries, n);
}

int claim_call_issue(struct claim_call *call)
{
	return xencall1(call->xcall, __HYPERVISOR_domctl, (uintptr_t)call->domctl) ? -errno : 0;
}

int claim_set(struct claim_call *call, uint32_t domid, const struct claim_entry *entries, size_t n)
{
	int rc = claim_call_prepare(call, domid, entries, n);

	return rc ? rc : claim_call_issue(call);
}

void claim_legacy_prepare(struct claim_call *call, uint32_t domid, uint64_t pages)
{
	memset(call->reservation, 0, sizeof(*call->reservation));
	call->reservation->nr_extents = pages;
	call->reservation->domid = (domid_t)domid;
}

void claim_legacy_spoil(struct claim_call *call)
{
	/* Claims count single pages. */
	call->reservation->extent_order = 1;
}

int claim_legacy_issue(struct claim_call *call)
{
	return xencall2(call->xcall, __HYPERVISOR_memory_op, XENMEM_claim_pages,
			(uintptr_t)call->reservation)
		       ? -errno
		       : 0;
}
