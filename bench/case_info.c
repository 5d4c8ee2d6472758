// SPDX-License-Identifier: GPL-2.0-only
/* info/…: calls that tell of memory and domains, as toolstacks make them all the time. */
#include <stdio.h>

#include "bench/bench.h"

enum kind { PHYSINFO, NUMAINFO, DOMAIN, DOMAINS };

static const struct {
	const char *name;
	enum xen_call call;
	const char *about;
	enum bench_branch branch;
} kinds[] = {
	[PHYSINFO] = {"info/physinfo", XEN_PHYSINFO,
		      "memory of the host; reads its claims under heap_lock", BRANCH_INFO},
	[NUMAINFO] = {"info/numainfo", XEN_NUMAINFO, "free memory of all nodes", BRANCH_SYSCTL},
	[DOMAIN] = {"info/domain", XEN_DOMAIN_INFO, "getdomaininfo of one domain", BRANCH_DOMCTL},
	[DOMAINS] = {"info/domains", XEN_DOMAIN_LIST, "the list of all from one domain on, so many",
		     BRANCH_SYSCTL},
};

static int add_case(struct bench_list *list, enum kind kind, unsigned int others)
{
	struct bench_case c = {
		.family = &info_family,
		.group = "calls",
		.claim = "other",
		.ops = 1,
		.kind = kind,
		.others = others,
		.profile = kind == DOMAINS ? PROFILE_STANDARD : PROFILE_QUICK,
	};

	snprintf(c.name, sizeof(c.name), "%s", kinds[kind].name);
	snprintf(c.about, sizeof(c.about), "%s", kinds[kind].about);
	if (kind == DOMAINS) {
		snprintf(c.name, sizeof(c.name), "%s:%u", kinds[kind].name, others);
		snprintf(c.group, sizeof(c.group), "info");
		snprintf(c.about, sizeof(c.about), "the list of %u domain%s with claims", others,
			 others == 1 ? "" : "s");
	}
	bench_prove(&c, kinds[kind].branch, 1);
	c.skip = list->host.cannot[kinds[kind].call];
	if (!c.skip)
		c.skip = bench_lacks(&list->host, NEEDS_LEGACY_CLAIMS);
	return bench_add(list, &c);
}

static int list_cases(struct bench_list *list)
{
	static const unsigned int lengths[] = {1, 16, BENCH_MAX_OTHERS};
	int rc = 0;

	for (enum kind kind = PHYSINFO; !rc && kind < DOMAINS; kind++)
		rc = add_case(list, kind, 1);
	for (size_t i = 0; !rc && i < sizeof(lengths) / sizeof(*lengths); i++)
		rc = add_case(list, DOMAINS, lengths[i]);
	return rc;
}

static int prepare(struct bench *b, const struct bench_case *c)
{
	return bench_others(b, c->others, 1);
}

static int sample(struct bench *b, const struct bench_case *c, uint64_t *ticks)
{
	enum xen_call call = kinds[c->kind].call;
	unsigned int expected = call == XEN_NUMAINFO ? b->host.nodes : c->others;
	int rc = xen_prepare_info(b->xen, call, b->others[0], c->others);

	if (rc)
		return bench_fail(b, rc, "preparing the call");
	if (bench_issue(b, call, 0, ticks))
		return -1;
	/* Its record of memory is proof enough. */
	if (call == XEN_PHYSINFO || xen_told(b->xen, call) == expected)
		return 0;
	return bench_fail(b, 0, "the answer tells of %u, not of %u", xen_told(b->xen, call),
			  expected);
}

static int check(struct bench *b, const struct bench_case *c)
{
	for (unsigned int i = 0; i < c->others; i++)
		if (bench_release(b, b->others[i]))
			return -1;
	return 0;
}

const struct bench_family info_family = {
	.name = "info",
	.list = list_cases,
	.prepare = prepare,
	.sample = sample,
	.check = check,
};
