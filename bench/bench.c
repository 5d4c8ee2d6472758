// SPDX-License-Identifier: GPL-2.0-only
/* What the cases share: their list, messages, domains, claims. */
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <errno.h>

#include "bench/bench.h"

#define CLAIM_TRIES 10
#define MACHINE_GIB 32 /* the largest to make for a case */

int bench_add(struct bench_list *list, const struct bench_case *c)
{
	struct bench_case *grown =
		reallocarray(list->cases, list->count + 1, sizeof(*list->cases));

	if (!grown)
		return -ENOMEM;
	list->cases = grown;
	list->cases[list->count++] = *c;
	return 0;
}

int bench_add_each(struct bench_list *list, int count, int (*add)(struct bench_list *list, int number))
{
	int rc = 0;

	for (int i = 0; !rc && i < count; i++)
		rc = add(list, i);
	return rc;
}

bool bench_listed(const struct bench_list *list, const char *name)
{
	for (size_t i = 0; i < list->count; i++)
		if (!strcmp(list->cases[i].name, name))
			return true;
	return false;
}

const char *bench_too_small(const struct bench_host *host, const struct bench_case *c)
{
	static const char *const needs[] = {
		[1] = "needs nodes of 1 GiB",
		[2] = "needs nodes of 2 GiB",
		[4] = "needs nodes of 4 GiB",
		[8] = "needs nodes of 8 GiB",
	};

	if (host->node_gib ? host->node_gib < c->node_gib : host->nodes * c->node_gib > MACHINE_GIB)
		return needs[c->node_gib];
	return NULL;
}

void bench_prove(struct bench_case *c, enum bench_branch branch, unsigned int times)
{
	unsigned int i = 0;

	while (c->proofs[i].branch)
		i++;
	c->proofs[i] = (struct bench_proof){branch, times};
}

const char *bench_lacks(const struct bench_host *host, enum bench_need need)
{
	if (need == NEEDS_CLAIM_SETS && !host->claim_sets)
		return "this hypervisor has no claim sets (domctl 91)";
	if (need == NEEDS_LEGACY_CLAIMS && !host->legacy_claims)
		return "this hypervisor has no legacy claims (XENMEM_claim_pages)";
	return NULL;
}

int bench_fail(struct bench *b, int err, const char *fmt, ...)
{
	va_list args;
	size_t used;

	va_start(args, fmt);
	vsnprintf(b->error, sizeof(b->error), fmt, args);
	va_end(args);
	used = strlen(b->error);
	if (err)
		snprintf(b->error + used, sizeof(b->error) - used, ": %s", strerror(-err));
	return -1;
}

int bench_choose_node(struct bench *b, uint64_t pages)
{
	struct xen_memory memory;
	int rc = xen_read_memory(b->xen, &memory);

	if (rc)
		return bench_fail(b, rc, "reading free memory");
	for (b->node = (int)b->host.nodes - 1; b->node >= 0; b->node--)
		if (memory.node_free_pages[b->node] >= pages)
			return 0;
	return bench_fail(b, 0, "no node has %lu MiB free", (unsigned long)(pages >> 8) + 1);
}

int bench_domain(struct bench *b, enum xen_kind kind, uint64_t pages, uint32_t *domid)
{
	int rc = xen_create_domain(b->xen, kind, pages, domid);

	if (rc)
		return bench_fail(b, rc, "creating %s domain",
				  kind == XEN_HVM ? "an HVM" : "a PV");
	return 0;
}

int bench_node(const struct bench *b, const struct bench_case *c)
{
	switch (c->where) {
	case WHERE_PREFERRED: return XEN_PREFER(b->node);
	case WHERE_EXACT: return b->node;
	default: return XEN_ANY_NODE;
	}
}

int bench_others(struct bench *b, unsigned int count, uint64_t pages)
{
	for (unsigned int i = 0; i < count; i++) {
		uint32_t *domain = &b->others[b->nr_others];

		if (bench_domain(b, XEN_PV, 0, domain))
			return -1;
		b->nr_others++;
		if (pages && bench_claim_legacy(b, *domain, pages))
			return -1;
	}
	return 0;
}

int bench_populate(struct bench *b, uint32_t domain, unsigned int order, int node, unsigned int extents)
{
	long done;
	int rc = xen_prepare_populate(b->xen, domain, order, node, b->next_frame, extents);

	if (rc)
		return bench_fail(b, rc, "preparing a call");
	b->next_frame += (uint64_t)extents << order;
	done = xen_call(b->xen, XEN_POPULATE);
	if (done != (long)extents)
		return bench_fail(b, done < 0 ? (int)done : 0, "%ld of %u extents were populated", done, extents);
	return 0;
}

int bench_check_pages(struct bench *b, uint64_t expected)
{
	uint64_t pages, claimed;
	int rc = xen_read_domain(b->xen, b->domain, &pages, &claimed);

	if (rc)
		return bench_fail(b, rc, "reading the domain");
	if (pages != expected)
		return bench_fail(b, 0, "the domain has %lu pages at the end, not %lu", (unsigned long)pages,
				  (unsigned long)expected);
	return 0;
}

int bench_issue(struct bench *b, enum xen_call call, long expected, uint64_t *ticks)
{
	long rc;

	if (b->watch)
		b->watch->before(b);
	rc = xen_issue(b->xen, call, ticks);
	if (b->watch)
		b->watch->after(b);
	if (rc < 0 && rc != expected)
		return bench_fail(b, (int)rc, "the measured call");
	if (rc != expected)
		return bench_fail(b, 0, "the measured call did %ld of %ld", rc, expected);
	return 0;
}

int bench_claim_legacy(struct bench *b, uint32_t domain, uint64_t pages)
{
	int rc = xen_claim_legacy(b->xen, domain, pages);

	return rc ? bench_fail(b, rc, "claiming %lu pages", (unsigned long)pages) : 0;
}

int bench_claim_set(struct bench *b, uint32_t domain, const struct xen_claim *set, unsigned int n)
{
	int rc = xen_claim_set(b->xen, domain, set, n);

	return rc ? bench_fail(b, rc, "claiming a set of %u entries", n) : 0;
}

int bench_release(struct bench *b, uint32_t domain)
{
	int rc = xen_release_claims(b->xen, domain);

	return rc ? bench_fail(b, rc, "releasing the claims") : 0;
}

/* Free memory may move under us: what was free a moment ago is tried, then verified. */
int bench_claim_rest(struct bench *b, uint32_t domain, uint64_t but)
{
	for (unsigned int i = 0; i < CLAIM_TRIES; i++) {
		struct xen_memory memory;
		int rc = xen_read_memory(b->xen, &memory);

		if (rc)
			return bench_fail(b, rc, "reading free memory");
		rc = xen_claim_legacy(b->xen, domain, memory.free_pages - memory.claimed_pages - but);
		if (rc == -ENOMEM)
			continue;
		if (rc)
			return bench_fail(b, rc, "claiming all free memory");
		rc = xen_read_memory(b->xen, &memory);
		if (!rc && memory.free_pages == memory.claimed_pages + but)
			return 0;
		if (bench_release(b, domain))
			return -1;
	}
	return bench_fail(b, 0, "free memory does not stand still: cannot claim all of it");
}

int bench_claim_rest_of_node(struct bench *b, uint32_t domain, unsigned int node)
{
	struct xen_memory memory;
	struct xen_claim set = { .target = node };
	int rc = -ENOMEM;

	for (unsigned int i = 0; rc == -ENOMEM && i < CLAIM_TRIES; i++) {
		rc = xen_read_memory(b->xen, &memory);
		set.pages = memory.node_free_pages[node];
		if (!rc)
			rc = xen_claim_set(b->xen, domain, &set, 1);
	}
	return rc ? bench_fail(b, rc, "claiming all free memory of node %u", node) : 0;
}
