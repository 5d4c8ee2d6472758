// SPDX-License-Identifier: GPL-2.0-only
/* calibrate/…: what the harness itself costs, within each figure of the others. */
#include <stdio.h>

#include "bench/bench.h"

static const struct {
	const char *name;
	enum xen_call call;
	const char *about;
	const char *no_branch;
} kinds[] = {
	{"calibrate/empty", XEN_NOTHING,
	 "no call: two readings of the time stamp counter, and what is around a call",
	 "it makes no call"},
	{"calibrate/hypercall", XEN_VERSION,
	 "xen_version: dom0's kernel, entry and exit of the hypervisor", NULL},
	{"calibrate/lock-pair", XEN_LOCK_PAIR,
	 "an atomic exchange and a store, as a free lock takes", "it makes no call"},
};

static int list_cases(struct bench_list *list)
{
	int rc = 0;

	for (int kind = 0; !rc && kind < (int)(sizeof(kinds) / sizeof(*kinds)); kind++) {
		struct bench_case c = {
			.family = &calibrate_family,
			.group = "calls",
			.claim = "none",
			.ops = 1,
			.kind = kind,
			.no_branch = kinds[kind].no_branch,
		};

		snprintf(c.name, sizeof(c.name), "%s", kinds[kind].name);
		snprintf(c.about, sizeof(c.about), "%s", kinds[kind].about);
		if (!c.no_branch)
			bench_prove(&c, BRANCH_VERSION, 1);
		c.skip = list->host.cannot[kinds[kind].call];
		rc = bench_add(list, &c);
	}
	return rc;
}

static int prepare(struct bench *b, const struct bench_case *c)
{
	(void)b;
	(void)c;
	return 0;
}

static int sample(struct bench *b, const struct bench_case *c, uint64_t *ticks)
{
	return bench_issue(b, kinds[c->kind].call, 0, ticks);
}

const struct bench_family calibrate_family = {
	.name = "calibrate",
	.list = list_cases,
	.prepare = prepare,
	.sample = sample,
	.check = prepare, /* nothing to do, either */
};
