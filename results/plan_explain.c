// SPDX-License-Identifier: GPL-2.0-only
/* Which coefficients a plan used, and where they come from. */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "results/plan.h"

static const char *const units[PATH_KINDS] = {"instructions", "ns"};

static void print_formula(const struct fit *fit, const char *unit)
{
	const char *sign = "";

	printf("    ");
	for (size_t i = 0; i < FIT_TERMS; i++) {
		if (!fit->used[i] || fit->coefficient[i] == 0)
			continue;
		printf("%s%.8g%s%s", fit->coefficient[i] < 0 ? (*sign ? " - " : "-") : sign,
		       fabs(fit->coefficient[i]), i ? "·" : "", fit_term_names[i]);
		sign = " + ";
	}
	printf(" %s", unit);
}

/* What the terms leave is a finding of counts, and noise of times. */
static void print_rest(const struct plan_path *path, enum path_kind kind)
{
	const struct path_points *of = &path->of[kind];
	const uint64_t *at = of->points[of->fit.worst_at].at;

	if (of->fit.exact && !of->fit.nr_off) {
		printf(", exact at all %zu points\n", of->nr);
		return;
	}
	printf("; %zu points, at most %.2g %% off (2^order %lu, %lu nodes, %lu entries)", of->nr,
	       100 * of->fit.worst, (unsigned long)at[FIT_PAGES], (unsigned long)at[FIT_NODES],
	       (unsigned long)at[FIT_ENTRIES]);
	if (of->fit.exact)
		printf("; %zu not to the bit: more than these terms is at work", of->fit.nr_off);
	putchar('\n');
}

static bool is_from(const struct path_points *of, size_t run)
{
	for (size_t i = 0; i < of->nr; i++)
		if (of->points[i].run == run)
			return true;
	return false;
}

static bool was_before(const struct plan *plan, size_t index)
{
	for (size_t i = 0; i < index; i++)
		if (plan->ctx.used[i].path == plan->ctx.used[index].path)
			return true;
	return false;
}

/* Numbers of the runs that the points are of. */
static void print_runs(const struct plan_calibration *c, const struct plan_path *path)
{
	printf("    runs");
	for (size_t r = 0; r < c->nr; r++)
		if (is_from(&path->of[PATH_COUNTS], r) || is_from(&path->of[PATH_TIMES], r))
			printf(" %zu", r);
	putchar('\n');
}

static void print_path(const struct plan_calibration *c, const struct plan_path *path)
{
	printf("  %s\n", path->name);
	for (enum path_kind kind = 0; kind < PATH_KINDS; kind++) {
		if (!path->of[kind].nr)
			continue;
		print_formula(&path->of[kind].fit, units[kind]);
		print_rest(path, kind);
	}
	print_runs(c, path);
}

static void print_hold(const struct plan_calibration *c, unsigned int order, unsigned int threads)
{
	const struct hold_case *h = holds_find(&c->holds, order, threads);

	if (!h)
		return;
	printf("  heap_lock held to allocate order %u, by one of %u\n    %.4g ns, of %lu times; "
	       "%lu "
	       "more left out that the scheduler made long\n    runs %zu\n",
	       order, threads, h->alloc.mean, (unsigned long)(h->alloc.count - h->alloc.left_out),
	       (unsigned long)h->alloc.left_out, h->run);
	if (h->handover.count)
		printf("  handed over after %.4g ns, of %lu times\n", h->handover.mean,
		       (unsigned long)(h->handover.count - h->handover.left_out));
}

void plan_explain(const struct plan_calibration *c, const struct plan *plan)
{
	char run[200];

	printf("coefficients, measured on %s, %s\n", *c->cpu ? c->cpu : "an unknown CPU", c->date);
	for (size_t i = 0; i < plan->ctx.nr_used; i++)
		if (!was_before(plan, i))
			print_path(c, plan->ctx.used[i].path);
	for (unsigned int threads = 1; threads <= 2; threads++) {
		print_hold(c, 0, threads);
		print_hold(c, 9, threads);
	}
	printf("runs\n");
	for (size_t r = 0; r < c->nr; r++) {
		calibration_name_run(c, r, run);
		printf("  %zu: %s\n", r, run);
	}
}

static json_t *fit_json(const struct path_points *of, const char *unit)
{
	json_t *terms = json_object();

	for (size_t i = 0; i < FIT_TERMS; i++)
		if (of->fit.used[i])
			json_object_set_new(terms, i ? fit_term_names[i] : "constant",
					    json_real(of->fit.coefficient[i]));
	return json_pack("{s:s, s:b, s:o, s:I, s:I, s:f}", "unit", unit, "exact", of->fit.exact,
			 "terms", terms, "points", (json_int_t)of->nr, "off",
			 (json_int_t)of->fit.nr_off, "worst", of->fit.worst);
}

static json_t *runs_json(const struct plan_calibration *c, const struct plan_path *path)
{
	json_t *runs = json_array();

	for (size_t r = 0; r < c->nr; r++)
		if (is_from(&path->of[PATH_COUNTS], r) || is_from(&path->of[PATH_TIMES], r))
			json_array_append_new(runs,
					      json_pack("{s:s, s:O}", "file", c->runs[r]->path,
							"fingerprint", c->runs[r]->fingerprint));
	return runs;
}

json_t *plan_explain_json(const struct plan_calibration *c, const struct plan *plan)
{
	json_t *all = json_array();

	for (size_t i = 0; i < plan->ctx.nr_used; i++) {
		const struct plan_path *path = plan->ctx.used[i].path;
		json_t *fits = json_array();

		if (was_before(plan, i)) {
			json_decref(fits);
			continue;
		}
		for (enum path_kind kind = 0; kind < PATH_KINDS; kind++)
			if (path->of[kind].nr)
				json_array_append_new(fits, fit_json(&path->of[kind], units[kind]));
		json_array_append_new(all, json_pack("{s:s, s:o, s:o}", "path", path->name, "fits",
						     fits, "runs", runs_json(c, path)));
	}
	return all;
}
