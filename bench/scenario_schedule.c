// SPDX-License-Identifier: GPL-2.0-only
#include "bench/scenario_schedule.h"

#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define NS_PER_MS 1000000ull
#define PAGES_STEP (1ull << SPEC_PAGES_ORDER)

static uint64_t share_of(const struct spec_group *g, uint64_t free_pages, unsigned int domains)
{
	uint64_t pages = (uint64_t)(g->memory * (double)free_pages) / domains;

	return pages / PAGES_STEP * PAGES_STEP;
}

/* The nodes that have memory, in their order. */
static unsigned int usable_nodes(const struct schedule_host *host,
				 unsigned int nodes[XEN_MAX_NODES])
{
	unsigned int nr = 0;

	for (unsigned int i = 0; i < host->nodes; i++)
		if (host->free_pages[i])
			nodes[nr++] = i;
	return nr;
}

/* One node each, the first on the first: how many of the group share the node of number i? */
static void place_on_one(struct schedule_domain *d, const struct schedule_host *host,
			 unsigned int i)
{
	unsigned int nodes[XEN_MAX_NODES], nr = usable_nodes(host, nodes);
	const struct spec_group *g = d->group;
	unsigned int node, sharing;

	if (g->nodes >= 0) {
		d->pages[g->nodes] = share_of(g, host->free_pages[g->nodes], g->domains);
		return;
	}
	if (!nr)
		return;
	node = nodes[i % nr];
	sharing = g->domains / nr + (i % nr < g->domains % nr);
	d->pages[node] = share_of(g, host->free_pages[node], sharing);
}

static int place(struct schedule_domain *d, const struct schedule_host *host, unsigned int i,
		 char error[KEYS_ERROR])
{
	const struct spec_group *g = d->group;

	if (g->nodes >= (int)host->nodes) {
		snprintf(error, KEYS_ERROR, "group '%s': there is no node %d, only %u nodes",
			 g->name, g->nodes, host->nodes);
		return -EINVAL;
	}
	if (g->nodes == SPEC_ALL_NODES)
		for (unsigned int n = 0; n < host->nodes; n++)
			d->pages[n] = share_of(g, host->free_pages[n], g->domains);
	else
		place_on_one(d, host, i);
	for (unsigned int n = 0; n < host->nodes; n++)
		d->all_pages += d->pages[n];
	if (!d->all_pages)
		snprintf(error, KEYS_ERROR,
			 "group '%s': its part of the free memory is less than 2 MiB for a domain",
			 g->name);
	return d->all_pages ? 0 : -EINVAL;
}

/* From one domain's start to the next one's. */
static uint64_t draw_gap_ns(const struct spec_group *g, unsigned short random[3])
{
	double mean = (double)(g->every_ms * NS_PER_MS);

	if (g->arrivals == ARRIVALS_FIXED)
		return g->every_ms * NS_PER_MS;
	return (uint64_t)(-log(1 - erand48(random)) * mean);
}

static int add_group(const struct spec_group *g, const struct schedule_host *host,
		     unsigned short random[3], struct schedule *schedule, char error[KEYS_ERROR])
{
	uint64_t start = g->start_ms * NS_PER_MS;
	int rc = 0;

	for (unsigned int i = 0; !rc && i < g->domains; i++) {
		struct schedule_domain *d = &schedule->domains[schedule->nr++];

		*d = (struct schedule_domain){.group = g, .start_ns = start};
		start += draw_gap_ns(g, random);
		rc = place(d, host, i, error);
	}
	return rc;
}

/* Stable: equal starts keep the order of the file, in which they are in memory. */
static int compare_starts(const void *a, const void *b)
{
	const struct schedule_domain *const *x = a, *const *y = b;

	if ((*x)->start_ns != (*y)->start_ns)
		return (*x)->start_ns < (*y)->start_ns ? -1 : 1;
	return (*x > *y) - (*x < *y);
}

static int sort_domains(struct schedule *schedule)
{
	struct schedule_domain *sorted = calloc(schedule->nr, sizeof(*sorted));
	const struct schedule_domain **order = calloc(schedule->nr, sizeof(const void *));

	if (!sorted || !order) {
		free(sorted);
		free(order);
		return -ENOMEM;
	}
	for (size_t i = 0; i < schedule->nr; i++)
		order[i] = &schedule->domains[i];
	qsort(order, schedule->nr, sizeof(*order), compare_starts);
	for (size_t i = 0; i < schedule->nr; i++)
		sorted[i] = *order[i];
	free(order);
	free(schedule->domains);
	schedule->domains = sorted;
	return 0;
}

int schedule_make(const struct spec *spec, const struct schedule_host *host, unsigned int seed,
		  struct schedule *schedule, char error[KEYS_ERROR])
{
	int rc = 0;

	*schedule =
		(struct schedule){.domains = calloc(SPEC_MAX_DOMAINS, sizeof(*schedule->domains))};
	if (!schedule->domains)
		rc = -ENOMEM;
	for (unsigned int i = 0; !rc && i < spec->nr_groups; i++) {
		/* Each group has a sequence of its own, so that another one may change. */
		unsigned short random[3] = {(unsigned short)seed, (unsigned short)(seed >> 16),
					    (unsigned short)i};

		rc = add_group(&spec->groups[i], host, random, schedule, error);
	}
	if (!rc)
		rc = sort_domains(schedule);
	if (rc == -ENOMEM)
		snprintf(error, KEYS_ERROR, "%s", strerror(ENOMEM));
	if (rc)
		schedule_free(schedule);
	return rc;
}

void schedule_free(struct schedule *schedule)
{
	free(schedule->domains);
	*schedule = (struct schedule){0};
}

uint64_t schedule_start_ns(const struct schedule_domain *d, unsigned int build)
{
	return d->start_ns + (uint64_t)build * d->group->again_ms * NS_PER_MS;
}
