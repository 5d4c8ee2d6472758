// SPDX-License-Identifier: GPL-2.0-only
/*
 * refused/…: an allocation that the claims of another domain forbid, by the check of the host or
 * by that of a node. Asked for one extent; one operation is the call, which allocates nothing.
 */
#include <stdio.h>

#include "bench/bench.h"

#define FRAME (1ull << 20)

enum kind { BY_HOST, BY_NODE };

static int add_case(struct bench_list *list, enum kind kind, unsigned int order)
{
	struct bench_case c = {
		.family = &refused_family,
		.ops = 1,
		.order = order,
		.where = kind == BY_NODE ? WHERE_EXACT : WHERE_ANY,
		.kind = kind,
		.group = "refused",
		.claim = "other",
	};

	snprintf(c.name, sizeof(c.name), "refused/order:%u/by:%s", order,
		 kind == BY_HOST ? "host" : "node");
	snprintf(c.about, sizeof(c.about), "an extent of order %u that another domain's claims forbid, on %s", order,
		 kind == BY_HOST ? "the host" : "the node");
	/* On several nodes the memory that devices can reach is asked for last. */
	bench_prove(&c, kind == BY_HOST ? BRANCH_REFUSED_HOST : BRANCH_REFUSED_NODE, list->host.nodes > 1 ? 2 : 1);
	c.skip = bench_lacks(&list->host,
			     kind == BY_NODE ? NEEDS_CLAIM_SETS : NEEDS_LEGACY_CLAIMS);
	if (kind == BY_NODE) {
		snprintf(c.reference, sizeof(c.reference), "refused/order:%u/by:host", order);
		if (!c.skip && list->host.nodes == 1)
			c.skip = "one node only: the check of the host refuses first";
	}
	return bench_add(list, &c);
}

static int list_cases(struct bench_list *list)
{
	int rc = 0;

	for (enum kind kind = BY_HOST; !rc && kind <= BY_NODE; kind++) {
		rc = add_case(list, kind, 0);
		if (!rc)
			rc = add_case(list, kind, 9);
	}
	return rc;
}

static int prepare(struct bench *b, const struct bench_case *c)
{
	if (bench_domain(b, XEN_HVM, 0, &b->domain) || bench_domain(b, XEN_HVM, 0, &b->others[b->nr_others++]))
		return -1;
	if (bench_choose_node(b, 1 << c->order))
		return -1;
	if (c->kind == BY_NODE)
		return bench_claim_rest_of_node(b, b->others[0], (unsigned int)b->node);
	return bench_claim_rest(b, b->others[0], 0);
}

static int sample(struct bench *b, const struct bench_case *c, uint64_t *ticks)
{
	int rc = xen_prepare_populate(b->xen, b->domain, c->order,
				      bench_node(b, c), FRAME, 1);

	return rc ? bench_fail(b, rc, "preparing the call") : bench_issue(b, XEN_POPULATE, 0, ticks);
}

/* Without the claim the same call must succeed, or something else refused it. */
static int check(struct bench *b, const struct bench_case *c)
{
	if (bench_release(b, b->others[0]))
		return -1;
	if (xen_prepare_populate(b->xen, b->domain, c->order,
				 bench_node(b, c), FRAME, 1))
		return bench_fail(b, 0, "preparing the call");
	if (xen_call(b->xen, XEN_POPULATE) != 1)
		return bench_fail(b, 0, "refused without the claim too");
	return 0;
}

const struct bench_family refused_family = {
	.name = "refused",
	.list = list_cases,
	.prepare = prepare,
	.sample = sample,
	.check = check,
};
