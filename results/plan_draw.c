// SPDX-License-Identifier: GPL-2.0-only
#include "results/plan_draw.h"

#include <math.h>
#include <string.h>

#include "results/plan_schedule.h"
#include "results/plan_whole.h"

#define SECTIONS 20000
#define NO_MORE 0.95 /* of the most throughput: beyond, builders do not help */

_Static_assert(SIM_MAX_KINDS >= PLAN_MAX_GROUPS * PLAN_MAX_KINDS, "kinds of all groups");

static const unsigned int knee_builders[PLAN_SCALING] = {
	1, 2, 3, 4, 6, 8, 12, 16, 24, 32, 48, 64, 96, 128, 192, 256, 384, SIM_MAX_BUILDERS};

static double *group_value(struct draw *d, unsigned int group, enum group_figure figure)
{
	return &d->values[PER_GROUP + group * GROUP_FIGURES + figure];
}

static const struct plan_domain_cost *cost_of(const struct draw *d, unsigned int group,
					      unsigned int builders)
{
	return &d->costs[builders == 1 ? ALONE : SHARED][group];
}

/* Domains that are built; where none is, those that were to be. */
static double weight_of(const struct draw *d, unsigned int group)
{
	return d->built->nr ? d->placed[group].built : d->workload->groups[group].domains;
}

/* Kinds of all groups, as often as their domains have them. */
static void merge_kinds(const struct draw *d, struct sim *sim)
{
	double all = 0, toolstack = d->ctx->host->toolstack_ms * 1e6;

	for (unsigned int g = 0; g < d->workload->nr_groups; g++)
		all += cost_of(d, g, sim->builders)->sections * weight_of(d, g);
	for (unsigned int g = 0; g < d->workload->nr_groups; g++) {
		const struct plan_domain_cost *cost = cost_of(d, g, sim->builders);

		for (size_t k = 0; k < cost->nr_kinds; k++) {
			struct sim_kind *kind = &sim->kinds[sim->nr_kinds++];

			*kind = cost->kinds[k];
			kind->share *= weight_of(d, g) / all;
			kind->think.mean += toolstack / cost->sections;
		}
	}
}

struct sim_times draw_handover(const struct plan_ctx *ctx)
{
	const struct hold_case *two = plan_hold(ctx, 0, 2);

	if (ctx->host->handover_ns || !two || !two->handover.count)
		return (struct sim_times){SIM_FIXED, ctx->host->handover_ns, NULL, 0};
	return holds_times(&two->handover);
}

static int simulate(const struct draw *d, unsigned int builders, struct sim_figures *out)
{
	struct sim sim = {.builders = builders,
			  .locks = d->workload->node_locks ? d->ctx->host->nodes : 1,
			  .acquire = plan_acquire(d->ctx),
			  .handover = draw_handover(d->ctx),
			  .sections = SECTIONS,
			  .seed = d->seed};

	merge_kinds(d, &sim);
	return sim_run(&sim, out);
}

static int find_knee(struct draw *d)
{
	struct sim_figures f;
	double most = 0;
	size_t i;
	int rc = 0;

	for (i = 0; !rc && i < PLAN_SCALING; i++) {
		rc = simulate(d, knee_builders[i], &f);
		d->scaling[i] = (struct plan_scaling){knee_builders[i], f.throughput, f.utilisation,
						      f.wait_p99};
		most = fmax(most, f.throughput);
	}
	for (i = 0; !rc && d->scaling[i].throughput < NO_MORE * most;)
		i++;
	/* At the last, who knows what comes after it. */
	d->values[KNEE] = i + 2 < PLAN_SCALING ? knee_builders[i] : SIM_MAX_BUILDERS + 1;
	return rc;
}

static double simulated_wait(struct draw *d, unsigned int builders)
{
	struct sim_figures f = {.wait = 0};

	if (d->waits[builders] <= 0) {
		d->rc = simulate(d, builders, &f) ?: d->rc;
		d->waits[builders] = f.wait;
	}
	return d->waits[builders];
}

/* By a line between the nearest numbers that are simulated. */
static double wait_of(struct draw *d, unsigned int builders)
{
	unsigned int low = 2, high = d->builders;
	double few, many;

	for (size_t i = 0; i < PLAN_SCALING; i++) {
		unsigned int at = knee_builders[i];

		low = at > low && at <= builders ? at : low;
		high = at >= builders && at < high ? at : high;
	}
	if (builders == low || builders >= high)
		return simulated_wait(d, builders);
	few = simulated_wait(d, low);
	many = simulated_wait(d, high);
	return few + (many - few) * (builders - low) / (high - low);
}

static double domain_ns(void *draw, unsigned int group, unsigned int builders)
{
	struct draw *d = draw;
	const struct plan_domain_cost *cost = cost_of(d, group, builders);
	double wait = builders > 1 ? wait_of(d, builders) - plan_acquire(d->ctx) : 0;

	return cost->ns + cost->sections * wait + d->ctx->host->toolstack_ms * 1e6;
}

static void build_all(struct draw *d)
{
	struct schedule schedule;

	schedule_run(d->built, d->builders, domain_ns, d, &schedule);
	d->values[TOTAL] = schedule.all_ns / 1e9;
	for (unsigned int g = 0; g < d->workload->nr_groups; g++) {
		const struct plan_claims *claims = d->costs[ALONE][g].claims;
		double *share = group_value(d, g, CLAIMS_SHARE);
		double ns = schedule.domain_ns[g] > 0 ? schedule.domain_ns[g]
						      : domain_ns(d, g, d->builders);

		*group_value(d, g, BUILD) = ns / 1e9;
		*share = 0;
		for (unsigned int part = 0; part < CLAIM_PARTS; part++) {
			*group_value(d, g, CLAIMS_PART + part) = claims[part].ns / ns;
			*share += claims[part].ns / ns;
		}
	}
}

static int use_lock(struct draw *d)
{
	struct sim_figures f;
	int rc = simulate(d, d->builders, &f);

	if (rc)
		return rc;
	d->waits[d->builders] = f.wait;
	d->values[UTILISATION] = f.utilisation;
	d->values[WAIT_P50] = f.wait_p50;
	d->values[WAIT_P99] = f.wait_p99;
	build_all(d);
	return d->rc;
}

static int place_all(struct draw *d, uint64_t seed)
{
	int rc = plan_place(d->ctx->host, d->workload, seed, d->placed, d->built);

	if (rc)
		return rc;
	d->builders = d->workload->builders;
	if (d->built->nr && d->built->nr < d->builders)
		d->builders = (unsigned int)d->built->nr;
	for (unsigned int g = 0; g < d->workload->nr_groups; g++) {
		const struct plan_placed *p = &d->placed[g];

		*group_value(d, g, REFUSED) = p->refused;
		*group_value(d, g, OFF_NODE) =
			p->pages ? (double)p->off_node / (double)p->pages : 0;
	}
	return 0;
}

static int cost_all(struct draw *d)
{
	int rc = 0;

	for (enum company company = 0; company < COMPANIES; company++) {
		d->ctx->alone = company == ALONE;
		for (unsigned int g = 0; !rc && g < d->workload->nr_groups; g++)
			rc = plan_cost(d->ctx, &d->workload->groups[g], &d->costs[company][g]);
	}
	return rc;
}

int draw_once(struct draw *d, uint64_t number)
{
	uint64_t seed = d->workload->seed * UINT64_C(1000) + number;
	int rc = place_all(d, number ? seed : 0);

	d->seed = seed;
	d->ctx->seed = number ? seed : 0;
	memset(d->waits, 0, sizeof(d->waits));
	if (!rc)
		rc = whole_factor(d->ctx->calibration, number ? seed : SIZE_MAX, &d->ctx->factor,
				  d->ctx->error);
	if (!rc)
		rc = cost_all(d);
	if (!rc)
		rc = use_lock(d);
	if (!rc && number <= PLAN_KNEE_DRAWS)
		rc = find_knee(d);
	return rc;
}
