// SPDX-License-Identifier: GPL-2.0-only
/*
 * destroy/…: XEN_DOMCTL_destroydomain from the call to its last continuation, of domains of several
 * sizes. Another domain is built for each sample.
 */
#include <stdio.h>

#include "bench/stake.h"

#define FIRST_FRAME (1ull << 20)
#define CLAIM_PAGES 1024

static const struct {
	const char *size;
	enum bench_profile profile;
	uint64_t pages;
	unsigned int order;
	enum bench_stake stake;
	unsigned int samples;
} rows[] = {
	{"0", PROFILE_QUICK, 0, 0, STAKE_NONE, 0},
	{"0", PROFILE_QUICK, 0, 0, STAKE_LEGACY, 0},
	{"16M", PROFILE_QUICK, 4096, 0, STAKE_NONE, 8},
	{"0", PROFILE_STANDARD, 0, 0, STAKE_SET, 0},
	{"1M", PROFILE_STANDARD, 256, 0, STAKE_NONE, 0},
	{"1M", PROFILE_STANDARD, 256, 0, STAKE_LEGACY, 0},
	{"16M", PROFILE_STANDARD, 4096, 9, STAKE_NONE, 8},
	{"256M", PROFILE_STANDARD, 65536, 0, STAKE_NONE, 2},
	{"256M", PROFILE_STANDARD, 65536, 9, STAKE_NONE, 2},
	{"1G", PROFILE_FULL, 262144, 9, STAKE_NONE, 2},
};
#define ROWS (int)(sizeof(rows) / sizeof(*rows))

static int add_case(struct bench_list *list, int kind)
{
	struct bench_case c = {
		.family = &destroy_family,
		.profile = rows[kind].profile,
		.order = rows[kind].order,
		.samples = rows[kind].samples,
		.node_gib = (unsigned int)(rows[kind].pages >> 17), /* twice as much */
		.pages = rows[kind].pages,
		.stake = rows[kind].stake,
		.ops = 1,
		.kind = kind,
	};

	snprintf(c.name, sizeof(c.name), "destroy/size:%s/order:%u/claim:%s", rows[kind].size, c.order,
		 stake_name(c.stake));
	snprintf(c.claim, sizeof(c.claim), "%s", stake_name(c.stake));
	if (stake_reference(c.stake))
		snprintf(c.reference, sizeof(c.reference), "destroy/size:%s/order:%u/claim:%s", rows[kind].size,
			 c.order, stake_name(stake_reference(c.stake)));
	snprintf(c.group, sizeof(c.group), "%s%s", c.profile == PROFILE_FULL ? "destroy-large" : "destroy",
		 c.profile == PROFILE_STANDARD ? "-sizes" : "");
	snprintf(c.about, sizeof(c.about), "the whole end of a domain of %s in extents of order %u%s",
		 rows[kind].size, c.order,
		 c.stake == STAKE_NONE ? "" : c.stake == STAKE_LEGACY ? " with a legacy claim" : " with a claim on each node");
	bench_prove(&c, BRANCH_TEARDOWN, 0);
	/* And a few that it had from the start. Those of 1 GiB are more than a trace buffer holds. */
	if (rows[kind].pages && !c.node_gib)
		bench_prove(&c, BRANCH_FREE, 0);
	if (c.stake != STAKE_NONE)
		bench_prove(&c, BRANCH_RELEASE, c.stake == STAKE_LEGACY ? 1 : list->host.nodes);
	c.skip = stake_skip(&list->host, c.stake);
	if (!c.skip)
		c.skip = list->host.cannot[XEN_DESTROY];
	if (!c.skip)
		c.skip = bench_too_small(&list->host, &c);
	return bench_add(list, &c);
}

static int list_cases(struct bench_list *list)
{
	return bench_add_each(list, ROWS, add_case);
}

static int prepare(struct bench *b, const struct bench_case *c)
{
	return bench_choose_node(b, rows[c->kind].pages + CLAIM_PAGES);
}

static int stake(struct bench *b, const struct bench_case *c)
{
	struct xen_claim set[XEN_MAX_NODES];

	if (c->stake == STAKE_NONE)
		return 0;
	if (c->stake == STAKE_LEGACY)
		return bench_claim_legacy(b, b->domain, CLAIM_PAGES);
	for (unsigned int i = 0; i < b->host.nodes; i++)
		set[i] = (struct xen_claim){CLAIM_PAGES, i};
	return bench_claim_set(b, b->domain, set, b->host.nodes);
}

static int build(struct bench *b, const struct bench_case *c)
{
	uint64_t left = rows[c->kind].pages;

	if (bench_domain(b, XEN_HVM, left, &b->domain))
		return -1;
	b->next_frame = FIRST_FRAME;
	while (left) {
		uint64_t extents = left >> c->order;

		if (extents > XEN_MAX_EXTENTS)
			extents = XEN_MAX_EXTENTS;
		if (bench_populate(b, b->domain, c->order, b->node, (unsigned int)extents))
			return -1;
		left -= extents << c->order;
	}
	return stake(b, c);
}

static int sample(struct bench *b, const struct bench_case *c, uint64_t *ticks)
{
	uint64_t pages, claimed;

	if (build(b, c))
		return -1;
	if (xen_prepare_destroy(b->xen, b->domain))
		return bench_fail(b, 0, "preparing the call");
	if (bench_issue(b, XEN_DESTROY, 0, ticks))
		return -1;
	xen_forget_domain(b->xen, b->domain);
	if (!xen_read_domain(b->xen, b->domain, &pages, &claimed) && (pages || claimed))
		return bench_fail(b, 0, "%lu pages and %lu claimed ones are left", (unsigned long)pages,
				  (unsigned long)claimed);
	b->domain = 0;
	return 0;
}

/* Each sample is checked by itself. */
static int check(struct bench *b, const struct bench_case *c)
{
	(void)b;
	(void)c;
	return 0;
}

const struct bench_family destroy_family = {
	.name = "destroy",
	.list = list_cases,
	.prepare = prepare,
	.sample = sample,
	.check = check,
};
