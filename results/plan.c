// SPDX-License-Identifier: GPL-2.0-only
#include "results/plan_draw.h"

#include <math.h>
#include <string.h>

#include "results/plan_whole.h"
#include "results/stats.h"

#define DRAWS 20

static struct plan_estimate estimate(double values[FIGURES][DRAWS + 1], size_t figure, size_t draws)
{
	double *row = values[figure], value = row[0];

	stats_sort(row, draws + 1);
	return (struct plan_estimate){value, fmin(value, stats_quantile(row, draws + 1, 0.025)),
				      fmax(value, stats_quantile(row, draws + 1, 0.975))};
}

static struct plan_estimate share_of(const struct plan_claims *claims, double all)
{
	return (struct plan_estimate){claims->instructions / all, claims->low / all,
				      claims->high / all};
}

static void conclude_instructions(const struct plan_domain_cost *cost,
				  struct plan_group_figures *out)
{
	struct plan_claims all = {0};

	for (unsigned int part = 0; part < CLAIM_PARTS; part++) {
		const struct plan_claims *one = &cost->claims[part];

		out->claims_instructions_part[part] = share_of(one, cost->instructions);
		all.instructions += one->instructions;
		all.low += one->low;
		all.high += one->high;
	}
	out->claims_instructions = share_of(&all, cost->instructions);
}

static void conclude_group(double values[FIGURES][DRAWS + 1], unsigned int g,
			   const struct draw *first, struct plan_group_figures *out)
{
	size_t row = PER_GROUP + g * GROUP_FIGURES;

	out->placed = first->placed[g];
	out->build_s = estimate(values, row + BUILD, DRAWS);
	out->claims_share = estimate(values, row + CLAIMS_SHARE, DRAWS);
	out->refused = estimate(values, row + REFUSED, DRAWS);
	out->refused.high = fmax(out->refused.high, out->placed.refused_most);
	out->off_node = estimate(values, row + OFF_NODE, DRAWS);
	for (unsigned int part = 0; part < CLAIM_PARTS; part++)
		out->claims_part[part] = estimate(values, row + CLAIMS_PART + part, DRAWS);
	conclude_instructions(&first->costs[ALONE][g], out);
}

static void conclude(double values[FIGURES][DRAWS + 1], const struct draw *first, struct plan *out)
{
	out->total_s = estimate(values, TOTAL, DRAWS);
	out->utilisation = estimate(values, UTILISATION, DRAWS);
	out->wait_p50_ns = estimate(values, WAIT_P50, DRAWS);
	out->wait_p99_ns = estimate(values, WAIT_P99, DRAWS);
	memcpy(out->scaling, first->scaling, sizeof(out->scaling));
	out->knee = estimate(values, KNEE, PLAN_KNEE_DRAWS);
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
	double mean = draw_handover(ctx).mean;

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
	const char *measured = *ctx->calibration->cpu ? ctx->calibration->cpu : "an unknown one";
	const char *cpu = ctx->host->cpu;

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
	static struct plan_sequence built;
	struct draw first = {0}, d;
	int rc = 0;

	memset(out, 0, sizeof(*out));
	out->ctx = (struct plan_ctx){.calibration = calibration, .host = host, .error = error};
	rc = note_factor(&out->ctx);
	note_assumptions(&out->ctx, workload);
	d = (struct draw){.ctx = &out->ctx, .workload = workload, .built = &built};
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
