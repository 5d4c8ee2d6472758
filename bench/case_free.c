// SPDX-License-Identifier: GPL-2.0-only
/* free/…: XENMEM_decrease_reservation of what the domain has just been given. */
#include <stdio.h>

#include "bench/stake.h"

#define FIRST_FRAME (1ull << 20)
/* What a claim has beyond the extents, so that the same claim is there all the time. */
#define SLACK_PAGES 1024

#define S(stake) (1u << STAKE_##stake)

static const struct row {
	const char *group;
	enum bench_profile profile;
	unsigned int order, ops;
	enum xen_kind kind;
	uint32_t stakes;
} rows[] = {
	/* Of order 9 one at a time: four take longer than a tick of dom0 lasts, which then is in each sample. */
	{"free", PROFILE_QUICK, 0, 256, XEN_HVM, S(NONE) | S(LEGACY)},
	{"free", PROFILE_QUICK, 9, 1, XEN_HVM, S(NONE)},
	{"free-more", PROFILE_STANDARD, 0, 256, XEN_HVM, S(HOST)},
	{"free-more", PROFILE_STANDARD, 9, 1, XEN_HVM, S(LEGACY) | S(HOST)},
	{"free-more", PROFILE_STANDARD, 0, 256, XEN_PV, S(NONE) | S(LEGACY) | S(HOST)},
	{"free-more", PROFILE_STANDARD, 9, 1, XEN_PV, S(NONE)},
	{"free-batch", PROFILE_STANDARD, 0, 1, XEN_HVM, S(NONE)},
	{"free-batch", PROFILE_STANDARD, 0, 4, XEN_HVM, S(NONE)},
	{"free-batch", PROFILE_STANDARD, 0, 16, XEN_HVM, S(NONE)},
	{"free-batch", PROFILE_STANDARD, 0, 64, XEN_HVM, S(NONE)},
	{"free-batch", PROFILE_STANDARD, 0, 1024, XEN_HVM, S(NONE)},
	{"free-batch", PROFILE_STANDARD, 9, 4, XEN_HVM, S(NONE)},
	{"free-batch", PROFILE_STANDARD, 9, 16, XEN_HVM, S(NONE)},
	{"free-orders", PROFILE_FULL, 2, 64, XEN_HVM, S(NONE) | S(LEGACY) | S(HOST)},
	{"free-orders", PROFILE_FULL, 4, 16, XEN_HVM, S(NONE) | S(LEGACY) | S(HOST)},
};

static void name_case(char *name, const struct bench_case *c, enum bench_stake stake)
{
	snprintf(name, BENCH_NAME, "free/order:%u/batch:%u%s/claim:%s", c->order, c->ops,
		 c->domain_kind == XEN_PV ? "/domain:pv" : "", stake_name(stake));
}

static int add_case(struct bench_list *list, const struct row *row, enum bench_stake stake)
{
	static const enum bench_need needs[] = {
		[STAKE_LEGACY] = NEEDS_LEGACY_CLAIMS,
		[STAKE_HOST] = NEEDS_CLAIM_SETS,
	};
	struct bench_case c = {
		.family = &free_family,
		.profile = row->profile,
		.order = row->order,
		.ops = row->ops,
		.domain_kind = row->kind,
		.stake = stake,
		.where = WHERE_EXACT,
	};

	name_case(c.name, &c, stake);
	if (stake == STAKE_HOST)
		name_case(c.reference, &c, STAKE_LEGACY);
	snprintf(c.group, sizeof(c.group), "%s", row->group);
	snprintf(c.claim, sizeof(c.claim), "%s", stake_name(stake));
	snprintf(c.about, sizeof(c.about), "giving back %u × order %u%s%s", c.ops, c.order,
		 c.domain_kind == XEN_PV ? ", PV domain" : "",
		 stake == STAKE_NONE ? "" : stake == STAKE_LEGACY ? ", with a legacy claim" : ", with a host claim");
	/* Page by page, as the guest could have given any of them away. */
	bench_prove(&c, BRANCH_FREE, c.ops << c.order);
	c.skip = bench_lacks(&list->host, needs[stake]);
	if (!c.skip && row->kind == XEN_PV)
		c.skip = list->host.cannot[XEN_EXCHANGE];
	return bench_add(list, &c);
}

static int list_cases(struct bench_list *list)
{
	int rc = 0;

	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++)
		for (enum bench_stake stake = STAKE_NONE; !rc && stake <= STAKE_HOST; stake++)
			if (rows[i].stakes & 1u << stake)
				rc = add_case(list, &rows[i], stake);
	return rc;
}

/* Before 4.19 a free gives pages back to a legacy claim, so it is staked anew each time. */
static int stake(struct bench *b, const struct bench_case *c)
{
	const struct xen_claim set = {SLACK_PAGES, XEN_CLAIM_HOST};

	if (c->stake == STAKE_NONE)
		return 0;
	return c->stake == STAKE_LEGACY ? bench_claim_legacy(b, b->domain, SLACK_PAGES)
					: bench_claim_set(b, b->domain, &set, 1);
}

static int prepare(struct bench *b, const struct bench_case *c)
{
	uint64_t pages = (uint64_t)c->ops << c->order;

	return bench_domain(b, c->domain_kind, pages, &b->domain) ||
	       bench_choose_node(b, 2 * pages + SLACK_PAGES) ? -1 : 0;
}

static int sample(struct bench *b, const struct bench_case *c, uint64_t *ticks)
{
	int rc;

	b->next_frame = FIRST_FRAME;
	if (bench_release(b, b->domain) ||
	    bench_populate(b, b->domain, c->order, b->node, c->ops) || stake(b, c))
		return -1;
	rc = xen_prepare_decrease(b->xen, b->domain, c->order, xen_frames(b->xen), c->ops);
	if (rc)
		return bench_fail(b, rc, "preparing the call");
	return bench_issue(b, XEN_DECREASE, c->ops, ticks);
}

static int check(struct bench *b, const struct bench_case *c)
{
	(void)c;
	return bench_check_pages(b, 0) ? -1 : bench_release(b, b->domain);
}

const struct bench_family free_family = {
	.name = "free",
	.list = list_cases,
	.prepare = prepare,
	.sample = sample,
	.check = check,
};
