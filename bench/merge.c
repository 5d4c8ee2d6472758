// SPDX-License-Identifier: GPL-2.0-only
#include <stdio.h>
#include <string.h>

#include "bench/merge.h"
#include "bench/result.h"

json_t *merge_find(const json_t *document, const char *name)
{
	json_t *entry;
	size_t i;

	json_array_foreach(json_object_get(document, "benchmarks"), i, entry) {
		const char *own = json_string_value(json_object_get(entry, "name"));

		if (own && !strcmp(own, name))
			return entry;
	}
	return NULL;
}

static bool failed(const json_t *entry)
{
	return json_is_true(json_object_get(entry, "error_occurred"));
}

static bool skipped(const json_t *entry)
{
	return json_is_true(json_object_get(json_object_get(entry, "claimperf"), "skipped"));
}

static const json_t *samples_of(const json_t *entry)
{
	return json_object_get(json_object_get(entry, "claimperf"), "samples");
}

static void describe_difference(const char *name, const json_t *a, const json_t *b, char first[200])
{
	const json_t *samples_a = samples_of(a), *samples_b = samples_of(b);

	for (size_t i = 0; i < json_array_size(samples_a); i++) {
		json_int_t x = json_integer_value(json_array_get(samples_a, i));
		json_int_t y = json_integer_value(json_array_get(samples_b, i));

		if (x != y) {
			snprintf(first, 200, "%s: sample %zu is %lld and %lld", name, i, (long long)x,
				 (long long)y);
			return;
		}
	}
	snprintf(first, 200, "%s: the records differ", name);
}

static bool equal_entries(const struct merge_group *group, const char *name, char first[200])
{
	const json_t *a = merge_find(group->runs[0], name);

	for (unsigned int i = 1; i < group->machines; i++) {
		const json_t *b = merge_find(group->runs[i], name);

		if (a && b && json_equal(a, b))
			continue;
		if (first)
			describe_difference(name, a, b, first);
		return false;
	}
	return a != NULL;
}

bool merge_equal(const struct merge_group *group, char first[200])
{
	const json_t *entry;
	size_t i;

	json_array_foreach(json_object_get(group->runs[0], "benchmarks"), i, entry) {
		if (!equal_entries(group, json_string_value(json_object_get(entry, "name")), first))
			return false;
	}
	return true;
}

static json_t *invalid_entry(const struct plan_case *c, const char *why)
{
	return json_pack("{s:s, s:i, s:i, s:s, s:s, s:i, s:i, s:i, s:b, s:s, s:i, s:f, s:f, s:s,"
			 " s:{s:s, s:b}}",
			 "name", c->name, "family_index", (int)c->family,
			 "per_family_instance_index", (int)c->index, "run_name", c->name,
			 "run_type", "iteration", "repetitions", 1, "repetition_index", 0,
			 "threads", 1, "error_occurred", 1, "error_message", why, "iterations", 0,
			 "real_time", 0.0, "cpu_time", 0.0, "time_unit", "ns", "claimperf",
			 "group", c->group, "skipped", 0);
}

/* Never averaged, but what was seen is told. */
static json_t *disproved_entry(const struct plan_case *c, const char *why, json_t *seen)
{
	json_t *entry = invalid_entry(c, why);

	if (seen)
		json_object_set(json_object_get(entry, "claimperf"), "proof", seen);
	return entry;
}

/* The entry itself, with its proof, or one that takes its place. */
static json_t *proven_entry(const struct merge_group *group, const struct plan_case *c, json_t *entry)
{
	const json_t *proof = merge_find(group->proof, c->name);
	json_t *seen = json_object_get(json_object_get(proof, "claimperf"), "proof");
	json_t *own = json_object_get(entry, "claimperf"), *disproved = NULL;
	char why[300];

	if (failed(entry))
		return entry;
	snprintf(why, sizeof(why), "no proof of its branches: %s",
		 group->proof_error[0] ? group->proof_error : "none came back");
	if (group->proof_error[0])
		disproved = disproved_entry(c, why, NULL);
	else if (!group->proof || json_object_get(group->proof, "unproven"))
		json_object_set_new(own, "proof", json_string("none"));
	else if (!proof)
		disproved = disproved_entry(c, why, NULL);
	else if (failed(proof))
		disproved = disproved_entry(
			c, json_string_value(json_object_get(proof, "error_message")), seen);
	else
		json_object_set(own, "proof", seen);
	if (!disproved)
		return entry;
	json_decref(entry);
	return disproved;
}

/* Of the machine in which it failed, if it did in one. */
static json_t *chosen_entry(const struct merge_group *group, const char *name)
{
	for (unsigned int i = 1; i < group->machines; i++) {
		json_t *entry = merge_find(group->runs[i], name);

		if (failed(entry))
			return json_deep_copy(entry);
	}
	return json_deep_copy(merge_find(group->runs[0], name));
}

/* Exact is what was proven so: instructions, and the same in two machines. */
static json_t *judged_entry(const struct merge_group *group, const struct plan_case *c)
{
	json_t *entry = chosen_entry(group, c->name);
	json_t *own = json_object_get(entry, "claimperf");
	const char *unit = json_string_value(json_object_get(own, "unit"));
	bool equal = group->machines > 1 && equal_entries(group, c->name, NULL);
	bool exact = equal && unit && !strcmp(unit, UNIT_INSTRUCTIONS);

	if (failed(entry))
		return entry;
	json_object_set_new(own, "kind", json_string(exact ? "exact" : "noisy"));
	json_object_set_new(own, "machines", json_integer(group->machines));
	json_object_set_new(own, "bit_equal",
			    group->machines > 1 ? json_boolean(equal) : json_null());
	return entry;
}

static const struct merge_group *group_of(const struct merge_group *groups, size_t count,
					  const char *name)
{
	for (size_t i = 0; i < count; i++)
		if (!strcmp(groups[i].name, name))
			return &groups[i];
	return NULL;
}

static json_t *case_entry(const struct plan_case *c, const struct merge_group *group,
			  const json_t *skips)
{
	json_t *skip = merge_find(skips, c->name);

	if (skip && skipped(skip))
		return json_deep_copy(skip);
	if (!group)
		return invalid_entry(c, "no machine ran it");
	if (group->error[0])
		return invalid_entry(c, group->error);
	if (!merge_find(group->runs[0], c->name))
		return invalid_entry(c, "missing in what the machine returned");
	return proven_entry(group, c, judged_entry(group, c));
}

json_t *merge_benchmarks(const struct plan *plan, const struct merge_group *groups, size_t count,
			 const json_t *skips, unsigned int *invalid)
{
	json_t *benchmarks = json_array();

	*invalid = 0;
	for (size_t i = 0; benchmarks && i < plan->count; i++) {
		const struct plan_case *c = &plan->cases[i];
		json_t *entry = case_entry(c, group_of(groups, count, c->group), skips);

		*invalid += failed(entry) && !skipped(entry);
		if (!entry || json_array_append_new(benchmarks, entry)) {
			json_decref(benchmarks);
			return NULL;
		}
	}
	return benchmarks;
}

json_t *merge_fingerprint(const json_t *lab)
{
	json_t *rest = json_deep_copy(lab);
	json_t *hypervisor = json_deep_copy(json_object_get(lab, "hypervisor"));

	if (!json_is_object(hypervisor)) {
		json_decref(hypervisor);
		hypervisor = json_object();
	}
	json_object_set(hypervisor, "image_sha256", json_object_get(lab, "image_sha256"));
	json_object_del(rest, "hypervisor");
	json_object_del(rest, "image_sha256");
	return json_pack("{s:o, s:o}", "hypervisor", hypervisor, "lab", rest);
}
