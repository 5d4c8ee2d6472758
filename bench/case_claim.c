// SPDX-License-Identifier: GPL-2.0-only
/* claim/…: the calls that install, replace, move and cancel claims. */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "bench/bench.h"

/* Small beside any node, so that no call fails for want of memory. */
#define PAGES 256

enum kind { LEGACY_INSTALL, LEGACY_CANCEL, LEGACY_DOMCTL, INSTALL, REPLACE, CANCEL, DOMCTL_CANCEL, MOVE, KINDS };

static const struct {
	const char *name;
	const char *reference;
	const char *about;
	bool legacy_call;
} kinds[KINDS] = {
	[LEGACY_INSTALL] = { "claim/legacy/install", NULL, "XENMEM_claim_pages installs a claim", true },
	[LEGACY_CANCEL] = { "claim/legacy/cancel", NULL, "XENMEM_claim_pages cancels it", true },
	[LEGACY_DOMCTL] = { "claim/legacy/domctl", "claim/legacy/install",
			    "the domctl installs a legacy claim, under domctl_lock too", false },
	[DOMCTL_CANCEL] = { "claim/legacy/domctl-cancel", "claim/legacy/cancel",
			    "the domctl cancels a legacy claim", false },
	[INSTALL] = { "claim/install", "claim/legacy/install", "a set is installed", false },
	[REPLACE] = { "claim/replace", "claim/legacy/install", "a set takes the place of one as large", false },
	[CANCEL] = { "claim/cancel", "claim/legacy/cancel", "a set is cancelled", false },
	[MOVE] = { "claim/move", "claim/legacy/install", "a claim moves from one node to another", false },
};

/* What the call installs, and what ends by it. */
static void prove(struct bench_case *c)
{
	bench_prove(c, kinds[c->kind].legacy_call ? BRANCH_CLAIM_LEGACY : BRANCH_CLAIM_SET, 1);
	if (c->kind == LEGACY_CANCEL || c->kind == DOMCTL_CANCEL || c->kind == MOVE)
		bench_prove(c, BRANCH_RELEASE, 1);
	if (c->kind == REPLACE || c->kind == CANCEL)
		bench_prove(c, BRANCH_RELEASE, c->entries);
}

static const char *find_skip(const struct bench_host *host, const struct bench_case *c)
{
	if (c->kind == MOVE && host->nodes == 1 && host->claim_sets)
		return "one node only: no other to move to";
	if (host->domains && c->others >= host->domains)
		return "the host target has 64 domains at most";
	return bench_lacks(host, kinds[c->kind].legacy_call ? NEEDS_LEGACY_CLAIMS : NEEDS_CLAIM_SETS);
}

static int add_case(struct bench_list *list, enum kind kind, unsigned int entries, unsigned int others)
{
	bool set = kind == INSTALL || kind == REPLACE || kind == CANCEL;
	struct bench_case c = {
		.family = &claim_family,
		.ops = 1,
		.kind = kind,
		.entries = entries,
		.others = others,
	};
	char more[20] = "", entry[20] = "";

	if (set)
		snprintf(entry, sizeof(entry), "/entries:%u", entries);
	if (others)
		snprintf(more, sizeof(more), "/others:%u", others);
	snprintf(c.name, sizeof(c.name), "%s%s%s", kinds[kind].name, entry, more);
	if (kinds[kind].reference)
		snprintf(c.reference, sizeof(c.reference), "%s%s", kinds[kind].reference, more);
	snprintf(c.claim, sizeof(c.claim), set || kind == MOVE ? "set" : "legacy");
	snprintf(c.group, sizeof(c.group), kinds[kind].legacy_call ? "claim-legacy" : "claim-sets");
	snprintf(c.about, sizeof(c.about), "%s%s%s%s%s", kinds[kind].about, set ? ", entries: " : "",
		 set ? strchr(entry, ':') + 1 : "", others ? "; other domains with claims: " : "",
		 others ? strchr(more, ':') + 1 : "");
	if (others) {
		bool many = others == BENCH_MAX_OTHERS;

		c.profile = many && (kind == LEGACY_INSTALL || kind == INSTALL) ? PROFILE_QUICK : PROFILE_STANDARD;
		/* So many domains take a machine's time. */
		snprintf(c.group, sizeof(c.group), "claim-others-%u%s%s", others,
			 many && c.profile ? "-" : "", many && c.profile ? strrchr(kinds[kind].name, '/') + 1 : "");
	}
	prove(&c);
	c.skip = find_skip(&list->host, &c);
	return bench_add(list, &c);
}

/* Further domains may make the lists longer that a call walks. */
static int list_others(struct bench_list *list)
{
	static const enum kind with[] = {LEGACY_INSTALL, LEGACY_CANCEL, INSTALL, REPLACE, CANCEL};
	static const unsigned int others[] = {1, 16, BENCH_MAX_OTHERS};
	int rc = 0;

	for (size_t i = 0; i < sizeof(others) / sizeof(*others); i++)
		for (size_t k = 0; !rc && k < sizeof(with) / sizeof(*with); k++)
			rc = add_case(list, with[k], with[k] >= INSTALL, others[i]);
	return rc;
}

static int list_cases(struct bench_list *list)
{
	int rc = 0;

	for (enum kind kind = LEGACY_INSTALL; !rc && kind < INSTALL; kind++)
		rc = add_case(list, kind, 0, 0);
	for (enum kind kind = INSTALL; !rc && kind < DOMCTL_CANCEL; kind++)
		for (unsigned int n = 1; !rc && n <= list->host.nodes + 1; n++)
			rc = add_case(list, kind, n, 0);
	for (enum kind kind = DOMCTL_CANCEL; !rc && kind < KINDS; kind++)
		rc = add_case(list, kind, 0, 0);
	return rc ? rc : list_others(list);
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
	return bench_domain(b, XEN_HVM, 0, &b->domain) || bench_others(b, c->others, 1) ? -1 : 0;
}

/* The claims that the measured call meets. */
static int stake_before(struct bench *b, const struct bench_case *c)
{
	struct xen_claim set[XEN_MAX_NODES + 1];

	switch ((enum kind)c->kind) {
	case LEGACY_CANCEL:
	case DOMCTL_CANCEL:
		return bench_claim_legacy(b, b->domain, PAGES);
	case MOVE:
		fill_set(b, 1, PAGES, set);
		return bench_claim_set(b, b->domain, set, 1);
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
	case DOMCTL_CANCEL:
		set[0] = (struct xen_claim){ 0, XEN_CLAIM_LEGACY };
		n = 1;
		break;
	case CANCEL:
		set[0] = (struct xen_claim){ 0, XEN_CLAIM_HOST };
		n = 1;
		break;
	case MOVE:
		set[0] = (struct xen_claim){ PAGES, b->host.nodes - 1 };
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
	case DOMCTL_CANCEL:
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
	if (sum != expected_claim(c) || (c->entries && sum && claims != c->entries))
		return bench_fail(b, 0, "%u claims of %lu pages are read back", claims,
				  (unsigned long)sum);
	return 0;
}

static int sample(struct bench *b, const struct bench_case *c, uint64_t *ticks)
{
	uint64_t pages, claimed;
	int rc;

	if (stake_before(b, c))
		return -1;
	rc = prepare_call(b, c);
	if (rc)
		return bench_fail(b, rc, "preparing the call");
	if (bench_issue(b, kinds[c->kind].legacy_call ? XEN_CLAIM_PAGES : XEN_CLAIM_SET, 0, ticks))
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
