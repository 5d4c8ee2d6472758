// SPDX-License-Identifier: GPL-2.0-only
/* populate/…: XENMEM_populate_physmap on a new domain. Which points of its axes: populate_points.c. */
#include <stdio.h>
#include <string.h>

#include "bench/populate.h"

#define FIRST_FRAME (1ull << 20)
/* Extents that bench_align_heap() aligns at most, in pages and in large extents. */
#define ALIGN_PAGES 512
#define ALIGN_LARGE 8

/* Divisible by 4, so that "any node" takes equal shares of up to four nodes; as much memory each. */
static unsigned int usual_ops(unsigned int order)
{
	return order < 9 ? 256 >> order : order == 9 ? 4 : 1;
}

static void name_case(char *name, const struct bench_case *c, enum bench_stake stake)
{
	char batch[20] = "";

	if (c->ops != usual_ops(c->order))
		snprintf(batch, sizeof(batch), "/batch:%u", c->ops);
	snprintf(name, BENCH_NAME, "populate/order:%u/node:%s%s%s%s%s%s/claim:%s", c->order,
		 bench_where_name(c->where), batch, c->domain_kind == XEN_PV ? "/domain:pv" : "",
		 c->room == ROOM_JUST ? "/free:just" : "", c->heap ? "/heap:" : "",
		 c->heap ? bench_heap_name(c->heap) : "", stake_name(stake));
}

static const char *find_skip(const struct bench_host *host, const struct bench_case *c)
{
	const char *skip = stake_skip(host, c->stake);

	if (c->heap && host->given_heap)
		return "here --history says what the heap went through";
	if (c->domain_kind == XEN_PV && host->cannot[XEN_EXCHANGE])
		return host->cannot[XEN_EXCHANGE];
	/* All of that node is taken, to make the blocks come from what is dirty. */
	if (!skip && c->heap == HEAP_IS_DIRTY && c->order && c->stake != STAKE_NONE && host->nodes == 1)
		skip = "there is no other node with memory to claim";
	if (!skip && c->heap == HEAP_IS_EMPTY && host->nodes == 1)
		skip = "one node only: no other to serve instead";
	return skip ? skip : bench_too_small(host, c);
}

static void describe(struct bench_case *c)
{
	snprintf(c->about, sizeof(c->about), "%u × order %u, %s node%s%s%s%s: %s", c->ops, c->order,
		 bench_where_name(c->where), c->domain_kind == XEN_PV ? ", PV domain" : "",
		 c->room == ROOM_JUST ? ", others claim all but the need" : "",
		 c->heap ? ", heap is " : "", c->heap ? bench_heap_name(c->heap) : "",
		 stake_words(c->stake));
}

int populate_add(struct bench_list *list, const struct populate_row *row, enum bench_stake stake)
{
	struct bench_case c = {
		.family = &populate_family,
		.profile = row->profile,
		.order = row->order,
		.where = row->where,
		.ops = row->ops ? row->ops : usual_ops(row->order),
		.samples = row->samples ? row->samples : row->order > 9,
		.domain_kind = row->kind,
		.stake = stake,
		.room = row->room,
		.heap = row->heap,
		/* The first 4 GiB of a host have a hole below their end. */
		.node_gib = row->order > 9 && list->host.nodes == 1 ? 2 * row->node_gib : row->node_gib,
	};

	name_case(c.name, &c, stake);
	if (bench_listed(list, c.name))
		return 0;
	if (stake_reference(stake))
		name_case(c.reference, &c, stake_reference(stake));
	snprintf(c.claim, sizeof(c.claim), "%s", stake_name(stake));
	snprintf(c.group, sizeof(c.group), "%s%s%s", row->group, row->apart ? "-" : "",
		 row->apart ? stake_name(stake) : "");
	describe(&c);
	stake_prove(&c, list->host.nodes);
	if (c.heap == HEAP_IS_DIRTY)
		bench_prove(&c, BRANCH_SCRUB, c.ops);
	if (c.heap == HEAP_IS_EMPTY)
		bench_prove(&c, BRANCH_PASSED_EMPTY, c.ops);
	c.skip = find_skip(&list->host, &c);
	return bench_add(list, &c);
}

static unsigned int align_extents(const struct bench_case *c)
{
	unsigned int most = c->order < 9 ? ALIGN_PAGES >> c->order : ALIGN_LARGE;

	return 2 * c->ops < most ? 2 * c->ops : most;
}

static int prepare(struct bench *b, const struct bench_case *c)
{
	uint64_t need = stake_need(b, c);
	bool other = c->stake == STAKE_OTHER || c->stake == STAKE_OTHER_NODE ||
		     c->stake == STAKE_PART || c->room == ROOM_JUST;

	if (bench_domain(b, c->domain_kind, need, &b->domain))
		return -1;
	if (other && bench_domain(b, XEN_HVM, 0, &b->others[b->nr_others++]))
		return -1;
	/* Twice: every second sample of small pages needs a new page table, and phases must agree. */
	if (bench_align_heap(b, c->order, align_extents(c)) ||
	    bench_choose_node(b, (c->heap ? 3 : 1) * need + STAKE_SLACK_PAGES) ||
	    bench_age_heap(b, c))
		return -1;
	return stake_claims(b, c);
}

static int sample(struct bench *b, const struct bench_case *c, uint64_t *ticks)
{
	uint64_t pages = (uint64_t)c->ops << c->order, frame = FIRST_FRAME + b->populated;
	int rc;

	if (stake_sample(b, c) || bench_age_sample(b, c))
		return -1;
	rc = xen_prepare_populate(b->xen, b->domain, c->order, bench_node(b, c), frame, c->ops);
	if (rc)
		return bench_fail(b, rc, "preparing the call");
	b->populated += pages;
	return bench_issue(b, XEN_POPULATE, c->ops, ticks);
}

const struct bench_family populate_family = {
	.name = "populate",
	.list = populate_list,
	.prepare = prepare,
	.sample = sample,
	.check = stake_check,
};
