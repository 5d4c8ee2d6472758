// SPDX-License-Identifier: GPL-2.0-only
#include "results/plan.h"

#include <errno.h>
#include <math.h>
#include <string.h>

#include "results/plan_whole.h"
#include "results/stats.h"

#define DRAWS 20
#define KNEE_DRAWS 5
#define SECTIONS 20000
#define NO_MORE 0.95 /* of the most throughput: beyond, builders do not help */

/* What is drawn anew. */
enum figure { TOTAL, UTILISATION, WAIT_P50, WAIT_P99, KNEE, PER_GROUP };
enum group_figure { BUILD, CLAIMS_SHARE, REFUSED, OFF_NODE, GROUP_FIGURES };
#define FIGURES (PER_GROUP + PLAN_MAX_GROUPS * GROUP_FIGURES)

static const unsigned int knee_builders[PLAN_SCALING] = {
	1, 2, 3, 4, 6, 8, 12, 16, 24, 32, 48, 64, 96, 128, 192, 256, 384, SIM_MAX_BUILDERS};

struct draw {
	struct plan_ctx *ctx;
	const struct plan_workload *workload;
	struct plan_domain_cost costs[PLAN_MAX_GROUPS];
	struct plan_placed placed[PLAN_MAX_GROUPS];
	struct plan_scaling scaling[PLAN_SCALING];
	double values[FIGURES];
};

static double *group_value(struct draw *d, unsigned int group, enum group_figure figure)
{
	return &d->values[PER_GROUP + group * GROUP_FIGURES + figure];
}

/* Kinds of all groups, as often as their domains have them; the rarest are left out beyond eight.
 */
static void merge_kinds(const struct draw *d, struct sim *sim)
{
	double all = 0, toolstack = d->ctx->host->toolstack_ms * 1e6;

	for (unsigned int g = 0; g < d->workload->nr_groups; g++)
		all += d->costs[g].sections * d->workload->groups[g].domains;
	for (unsigned int g = 0; g < d->workload->nr_groups; g++) {
		const struct plan_domain_cost *cost = &d->costs[g];

		for (size_t k = 0; k < cost->nr_kinds && sim->nr_kinds < SIM_MAX_KINDS; k++) {
			struct sim_kind *kind = &sim->kinds[sim->nr_kinds++];

			*kind = cost->kinds[k];
			kind->share *= d->workload->groups[g].domains / all;
			kind->think.mean += toolstack / cost->sections;
		}
	}
}

/* The host file's; else as two threads hand it over. */
static struct sim_times handover_of(const struct plan_ctx *ctx)
{
	const struct hold_case *two = plan_hold(ctx, 0, 2);

	if (ctx->host->handover_ns || !two || !two->handover.count)
		return (struct sim_times){SIM_FIXED, ctx->host->handover_ns, NULL, 0};
	return holds_times(&two->handover);
}

static void make_sim(const struct draw *d, unsigned int builders, uint64_t seed, struct sim *sim)
{
	*sim = (struct sim){.builders = builders,
			    .locks = d->workload->node_locks ? d->ctx->host->nodes : 1,
			    .acquire = plan_acquire(d->ctx),
			    .handover = handover_of(d->ctx),
			    .sections = SECTIONS,
			    .seed = seed};
	merge_kinds(d, sim);
}

static int find_knee(struct draw *d, uint64_t seed)
{
	struct sim_figures f;
	struct sim sim;
	double most = 0;
	size_t i;
	int rc = 0;

	for (i = 0; !rc && i < PLAN_SCALING; i++) {
		make_sim(d, knee_builders[i], seed, &sim);
		rc = sim_run(&sim, &f);
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

static int simulate(struct draw *d, uint64_t seed)
{
	unsigned int builders = d->workload->builders;
	struct sim_figures f;
	struct sim sim;
	double total = 0;
	int rc;

	make_sim(d, builders, seed, &sim);
	rc = sim_run(&sim, &f);
	for (unsigned int g = 0; !rc && g < d->workload->nr_groups; g++) {
		const struct plan_domain_cost *cost = &d->costs[g];
		double waits = cost->sections * (f.wait - plan_acquire(d->ctx));
		double ns = cost->ns + waits + d->ctx->host->toolstack_ms * 1e6;

		*group_value(d, g, BUILD) = ns / 1e9;
		*group_value(d, g, CLAIMS_SHARE) = cost->claims_ns / ns;
		total += d->placed[g].built * ns / 1e9;
	}
	d->values[TOTAL] = total / builders;
	d->values[UTILISATION] = f.utilisation;
	d->values[WAIT_P50] = f.wait_p50;
	d->values[WAIT_P99] = f.wait_p99;
	return rc;
}

static int place_all(struct draw *d, uint64_t seed)
{
	int rc = plan_place(d->ctx->host, d->workload, seed, d->placed);

	for (unsigned int g = 0; !rc && g < d->workload->nr_groups; g++) {
		const struct plan_placed *p = &d->placed[g];

		*group_value(d, g, REFUSED) = p->refused;
		*group_value(d, g, OFF_NODE) =
			p->pages ? (double)p->off_node / (double)p->pages : 0;
	}
	return rc;
}

/* One of them all; seed 0: as the coefficients are, and in the order of the file. */
static int draw_once(struct draw *d, uint64_t number)
{
	uint64_t seed = number ? d->workload->seed * UINT64_C(1000) + number : 0;
	int rc = place_all(d, seed);

	d->ctx->seed = seed;
	if (!rc)
		rc = whole_factor(d->ctx->calibration, seed ? seed : SIZE_MAX, &d->ctx->factor,
				  d->ctx->error);
	for (unsigned int g = 0; !rc && g < d->workload->nr_groups; g++)
		rc = plan_cost(d->ctx, &d->workload->groups[g], &d->costs[g]);
	if (!rc)
		rc = simulate(d, d->workload->seed * UINT64_C(1000) + number);
	if (!rc && number <= KNEE_DRAWS)
		rc = find_knee(d, d->workload->seed * UINT64_C(1000) + number);
	return rc;
}

static struct plan_estimate estimate(double values[FIGURES][DRAWS + 1], size_t figure, size_t draws)
{
	double *row = values[figure], value = row[0];

	stats_sort(row, draws + 1);
	return (struct plan_estimate){value, fmin(value, stats_quantile(row, draws + 1, 0.025)),
				      fmax(value, stats_quantile(row, draws + 1, 0.975))};
}

static void conclude_group(double values[FIGURES][DRAWS + 1], unsigned int g,
			   const struct draw *first, struct plan_group_figures *out)
{
	size_t row = PER_GROUP + g * GROUP_FIGURES;
	const struct plan_domain_cost *cost = &first->costs[g];

	out->placed = first->placed[g];
	out->build_s = estimate(values, row + BUILD, DRAWS);
	out->claims_share = estimate(values, row + CLAIMS_SHARE, DRAWS);
	out->refused = estimate(values, row + REFUSED, DRAWS);
	out->refused.high = fmax(out->refused.high, out->placed.refused_most);
	out->off_node = estimate(values, row + OFF_NODE, DRAWS);
	out->claims_instructions = (struct plan_estimate){
		cost->claims_instructions / cost->instructions,
		cost->claims_low / cost->instructions, cost->claims_high / cost->instructions};
}

static void conclude(double values[FIGURES][DRAWS + 1], const struct draw *first, struct plan *out)
{
	out->total_s = estimate(values, TOTAL, DRAWS);
	out->utilisation = estimate(values, UTILISATION, DRAWS);
	out->wait_p50_ns = estimate(values, WAIT_P50, DRAWS);
	out->wait_p99_ns = estimate(values, WAIT_P99, DRAWS);
	memcpy(out->scaling, first->scaling, sizeof(out->scaling));
	out->knee = estimate(values, KNEE, KNEE_DRAWS);
	out->knee.low = floor(out->knee.low);
	out->knee.high = ceil(out->knee.high);
	for (unsigned int g = 0; g < first->workload->nr_groups; g++)
		conclude_group(values, g, first, &out->groups[g]);
}

static int note_factor(struct plan_ctx *ctx)
{
	double factor;
	int rc = whole_factor(ctx->calibration, SIZE_MAX, &factor, ctx->error);

	if (!ctx->calibration->nr_wholes)
		plan_note(
			ctx,
			"no whole domain was measured: calls of a domain take as long as the same "
			"calls in a loop, whose frame table is in a cache");
	else if (!rc)
		plan_note(
			ctx,
			"whole domains of %.4g MiB took %.3g times as long as their calls do in a "
			"loop: all times are made that much longer",
			ctx->calibration->wholes->pages / 256, factor);
	return rc;
}

static void note_handover(struct plan_ctx *ctx, unsigned int builders)
{
	double mean = handover_of(ctx).mean;

	if (ctx->host->handover_ns)
		plan_note(ctx, "from CPU to CPU heap_lock takes the host file's handover_ns");
	else if (mean > 0)
		plan_note(ctx,
			  "from CPU to CPU heap_lock takes %.3g ns, as between two threads: with "
			  "more, or between sockets, longer (handover_ns)",
			  mean);
	else
		plan_note(ctx,
			  "waits of %u builders are a lower bound: heap_lock takes no time from "
			  "CPU to CPU (handover_ns)",
			  builders);
}

static void note_assumptions(struct plan_ctx *ctx, const struct plan_workload *workload)
{
	const char *measured = ctx->calibration->cpu, *cpu = ctx->host->cpu;

	if (!cpu)
		plan_note(ctx,
			  "assumed: the host is as fast as where the coefficients were measured, "
			  "on %.60s; its file names no cpu",
			  measured);
	else if (strcmp(cpu, measured))
		plan_note(ctx,
			  "assumed: coefficients of another CPU, %.60s, not %.60s; claimperf "
			  "calibrate, run there, measures its own",
			  measured, cpu);
	if (ctx->host->outside_ns || ctx->host->toolstack_ms)
		plan_note(ctx, "outside_ns and toolstack_ms are the host file's; nothing measured "
			       "says how far they are off");
	else
		plan_note(ctx, "of the allocator alone: hypercalls, page tables and toolstack take "
			       "no time here (outside_ns, toolstack_ms)");
	if (workload->builders > 1)
		note_handover(ctx, workload->builders);
	if (workload->node_locks)
		plan_note(ctx,
			  "a lock for each node: no Xen has them; builders stay on their node");
}

int plan_make(const struct plan_calibration *calibration, const struct plan_host *host,
	      const struct plan_workload *workload, struct plan *out, char error[RESULT_ERROR_SIZE])
{
	static double values[FIGURES][DRAWS + 1];
	struct draw first = {0}, d;
	int rc = 0;

	memset(out, 0, sizeof(*out));
	out->ctx = (struct plan_ctx){.calibration = calibration,
				     .host = host,
				     .alone = workload->builders == 1,
				     .error = error};
	rc = note_factor(&out->ctx);
	note_assumptions(&out->ctx, workload);
	d = (struct draw){.ctx = &out->ctx, .workload = workload};
	for (uint64_t number = 0; !rc && number <= DRAWS; number++) {
		rc = draw_once(&d, number);
		for (size_t f = 0; f < FIGURES; f++)
			values[f][number] = d.values[f];
		if (!number)
			first = d;
	}
	if (!rc)
		conclude(values, &first, out);
	return rc;
}
