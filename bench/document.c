// SPDX-License-Identifier: GPL-2.0-only
#include "bench/document.h"

#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "bench/session.h"

#define NODES 4 /* of the host that proofs are told for */

static const char intro[] =
	"# The benchmark cases\n\n"
	"Made from the cases by `make benchmarks-doc`: all there are, on up to 64 nodes. `claimperf bench --list --nodes N`\n"
	"says which of them a host of N nodes can run; the lab has up to 16.\n\n"
	"An operation is an extent, where a call is asked for several, else the call: the result is the smallest sample\n"
	"divided by its operations. *Nodes* is how many NUMA nodes the host must have at least. *Proves* is what each sample\n"
	"must have taken, by the trace points, and how often; without a number at least once in all of them: on a host of\n"
	"4 nodes, or of as many as the case needs. A case that did not is invalid. One that proves nothing says why.\n"
	"*Skipped* says on which other hosts there is nothing to measure: those of a hypervisor with no sets of claims, the\n"
	"host target (which has Xen's allocator without what is around it, and whose heap's history is an option), those of\n"
	"too small nodes (that must be twice as large for order 18, where it is the only one).\n"
	"Calls of milliseconds (thousands of extents, 1 GiB at once, the end of a large domain) have timer interrupts of\n"
	"dom0 in them: such figures repeat, but anything moves them by some hundred instructions.\n"
	"A case of a profile is in those after it as well: quick, standard, full.\n";

/* Nodes are never too small here: how large they must be has words of its own. */
static const struct bench_host full_host = {.node_gib = UINT_MAX, .legacy_claims = true, .claim_sets = true};

/* Hosts that lack what some cases need. */
static const struct {
	const char *name;
	struct bench_host host;
} lacking[] = {
	{"no sets", {.node_gib = UINT_MAX, .legacy_claims = true}},
	{"host", {.node_gib = UINT_MAX, .legacy_claims = true, .claim_sets = true, .given_heap = true, .domains = 64}},
};
#define LACKING (sizeof(lacking) / sizeof(*lacking))

struct lists {
	struct bench_list by_nodes[XEN_MAX_NODES + 1];
	struct bench_list lacking[LACKING];
};

static int list_on(const struct bench_host *host, unsigned int nodes, struct bench_list *list)
{
	list->host = *host;
	list->host.nodes = nodes;
	for (enum xen_call call = 0; host->given_heap && call < XEN_CALLS; call++)
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

static unsigned int least_nodes(const struct lists *lists, const char *name)
{
	for (unsigned int nodes = 1; nodes < XEN_MAX_NODES; nodes++) {
		const struct bench_case *there = find(&lists->by_nodes[nodes], name);

		if (there && !there->skip)
			return nodes;
	}
	return XEN_MAX_NODES;
}

static void print_proofs(const struct bench_case *c)
{
	if (c->no_branch)
		printf("none: %s", c->no_branch);
	for (const struct bench_proof *p = c->proofs; p < c->proofs + BENCH_MAX_PROOFS && p->branch; p++) {
		printf("%s`%s`", p == c->proofs ? "" : ", ", branch_name(p->branch));
		if (p->times)
			printf(" × %u", p->times);
	}
}

static void print_skips(const struct bench_case *c, const struct lists *lists)
{
	const char *separator = "";

	for (size_t i = 0; i < LACKING; i++) {
		if (!find(&lists->lacking[i], c->name)->skip)
			continue;
		printf("%s%s", separator, lacking[i].name);
		separator = ", ";
	}
	if (c->node_gib)
		printf("%snodes < %u GiB", separator, c->node_gib);
}

static void print_case(const struct lists *lists, const char *name)
{
	unsigned int nodes = least_nodes(lists, name);
	const struct bench_case *c = find(&lists->by_nodes[nodes > NODES ? nodes : NODES], name);

	printf("| `%s` | %u | %s | %s | ", name, nodes, plan_profiles[c->profile], c->about);
	print_proofs(c);
	printf(" | ");
	print_skips(c, lists);
	printf(" |\n");
}

static void print_families(const struct lists *lists)
{
	const struct bench_list *all = &lists->by_nodes[XEN_MAX_NODES];
	const struct bench_family *family = NULL;

	for (size_t i = 0; i < all->count; i++) {
		if (all->cases[i].family != family) {
			family = all->cases[i].family;
			printf("\n## %s\n\n| Case | Nodes | Profile | Measures | Proves | Skipped |\n"
			       "| --- | --- | --- | --- | --- | --- |\n",
			       family->name);
		}
		print_case(lists, all->cases[i].name);
	}
}

static void print_branches(void)
{
	printf("\n## Branches\n\n| Branch | Is taken by |\n| --- | --- |\n");
	for (enum bench_branch branch = BRANCH_NONE + 1; branch < BRANCHES; branch++)
		printf("| `%s` | %s |\n", branch_name(branch), branch_what(branch));
}

static int list_all(struct lists *lists)
{
	int rc = 0;

	for (unsigned int nodes = 1; !rc && nodes <= XEN_MAX_NODES; nodes++)
		rc = list_on(&full_host, nodes, &lists->by_nodes[nodes]);
	for (size_t i = 0; !rc && i < LACKING; i++)
		rc = list_on(&lacking[i].host, XEN_MAX_NODES, &lists->lacking[i]);
	return rc;
}

static void free_all(struct lists *lists)
{
	for (unsigned int nodes = 1; nodes <= XEN_MAX_NODES; nodes++)
		free(lists->by_nodes[nodes].cases);
	for (size_t i = 0; i < LACKING; i++)
		free(lists->lacking[i].cases);
}

int document_cases(void)
{
	static struct lists lists;
	int rc = list_all(&lists);

	if (!rc) {
		fputs(intro, stdout);
		print_families(&lists);
		print_branches();
	}
	free_all(&lists);
	return rc;
}
