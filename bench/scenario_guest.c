// SPDX-License-Identifier: GPL-2.0-only
#include "bench/scenario_guest.h"

#include <errno.h>

volatile sig_atomic_t guests_stopped;

const char *const guest_steps[GUEST_STEPS] = {
	[STEP_CREATE] = "create",   [STEP_CLAIM] = "claim",	[STEP_POPULATE] = "populate",
	[STEP_RELEASE] = "release", [STEP_DESTROY] = "destroy",
};

/* Extents of one order as long as there are any; -errno of what is no refusal. */
static int take_extents(struct guest *g, unsigned int order, int node, uint64_t extents,
			uint64_t *taken)
{
	uint64_t size = 1ull << order, ticks;
	unsigned int batch;
	long done;

	g->next_frame = (g->next_frame + size - 1) / size * size;
	for (; extents && !guests_stopped; extents -= batch) {
		batch = extents < XEN_MAX_EXTENTS ? (unsigned int)extents : XEN_MAX_EXTENTS;
		done = xen_prepare_populate(g->xen, g->domid, order, node, g->next_frame, batch);
		if (done)
			return (int)done;
		done = xen_issue(g->xen, XEN_POPULATE, &ticks);
		g->ticks += ticks;
		if (done == -ENOMEM)
			return 0;
		if (done < 0)
			return (int)done;
		g->next_frame += (uint64_t)done * size;
		*taken += (uint64_t)done * size;
		if (done < (long)batch)
			return 0;
	}
	return 0;
}

/* Each order's share, the smallest one's with all that larger ones did not get. */
static int take_pages(struct guest *g, int node, uint64_t pages, uint64_t *taken)
{
	const struct spec_group *group = g->plan->group;
	int rc = 0;

	*taken = 0;
	for (unsigned int i = 0; !rc && i < group->mix.nr_extents; i++) {
		const struct extent_share *e = &group->mix.extents[i];
		bool last = i + 1 == group->mix.nr_extents;
		uint64_t part = last ? pages - *taken : (uint64_t)(e->share * (double)pages);

		rc = take_extents(g, e->order, node, part >> e->order, taken);
	}
	g->pages += *taken;
	return rc;
}

/* From its own nodes; *missing is what they did not have. */
static int take_own(struct guest *g, uint64_t *missing)
{
	int rc = 0;

	*missing = 0;
	for (int node = 0; !rc && node < XEN_MAX_NODES; node++) {
		uint64_t taken;

		if (!g->plan->pages[node])
			continue;
		rc = take_pages(g, node, g->plan->pages[node], &taken);
		*missing += g->plan->pages[node] - taken;
	}
	return rc;
}

int guest_take(struct guest *g)
{
	uint64_t missing;

	g->step = STEP_POPULATE;
	return take_own(g, &missing);
}

int guest_populate(struct guest *g)
{
	uint64_t missing = 0, taken = 0;
	int rc;

	g->step = STEP_POPULATE;
	rc = take_own(g, &missing);
	if (!rc && missing && g->plan->group->elsewhere) {
		rc = take_pages(g, XEN_ANY_NODE, missing, &taken);
		g->off_node += taken;
	}
	if (!rc && guests_stopped)
		rc = -EINTR;
	if (rc || missing != taken)
		return rc ? rc : -ENOMEM;
	if (!g->claims)
		return 0;
	g->step = STEP_RELEASE;
	g->claims = false;
	return xen_release_claims(g->xen, g->domid);
}

static int create(struct guest *g)
{
	const struct schedule_domain *plan = g->plan;
	int rc;

	g->step = STEP_CREATE;
	rc = xen_create_domain(g->xen, XEN_HVM, plan->all_pages, &g->domid);
	if (rc)
		return rc;
	g->exists = true;
	g->next_frame = g->pages = g->off_node = 0;
	g->claimed_host = false;
	return 0;
}

static int issue(struct guest *g, enum xen_call call, int rc)
{
	uint64_t ticks = 0;

	if (!rc)
		rc = (int)xen_issue(g->xen, call, &ticks);
	g->ticks += ticks;
	return rc;
}

static int claim_nodes(struct guest *g)
{
	struct xen_claim set[XEN_MAX_NODES];
	unsigned int n = 0;

	for (unsigned int i = 0; i < XEN_MAX_NODES; i++)
		if (g->plan->pages[i])
			set[n++] = (struct xen_claim){g->plan->pages[i], i};
	return issue(g, XEN_CLAIM_SET, xen_prepare_set(g->xen, g->domid, set, n));
}

static int claim_host(struct guest *g)
{
	const struct xen_claim set = {g->plan->all_pages, XEN_CLAIM_HOST};

	return issue(g, XEN_CLAIM_SET, xen_prepare_set(g->xen, g->domid, &set, 1));
}

static int claim(struct guest *g)
{
	int rc;

	switch (g->claim) {
	case MODE_LEGACY:
		rc = xen_prepare_legacy(g->xen, g->domid, g->plan->all_pages);
		return issue(g, XEN_CLAIM_PAGES, rc);
	case MODE_HOST: return claim_host(g);
	case MODE_NODES: return claim_nodes(g);
	case MODE_NODES_ELSE_HOST:
		rc = claim_nodes(g);
		if (rc != -ENOMEM)
			return rc;
		g->claimed_host = true;
		return claim_host(g);
	default: return 0;
	}
}

int guest_claim(struct guest *g)
{
	int rc = g->exists ? 0 : create(g);

	if (rc || g->claim == MODE_NONE || g->claims)
		return rc;
	g->step = STEP_CLAIM;
	rc = claim(g);
	g->claims = !rc;
	return rc;
}

int guest_destroy(struct guest *g)
{
	if (!g->exists)
		return 0;
	g->step = STEP_DESTROY;
	g->exists = g->claims = false;
	return xen_destroy_domain(g->xen, g->domid);
}
