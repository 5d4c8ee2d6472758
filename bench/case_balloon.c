// SPDX-License-Identifier: GPL-2.0-only
/*
 * balloon/…: a domain that gives single pages back and takes them again, as many a call as Linux's
 * balloon driver does. Each way is a case.
 */
#include <stdio.h>

#include "bench/stake.h"

#define FIRST_FRAME (1ull << 20)
#define PAGES 512 /* one page of frame numbers */

enum kind { DOWN, UP };

static int add_case(struct bench_list *list, enum kind kind, enum bench_stake stake)
{
	struct bench_case c = {
		.family = &balloon_family,
		.group = "free",
		.ops = PAGES,
		.where = WHERE_ANY,
		.kind = kind,
		.stake = stake,
	};

	snprintf(c.name, sizeof(c.name), "balloon/%s/claim:%s", kind == UP ? "up" : "down", stake_name(stake));
	snprintf(c.about, sizeof(c.about), "%s %d pages in a domain that has them and more%s",
		 kind == UP ? "taking again" : "giving back", PAGES,
		 stake == STAKE_OTHER ? "; another domain claims" : "");
	snprintf(c.claim, sizeof(c.claim), "%s", stake_name(stake));
	if (stake != STAKE_NONE) {
		c.profile = PROFILE_STANDARD;
		snprintf(c.group, sizeof(c.group), "balloon");
	}
	bench_prove(&c, kind == UP ? BRANCH_REDEEM_NONE : BRANCH_FREE, c.ops);
	c.skip = stake_skip(&list->host, stake);
	return bench_add(list, &c);
}

static int list_cases(struct bench_list *list)
{
	int rc = 0;

	for (enum kind kind = DOWN; !rc && kind <= UP; kind++) {
		rc = add_case(list, kind, STAKE_NONE);
		if (!rc)
			rc = add_case(list, kind, STAKE_OTHER);
	}
	return rc;
}

static int prepare(struct bench *b, const struct bench_case *c)
{
	b->next_frame = FIRST_FRAME;
	/* Twice the balloon, so that it is never all the domain has. */
	if (bench_domain(b, XEN_HVM, 2 * PAGES, &b->domain) ||
	    bench_populate(b, b->domain, 0, XEN_ANY_NODE, PAGES) ||
	    bench_populate(b, b->domain, 0, XEN_ANY_NODE, PAGES))
		return -1;
	return c->stake == STAKE_OTHER ? bench_others(b, 1, PAGES) : 0;
}

static int deflate(struct bench *b)
{
	b->next_frame = FIRST_FRAME;
	return bench_populate(b, b->domain, 0, XEN_ANY_NODE, PAGES);
}

static int sample(struct bench *b, const struct bench_case *c, uint64_t *ticks)
{
	long done;
	int rc = xen_prepare_populate(b->xen, b->domain, 0, XEN_ANY_NODE, FIRST_FRAME, PAGES);

	/* Where the frames of the heap itself are told, they are those of the last populate call. */
	if (!rc)
		rc = xen_prepare_decrease(b->xen, b->domain, 0, xen_frames(b->xen), PAGES);
	if (rc)
		return bench_fail(b, rc, "preparing the call");
	if (c->kind == DOWN)
		return bench_issue(b, XEN_DECREASE, PAGES, ticks) ? -1 : deflate(b);
	done = xen_call(b->xen, XEN_DECREASE);
	if (done != PAGES)
		return bench_fail(b, done < 0 ? (int)done : 0, "giving memory back");
	rc = xen_prepare_populate(b->xen, b->domain, 0, XEN_ANY_NODE, FIRST_FRAME, PAGES);
	return rc ? bench_fail(b, rc, "preparing the call") : bench_issue(b, XEN_POPULATE, PAGES, ticks);
}

static int check(struct bench *b, const struct bench_case *c)
{
	(void)c;
	return bench_check_pages(b, 2 * PAGES);
}

const struct bench_family balloon_family = {
	.name = "balloon",
	.list = list_cases,
	.prepare = prepare,
	.sample = sample,
	.check = check,
};
