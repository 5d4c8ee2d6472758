// SPDX-License-Identifier: GPL-2.0-only
/*
 * claim/refused/…: claim calls that are refused, one case for each check, in the order of the checks.
 * The domain has a page and holds a claim, which must stay as it is.
 */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "bench/bench.h"

#define HELD_PAGES 256
#define MAX_PAGES 4096
#define HUGE_PAGES (1ull << 30) /* 4 TiB: a domain may have as much, no lab and few hosts do */
#define FRAME (1ull << 20)

enum kind {
	NO_ENTRIES, PAD, TOO_MANY, DYING, UNREADABLE, ENTRY_PAD, TWO_HOSTS, NODE_TWICE, NO_NODE, LEGACY_AMONG,
	OVERFLOW, NODE_SHORT, TOO_LARGE, HOST_SHORT,
	LEGACY_HELD, LEGACY_FEWER, LEGACY_TOO_LARGE, LEGACY_SHORT, KINDS
};

static const struct {
	const char *name;
	int error;
	const char *about;
	enum bench_profile profile;
} kinds[KINDS] = {
	[NO_ENTRIES] = {"no-entries", EINVAL, "a set of no entries", PROFILE_QUICK},
	[PAD] = {"pad", EINVAL, "padding of the call is not 0", PROFILE_STANDARD},
	[TOO_MANY] = {"too-many", E2BIG, "more entries than nodes can be, and the host", PROFILE_STANDARD},
	[DYING] = {"dying", ESRCH, "a domain that is dying", PROFILE_STANDARD},
	[UNREADABLE] = {"unreadable", EFAULT, "entries that cannot be read", PROFILE_STANDARD},
	[ENTRY_PAD] = {"entry-pad", EINVAL, "padding of an entry is not 0", PROFILE_STANDARD},
	[TWO_HOSTS] = {"two-hosts", EINVAL, "two host entries", PROFILE_STANDARD},
	[NODE_TWICE] = {"node-twice", EINVAL, "two entries for a node", PROFILE_STANDARD},
	[NO_NODE] = {"no-node", ENOENT, "a node that is not there", PROFILE_STANDARD},
	[LEGACY_AMONG] = {"legacy-among", ENOENT, "a legacy entry that is not alone", PROFILE_STANDARD},
	[OVERFLOW] = {"overflow", EINVAL, "node entries whose sum overflows", PROFILE_STANDARD},
	[NODE_SHORT] = {"node-short", ENOMEM, "more than the node has", PROFILE_STANDARD},
	[TOO_LARGE] = {"max-pages", EINVAL, "more than the domain may have", PROFILE_STANDARD},
	[HOST_SHORT] = {"host-short", ENOMEM, "more than the host has", PROFILE_QUICK},
	[LEGACY_HELD] = {"legacy/held", EINVAL, "a legacy claim while one is held", PROFILE_STANDARD},
	[LEGACY_FEWER] = {"legacy/fewer", EINVAL, "a legacy claim of fewer pages than the domain has",
			  PROFILE_STANDARD},
	[LEGACY_TOO_LARGE] = {"legacy/max-pages", EINVAL, "a legacy claim of more than the domain may have",
			      PROFILE_STANDARD},
	[LEGACY_SHORT] = {"legacy/host-short", ENOMEM, "a legacy claim of more than the host has",
			  PROFILE_STANDARD},
};

static const char *find_skip(const struct bench_host *host, enum kind kind)
{
	if (kind >= LEGACY_HELD)
		return bench_lacks(host, NEEDS_LEGACY_CLAIMS);
	if (!host->claim_sets)
		return bench_lacks(host, NEEDS_CLAIM_SETS);
	if (kind == OVERFLOW && host->nodes == 1)
		return "one node only: nothing to add up";
	return host->cannot[XEN_CLAIM_FLAWED];
}

static int add_case(struct bench_list *list, int kind)
{
	struct bench_case c = {
		.family = &claim_refused_family,
		.ops = 1,
		.kind = kind,
		.profile = kinds[kind].profile,
		.error = -kinds[kind].error,
	};

	snprintf(c.name, sizeof(c.name), "claim/refused/%s", kinds[kind].name);
	snprintf(c.group, sizeof(c.group), "%s", c.profile == PROFILE_QUICK ? "calls" : "claim-refused");
	snprintf(c.claim, sizeof(c.claim), "%s", kind < LEGACY_HELD ? "set" : "legacy");
	snprintf(c.about, sizeof(c.about), "%s (%s)", kinds[kind].about, strerrorname_np(kinds[kind].error));
	bench_prove(&c, BRANCH_CLAIM_REFUSED, 1);
	c.skip = find_skip(&list->host, (enum kind)kind);
	return bench_add(list, &c);
}

static int list_cases(struct bench_list *list)
{
	return bench_add_each(list, KINDS, add_case);
}

static int hold(struct bench *b, const struct bench_case *c)
{
	/* Where a claim is there, nothing else of a legacy call is looked at. */
	if (c->kind == LEGACY_FEWER || c->kind == LEGACY_TOO_LARGE || c->kind == LEGACY_SHORT)
		return 0;
	return bench_claim_legacy(b, b->domain, HELD_PAGES);
}

static int prepare(struct bench *b, const struct bench_case *c)
{
	bool limited = c->kind == TOO_LARGE || c->kind == LEGACY_TOO_LARGE;
	uint64_t pages;
	int rc = 0;

	b->next_frame = FRAME;
	if (bench_domain(b, XEN_HVM, 2, &b->domain) || bench_populate(b, b->domain, 0, XEN_ANY_NODE, 2) ||
	    hold(b, c))
		return -1;
	if (limited)
		rc = xen_set_max_pages(b->xen, b->domain, MAX_PAGES);
	if (!rc && c->kind == DYING)
		rc = xen_keep_dying(b->xen, b->domain, FRAME);
	if (!rc)
		rc = xen_read_domain(b->xen, b->domain, &pages, &b->claimed);
	return rc ? bench_fail(b, rc, "preparing the domain") : 0;
}

static enum xen_flaw flaw_of(enum kind kind)
{
	switch (kind) {
	case NO_ENTRIES: return XEN_FLAW_NO_ENTRIES;
	case PAD: return XEN_FLAW_PAD;
	case UNREADABLE: return XEN_FLAW_UNREADABLE;
	case ENTRY_PAD: return XEN_FLAW_ENTRY_PAD;
	default: return XEN_FLAW_NONE;
	}
}

/* One entry too much, or too large; n says how many there are. */
static void fill_set(enum kind kind, struct xen_claim *set, unsigned int *n)
{
	*n = 2;
	set[0] = (struct xen_claim){1, XEN_CLAIM_HOST};
	set[1] = (struct xen_claim){1, 0};
	switch (kind) {
	case TOO_MANY: *n = XEN_MAX_NODES + 2; break;
	case TWO_HOSTS: set[1].target = XEN_CLAIM_HOST; break;
	case NODE_TWICE: set[0].target = 0; break;
	case NO_NODE: set[1].target = XEN_MAX_NODES - 1; break;
	case LEGACY_AMONG: set[1].target = XEN_CLAIM_LEGACY; break;
	case OVERFLOW:
		set[0] = (struct xen_claim){UINT64_MAX, 1};
		break;
	case NODE_SHORT: set[1].pages = HUGE_PAGES; break;
	case TOO_LARGE: set[0].pages = MAX_PAGES; break;
	case HOST_SHORT: set[0].pages = HUGE_PAGES; break;
	default: break;
	}
}

static int prepare_call(struct bench *b, enum kind kind)
{
	struct xen_claim set[XEN_MAX_NODES + 2] = {{0}};
	unsigned int n;

	switch (kind) {
	case LEGACY_HELD: return xen_prepare_legacy(b->xen, b->domain, HELD_PAGES);
	case LEGACY_FEWER: xen_prepare_legacy_total(b->xen, b->domain, 1); return 0;
	case LEGACY_TOO_LARGE: return xen_prepare_legacy(b->xen, b->domain, MAX_PAGES);
	case LEGACY_SHORT: return xen_prepare_legacy(b->xen, b->domain, HUGE_PAGES);
	default: break;
	}
	fill_set(kind, set, &n);
	return xen_prepare_flawed(b->xen, b->domain, set, n, flaw_of(kind));
}

static int sample(struct bench *b, const struct bench_case *c, uint64_t *ticks)
{
	int rc = prepare_call(b, (enum kind)c->kind);

	if (rc)
		return bench_fail(b, rc, "preparing the call");
	return bench_issue(b, c->kind >= LEGACY_HELD ? XEN_CLAIM_PAGES : XEN_CLAIM_FLAWED, c->error, ticks);
}

static int check(struct bench *b, const struct bench_case *c)
{
	uint64_t pages, claimed;
	int rc = xen_read_domain(b->xen, b->domain, &pages, &claimed);

	if (rc)
		return bench_fail(b, rc, "reading the claims");
	if (claimed != b->claimed)
		return bench_fail(b, 0, "%lu pages are claimed after the refusals, %lu were before",
				  (unsigned long)claimed, (unsigned long)b->claimed);
	return c->kind == DYING ? 0 : bench_release(b, b->domain);
}

const struct bench_family claim_refused_family = {
	.name = "claim/refused",
	.list = list_cases,
	.prepare = prepare,
	.sample = sample,
	.check = check,
};
