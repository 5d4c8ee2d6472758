// SPDX-License-Identifier: GPL-2.0-only
#include "results/plan_cost.h"

#include <errno.h>
#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "results/stats.h"

#define MARGIN_SD 1.96 /* of a 95 % margin, in standard deviations */

/* Of one operation, in both units. */
struct cost {
	const struct plan_path *path;
	double ns, instructions;
};

void plan_note(struct plan_ctx *ctx, const char *fmt, ...)
{
	struct plan_notes *notes = &ctx->notes;
	char text[sizeof(notes->texts[0])];
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(text, sizeof(text), fmt, ap);
	va_end(ap);
	for (size_t i = 0; i < notes->nr; i++)
		if (!strcmp(notes->texts[i], text))
			return;
	if (notes->nr < PLAN_MAX_NOTES)
		strcpy(notes->texts[notes->nr++], text);
}

/* A normal deviate for that seed and number. */
static double draw_normal(uint64_t seed, uint64_t number)
{
	uint64_t state = seed * 1000003 + number;

	random_next(&state);
	return normal_quantile(((double)(random_next(&state) >> 11) + 0.5) / 9007199254740992.0);
}

static void note_range(struct plan_ctx *ctx, const struct plan_path *path, const struct fit *fit,
		       const uint64_t at[FIT_TERMS])
{
	for (size_t i = FIT_PAGES; i < FIT_TERMS; i++)
		if (at[i] < fit->low[i] || at[i] > fit->high[i])
			plan_note(ctx, "extrapolated: %s at %s %lu, measured at %lu to %lu",
				  path->name, fit_term_names[i], (unsigned long)at[i],
				  (unsigned long)fit->low[i], (unsigned long)fit->high[i]);
}

static void remember_use(struct plan_ctx *ctx, const struct plan_path *path,
			 const uint64_t at[FIT_TERMS])
{
	for (size_t i = 0; i < ctx->nr_used; i++)
		if (ctx->used[i].path == path && ctx->used[i].at[FIT_PAGES] == at[FIT_PAGES])
			return;
	if (ctx->nr_used == PLAN_MAX_USED)
		return;
	ctx->used[ctx->nr_used].path = path;
	memcpy(ctx->used[ctx->nr_used++].at, at, sizeof(ctx->used[0].at));
}

/* With an error as large as the coefficients may have, when there is a seed. */
static double time_of(struct plan_ctx *ctx, const struct plan_path *path,
		      const uint64_t at[FIT_TERMS])
{
	const struct fit *fit = &path->of[PATH_TIMES].fit;
	double ns = fit_predict(fit, at), margin = fit_margin(fit, at);

	note_range(ctx, path, fit, at);
	if (isinf(margin))
		plan_note(ctx, "no uncertainty is known of %s: as many points as coefficients",
			  path->name);
	else if (ctx->seed)
		ns += margin / MARGIN_SD *
		      draw_normal(ctx->seed, (uint64_t)(path - ctx->calibration->paths.paths));
	return ns > 0 ? ns : 0;
}

static int path_cost(struct plan_ctx *ctx, const char *name, unsigned int order,
		     unsigned int entries, struct cost *out)
{
	const struct plan_path *path;
	char full[128];
	uint64_t at[FIT_TERMS] = {1, UINT64_C(1) << order, ctx->host->nodes, entries};

	snprintf(full, sizeof(full), "%s", name);
	paths_on_nodes(full, ctx->host->nodes);
	path = paths_find(&ctx->calibration->paths, full);
	if (!path || !path->of[PATH_TIMES].nr) {
		snprintf(ctx->error, RESULT_ERROR_SIZE, "no times of %s in the calibration", full);
		return -ENOENT;
	}
	out->path = path;
	out->ns = time_of(ctx, path, at) * ctx->factor;
	out->instructions =
		path->of[PATH_COUNTS].nr ? fit_predict(&path->of[PATH_COUNTS].fit, at) : 0;
	remember_use(ctx, path, at);
	return 0;
}

const struct hold_case *plan_hold(const struct plan_ctx *ctx, unsigned int order,
				  unsigned int threads)
{
	const struct plan_holds *all = &ctx->calibration->holds;

	return ctx->seed ? holds_pick(all, order, threads, ctx->seed)
			 : holds_find(all, order, threads);
}

double plan_acquire(const struct plan_ctx *ctx)
{
	const struct hold_case *one = plan_hold(ctx, 0, 1);

	return one ? one->wait.mean : 0;
}

/* What a section does to the lock, and the lock to it. */
struct lock_use {
	struct sim_times hold;
	double more; /* ns that it takes longer as other CPUs use the lock as well, without waits */
};

/* By 2^order between the measured ones. */
static double between(double small, double large, unsigned int order)
{
	return small + (double)((1u << order) - 1) / 511 * (large - small);
}

/* What caches that are others' now and then add to holding the lock, and to what is between. */
static double slower(const struct hold_times *one, const struct hold_times *two)
{
	return one->count && two->count ? fmax(0, two->mean - one->mean) : 0;
}

static void note_holds(struct plan_ctx *ctx, unsigned int order, unsigned int threads)
{
	if (order && order != 9)
		plan_note(ctx, "hold times of order %u: by 2^order from those of orders 0 and 9",
			  order);
	if (!ctx->alone)
		plan_note(ctx, "hold times are those of %u threads, whatever the builders",
			  threads);
}

/* Distributions are those of the largest measured order that is no larger. */
static int use_lock(struct plan_ctx *ctx, unsigned int order, struct lock_use *out)
{
	const struct plan_holds *all = &ctx->calibration->holds;
	unsigned int threads = ctx->alone || !holds_find(all, 0, 2) ? 1 : 2;
	const struct hold_case *small = plan_hold(ctx, 0, threads), *one = plan_hold(ctx, 0, 1);
	const struct hold_case *large = plan_hold(ctx, 9, threads), *block = plan_hold(ctx, 9, 1);
	double longer;

	if (!small || !large || !one || !block) {
		snprintf(ctx->error, RESULT_ERROR_SIZE,
			 "no hold times of order %u in the calibration: a run of threads on a "
			 "+trace hypervisor has them",
			 small && one ? 9 : 0);
		return -ENOENT;
	}
	longer = between(slower(&one->alloc, &small->alloc), slower(&block->alloc, &large->alloc),
			 order);
	out->hold = holds_times(order < 9 ? &small->alloc : &large->alloc);
	out->hold.mean =
		ctx->factor * between(one->alloc.mean, block->alloc.mean, order) + longer;
	out->more = longer + between(slower(&one->think_alloc, &small->think_alloc),
				     slower(&block->think_alloc, &large->think_alloc), order);
	note_holds(ctx, order, threads);
	return 0;
}

/* ns: as they took when nobody else wanted the lock, which took a moment as well. */
static void add_kind(const struct plan_ctx *ctx, struct plan_domain_cost *out, double times,
		     double ns, struct lock_use use)
{
	struct sim_kind *kind = &out->kinds[out->nr_kinds];

	if (times <= 0)
		return;
	out->nr_kinds++;
	out->sections += times;
	out->ns += times * (ns + use.more);
	/* A call takes no less than the lock is held in it. */
	use.hold.mean = fmin(use.hold.mean, ns + use.more);
	*kind = (struct sim_kind){
		times,
		{SIM_FIXED, fmax(0, ns + use.more - use.hold.mean - plan_acquire(ctx)), NULL, 0},
		use.hold,
		0};
}

static void add_claim_cost(const struct cost *with, const struct cost *without, double times,
			   struct plan_claims *out)
{
	double more = with->instructions - (without ? without->instructions : 0), low, high;

	out->ns += times * (with->ns - (without ? without->ns : 0));
	if (!with->path->of[PATH_COUNTS].nr)
		return;
	paths_remainders(&with->path->of[PATH_COUNTS],
			 without ? &without->path->of[PATH_COUNTS] : NULL, &low, &high);
	out->instructions += times * more;
	out->low += times * (more + low);
	out->high += times * (more + high);
}

static const char *claim_word(const struct plan_group *group, const struct plan_host *host)
{
	static const char *const words[] = {"none", "legacy", "host", "node"};

	if (group->claim == CLAIM_NODES && group->nodes != ON_EACH && host->nodes > 1)
		return "set";
	return words[group->claim];
}

/* Extents of one order: what they cost, and what they would without a claim. */
static int add_extents(struct plan_ctx *ctx, const struct plan_group *group, unsigned int order,
		       double extents, struct plan_domain_cost *out)
{
	const char *node = group->nodes == ON_ANY ? "any" : "exact";
	struct cost with = {0}, without = {0};
	struct lock_use use;
	char path[100];
	int rc;

	if (extents <= 0)
		return 0;
	snprintf(path, sizeof(path), "populate/node:%s/claim:%s", node,
		 claim_word(group, ctx->host));
	rc = path_cost(ctx, path, order, 0, &with);
	snprintf(path, sizeof(path), "populate/node:%s/claim:none", node);
	if (!rc)
		rc = path_cost(ctx, path, order, 0, &without);
	if (!rc)
		rc = use_lock(ctx, order, &use);
	if (rc)
		return rc;
	add_kind(ctx, out, extents, with.ns + ctx->host->outside_ns, use);
	out->instructions += extents * with.instructions;
	if (group->claim != CLAIM_NONE)
		add_claim_cost(&with, &without, extents, &out->claims[CLAIMS_USED]);
	return 0;
}

/* Calls that hold the lock all the time, as far as is known. */
static int add_calls(struct plan_ctx *ctx, const char *path, unsigned int order,
		     unsigned int entries, double calls, enum claim_part part,
		     struct plan_domain_cost *out)
{
	struct cost cost = {0};
	int rc = path_cost(ctx, path, order, entries, &cost);

	if (rc || calls <= 0)
		return rc;
	add_kind(ctx, out, calls, cost.ns,
		 (struct lock_use){{SIM_FIXED, cost.ns, NULL, 0}, 0});
	out->instructions += calls * cost.instructions;
	if (part != NO_CLAIM)
		add_claim_cost(&cost, NULL, calls, &out->claims[part]);
	return 0;
}

/* A part at a time; what is left is cancelled once. */
static int add_claims(struct plan_ctx *ctx, const struct plan_group *group,
		      struct plan_domain_cost *out)
{
	bool legacy = group->claim == CLAIM_LEGACY;
	bool set = group->claim == CLAIM_NODES && group->nodes != ON_EACH;
	unsigned int entries = legacy ? 0 : set ? ctx->host->nodes : 1;
	int rc;

	if (group->claim == CLAIM_NONE)
		return 0;
	rc = add_calls(ctx, legacy ? "claim/legacy/install" : "claim/install", 0, entries,
		       group->parts, CLAIMS_MADE, out);
	if (rc)
		return rc;
	return add_calls(ctx, legacy ? "claim/legacy/cancel" : "claim/cancel", 0, entries, 1,
			 CLAIMS_CANCELLED, out);
}

/* In a fragmented heap large extents are asked for in vain, and had in single pages. */
static int add_order(struct plan_ctx *ctx, const struct plan_group *group, unsigned int i,
		     double *pages, struct plan_domain_cost *out)
{
	unsigned int order = group->mix.extents[i].order;
	double extents = (double)plan_extents(group, i);
	double failed = order ? floor(extents * ctx->host->fragmented) : 0;

	*pages += failed * (double)(1u << order);
	if (failed > 0) {
		const char *path = ctx->host->nodes > 1 ? "refused/by:node" : "refused/by:host";
		int rc = add_calls(ctx, path, order, 0, failed, NO_CLAIM, out);

		if (rc)
			return rc;
	}
	if (!order) {
		*pages += extents;
		return 0;
	}
	return add_extents(ctx, group, order, extents - failed, out);
}

int plan_cost(struct plan_ctx *ctx, const struct plan_group *group, struct plan_domain_cost *out)
{
	double pages = 0;
	int rc = 0;

	*out = (struct plan_domain_cost){0};
	for (unsigned int i = 0; !rc && i < group->mix.nr_extents; i++)
		rc = add_order(ctx, group, i, &pages, out);
	if (!rc)
		rc = add_extents(ctx, group, 0, pages, out);
	return rc ? rc : add_claims(ctx, group, out);
}
