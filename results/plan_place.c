// SPDX-License-Identifier: GPL-2.0-only
#include "results/plan_place.h"

#include <errno.h>
#include <stdlib.h>

#include "results/stats.h"

struct domain {
	unsigned int group, number;
};

/* Pages that are neither taken nor claimed. */
struct memory {
	unsigned int nodes;
	uint64_t node[PLAN_MAX_NODES], all;
};

static uint64_t least(uint64_t a, uint64_t b)
{
	return a < b ? a : b;
}

static void take(struct memory *free, unsigned int node, uint64_t pages)
{
	free->node[node] -= pages;
	free->all -= pages;
}

/* From whichever node has some. */
static void take_anywhere(struct memory *free, uint64_t pages)
{
	for (unsigned int n = 0; pages && n < free->nodes; n++) {
		uint64_t part = least(pages, free->node[n]);

		take(free, n, part);
		pages -= part;
	}
}

/* The domain's nodes: *first and so many after it. */
static unsigned int home(const struct plan_group *group, const struct memory *free,
			 unsigned int number, unsigned int *first)
{
	*first = group->nodes == ON_EACH ? number % free->nodes : 0;
	return group->nodes == ON_EACH ? 1 : free->nodes;
}

static bool is_refused(const struct plan_group *group, const struct memory *free, uint64_t asked,
		       unsigned int first, unsigned int nodes)
{
	if (asked > free->all)
		return true;
	for (unsigned int n = first; group->claim == CLAIM_NODES && n < first + nodes; n++)
		if (asked / nodes > free->node[n])
			return true;
	return false;
}

/* Its own nodes first; what is beyond them is off its node, unless any will do. */
static uint64_t build(const struct plan_group *group, struct memory *free, uint64_t asked,
		      unsigned int first, unsigned int nodes)
{
	uint64_t left = asked;

	for (unsigned int n = first; n < first + nodes; n++) {
		uint64_t part = least(asked / nodes, free->node[n]);

		take(free, n, part);
		left -= part;
	}
	take_anywhere(free, left);
	return group->nodes == ON_ANY ? 0 : left;
}

static bool place(const struct plan_group *group, struct memory *free, unsigned int number,
		  struct plan_placed *placed)
{
	uint64_t pages = group->memory / PLAN_PAGE,
		 unused = (uint64_t)((double)pages * group->unused);
	unsigned int first, nodes = home(group, free, number, &first);
	uint64_t off;

	/* Equal parts on all of its nodes. */
	pages += (nodes - pages % nodes) % nodes;
	unused += (nodes - unused % nodes) % nodes;
	if (is_refused(group, free, pages + unused, first, nodes)) {
		placed->refused++;
		return false;
	}
	off = build(group, free, pages + unused, first, nodes);
	placed->built++;
	placed->pages += pages;
	placed->off_node += least(off, pages);
	return true;
}

static void shuffle(struct domain *domains, size_t nr, uint64_t seed)
{
	for (size_t i = nr; seed && i > 1; i--) {
		size_t other = random_below(&seed, i);
		struct domain swap = domains[i - 1];

		domains[i - 1] = domains[other];
		domains[other] = swap;
	}
}

/*
 * Who claims nothing is refused when it has taken all there was: so may others that are built at
 * that time, and none of them has enough.
 */
static void count_most(const struct plan_workload *workload, struct plan_placed *placed)
{
	for (unsigned int g = 0; g < workload->nr_groups; g++) {
		unsigned int others = workload->builders - 1;

		placed[g].refused_most = placed[g].refused;
		if (placed[g].refused && workload->groups[g].claim == CLAIM_NONE)
			placed[g].refused_most += (unsigned int)least(others, placed[g].built);
	}
}

int plan_place(const struct plan_host *host, const struct plan_workload *workload, uint64_t seed,
	       struct plan_placed placed[PLAN_MAX_GROUPS], struct plan_sequence *built)
{
	struct domain *domains = calloc(PLAN_MAX_GROUPS * PLAN_MAX_DOMAINS, sizeof(*domains));
	struct memory free_pages = {.nodes = host->nodes};
	size_t nr = 0;

	if (!domains)
		return -ENOMEM;
	for (unsigned int n = 0; n < host->nodes; n++)
		free_pages.node[n] = host->memory / PLAN_PAGE;
	free_pages.all = host->memory / PLAN_PAGE * host->nodes;
	for (unsigned int g = 0; g < workload->nr_groups; g++) {
		placed[g] = (struct plan_placed){0};
		for (unsigned int i = 0; i < workload->groups[g].domains; i++)
			domains[nr++] = (struct domain){g, i};
	}
	shuffle(domains, nr, seed);
	built->nr = 0;
	for (size_t i = 0; i < nr; i++) {
		unsigned int g = domains[i].group;

		if (place(&workload->groups[g], &free_pages, domains[i].number, &placed[g]))
			built->groups[built->nr++] = (unsigned char)g;
	}
	count_most(workload, placed);
	free(domains);
	return 0;
}
