// SPDX-License-Identifier: GPL-2.0-only
/*
 * exchange/…: XENMEM_exchange, by which a PV domain gives extents back for as much memory in others.
 * An operation is an extent given for it.
 */
#include <stdio.h>

#include "bench/bench.h"

static const struct {
	enum bench_profile profile;
	unsigned int order, extents, given_order, given;
} rows[] = {
	{PROFILE_QUICK, 0, 256, 0, 256},
	{PROFILE_STANDARD, 0, 1, 0, 1},
	{PROFILE_STANDARD, 0, 1024, 0, 1024},
	{PROFILE_STANDARD, 0, 1024, 9, 2},
	{PROFILE_STANDARD, 9, 2, 0, 1024},
	{PROFILE_STANDARD, 9, 2, 9, 2},
};
#define ROWS (int)(sizeof(rows) / sizeof(*rows))

static int add_case(struct bench_list *list, int kind)
{
	struct bench_case c = {
		.family = &exchange_family,
		.profile = rows[kind].profile,
		.order = rows[kind].order,
		.ops = rows[kind].given,
		.kind = kind,
		.where = WHERE_EXACT,
		.claim = "none",
	};

	snprintf(c.name, sizeof(c.name), "exchange/order:%u/batch:%u/for:%u", c.order, rows[kind].extents,
		 rows[kind].given_order);
	snprintf(c.group, sizeof(c.group), "%s", c.profile == PROFILE_QUICK ? "free" : "exchange");
	snprintf(c.about, sizeof(c.about), "a PV domain gives %u × order %u for %u × order %u", rows[kind].extents,
		 c.order, c.ops, rows[kind].given_order);
	/* What it gives back belongs to nobody by then. */
	bench_prove(&c, BRANCH_REDEEM_NONE, c.ops);
	c.skip = list->host.cannot[XEN_EXCHANGE];
	return bench_add(list, &c);
}

static int list_cases(struct bench_list *list)
{
	return bench_add_each(list, ROWS, add_case);
}

static int prepare(struct bench *b, const struct bench_case *c)
{
	(void)c;
	return bench_domain(b, XEN_PV, 0, &b->domain) || bench_choose_node(b, 4 * XEN_MAX_EXTENTS) ? -1 : 0;
}

/* What came of the exchange goes back, so that each begins alike. */
static int give_back(struct bench *b, const struct bench_case *c)
{
	int rc = xen_prepare_decrease(b->xen, b->domain, rows[c->kind].given_order, xen_given_frames(b->xen),
				      c->ops);
	long done = rc ? rc : xen_call(b->xen, XEN_DECREASE);

	return done == (long)c->ops ? 0 : bench_fail(b, done < 0 ? (int)done : 0, "giving memory back");
}

static int sample(struct bench *b, const struct bench_case *c, uint64_t *ticks)
{
	int rc;

	b->next_frame = 0;
	if (bench_populate(b, b->domain, c->order, b->node, rows[c->kind].extents))
		return -1;
	rc = xen_prepare_exchange(b->xen, b->domain, c->order, xen_frames(b->xen), rows[c->kind].extents,
				  rows[c->kind].given_order, c->ops);
	if (rc)
		return bench_fail(b, rc, "preparing the call");
	return bench_issue(b, XEN_EXCHANGE, 0, ticks) ? -1 : give_back(b, c);
}

static int check(struct bench *b, const struct bench_case *c)
{
	(void)c;
	return bench_check_pages(b, 0);
}

const struct bench_family exchange_family = {
	.name = "exchange",
	.list = list_cases,
	.prepare = prepare,
	.sample = sample,
	.check = check,
};
