// SPDX-License-Identifier: GPL-2.0-only
#include "bench/document.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "bench/session.h"

#define NODES 4

static const char intro[] =
	"# The benchmark cases\n\n"
	"Made from the cases by `make benchmarks-doc`. `claimperf bench --list --nodes N` says which of them a host of\n"
	"N nodes can run; this page is that of a host of 4 nodes.\n\n"
	"An operation is an extent, where a call is asked for several, else the call: the result is the smallest sample\n"
	"divided by its operations. *Proves* is what each sample must have taken, by the trace points, and how often;\n"
	"without a number at least once in all of them. A case that did not is invalid. *Skipped* says on which hosts there\n"
	"is nothing to measure: those of 1 node, of a hypervisor with no sets of claims, the host target (which has Xen's\n"
	"allocator without what is around it, and whose heap's history is an option), those of too small nodes.\n"
	"Calls of milliseconds (thousands of extents, 1 GiB at once, the end of a large domain) have timer interrupts of\n"
	"dom0 in them: such figures repeat, but anything moves them by some hundred instructions.\n"
	"A case of a profile is in those after it as well: quick, standard, full.\n";

/* Hosts that lack what some cases need. */
static const struct {
	const char *name;
	struct bench_host host;
} lacking[] = {
	{"1 node", {.nodes = 1, .legacy_claims = true, .claim_sets = true}},
	{"no sets", {.nodes = NODES, .legacy_claims = true}},
	{"host", {.nodes = NODES, .legacy_claims = true, .claim_sets = true, .given_heap = true, .domains = 64}},
};
#define LACKING (sizeof(lacking) / sizeof(*lacking))

static int list_on(size_t which, struct bench_list *list)
{
	*list = (struct bench_list){.host = lacking[which].host};
	for (enum xen_call call = 0; list->host.given_heap && call < XEN_CALLS; call++)
		if (!xen_is_allocator_call(call))
			list->host.cannot[call] = "no such call";
	return session_list_cases(list);
}

static const struct bench_case *find(const struct bench_list *list, const char *name)
{
	for (size_t i = 0; i < list->count; i++)
		if (!strcmp(list->cases[i].name, name))
			return &list->cases[i];
	return NULL;
}

static void print_proofs(const struct bench_case *c)
{
	for (const struct bench_proof *p = c->proofs; p < c->proofs + BENCH_MAX_PROOFS && p->branch; p++) {
		printf("%s`%s`", p == c->proofs ? "" : ", ", branch_name(p->branch));
		if (p->times)
			printf(" × %u", p->times);
	}
}

static void print_skips(const struct bench_case *c, const struct bench_list *lists)
{
	const char *separator = "";

	for (size_t i = 0; i < LACKING; i++) {
		const struct bench_case *there = find(&lists[i], c->name);

		if (there && there->skip == c->skip)
			continue;
		printf("%s%s", separator, lacking[i].name);
		separator = ", ";
	}
	if (c->node_gib)
		printf("%snodes < %u GiB", separator, c->node_gib);
	else if (c->skip)
		printf("%s%s", separator, c->skip);
}

static void print_family(const struct bench_list *all, const struct bench_list *lists,
			 const struct bench_family *family)
{
	printf("\n## %s\n\n| Case | Profile | Measures | Proves | Skipped |\n| --- | --- | --- | --- | --- |\n",
	       family->name);
	for (size_t i = 0; i < all->count; i++) {
		const struct bench_case *c = &all->cases[i];

		if (c->family != family)
			continue;
		printf("| `%s` | %s | %s | ", c->name, plan_profiles[c->profile], c->about);
		print_proofs(c);
		printf(" | ");
		print_skips(c, lists);
		printf(" |\n");
	}
}

static void print_branches(void)
{
	printf("\n## Branches\n\n| Branch | Is taken by |\n| --- | --- |\n");
	for (enum bench_branch branch = BRANCH_NONE + 1; branch < BRANCHES; branch++)
		printf("| `%s` | %s |\n", branch_name(branch), branch_what(branch));
}

int document_cases(void)
{
	struct bench_list all = {.host = {.nodes = NODES, .legacy_claims = true, .claim_sets = true}};
	struct bench_list lists[LACKING] = {{0}};
	int rc = session_list_cases(&all);

	for (size_t i = 0; !rc && i < LACKING; i++)
		rc = list_on(i, &lists[i]);
	if (!rc) {
		fputs(intro, stdout);
		for (size_t i = 0; i < all.count; i++)
			if (!i || all.cases[i].family != all.cases[i - 1].family)
				print_family(&all, lists, all.cases[i].family);
		print_branches();
	}
	for (size_t i = 0; i < LACKING; i++)
		free(lists[i].cases);
	free(all.cases);
	return rc;
}
