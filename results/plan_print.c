// SPDX-License-Identifier: GPL-2.0-only
/* A plan as text, and as JSON. */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "results/plan.h"

#define COLUMN "%-40s" /* 38 columns: the dots are one, of three bytes */

/* "value unit (low … high)" */
static void print_estimate(const struct plan_estimate *e, double scale, const char *unit, bool last)
{
	char text[100] = "not measured";

	if (!isnan(e->value))
		snprintf(text, sizeof(text), "%.4g%s (%.4g … %.4g)", e->value * scale, unit,
			 e->low * scale, e->high * scale);
	printf(last ? "%s\n" : COLUMN, text);
}

static void print_row(const char *what, const struct plan_estimate *one,
		      const struct plan_estimate *two, double scale, const char *unit)
{
	printf("  %-35s ", what);
	print_estimate(one, scale, unit, !two);
	if (two)
		print_estimate(two, scale, unit, true);
}

#define IN_SECONDS 10

static void print_time(const char *what, const struct plan_estimate *one,
		       const struct plan_estimate *two)
{
	bool seconds = one->value >= IN_SECONDS || (two && two->value >= IN_SECONDS);

	print_row(what, one, two, seconds ? 1 : 1e3, seconds ? " s" : " ms");
}

static const char *const part_names[CLAIM_PARTS] = {
	[CLAIMS_MADE] = "made",
	[CLAIMS_USED] = "used",
	[CLAIMS_CANCELLED] = "cancelled",
};

static void print_parts(const struct plan_estimate *one, const struct plan_estimate *two)
{
	char what[40];

	for (unsigned int part = 0; part < CLAIM_PARTS; part++) {
		snprintf(what, sizeof(what), "  when they are %s", part_names[part]);
		print_row(what, &one[part], two ? &two[part] : NULL, 100, " %");
	}
}

static void print_group(const struct plan_group *group, const struct plan_group_figures *one,
			const struct plan_group_figures *two)
{
	printf("%s: %u domains of %.4g GiB\n", group->name, group->domains,
	       (double)group->memory / (1 << 30));
	print_time("build time of a domain", &one->build_s, two ? &two->build_s : NULL);
	print_row("share of claims, of its time", &one->claims_share,
		  two ? &two->claims_share : NULL, 100, " %");
	print_row("share of claims, of instructions", &one->claims_instructions,
		  two ? &two->claims_instructions : NULL, 100, " %");
	if (group->claim != CLAIM_NONE)
		print_parts(one->claims_instructions_part,
			    two ? two->claims_instructions_part : NULL);
	print_row("domains refused", &one->refused, two ? &two->refused : NULL, 1, "");
	print_row("pages off their node", &one->off_node, two ? &two->off_node : NULL, 100, " %");
}

static void print_knee(const struct plan *plan, bool last)
{
	char text[100];

	snprintf(text, sizeof(text), "not reached by %d", SIM_MAX_BUILDERS);
	if (plan->knee.value <= SIM_MAX_BUILDERS)
		print_estimate(&plan->knee, 1, "", last);
	else
		printf(last ? "%s\n" : "%-38s", text);
}

static void print_notes(const struct plan *plan, const struct plan *what_if)
{
	const struct plan_notes *notes = &plan->ctx.notes;

	printf("to know\n");
	for (size_t i = 0; i < notes->nr; i++)
		printf("  - %s\n", notes->texts[i]);
	for (size_t i = 0; what_if && i < what_if->ctx.notes.nr; i++) {
		bool known = false;

		for (size_t j = 0; j < notes->nr; j++)
			known |= !strcmp(notes->texts[j], what_if->ctx.notes.texts[i]);
		if (!known)
			printf("  - what if: %s\n", what_if->ctx.notes.texts[i]);
	}
}

void plan_print(const struct plan_workload *workload, const struct plan *plan,
		const struct plan *what_if)
{
	printf("%s\n", workload->about);
	if (what_if)
		printf("  %-35s %-38s%s\n", "", "as it is", "what if");
	for (unsigned int g = 0; g < workload->nr_groups; g++)
		print_group(&workload->groups[g], &plan->groups[g],
			    what_if ? &what_if->groups[g] : NULL);
	printf("all\n");
	print_time("until all are built", &plan->total_s, what_if ? &what_if->total_s : NULL);
	print_row("heap_lock in use", &plan->utilisation, what_if ? &what_if->utilisation : NULL,
		  100, " %");
	print_row("wait for it, half of all up to", &plan->wait_p50_ns,
		  what_if ? &what_if->wait_p50_ns : NULL, 1e-3, " µs");
	print_row("wait for it, 99 % up to", &plan->wait_p99_ns,
		  what_if ? &what_if->wait_p99_ns : NULL, 1e-3, " µs");
	printf("  %-35s ", "builders, beyond which no more help");
	print_knee(plan, !what_if);
	if (what_if)
		print_knee(what_if, true);
	print_notes(plan, what_if);
}

static json_t *estimate_json(const struct plan_estimate *e)
{
	if (isnan(e->value))
		return json_null();
	return json_pack("{s:f, s:f, s:f}", "value", e->value, "low", e->low, "high", e->high);
}

static json_t *parts_json(const struct plan_estimate *of)
{
	json_t *parts = json_object();

	for (unsigned int part = 0; part < CLAIM_PARTS; part++)
		json_object_set_new(parts, part_names[part], estimate_json(&of[part]));
	return parts;
}

static json_t *group_json(const struct plan_group *group, const struct plan_group_figures *f)
{
	return json_pack("{s:s, s:i, s:I, s:o, s:o, s:o, s:o, s:o, s:o, s:o}", "name", group->name,
			 "domains", (int)group->domains, "memory", (json_int_t)group->memory,
			 "build_s", estimate_json(&f->build_s), "claims_share",
			 estimate_json(&f->claims_share), "claims_instructions_share",
			 estimate_json(&f->claims_instructions), "claims_parts",
			 parts_json(f->claims_part), "claims_instructions_parts",
			 parts_json(f->claims_instructions_part), "refused",
			 estimate_json(&f->refused), "off_node_share", estimate_json(&f->off_node));
}

static json_t *scaling_json(const struct plan *plan)
{
	json_t *all = json_array();

	for (size_t i = 0; i < PLAN_SCALING; i++) {
		const struct plan_scaling *at = &plan->scaling[i];

		json_array_append_new(
			all, json_pack("{s:i, s:f, s:f, s:f}", "builders", (int)at->builders,
				       "sections_per_s", at->throughput * 1e9, "utilisation",
				       at->utilisation, "wait_p99_ns", at->wait_p99_ns));
	}
	return all;
}

json_t *plan_to_json(const struct plan_workload *workload, const struct plan *plan)
{
	json_t *groups = json_array(), *notes = json_array(), *knee;

	for (unsigned int g = 0; g < workload->nr_groups; g++)
		json_array_append_new(groups, group_json(&workload->groups[g], &plan->groups[g]));
	for (size_t i = 0; i < plan->ctx.notes.nr; i++)
		json_array_append_new(notes, json_string(plan->ctx.notes.texts[i]));
	knee = plan->knee.value > SIM_MAX_BUILDERS ? json_null() : estimate_json(&plan->knee);
	return json_pack(
		"{s:i, s:s, s:i, s:i, s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o}", "plan", 1, "about",
		workload->about, "seed", (int)workload->seed, "builders", (int)workload->builders,
		"groups", groups, "total_s", estimate_json(&plan->total_s), "utilisation",
		estimate_json(&plan->utilisation), "wait_p50_ns", estimate_json(&plan->wait_p50_ns),
		"wait_p99_ns", estimate_json(&plan->wait_p99_ns), "useful_builders", knee,
		"scaling", scaling_json(plan), "notes", notes);
}
