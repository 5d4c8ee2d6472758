// SPDX-License-Identifier: GPL-2.0-only
/* claim/…: the calls that install, replace and cancel claims. */
#include <errno.h>
#include <stdio.h>

#include "bench/bench.h"

/* Small beside any node, so that no call fails for want of memory. */
#define PAGES 256

enum kind { LEGACY_INSTALL, LEGACY_CANCEL, LEGACY_DOMCTL, INSTALL, REPLACE, CANCEL, KINDS };

static const struct {
	const char *name;
	const char *reference;
} kinds[KINDS] = {
	[LEGACY_INSTALL] = { "claim/legacy/install", NULL },
	[LEGACY_CANCEL] = { "claim/legacy/cancel", NULL },
	[LEGACY_DOMCTL] = { "claim/legacy/domctl", "claim/legacy/install" },
	[INSTALL] = { "claim/install", "claim/legacy/install" },
	[REPLACE] = { "claim/replace", "claim/legacy/install" },
	[CANCEL] = { "claim/cancel", "claim/legacy/cancel" },
};

static int add_case(struct bench_list *list, enum kind kind, unsigned int entries)
{
	struct bench_case c = {
		.family = &claim_family,
		.ops = 1,
		.kind = kind,
		.entries = entries,
		.claim = "set",
		.group = "claim-sets",
	};

	snprintf(c.name, sizeof(c.name), "%s", kinds[kind].name);
	if (kinds[kind].reference)
		snprintf(c.reference, sizeof(c.reference), "%s", kinds[kind].reference);
	if (kind >= INSTALL)
		snprintf(c.name, sizeof(c.name), "%s/entries:%u", kinds[kind].name, entries);
	else
		snprintf(c.claim, sizeof(c.claim), "legacy");
	if (kind < LEGACY_DOMCTL)
		snprintf(c.group, sizeof(c.group), "claim-legacy");
	c.proofs[0] = (struct bench_proof){kind < LEGACY_DOMCTL ? BRANCH_CLAIM_LEGACY : BRANCH_CLAIM_SET, 1};
	if (kind == LEGACY_CANCEL || kind == REPLACE || kind == CANCEL)
		c.proofs[1] = (struct bench_proof){BRANCH_RELEASE, entries ? entries : 1};
	c.skip = bench_lacks(&list->host,
			     kind < LEGACY_DOMCTL ? NEEDS_LEGACY_CLAIMS : NEEDS_CLAIM_SETS);
	return bench_add(list, &c);
}

static int list_cases(struct bench_list *list)
{
	int rc = 0;

	for (enum kind kind = LEGACY_INSTALL; !rc && kind < INSTALL; kind++)
		rc = add_case(list, kind, 0);
	for (enum kind kind = INSTALL; !rc && kind < KINDS; kind++)
		for (unsigned int n = 1; !rc && n <= list->host.nodes + 1; n++)
			rc = add_case(list, kind, n);
	return rc;
}

/* One entry per node, the one beyond the last node for the host. */
static void fill_set(const struct bench *b, unsigned int entries, uint64_t pages,
		     struct xen_claim *set)
{
	for (unsigned int i = 0; i < entries; i++)
		set[i] = (struct xen_claim){ pages, i < b->host.nodes ? i : XEN_CLAIM_HOST };
}

static int prepare(struct bench *b, const struct bench_case *c)
{
	(void)c;
	return bench_domain(b, XEN_HVM, 0, &b->domain);
}

/* The claims that the measured call meets. */
static int stake_before(struct bench *b, const struct bench_case *c)
{
	struct xen_claim set[XEN_MAX_NODES + 1];

	switch ((enum kind)c->kind) {
	case LEGACY_CANCEL:
		return bench_claim_legacy(b, b->domain, PAGES);
	case REPLACE:
	case CANCEL:
		fill_set(b, c->entries, PAGES, set);
		return bench_claim_set(b, b->domain, set, c->entries);
	default:
		return bench_release(b, b->domain);
	}
}

static int prepare_call(struct bench *b, const struct bench_case *c)
{
	struct xen_claim set[XEN_MAX_NODES + 1];
	unsigned int n = c->entries;

	switch ((enum kind)c->kind) {
	case LEGACY_INSTALL:
		return xen_prepare_legacy(b->xen, b->domain, PAGES);
	case LEGACY_CANCEL:
		return xen_prepare_legacy(b->xen, b->domain, 0);
	case LEGACY_DOMCTL:
		set[0] = (struct xen_claim){ PAGES, XEN_CLAIM_LEGACY };
		n = 1;
		break;
	case CANCEL:
		set[0] = (struct xen_claim){ 0, XEN_CLAIM_HOST };
		n = 1;
		break;
	default:
		fill_set(b, n, c->kind == REPLACE ? PAGES / 2 : PAGES, set);
	}
	return xen_prepare_set(b->xen, b->domain, set, n);
}

static uint64_t expected_claim(const struct bench_case *c)
{
	switch ((enum kind)c->kind) {
	case LEGACY_CANCEL:
	case CANCEL:
		return 0;
	case INSTALL:
		return (uint64_t)c->entries * PAGES;
	case REPLACE:
		return (uint64_t)c->entries * (PAGES / 2);
	default:
		return PAGES;
	}
}

/* Where the hypervisor tells them apart: as many claims as were asked for. */
static int check_entries(struct bench *b, const struct bench_case *c)
{
	struct xen_claim set[XEN_MAX_NODES + 1];
	unsigned int n = XEN_MAX_NODES + 1, claims = 0;
	uint64_t sum = 0;
	int rc = xen_read_claims(b->xen, b->domain, set, &n);

	if (rc)
		return rc == -EOPNOTSUPP ? 0 : bench_fail(b, rc, "reading the claim set");
	for (unsigned int i = 0; i < n; i++) {
		sum += set[i].pages;
		claims += set[i].pages != 0;
	}
	if (sum != expected_claim(c) || (c->kind >= INSTALL && sum && claims != c->entries))
		return bench_fail(b, 0, "%u claims of %lu pages are read back", claims,
				  (unsigned long)sum);
	return 0;
}

static int sample(struct bench *b, const struct bench_case *c, uint64_t *ticks)
{
	bool legacy = c->kind == LEGACY_INSTALL || c->kind == LEGACY_CANCEL;
	uint64_t pages, claimed;
	int rc;

	if (stake_before(b, c))
		return -1;
	rc = prepare_call(b, c);
	if (rc)
		return bench_fail(b, rc, "preparing the call");
	if (bench_issue(b, legacy ? XEN_CLAIM_PAGES : XEN_CLAIM_SET, 0, ticks))
		return -1;
	rc = xen_read_domain(b->xen, b->domain, &pages, &claimed);
	if (rc)
		return bench_fail(b, rc, "reading the claims");
	if (claimed != expected_claim(c))
		return bench_fail(b, 0, "%lu pages are claimed afterwards, expected %lu",
				  (unsigned long)claimed, (unsigned long)expected_claim(c));
	return check_entries(b, c);
}

static int check(struct bench *b, const struct bench_case *c)
{
	(void)c;
	return bench_release(b, b->domain);
}

const struct bench_family claim_family = {
	.name = "claim",
	.list = list_cases,
	.prepare = prepare,
	.sample = sample,
	.check = check,
};
