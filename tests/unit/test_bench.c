// SPDX-License-Identifier: GPL-2.0-only
/* The pure parts of the benchmark: plan, entries, merging. */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <cmocka.h>

#include "bench/harness.h"
#include "bench/merge.h"
#include "bench/plan.h"
#include "bench/result.h"

static const struct bench_family family = { .name = "populate" };
static const struct bench_case a_case = {
	.name = "populate/order:0/node:any/claim:host",
	.group = "host",
	.reference = "populate/order:0/node:any/claim:legacy",
	.claim = "host",
	.family = &family,
	.ops = 4,
};

static void test_slug(void **state)
{
	char slug[BENCH_NAME];

	(void)state;
	result_slug(a_case.name, slug);
	assert_string_equal(slug, "populate_order_0_node_any_claim_host");
}

static void test_plan(void **state)
{
	const char *groups[4];
	struct plan plan;

	(void)state;
	assert_int_equal(plan_parse("0 0 none 0 a/b\n0 1 host 0 c\n1 0 none 4 d\n", &plan), 0);
	assert_int_equal(plan.count, 3);
	assert_string_equal(plan.cases[2].name, "d");
	assert_int_equal(plan_groups(&plan, groups, 4), 2);
	assert_string_equal(groups[1], "host");
	assert_int_equal(plan_groups(&plan, groups, 1), 1);
	assert_int_equal(plan_node_gib(&plan, "none"), 4);
	assert_int_equal(plan_node_gib(&plan, "host"), 0);
	plan_free(&plan);
	assert_int_equal(plan_parse("", &plan), 0);
	assert_int_equal(plan.count, 0);
	assert_int_equal(plan_parse("0 0 none 0\n", &plan), -EINVAL);
	assert_int_equal(plan_parse("x 0 none 0 a\n", &plan), -EINVAL);
	assert_int_equal(plan_parse("0 0 none 0 a b\n", &plan), -EINVAL);
}

static json_t *entry(uint64_t first)
{
	uint64_t samples[2] = { first, 5000 };
	struct bench_result r = { .c = &a_case, .samples = samples, .count = 2 };

	return result_to_json(&r, 0, 3, UNIT_INSTRUCTIONS, 1000000);
}

static json_t *document(uint64_t first)
{
	return json_pack("{s:{}, s:[o]}", "context", "benchmarks", entry(first));
}

static void test_entry(void **state)
{
	json_t *e = entry(4002), *own = json_object_get(e, "claimperf");

	(void)state;
	assert_string_equal(json_string_value(json_object_get(e, "name")), a_case.name);
	assert_int_equal(json_integer_value(json_object_get(e, "iterations")), 8);
	assert_true(json_real_value(json_object_get(e, "real_time")) == 1000.5);
	assert_true(json_real_value(json_object_get(own, "value")) == 1000.5);
	assert_int_equal(json_integer_value(json_object_get(own, "min_sample")), 4002);
	assert_string_equal(json_string_value(json_object_get(own, "reference")),
			    a_case.reference);
	json_decref(e);
}

/* Ticks are turned to nanoseconds, instructions are not. */
static void test_time(void **state)
{
	uint64_t sample = 8000;
	struct bench_result r = { .c = &a_case, .samples = &sample, .count = 1 };
	json_t *e = result_to_json(&r, 0, 0, UNIT_TICKS, 2000000);

	(void)state;
	assert_true(json_real_value(json_object_get(e, "real_time")) == 1000);
	json_decref(e);
}

static void test_invalid_entry(void **state)
{
	struct bench_case skipped = a_case;
	struct bench_result r = { .c = &a_case, .error = "short" };
	json_t *e = result_to_json(&r, 0, 0, UNIT_TICKS, 1), *own = json_object_get(e, "claimperf");

	(void)state;
	assert_true(json_is_true(json_object_get(e, "error_occurred")));
	assert_string_equal(json_string_value(json_object_get(e, "error_message")), "short");
	assert_true(json_is_false(json_object_get(own, "skipped")));
	assert_null(json_object_get(own, "value"));
	json_decref(e);
	skipped.skip = "cannot";
	r.c = &skipped;
	e = result_to_json(&r, 0, 0, UNIT_TICKS, 1);
	assert_true(json_is_true(
		json_object_get(json_object_get(e, "claimperf"), "skipped")));
	json_decref(e);
}

static json_t *merge(struct merge_group *group, const json_t *skips, unsigned int *invalid)
{
	char text[200];
	struct plan plan;
	json_t *merged;

	snprintf(text, sizeof(text), "0 3 host 0 %s\n", a_case.name);
	assert_int_equal(plan_parse(text, &plan), 0);
	merged = merge_benchmarks(&plan, group, 1, skips, invalid);
	plan_free(&plan);
	return merged;
}

static const char *kind_of(const json_t *merged)
{
	return json_string_value(json_object_get(
		json_object_get(json_array_get(merged, 0), "claimperf"), "kind"));
}

/* Of the proof: an entry that was proven, or not for that reason. */
static json_t *proof_document(const char *error)
{
	struct bench_result r = {.c = &a_case, .proof = json_pack("[{s:s}]", "branch", "free")};
	json_t *e;

	snprintf(r.error, sizeof(r.error), "%s", error);
	e = result_to_json(&r, 0, 3, UNIT_INSTRUCTIONS, 1000000);
	json_decref(r.proof);
	return json_pack("{s:[o]}", "benchmarks", e);
}

static const char *error_of(const json_t *merged)
{
	return json_string_value(json_object_get(json_array_get(merged, 0), "error_message"));
}

static const json_t *own_of(const json_t *merged, const char *key)
{
	return json_object_get(json_object_get(json_array_get(merged, 0), "claimperf"), key);
}

/* proof: given away. */
static json_t *merge_with_proof(json_t *proof, const char *proof_error, unsigned int *invalid)
{
	struct merge_group group = {.name = "host", .machines = 1, .proof = proof};
	json_t *merged;

	snprintf(group.proof_error, sizeof(group.proof_error), "%s", proof_error);
	group.runs[0] = document(4000);
	merged = merge(&group, group.runs[0], invalid);
	json_decref(group.runs[0]);
	json_decref(proof);
	return merged;
}

static void test_proven(void **state)
{
	unsigned int invalid;
	json_t *merged = merge_with_proof(proof_document(""), "", &invalid);

	(void)state;
	assert_int_equal(invalid, 0);
	assert_null(error_of(merged));
	assert_int_equal(json_array_size(own_of(merged, "proof")), 1);
	assert_true(json_real_value(own_of(merged, "value")) == 1000);
	json_decref(merged);
}

static void test_no_proof(void **state)
{
	json_t *unproven = json_pack("{s:[], s:s}", "benchmarks", "unproven", "no trace points");
	unsigned int invalid;
	json_t *merged = merge_with_proof(NULL, "", &invalid);

	(void)state;
	assert_int_equal(invalid, 0);
	assert_string_equal(json_string_value(own_of(merged, "proof")), "none");
	json_decref(merged);
	merged = merge_with_proof(unproven, "", &invalid);
	assert_int_equal(invalid, 0);
	assert_string_equal(json_string_value(own_of(merged, "proof")), "none");
	json_decref(merged);
}

/* Such a case has no value, but says what was seen. */
static void test_disproved(void **state)
{
	unsigned int invalid;
	json_t *merged = merge_with_proof(proof_document("its branch was not seen"), "", &invalid);

	(void)state;
	assert_int_equal(invalid, 1);
	assert_string_equal(error_of(merged), "its branch was not seen");
	assert_int_equal(json_array_size(own_of(merged, "proof")), 1);
	assert_null(own_of(merged, "value"));
	json_decref(merged);
}

static void test_proof_lost(void **state)
{
	unsigned int invalid;
	json_t *merged = merge_with_proof(NULL, "panic", &invalid);

	(void)state;
	assert_int_equal(invalid, 1);
	assert_string_equal(error_of(merged), "no proof of its branches: panic");
	json_decref(merged);
	merged = merge_with_proof(json_pack("{s:[]}", "benchmarks"), "", &invalid);
	assert_int_equal(invalid, 1);
	assert_string_equal(error_of(merged), "no proof of its branches: none came back");
	json_decref(merged);
}

/* In one of the machines, which another does not make up for. */
static void test_leak(void **state)
{
	struct merge_group group = {.name = "host", .machines = 2};
	unsigned int invalid;
	json_t *merged;

	(void)state;
	group.runs[0] = document(4000);
	group.runs[1] = document(4000);
	result_fail(merge_find(group.runs[1], a_case.name), "it leaks");
	merged = merge(&group, group.runs[0], &invalid);
	assert_int_equal(invalid, 1);
	assert_string_equal(error_of(merged), "it leaks");
	assert_null(own_of(merged, "samples"));
	json_decref(merged);
	json_decref(group.runs[0]);
	json_decref(group.runs[1]);
}

static void check_merge(uint64_t first, uint64_t second, unsigned int machines, const char *kind)
{
	struct merge_group group = { .name = "host", .machines = machines };
	unsigned int invalid;
	json_t *merged;

	group.runs[0] = document(first);
	group.runs[1] = machines > 1 ? document(second) : NULL;
	merged = merge(&group, group.runs[0], &invalid);
	assert_int_equal(json_array_size(merged), 1);
	assert_int_equal(invalid, 0);
	assert_string_equal(kind_of(merged), kind);
	json_decref(merged);
	json_decref(group.runs[0]);
	json_decref(group.runs[1]);
}

static void test_merge(void **state)
{
	(void)state;
	check_merge(4000, 4000, 2, "exact");
	check_merge(4000, 4001, 2, "noisy");
	check_merge(4000, 0, 1, "noisy");
}

static void test_first_difference(void **state)
{
	struct merge_group group = { .name = "host", .machines = 2 };
	char first[200] = "";

	(void)state;
	group.runs[0] = document(4000);
	group.runs[1] = document(4001);
	assert_false(merge_equal(&group, first));
	assert_non_null(strstr(first, "sample 0 is 4000 and 4001"));
	json_decref(group.runs[1]);
	group.runs[1] = document(4000);
	assert_true(merge_equal(&group, first));
	json_decref(group.runs[0]);
	json_decref(group.runs[1]);
}

/* What a machine did not deliver is an error of each of its cases, never absent. */
static void test_failed_machine(void **state)
{
	struct merge_group group = { .name = "host", .machines = 2, .error = "panic" };
	json_t *other = json_pack("{s:[]}", "benchmarks"), *merged, *e;
	unsigned int invalid;

	(void)state;
	merged = merge(&group, other, &invalid);
	e = json_array_get(merged, 0);
	assert_int_equal(invalid, 1);
	assert_string_equal(json_string_value(json_object_get(e, "error_message")), "panic");
	assert_int_equal(json_integer_value(json_object_get(e, "per_family_instance_index")), 3);
	json_decref(merged);
	json_decref(other);
}

static void test_harness(void **state)
{
	json_t *none = json_pack("[o]", entry(4000)), *costs;
	json_t *benchmarks = json_pack("[o, {s:s, s:{s:s, s:f}}, {s:s, s:{s:b}}]", entry(4000), "name",
				       "calibrate/empty", "claimperf", "unit", "instructions", "value", 21.0,
				       "name", "calibrate/hypercall", "claimperf", "skipped", 1);
	char line[200];

	(void)state;
	assert_null(harness_costs(none));
	costs = harness_costs(benchmarks);
	assert_int_equal(json_object_size(costs), 2);
	harness_tell(costs, line);
	assert_string_equal(line, "the harness costs, in instructions: empty 21");
	json_decref(costs);
	json_decref(benchmarks);
	json_decref(none);
}

static void test_fingerprint(void **state)
{
	json_t *lab = json_pack("{s:s, s:s, s:{s:s}}", "qemu", "7", "image_sha256", "ab",
				"hypervisor", "variant", "claims");
	json_t *split = merge_fingerprint(lab), *hypervisor = json_object_get(split, "hypervisor");

	(void)state;
	assert_string_equal(json_string_value(json_object_get(hypervisor, "image_sha256")), "ab");
	assert_string_equal(json_string_value(json_object_get(hypervisor, "variant")), "claims");
	assert_null(json_object_get(json_object_get(split, "lab"), "image_sha256"));
	json_decref(split);
	json_decref(lab);
	split = merge_fingerprint(NULL);
	json_decref(split);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_slug),
		cmocka_unit_test(test_plan),
		cmocka_unit_test(test_entry),
		cmocka_unit_test(test_time),
		cmocka_unit_test(test_invalid_entry),
		cmocka_unit_test(test_merge),
		cmocka_unit_test(test_first_difference),
		cmocka_unit_test(test_failed_machine),
		cmocka_unit_test(test_harness),
		cmocka_unit_test(test_proven),
		cmocka_unit_test(test_no_proof),
		cmocka_unit_test(test_disproved),
		cmocka_unit_test(test_proof_lost),
		cmocka_unit_test(test_leak),
		cmocka_unit_test(test_fingerprint),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
